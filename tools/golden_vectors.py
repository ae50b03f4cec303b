"""Golden vectors: what backprop computes, for the widgets' JavaScript recipe to be held against.

python tools/golden_vectors.py writes tests/golden/recipe.json.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop import HIDDEN, OUTPUTS, all_deltas, backprop, forward, g, g_prime, initialise, loss, losses

FILE = Path(__file__).resolve().parents[1] / "tests" / "golden" / "recipe.json"
SIZES = ([3, 5, 4, 2], [2, 3], [4, 4, 4], [1, 6, 1], [6, 6, 6, 6, 6])
EXTREME = np.array([[-1000.0, -40.0, -1.5, 0.0], [3.0, 0.25, -0.25, 40.0], [1000.0, 1.0, 2.0, -3.0]])


def listed(layers: dict[int, NDArray]) -> dict[str, Any]:
    """Layers as JSON."""
    return {str(l): value.tolist() for l, value in layers.items()}


def networks(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Whole passes: every hidden and output kind, over several shapes and batch sizes; soft labels too."""
    cases = []
    for hidden in HIDDEN:
        for output in OUTPUTS:
            for sizes in SIZES:
                m = int(rng.integers(1, 6))
                W, b = initialise(sizes, rng)
                b = {l: rng.normal(size=b[l].shape) / 3 for l in b}
                X = rng.normal(size=(sizes[0], m))
                Y = g("softmax", rng.normal(size=(sizes[-1], m)))
                Z, A = forward(W, b, X, hidden, output)
                dW, db = backprop(W, Z, A, Y, hidden, output)
                delta = all_deltas(W, Z, A, Y, hidden, output)
                layers = {"W": W, "b": b, "Z": Z, "A": A, "delta": delta, "dW": dW, "db": db}
                case = {name: listed(value) for name, value in layers.items()}
                plain = {"X": X.tolist(), "Y": Y.tolist(), "J": loss(output, Z[max(W)], Y)}
                cases.append({"hidden": hidden, "output": output, **case, **plain})
    return cases


def vectors() -> dict[str, Any]:
    """Everything, the same on every run."""
    rng = np.random.default_rng(20)
    targets = np.array([[1, 0, 0.5, 0], [0, 1, 0.25, 1], [0, 0, 0.25, 0]])
    return {
        "z": EXTREME.tolist(),
        "Y": targets.tolist(),
        "g": {name: g(name, EXTREME).tolist() for name in (*HIDDEN, *OUTPUTS)},
        "g_prime": {name: g_prime(name, EXTREME).tolist() for name in HIDDEN},
        "losses": {name: losses(name, EXTREME, targets).tolist() for name in OUTPUTS},
        "networks": networks(rng),
    }


def text() -> str:
    """The file's text."""
    return json.dumps(vectors(), separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
