"""Fetch the third-party files the book carries with it, each pinned by hash in vendor.lock.json.

    python tools/vendor.py          fetch what is missing into .cache/vendor/, say what could not be had
    python tools/vendor.py --need   the same, and exit 2 if anything is missing (what CI does)

npm's and pip's own clients do the downloading, so mirrors and proxies work as they are set up. Nothing is
unpacked before its sha512 or sha256 agrees with the lock. Without a network the book still builds: it is
then only less (no typeset equations, or no live cells), and the build says so.
"""

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "vendor"
LOCK = Path(__file__).with_name("vendor.lock.json")
SECONDS = 300


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


def unpack(archive: Path, entry: dict, target: Path) -> None:
    """The wanted members of a .tgz or wheel, without npm's leading `package/`, into `target`."""
    wanted = entry.get("files", ["*"])
    prefix = entry.get("strip", "package/" if entry["from"] == "npm" else "")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        root = Path(scratch) / "files"
        if archive.suffix == ".tgz":
            with tarfile.open(archive) as tar:
                members = {m.name: tar.extractfile(m) for m in tar.getmembers() if m.isfile()}
                contents = {name: f.read() for name, f in members.items() if f is not None}
        else:
            with zipfile.ZipFile(archive) as wheel:
                names = [n for n in wheel.namelist() if n.startswith(prefix) and not n.endswith("/")]
                contents = {
                    n: wheel.read(n) for n in names if any(fnmatch(n[len(prefix) :], w) for w in wanted)
                }
        for name, data in contents.items():
            short = name.removeprefix(prefix)
            if any(fnmatch(short, pattern) for pattern in wanted):
                path = root / short
                if not path.resolve().is_relative_to(root.resolve()):
                    raise ValueError(f"{archive.name}: a member wants to leave its folder: {name}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        (root / ".complete").write_text(entry["integrity"])
        shutil.rmtree(target, ignore_errors=True)
        root.replace(target)


def fetch(name: str, entry: dict) -> str | None:
    """Make .cache/vendor/<name> complete; the reason, if that could not be done."""
    target = CACHE / name
    stamp = target / ".complete"
    if stamp.is_file() and stamp.read_text() == entry["integrity"]:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        try:
            archive = download(entry, Path(scratch))
        except (OSError, subprocess.TimeoutExpired, StopIteration) as error:
            return f"could not be fetched ({error})"
        algorithm = entry["integrity"].split("-", 1)[0]
        given = digest(archive.read_bytes(), algorithm)
        if given != entry["integrity"]:
            return f"was refused: its hash is {given}, and vendor.lock.json expects {entry['integrity']}"
        unpack(archive, entry, target)
    return None


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
    with ThreadPoolExecutor(4) as pool:  # each waits for a network, not for a processor
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
