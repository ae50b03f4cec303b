"""A student in JupyterLite: uploads a notebook and the package, installs it as "For students" says, and checks an answer.

    python benchmarks/jupyterlite.py [--picture FILE]

A real JupyterLite site in build/jupyterlite (its Python is Pyodide 0.27.7, served from there) and a real Chromium.
Prints how long each step took; exit code 1 if a step fails, the card doesn't name the mistake, or another host is asked.
"""

import argparse
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
import thebe_lite  # noqa: E402

from tests.support.built_book import SWITCHES  # noqa: E402
from tests.support.machine import required  # noqa: E402

HOME = ROOT / "build" / "jupyterlite"
NOTEBOOK = ROOT / "exercises" / "06-step-2" / "06-step-2.ipynb"
LARGE = ("pandas-*", "pyarrow-*", "scipy-*", "scikit_learn-*", "wheels", ".complete")
WRONG = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next"
KERNEL = ".jp-Notebook-ExecutionIndicator"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The site's files."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def site() -> tuple[Path, Path]:
    """(the built site, the package's wheel)."""
    python = HOME / "env" / "bin" / "python"
    if not (HOME / "env" / ".complete").exists():
        venv.create(HOME / "env", with_pip=True)
        requirements = Path(__file__).with_name("requirements-jupyterlite.txt")
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
        (HOME / "env" / ".complete").touch()
    for name in ("source", "site", "wheel"):
        shutil.rmtree(HOME / name, ignore_errors=True)
    pyodide = HOME / "source" / "static" / "pyodide"
    shutil.copytree(thebe_lite.fetched("pyodide"), pyodide, ignore=shutil.ignore_patterns(*LARGE))
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    pypi = HOME / "source" / "pypi"
    subprocess.run([*pip, "download", "-q", "--no-deps", "-d", pypi, "comm==0.2.3"], check=True)
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", HOME / "wheel", ROOT], check=True)
    subprocess.run(
        [HOME / "env" / "bin" / "jupyter", "lite", "build", "--output-dir", HOME / "site", "--apps", "lab"],
        cwd=HOME / "source", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PATH": f"{HOME / 'env' / 'bin'}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    (wheel,) = (HOME / "wheel").glob("*.whl")
    return HOME / "site", wheel


def run_cell(page: Page, place: int, source: str | None = None) -> str:
    """Run a cell, with that source if one is given; what it shows."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(place)
    cell.locator(".cm-content").click()
    if source is not None:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(source)
    page.keyboard.press("Control+Enter")
    page.wait_for_function(
        "cell => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent)",
        arg=cell.element_handle(), timeout=120_000,
    )  # fmt: skip
    return cell.locator(".jp-Cell-outputWrapper").inner_text()


def student(page: Page, address: str, wheel: Path) -> list[str]:
    """Do as the page says; what went wrong."""
    began = time.perf_counter()

    def said(what: str) -> None:
        print(f"{time.perf_counter() - began:6.1f} s  {what}")

    page.goto(f"{address}lab/index.html")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-command='filebrowser:upload'], [title^='Upload']").first.click()
    chooser.value.set_files([NOTEBOOK, wheel])
    page.locator(f".jp-DirListing-item[title*='{wheel.name}']").wait_for()
    page.locator(f".jp-DirListing-item[title*='{NOTEBOOK.name}']").dblclick()
    page.locator(f"{KERNEL}[data-status='idle']").wait_for(timeout=120_000)
    said("notebook open")
    missing = run_cell(page, 0)
    said("Python ready, first cell run without the package")
    problems = [] if "For students" in missing else [f"without the package it says: {missing[-500:]}"]
    page.locator(".jp-Notebook .jp-Cell").first.locator(".jp-InputPrompt").click()
    page.keyboard.press("a")
    page.locator(".jp-Notebook .jp-CodeCell").nth(0).locator(".jp-InputPrompt", has_text="[ ]").wait_for()
    installed = run_cell(page, 0, f"%pip install emfs:./{wheel.name}")
    said("package installed")
    if "Error" in installed or "Error" in (shown := run_cell(page, 1)):
        return [*problems, f"installed: {installed[-500:] or shown[-500:]}"]
    run_cell(page, 2)
    run_cell(page, 3, WRONG)
    card = run_cell(page, 4)
    said("checked")
    if "(K13, g' left out)" not in card:
        problems.append(f"the card says: {card[-1000:]}")
    page.locator("[aria-label='Feedback on hidden_delta']").scroll_into_view_if_needed()
    return problems


def main() -> int:
    """Build, serve, try."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--picture", metavar="FILE", help="a picture of the end")
    picture = parser.parse_args().picture
    built, wheel = site()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(built)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=required("chromium"), args=SWITCHES).new_page()
        foreign: list[str] = []
        local = (address, "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(local) else foreign.append(r.url))
        problems = student(page, address, wheel)
        if picture:
            page.screenshot(path=picture)
    problems += [f"asked elsewhere: {url}" for url in foreign]
    print("\n".join(problems) or "the card names the mistake; no other host was asked")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
