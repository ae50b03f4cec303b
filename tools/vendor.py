"""Fetch the third-party files the book carries with it, each pinned by hash in vendor.lock.json.

    python tools/vendor.py          fetch what is missing into .cache/vendor/, say what could not be had
    python tools/vendor.py --need   the same, and exit 2 if anything is missing (what CI does)

An entry names several sources, asked in their order until one serves: npm or pypi (by package and version,
through npm's and pip's own clients, so mirrors and proxies work as they are set up), an address (file by
file), or `installed` (the same version in this environment). An archive is not unpacked before its sha512 or
sha256 agrees with the lock, and every file must have the sha256 that the lock lists, whoever serves it.
Without a network the book still builds: it is then only less (no typeset equations, no live cells), and the
build says so.
"""

import argparse
import base64
import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "vendor"
LOCK = Path(__file__).with_name("vendor.lock.json")
SECONDS = 300
SECONDS_A_FILE = 30


def digest(data: bytes, algorithm: str) -> str:
    """`sha512-<base64>` as npm writes it, or `sha256-<hex>` as Python's package index does."""
    raw = hashlib.new(algorithm, data).digest()
    return f"{algorithm}-" + (base64.b64encode(raw).decode() if algorithm == "sha512" else raw.hex())


def download(entry: dict, folder: Path) -> Path:
    """The archive of one lock entry, fetched by npm or pip into `folder`."""
    spec = (
        f"{entry['package']}@{entry['version']}"
        if entry["from"] == "npm"
        else f"{entry['package']}=={entry['version']}"
    )
    if entry["from"] == "npm":
        command = ["npm", "pack", "--silent", "--ignore-scripts", spec]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--disable-pip-version-check", spec]
        if (
            shutil.which("uv")
            and subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode
        ):
            raise OSError("this environment has no pip; run: uv pip install pip")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        raise OSError((done.stderr.strip() or done.stdout.strip()).splitlines()[-1][:200])
    return next(path for path in folder.iterdir() if path.is_file())


def members(archive: Path, entry: dict) -> dict[str, bytes]:
    """The wanted files of a .tgz or wheel by name, without npm's leading `package/`.

    They are those that the lock lists, else those that fit `files`.
    """
    prefix = entry.get("strip", "package/" if entry["from"] == "npm" else "")

    def wanted(name: str) -> bool:
        short = name.removeprefix(prefix)
        if listed := entry.get("listed"):
            return name.startswith(prefix) and short in listed
        return name.startswith(prefix) and any(fnmatch(short, p) for p in entry.get("files", ["*"]))

    if archive.suffix == ".tgz":
        with tarfile.open(archive) as tar:
            opened = {m.name: tar.extractfile(m) for m in tar.getmembers() if m.isfile() and wanted(m.name)}
            return {name.removeprefix(prefix): file.read() for name, file in opened.items() if file}
    with zipfile.ZipFile(archive) as wheel:
        names = [n for n in wheel.namelist() if not n.endswith("/") and wanted(n)]
        return {name.removeprefix(prefix): wheel.read(name) for name in names}


def from_index(entry: dict, scratch: Path) -> dict[str, bytes]:
    """The files from npm or pypi; ValueError if the archive isn't the one that the lock pins."""
    archive = download(entry, scratch)
    given = digest(archive.read_bytes(), entry["integrity"].split("-", 1)[0])
    if given != entry["integrity"]:
        raise ValueError(f"its hash is {given}, and the lock expects {entry['integrity']}")
    return members(archive, entry)


def from_address(base: str, entry: dict) -> dict[str, bytes]:
    """The listed files, one by one."""
    contents = {}
    for name in entry["listed"]:
        with urllib.request.urlopen(base + urllib.parse.quote(name), timeout=SECONDS_A_FILE) as answer:
            contents[name] = answer.read()
    return contents


def from_environment(entry: dict) -> dict[str, bytes]:
    """The listed files of the package that is installed beside this program."""
    try:
        package = importlib.metadata.distribution(entry["package"])
        return {name: Path(str(package.locate_file(name))).read_bytes() for name in entry["listed"]}
    except importlib.metadata.PackageNotFoundError as error:
        raise OSError(f"{entry['package']} is not installed here") from error


def served(source: str, entry: dict, scratch: Path) -> dict[str, bytes]:
    """What one source has; OSError if it can't be had, ValueError if it isn't what the lock lists."""
    if source == entry["from"]:
        contents = from_index(entry, scratch)
    elif source == "installed":
        contents = from_environment(entry)
    else:
        contents = from_address(source, entry)
    for name, expected in entry.get("listed", {}).items():
        if name not in contents:
            raise ValueError(f"{name} is missing")
        if (given := hashlib.sha256(contents[name]).hexdigest()) != expected:
            raise ValueError(f"the sha256 of {name} is {given}, and the lock expects {expected}")
    return contents


def keep(contents: dict[str, bytes], integrity: str, target: Path) -> None:
    """Write the files into `target`, all of them or none; ValueError if a name would leave it."""
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        root = Path(scratch) / "files"
        for name, data in contents.items():
            path = root / name
            if not path.resolve().is_relative_to(root.resolve()):
                raise ValueError(f"a member wants to leave its folder: {name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        root.mkdir(exist_ok=True)
        (root / ".complete").write_text(integrity)
        shutil.rmtree(target, ignore_errors=True)
        root.replace(target)


def fetch(name: str, entry: dict) -> str | None:
    """Make .cache/vendor/<name> complete from the first source that serves it.

    What each one answered, if none did.
    """
    target = CACHE / name
    stamp = target / ".complete"
    whole = all((target / name).is_file() for name in entry.get("listed", []))
    if whole and stamp.is_file() and stamp.read_text() == entry["integrity"]:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    reasons = []
    for source in entry.get("sources", [entry["from"]]):
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            try:
                keep(served(source, entry, Path(scratch)), entry["integrity"], target)
            except (OSError, subprocess.TimeoutExpired, StopIteration) as error:
                if isinstance(error, urllib.error.HTTPError):
                    # An answer that says no holds its connection open.
                    error.close()
                said = getattr(error, "strerror", None) or error
                reasons.append(f"{source}: could not be fetched ({said})")
            except ValueError as error:
                reasons.append(f"{source}: was refused: {error}")
            else:
                return None
    return "; ".join(reasons)


def main() -> int:
    """Fetch everything; 0, or 2 with --need and something missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--need", action="store_true", help="fail if anything is missing")
    parser.add_argument("names", nargs="*", help="only these entries of the lock")
    chosen = parser.parse_args()
    lock = json.loads(LOCK.read_text())
    names = [name for name in lock if not chosen.names or name in chosen.names]
    # Each waits for a network, not for a processor
    with ThreadPoolExecutor(4) as pool:
        reasons = list(pool.map(lambda name: fetch(name, lock[name]), names))
    missing = 0
    for name, reason in zip(names, reasons, strict=True):
        if reason:
            missing += 1
            entry = lock[name]
            print(
                f"vendor: {name} {entry['version']} {reason}. The book goes without: {entry['for']}",
                file=sys.stderr,
            )
    return 2 if missing and chosen.need else 0


if __name__ == "__main__":
    sys.exit(main())
