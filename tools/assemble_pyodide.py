"""Assemble the Python that runs in the book's pages: .cache/pyodide/, from what tools/vendor.py fetched.

    python tools/assemble_pyodide.py [--need]

Every file of Pyodide and every wheel is compared with the official lock's sha256 (the lock itself came in a
package whose sha512 is pinned). The wheels are trimmed, compiled to bytecode by the same Pyodide (under node,
if there is one) and packed into a few archives named by their content; our own package goes in as it stands.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / ".cache" / "vendor"
TARGET = ROOT / ".cache" / "pyodide"
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
SITE = "/lib/python3.12/site-packages"
GROUPS = {
    "numpy": ("numpy",),
    "matplotlib": (
        "matplotlib",
        "contourpy",
        "cycler",
        "fonttools",
        "kiwisolver",
        "packaging",
        "pillow",
        "pyparsing",
        "python-dateutil",
        "pytz",
        "six",
    ),
    "ipywidgets": ("traitlets",),
}
# Files no page asks for: tests, headers, build helpers, sample pictures, fonts other than the default ones.
TRIM = (
    "*/tests/*",
    "*/_pyinstaller/*",
    "*/f2py/*",
    "*/distutils/*",
    "*.h",
    "*.c",
    "*.pxd",
    "*.pyi",
    "*.a",
    "*.lib",
    "*/sphinxext/*",
    "*/sample_data/*",
    "*/DejaVuSerif*",
    "*/DejaVuSansMono-*",
    "*/STIXSiz*Bol*",
    "*/backends/web_backend/*",
    "*/mpl-data/images/*",
    "*/pdfcorefonts/*",
    "*/fonts/afm/*",
    "*.dist-info/RECORD",
    "*/ufoLib/*",
    "fontTools/ttLib/*",
    "fontTools/varLib/*",
    "fontTools/feaLib/*",
    "fontTools/otlLib/*",
    "fontTools/subset/*",
    "*/qt_editor/*",
    "share/*",
    "*.data/*",
    "pytz/zoneinfo/*/*",
)


def sha256(data: bytes) -> str:
    """Hex."""
    return hashlib.sha256(data).hexdigest()


def integrity(data: bytes) -> str:
    """As fetch wants it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()


