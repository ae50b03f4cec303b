"""The widgets for a web page of one's own: python tools/widget_bundle.py FOLDER

FOLDER/widgets/ has the scripts, the styles and what they are in other languages; FOLDER/index.html shows them
all, FOLDER/W1.html and the others one each, as a page that wants a single one would. No Python, no build, no
other address is needed: copy widgets/, take over the two lines of the head and a figure.
"""

import argparse
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDGETS = ROOT / "widgets"
PLACE = "<!-- figures -->"


def names() -> list[str]:
    """W1, W2 and so on, in order."""
    found = (path.stem.upper() for path in (WIDGETS / "js").glob("w[0-9]*.js"))
    return sorted(found, key=lambda name: int(name[1:]))


def figure(name: str) -> str:
    """The widget's place in a page: its still, until it starts there."""
    still = (WIDGETS / "stills" / f"{name}.svg").read_text(encoding="utf-8")
    return f'<figure class="bpw-figure" data-widget="{name}">{still}</figure>'


def write(folder: Path) -> None:
    """Write the pages into a folder, with the scripts beside them; FileExistsError if they are there."""
    shutil.copytree(WIDGETS / "js", folder / "widgets")
    frame = (WIDGETS / "alone.html").read_text(encoding="utf-8")
    figures = {name: figure(name) for name in names()}
    pages = {**figures, "index": "\n".join(figures.values())}
    for name, shown in pages.items():
        (folder / f"{name}.html").write_text(frame.replace(PLACE, shown), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Write the bundle; 0 if it is there, 2 if it was before."""
    parser = argparse.ArgumentParser(description="the widgets for a web page of one's own")
    parser.add_argument("folder", type=Path, help="where index.html and widgets/ are written")
    folder = parser.parse_args(arguments).folder
    try:
        write(folder)
    except FileExistsError:
        print(f"widget_bundle: {folder}/widgets is there already; give another folder", file=sys.stderr)
        return 2
    print(f"{folder}: {len(names())} widgets, index.html shows them all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
