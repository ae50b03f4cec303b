"""Builds what a release consists of into dist/, and tries each piece as its user would: make release-check.

    dist/*.whl, *.tar.gz   for the index; installed into an empty environment of each Python, with NumPy alone
    dist/*-exercises.zip   the students' notebooks
    dist/*-book.zip        the built book, to be read offline: served from its folder, asked for its pages
    dist/*-book.pdf        the same as one file, printed by Chromium
    dist/*-slides.zip      a deck for each chapter, as pages and as PDF
    dist/*-widgets.zip     the widgets for any web page: served from its folder, each started in Chromium

Ends with 0 if everything is as it should be, 1 if something isn't, 2 if it can't be tried.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pdf
import widget_bundle
from local_server import served
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DIST, BOOK = ROOT / "dist", ROOT / "_build" / "html"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = f"{PROJECT['name']}-{PROJECT['version']}"
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


def run(*command: object, cwd: Path = ROOT) -> str:
    """A command's output; RuntimeError with its last lines if it fails."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stdout + done.stderr).strip().splitlines()[-8:]
        raise RuntimeError(f"{Path(str(command[0])).name} ended with {done.returncode}: " + " | ".join(last))
    return done.stdout


def try_workflows() -> str:
    """zizmor, actionlint and hadolint find nothing."""
    run(sys.executable, ROOT / "tools" / "lint_workflows.py")
    return "nothing found by zizmor, actionlint and hadolint"


def build_packages() -> str:
    """The wheel and the source archive, whose metadata the index would accept."""
    run(sys.executable, "-m", "build", "--outdir", DIST)
    run(
        sys.executable,
        "-m",
        "twine",
        "check",
        "--strict",
        DIST / f"{NAME}-py3-none-any.whl",
        DIST / f"{NAME}.tar.gz",
    )
    return f"{NAME}-py3-none-any.whl and {NAME}.tar.gz, metadata accepted"


def try_packages() -> str:
    """Each Python here installs wheel and source with NumPy alone, and tells a right answer from a wrong."""
    found = {run(p, "-c", "import sys; print(sys.version_info[:2])"): p for p in _pythons()}
    tried = []
    for version, python in sorted(found.items()):
        for package in (f"{NAME}-py3-none-any.whl", f"{NAME}.tar.gz"):
            with tempfile.TemporaryDirectory() as folder:
                run(python, "-m", "venv", folder)
                own = Path(folder) / "bin" / "python"
                run(own, "-m", "pip", "install", "--quiet", DIST / package)
                run(own, ROOT / "tools" / "try_student_install.py", cwd=Path(folder))
        tried.append(".".join(re.findall(r"\d+", version)))
    missing = [p for p in PYTHONS if p.removeprefix("python") not in tried]
    return f"installed and tried with Python {', '.join(tried)}" + (
        f"; not here: {', '.join(missing)}" if missing else ""
    )


def _pythons() -> Iterator[str]:
    yield sys.executable
    for python in filter(None, map(shutil.which, PYTHONS)):
        # A version manager's stand-in may have nothing behind it.
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            yield python


def zip_folder(folder: Path, name: str) -> str:
    """A zip with the folder's files, in an order of their own that is the same each time."""
    target = DIST / name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (2020, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
    return f"{name}, {target.stat().st_size / 1e6:.1f} MB"


def try_book() -> str:
    """The zip, unpacked and served, gives every page of its contents and everything that a page names."""
    with unpacked_and_served(f"{NAME}-book.zip") as base:
        index = _get(base + "index.html")
        pages = sorted(set(re.findall(r'href="([\w-]+\.html)', index)))
        for page in pages:
            _get(base + page)
    return f"{len(pages)} pages served from the zip"


def print_book() -> str:
    """The book as one PDF."""
    target = DIST / f"{NAME}-book.pdf"
    run(sys.executable, ROOT / "tools" / "pdf.py", "--to", target)
    return f"{target.name}, {target.stat().st_size / 1e6:.1f} MB"


def make_slides() -> str:
    """Every deck, packed."""
    run(sys.executable, ROOT / "tools" / "slides.py")
    return zip_folder(ROOT / "_build" / "slides", f"{NAME}-slides.zip")


def bundle_widgets() -> str:
    """The widgets with a page that shows them, and what one may do with them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        widget_bundle.write(folder)
        shutil.copy(ROOT / "LICENSE", folder)
        return zip_folder(folder, f"{NAME}-widgets.zip")


def try_widgets() -> str:
    """Each widget of the zip starts in a page of its own, without an error and without another address."""
    wrong: list[str] = []
    with unpacked_and_served(f"{NAME}-widgets.zip") as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=pdf.chromium(), args=pdf.SWITCHES)
        page = browser.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(base) else wrong.append(asked.url))
        for name in widget_bundle.names():
            page.goto(f"{base}{name}.html")
            page.wait_for_selector("[data-widget-ready]")
        browser.close()
    if wrong:
        raise RuntimeError("; ".join(wrong[:5]))
    return f"{len(widget_bundle.names())} started, none asks for anything elsewhere"


@contextmanager
def unpacked_and_served(name: str) -> Iterator[str]:
    """The address at which the contents of a zip in dist/ are served."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(DIST / name) as archive:
            archive.extractall(folder)
        with served(Path(folder)) as base:
            yield base


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode("utf-8"))


def main() -> int:
    """Try everything, in order; what fails is said and the rest is tried all the same."""
    if not (BOOK / "index.html").is_file():
        print("release-check: _build/html/index.html was expected; run make book first", file=sys.stderr)
        return 2
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    steps = {
        "workflows and Containerfile": try_workflows,
        "packages built": build_packages,
        "packages tried": try_packages,
        "exercises": partial(zip_folder, ROOT / "exercises", f"{NAME}-exercises.zip"),
        "book": partial(zip_folder, BOOK, f"{NAME}-book.zip"),
        "book tried": try_book,
        "book printed": print_book,
        "slides": make_slides,
        "widgets": bundle_widgets,
        "widgets tried": try_widgets,
    }
    failed = 0
    for what, step in steps.items():
        try:
            print(f"ok  {what}: {step()}", flush=True)
        except (RuntimeError, OSError, zipfile.BadZipFile, BrowserError) as error:
            failed += 1
            said = getattr(error, "strerror", None) or error
            print(f"NO  {what}: {said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
