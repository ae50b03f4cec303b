"""A folder with thebe-lite's page, everything of it served from here: what the live book is measured against.

thebe, thebe-lite, Pyodide 0.27.7 with its packages, ipywidgets and require.js come from the package indexes, each pinned by
hash. thebe asks cdnjs for require.js before it shows the first control; the page answers that from this folder too.
"""

import hashlib
import html
import json
import shutil
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import vendor  # noqa: E402

LOCK = Path(__file__).with_suffix(".lock.json")
PURE = ("comm", "ipywidgets", "jupyterlab-widgets")


def fetched(name: str) -> Path:
    """The unpacked package, from .cache/vendor or from its index."""
    entry = json.loads(LOCK.read_text())[f"benchmark/{name}"]
    if reason := vendor.fetch(f"benchmark/{name}", entry):
        raise SystemExit(f"thebe_lite: {name} {entry['version']} {reason}")
    return vendor.CACHE / "benchmark" / name


def add_wheel(name: str, index: dict, folder: Path) -> None:
    """Pack a package again as a wheel, and list it for piplite, which then asks no other index."""
    version = json.loads(LOCK.read_text())[f"benchmark/{name}"]["version"]
    file = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(folder / file, "w") as wheel:
        for path in sorted(fetched(name).rglob("*")):
            if path.is_file() and path.name != ".complete":
                wheel.write(path, path.relative_to(fetched(name)))
    data = (folder / file).read_bytes()
    listed = dict(next(iter(index["piplite"]["releases"].values()))[0])
    listed |= {"filename": file, "url": f"./{file}", "size": len(data), "requires_python": ">=3.9"}
    listed["digests"] = {"sha256": hashlib.sha256(data).hexdigest(), "md5": hashlib.md5(data).hexdigest()}
    listed["md5_digest"] = listed["digests"]["md5"]
    index[name] = {"releases": {version: [listed]}}


def make(folder: Path, cells: list[str]) -> None:
    """index.html with these cells, and beside it everything it asks for."""
    shutil.copytree(fetched("thebe") / "lib", folder / "thebe")
    shutil.copytree(fetched("thebe-lite") / "dist" / "lib", folder / "thebe-lite")
    shutil.copytree(fetched("pyodide"), folder / "pyodide")
    shutil.copy(fetched("requirejs") / "require.js", folder / "require.js")
    (folder / "thebe-lite" / "pypi").rename(folder / "pypi")
    (folder / "thebe-lite" / "service-worker.js").rename(folder / "service-worker.js")
    index = json.loads((folder / "pypi" / "all.json").read_text())
    for name in PURE:
        add_wheel(name, index, folder / "pypi")
    (folder / "pypi" / "all.json").write_text(json.dumps(index))
    blocks = [f'<pre data-executable data-language="python">{html.escape(cell)}</pre>' for cell in cells]
    page = Path(__file__).with_suffix(".html").read_text().replace("<!-- cells -->", "\n".join(blocks))
    (folder / "index.html").write_text(page)
