"""A page with the widgets and nothing else, for the browser tests and for the benchmark."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDGETS = ROOT / "widgets"
NAMES = [f"W{n}" for n in range(1, 19)]


def make(folder: Path) -> None:
    """Write index.html (all of them) and W1.html ... (one each) into folder, with the scripts beside them."""
    shutil.copytree(WIDGETS / "js", folder / "widgets")
    frame = (ROOT / "tests" / "pages" / "widgets.html").read_text(encoding="utf-8")
    figures = {}
    for name in NAMES:
        still = (WIDGETS / "stills" / f"{name}.svg").read_text(encoding="utf-8")
        figures[name] = f'<figure class="bpw-figure" data-widget="{name}">{still}</figure>'
        page = frame.replace("<!-- figures -->", figures[name])
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    everything = frame.replace("<!-- figures -->", "\n".join(figures.values()))
    (folder / "index.html").write_text(everything, encoding="utf-8")
