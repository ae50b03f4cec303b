"""The book, built once a session with the commands of `make book`, and a browser to read it in."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "book-test"
HTML = OUT / "_build" / "html"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@functools.lru_cache(1)
def build() -> tuple[int, str]:
    """Build every page anew (an incremental build hides old warnings); exit code and log."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    log = ""
    for command in (
        [sys.executable, "tools/vendor.py", "--need"],
        [sys.executable, "tools/assemble_pyodide.py", "--need"],
        [
            "jupyter-book",
            "build",
            "book",
            "--config",
            "_config.yml",
            "--path-output",
            str(OUT),
            "--all",
            "-W",
            "--keep-going",
        ],
    ):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
        log += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, log
    return 0, log


def pages() -> list[Path]:
    """Every page of the book, the index and chapters before the rest."""
    build()
    return sorted(HTML.glob("*.html"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """python -m http.server, silent."""

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder over HTTP on this machine; its address with a trailing slash."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def chromium() -> str:
    """A Chromium: the system's, or Debian's by apt when we may, or Playwright's own; a missing one is a failure."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], capture_output=True, timeout=300)
        subprocess.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
            capture_output=True,
            timeout=600,
        )
        found = shutil.which("chromium")
    if found is None:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, timeout=600
        )
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            found = playwright.chromium.executable_path
    assert Path(found).exists(), "the pages are tested in Chromium, and none was found: install chromium"
    return found
