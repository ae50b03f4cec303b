"""The book, built once a session with the commands of `make book`, a small one of odd cells, and a browser to
read in.
"""

import fcntl
import functools
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.support.machine import needed

ROOT = Path(__file__).resolve().parents[2]
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
    # A page starts Python by itself over a fast connection (ahead.js); here a test says when
    "--force-effective-connection-type=3G",
]


def run(*command: object) -> tuple[int, str]:
    """One command of `make book` in the project's folder; exit code and log."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    return done.returncode, done.stdout + done.stderr


def jupyter_book(source: Path, config: Path, out: Path) -> tuple[int, str]:
    """Every page anew (an incremental build hides old warnings)."""
    return run(
        "jupyter-book",
        "build",
        source,
        "--config",
        config,
        "--path-output",
        out,
        "--all",
        "-W",
        "--keep-going",
    )


@contextmanager
def one_builder(what: str = "book") -> Iterator[None]:
    """The tests may run in several processes; what shares a cache of notebooks is built one at a time."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / f"{what}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(name: str, builder: Callable[[], tuple[int, str]], lock: str) -> tuple[int, str]:
    """Build something once for all the processes of a test run; exit code and log."""
    run_of_tests = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    record = OUT / f"{name}.json"
    with one_builder(lock):
        if run_of_tests and record.is_file():
            built = json.loads(record.read_text())
            if built["run"] == run_of_tests:
                return built["code"], built["log"]
        code, log = builder()
        record.write_text(json.dumps({"run": run_of_tests, "code": code, "log": log}))
    return code, log


@functools.cache
def vendored() -> tuple[int, str]:
    """Everything that the pages carry with them, fetched and assembled."""
    return once("vendored", _vendored, lock="vendored")


def _vendored() -> tuple[int, str]:
    log = ""
    for tool in ("vendor", "assemble_pyodide", "assemble_editor"):
        code, text = run(sys.executable, f"tools/{tool}.py", "--need")
        log += text
        if code:
            return code, log
    return 0, log


@functools.cache
def build() -> tuple[int, str]:
    """The book; exit code and log."""
    return once("built", _book, lock="book")


def _book() -> tuple[int, str]:
    code, log = vendored()
    if code:
        return code, log
    code, text = jupyter_book(ROOT / "book", ROOT / "_config.yml", OUT)
    return code, log + text


@functools.cache
def small_book(bare: bool = False) -> Path:
    """A small book with every kind of cell, set up as the book is; bare: built where nothing could be
    fetched.
    """
    name = "bare-book" if bare else "small-book"
    code, log = once(name, lambda: _small_book(ROOT / "build" / name, bare), lock="small-book")
    assert code == 0, log[-4000:]
    return ROOT / "build" / name / "_build" / "html"


def _small_book(out: Path, bare: bool) -> tuple[int, str]:
    code, log = (0, "") if bare else vendored()
    if code:
        return code, log
    out.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    del config["bibtex_bibfiles"]
    # Not the book's own: two builds that write into one cache disturb each other.
    config["execute"]["cache"] = str(ROOT / "build" / "small-book-notebooks")
    config["sphinx"]["local_extensions"] = {"live_book": str(ROOT / "book" / "_ext")}
    settings = config["sphinx"]["config"]
    settings.pop("bibtex_reference_style", None)
    settings.pop("reading_repository", None)
    settings["templates_path"] = [str(ROOT / "book" / "_templates")]
    if bare:
        settings["live_cache"] = str(out / "nothing")
    (out / "_config.yml").write_text(yaml.safe_dump(config))
    code, log = jupyter_book(ROOT / "tests" / "pages" / "small-book", out / "_config.yml", out)
    (out / "log.txt").write_text(log)
    return code, log


def pages() -> list[Path]:
    """Every page of the book, the index and chapters before the rest."""
    build()
    return sorted(HTML.glob("*.html"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """python -m http.server, silent, and one connection for many files."""

    protocol_version = "HTTP/1.1"
    # A file's head and body are two small writes: the second must not wait for the first one's receipt.
    disable_nagle_algorithm = True

    def log_message(self, *_args: object) -> None:
        """Nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Takes every connection a page opens at once: with the usual five, some would try again a second
    later. Says nothing when a closed browser leaves a file half sent.
    """

    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Report anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def served(folder: Path, host: type[Quiet] = Quiet) -> Iterator[str]:
    """A folder over HTTP on this machine, by such a host; its address with a trailing slash."""
    server = Server(("127.0.0.1", 0), functools.partial(host, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@functools.cache
def chromium() -> str:
    """The system's Chromium or Playwright's own; where there is none, the test that asks is left out."""
    return needed("chromium")
