"""python tools/widget_digits.py: write the digits of W16, the first 300 of scikit-learn's, as a JavaScript
module.

A picture is 64 characters, row by row: each pixel 0 to 16 in base 17 ("0" to "g").
"""

from pathlib import Path

from sklearn.datasets import load_digits

FILE = Path(__file__).resolve().parents[1] / "widgets" / "js" / "shared" / "digits.js"
COUNT = 300


def module() -> str:
    """The text of shared/digits.js."""
    data, target = load_digits(return_X_y=True)
    pictures = ["".join("0123456789abcdefg"[int(v)] for v in row) for row in data[:COUNT]]
    lines = [f'  "{pictures[i]}",' for i in range(COUNT)]
    labels = "".join(str(c) for c in target[:COUNT])
    return "\n".join(
        [
            f"// The first {COUNT} of scikit-learn's digits, 8 x 8 pixels of 0 to 16 (0 to g);",
            "// tools/widget_digits.py writes this file.",
            "",
            f'export const LABELS =\n  "{labels}";',
            "export const PICTURES = [",
            *lines,
            "];",
            "",
        ]
    )


if __name__ == "__main__":
    FILE.write_text(module(), encoding="utf-8")
    print(f"wrote {FILE}")
