"""Build JupyterLite beside the book: _build/html/lite/, with every notebook and our package in it. make lite

Nothing of it comes from another host: JupyterLab's files, Python and the wheels are served from there. An
`import autograder` or `import backprop` in a notebook brings our wheel, and with it NumPy and the widgets,
because the list of packages that Pyodide reads names them. Ends with 2 where something could not be had.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import vendor

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "build" / "lite"
LOCK = Path(__file__).with_name("lite.lock.json")
REQUIREMENTS = Path(__file__).with_name("requirements-lite.txt")
# Wheels beside Pyodide's own, each with the modules whose import brings it and what it needs besides.
WHEELS: dict[str, tuple[list[str], list[str]]] = {
    "deltabook": (["autograder", "backprop", "deltabook"], ["numpy", "anywidget"]),
    "anywidget": (["anywidget"], ["ipywidgets", "psygnal", "typing-extensions"]),
    "ipywidgets": (["ipywidgets"], ["comm", "traitlets", "jupyterlab-widgets"]),
    "jupyterlab-widgets": ([], []),
    "comm": (["comm"], ["traitlets"]),
    "psygnal": (["psygnal"], []),
    "typing-extensions": (["typing_extensions"], []),
}


def run(*command: object, cwd: Path = ROOT) -> None:
    """A command of the environment; OSError with its last line if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no word of why").splitlines()[-1]
        raise OSError(f"{Path(words[0]).name} {' '.join(words[1:4])}: {last}")


def environment() -> Path:
    """The programs of an environment with JupyterLite, made anew where the requirements are others."""
    home, wanted = HOME / "env", REQUIREMENTS.read_text(encoding="utf-8")
    stamp = home / ".complete"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        run(home / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS)
        stamp.write_text(wanted, encoding="utf-8")
    return home / "bin"


def pinned(name: str) -> str:
    """name==version, as constraints.txt has it."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    (found,) = [line for line in lines if line.startswith(f"{name}==")]
    return found


def entry_of(wheel: Path) -> dict[str, Any]:
    """What Pyodide's list of packages says of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        about = BytesParser().parsebytes(archive.read(metadata))
    name = about["Name"].lower().replace("_", "-")
    imports, depends = WHEELS[name]
    return {
        "name": name,
        "version": about["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": imports,
        "depends": depends,
        "unvendored_tests": False,
    }


def write_python(folder: Path, programs: Path) -> None:
    """Pyodide, the wheels, and a list of packages that names them all."""
    entry = json.loads(LOCK.read_text(encoding="utf-8"))["lite/pyodide"]
    if reason := vendor.fetch("lite/pyodide", entry):
        raise OSError(f"Pyodide {entry['version']}: {reason}")
    shutil.copytree(vendor.CACHE / "lite" / "pyodide", folder, ignore=shutil.ignore_patterns(".complete"))
    pip = [programs / "python", "-m", "pip", "--disable-pip-version-check"]
    others = [pinned(name) for name in WHEELS if name != "deltabook"]
    pure = [
        "--only-binary=:all:",
        "--implementation=py",
        "--abi=none",
        "--platform=any",
        "--python-version=3.12",
    ]
    run(*pip, "download", "--quiet", "--no-deps", *pure, "-d", folder, *others)
    run(*pip, "wheel", "--quiet", "--no-deps", "-w", folder, ROOT)
    path = folder / "pyodide-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    known = {package["file_name"] for package in lock["packages"].values()}
    for wheel in sorted(folder.glob("*.whl")):
        if wheel.name not in known:
            added = entry_of(wheel)
            lock["packages"][added["name"]] = added
    path.write_text(json.dumps(lock), encoding="utf-8")


def write_files(folder: Path) -> None:
    """The notebooks, a folder an assignment, as students get them."""
    for path in sorted((ROOT / "exercises").glob("[0-9]*/*.ipynb")):
        target = folder / path.parent.name / path.name
        target.parent.mkdir(parents=True)
        shutil.copy(path, target)


def build(site: Path) -> None:
    """The site, made anew. OSError if something could not be had."""
    programs = environment()
    source = HOME / "source"
    for old in (source, site):
        shutil.rmtree(old, ignore_errors=True)
    write_python(source / "static" / "pyodide", programs)
    write_files(source / "files")
    settings = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "litePluginSettings": {
                "@jupyterlite/pyodide-kernel-extension:kernel": {"disablePyPIFallback": True}
            }
        },
    }
    (source / "jupyter-lite.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [programs / "jupyter", "lite", "build", "--contents", "files", "--output-dir", site, "--apps", "lab"],
        cwd=source,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError("jupyter lite build: " + " | ".join((done.stdout + done.stderr).splitlines()[-5:]))


def main() -> int:
    """0, or 2 where something could not be had."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--to", type=Path, default=ROOT / "_build" / "html" / "lite", help="the site's folder"
    )
    site = parser.parse_args().to.resolve()
    try:
        build(site)
    except OSError as error:
        print(f"lite: {error.filename or site}: {error.strerror or error}", file=sys.stderr)
        return 2
    print(f"JupyterLite: {site / 'lab' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
