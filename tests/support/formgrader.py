"""nbgrader's formgrader: the real server on a course folder, for tests that talk to it over HTTP or
in a browser.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TOKEN = "of-a-test"
OTHERS = ("jupyterlab", "jupyter_lsp", "jupyter_server_terminals", "jupyterlab_jupytext", "notebook")


def environment(home: Path) -> dict[str, str]:
    """Ours, with the environment's programs first (nbgrader calls alembic by name) and a home of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "NBGRADER"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "HOME": str(home), "TZ": "UTC"}


class Server:
    """A running server: its address, and its API as Python values."""

    def __init__(self, address: str) -> None:
        self.address = address

    def visit(self, page: Any, path: str) -> None:
        """Open a page of formgrader in a browser, as a person who logs in first."""
        page.goto(f"{self.address}/login?next=/formgrader/{path}")
        if page.locator("#password_input").count():
            page.fill("#password_input", TOKEN)
            page.click("#login_submit")

    def get(self, path: str) -> Any:
        return json.loads(self.text(f"formgrader/api/{path}"))

    def text(self, path: str) -> str:
        with self._open(path) as response:
            return str(response.read().decode())

    def post(self, path: str) -> Any:
        with self._open(f"formgrader/api/{path}", "POST") as response:
            return json.loads(response.read())

    def put(self, path: str, value: Any) -> Any:
        with self._open(f"formgrader/api/{path}", "PUT", json.dumps(value).encode()) as response:
            return json.loads(response.read())

    def _open(self, path: str, method: str = "GET", data: bytes | None = None) -> Any:
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/{path}", data, headers, method=method)
        return urllib.request.urlopen(request, timeout=120)


@contextmanager
def formgrader(course: Path, home: Path) -> Iterator[Server]:
    """Start Jupyter's server with formgrader on the course; AssertionError with its log if it
    doesn't come up.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    extensions = dict.fromkeys(OTHERS, False) | {"nbgrader.server_extensions.formgrader": True}
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={course}",
        f"--ServerApp.jpserver_extensions={extensions}",
    ]
    home.mkdir(exist_ok=True)
    log = home / "server.log"
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=course, env=environment(home), stdout=file, stderr=file)
    try:
        server = Server(f"http://127.0.0.1:{port}")
        end = time.monotonic() + 90
        while True:
            try:
                server.get("status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait(30)


COMMANDS = """
import json, os, sys
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp

for arguments in json.loads(sys.argv[1]):
    if arguments[0] == "cd":
        os.chdir(arguments[1])
        continue
    app = NbGraderApp.instance()
    try:
        app.initialize(arguments)
        app.start()
    except NoStart:  # a subcommand has done the work
        pass
    finally:
        app.reset()
"""


def nbgrader(course: Path, home: Path, *commands: str) -> str:
    """Run nbgrader's commands in the course, one after another in one process (it takes seconds to start).

    "cd FOLDER": those that follow are run there. All that they wrote. AssertionError with it if one fails.
    """
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, json.dumps([command.split() for command in commands])],
        cwd=course,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