def own_files() -> dict[str, bytes]:
    """Our packages as a checkout has them, notebooks of the exercises included."""
    files = {}
    for package in ("backprop", "autograder", "deltabook"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    for path in sorted((ROOT / "exercises").glob("*/*.ipynb")):
        files["autograder/released/" + path.relative_to(ROOT / "exercises").as_posix()] = path.read_bytes()
    return files


def wheel_files(name: str, lock: dict) -> dict[str, bytes]:
    """A wheel's members, after its hash agreed with the official lock."""
    entry = lock["packages"][name]
    data = (VENDOR / "pyodide-wheels" / entry["file_name"]).read_bytes()
    if sha256(data) != entry["sha256"]:
        raise SystemExit(
            f"assemble: {entry['file_name']} was refused: its sha256 is {sha256(data)}, "
            f"and Pyodide's lock expects {entry['sha256']}"
        )
    with zipfile.ZipFile(VENDOR / "pyodide-wheels" / entry["file_name"]) as wheel:
        return {
            n: wheel.read(n)
            for n in wheel.namelist()
            if not n.endswith("/") and not any(fnmatch(n, t) for t in TRIM)
        }


def matching_fonts(files: dict[str, bytes]) -> bytes:
    """Matplotlib's list of fonts, exactly those shipped: or it would look for them again at each start."""
    fonts = json.loads(files["matplotlib/fontlist.json"])
    version = re.search(rb"__version__ = (\d+)", files["matplotlib/font_manager.py"])
    fonts["_version"] = int(version[1]) if version else fonts["_version"]
    fonts["ttflist"] = [f for f in fonts["ttflist"] if f"matplotlib/mpl-data/{f['fname']}" in files]
    fonts["afmlist"] = []
    return json.dumps(fonts, sort_keys=True).encode()


def stdlib_files() -> dict[str, bytes]:
    """Python's own library, to be compiled too."""
    with zipfile.ZipFile(VENDOR / "pyodide" / "python_stdlib.zip") as archive:
        return {n: archive.read(n) for n in archive.namelist() if not n.endswith("/")}


def folder_files(folder: Path) -> dict[str, bytes]:
    """A fetched pure Python package."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix in (".py", ".json") and "tests" not in p.parts
    }


def compile_files(groups: dict[str, dict[str, bytes]]) -> dict[str, dict[str, bytes]]:
    """Bytecode for every .py: third-party sources are replaced, ours are kept for readable tracebacks."""
    node = shutil.which("node")
    if node is None:
        print(
            "assemble: no node here, so pages compile Python themselves and start about 2 s later",
            file=sys.stderr,
        )
        return groups
    with tempfile.TemporaryDirectory() as scratch:
        for group, files in groups.items():
            for name, data in files.items():
                if name.endswith(".py"):
                    path = Path(scratch) / group / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
        command = [node, str(Path(__file__).with_name("precompile.mjs")), str(VENDOR / "pyodide"), scratch]
        subprocess.run(command, check=True, timeout=300, env={**os.environ, "NODE_OPTIONS": ""})
        done = {}
        for group, files in groups.items():
            kept = {}
            for name, data in files.items():
                pyc = Path(scratch) / group / (name + "c")
                if not name.endswith(".py") or not pyc.is_file():
                    kept[name] = data
                elif group == "deltabook":
                    folder, _, stem = name.rpartition("/")
                    kept[name] = data
                    kept[f"{folder}/__pycache__/{stem[:-3]}.cpython-312.pyc"] = pyc.read_bytes()
                else:
                    kept[name + "c"] = pyc.read_bytes()
            done[group] = kept
    return done


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of which Python imports its own library; with fixed dates: equal contents are equal files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    """A gzipped tar, which the page unpacks by itself (static/unpack.js); equal contents are equal files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    return gzip.compress(buffer.getvalue(), 9, mtime=0)


def assemble() -> None:
    """Write .cache/pyodide unless it is already what it would be."""
    lock = json.loads((VENDOR / "pyodide" / "pyodide-lock.json").read_text())
    groups = {"deltabook": own_files()}
    stdlib = VENDOR / "pyodide" / "python_stdlib.zip"
    for group, names in GROUPS.items():
        groups[group] = {}
        for name in names:
            groups[group] |= wheel_files(name, lock)
    groups["matplotlib"]["matplotlib/fontlist.json"] = matching_fonts(groups["matplotlib"])
    groups["stdlib"] = stdlib_files()
    groups["ipywidgets"] |= folder_files(VENDOR / "ipywidgets") | folder_files(VENDOR / "comm")
    recipe = hashlib.sha256(
        Path(__file__).read_bytes()
        + Path(__file__).with_name("precompile.mjs").read_bytes()
        + stdlib.read_bytes()
    )
    for group in sorted(groups):
        for name, data in sorted(groups[group].items()):
            recipe.update(f"{group}/{name}\0".encode() + hashlib.sha256(data).digest())
    key = recipe.hexdigest() + str(shutil.which("node") is not None)
    stamp = TARGET / ".complete"
    if stamp.is_file() and stamp.read_text() == key:
        return
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    manifest: dict = {"site": SITE, "core": 0, "groups": {}, "integrity": {}}
    for name in CORE:
        data = (VENDOR / "pyodide" / name).read_bytes()
        (TARGET / name).write_bytes(data)
        manifest["integrity"][name] = integrity(data)
        if name in ("pyodide.asm.wasm", "pyodide-lock.json"):
            manifest["core"] += len(data)
    compiled = compile_files(groups)
    for group, files in groups.items():
        # What became bytecode: pages fetch it when a traceback goes through it.
        sources = {n: data for n, data in files.items() if n.endswith(".py") and n not in compiled[group]}
        if sources:
            compiled[f"{group}-sources"] = sources
    for group, files in compiled.items():
        # .pack: some servers declare a .gz to be a compressed something else, and browsers would inflate it
        # unasked.
        data, ending = (zipped(files), "zip") if group == "stdlib" else (packed(files), "pack")
        file = f"{group}-{sha256(data)[:12]}.{ending}"
        (TARGET / file).write_bytes(data)
        manifest["groups"][group] = {"file": file, "size": len(data)}
        manifest["integrity"][file] = integrity(data)
    (TARGET / "live.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    stamp.write_text(key)


def with_files(source: Path, target: Path, added: dict[str, bytes], shared: str = "") -> None:
    """A copy of the assembled Python whose archive of our own package holds these files too, by name.

    shared: from the copy's folder to one with the same source, which has the files that are not its own; "":
    the copy has all of them.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".complete"))
    manifest = json.loads((target / "live.json").read_text())
    theirs = sorted(manifest["integrity"])
    if added:
        old = target / manifest["groups"]["deltabook"]["file"]
        with tarfile.open(old) as archive:
            members = {member.name: archive.extractfile(member) for member in archive.getmembers()}
            contents = {name: file.read() for name, file in members.items() if file is not None}
        data = packed(contents | added)
        name = f"deltabook-{sha256(data)[:12]}.pack"
        old.unlink()
        (target / name).write_bytes(data)
        del manifest["integrity"][old.name]
        manifest["integrity"][name] = integrity(data)
        manifest["groups"]["deltabook"] = {"file": name, "size": len(data)}
    if shared:
        manifest |= {"shared": shared, "own": sorted(manifest["integrity"].keys() - set(theirs))}
        for name in theirs:
            (target / name).unlink(missing_ok=True)
    (target / "live.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    (target / ".complete").touch()


def main() -> int:
    """0, or 2 with --need and something missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--need", action="store_true", help="fail if the parts are missing")
    need = parser.parse_args().need
    missing = [
        n
        for n in ("pyodide", "pyodide-wheels", "ipywidgets", "comm")
        if not (VENDOR / n / ".complete").is_file()
    ]
    if missing:
        print(
            f"assemble: {', '.join(missing)} missing (tools/vendor.py fetches them), "
            "so the book's cells can't be run in the page",
            file=sys.stderr,
        )
        shutil.rmtree(TARGET, ignore_errors=True)
        return 2 if need else 0
    assemble()
    return 0


if __name__ == "__main__":
    sys.exit(main())
