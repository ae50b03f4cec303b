"""A JupyterHub with a teacher's watch as its service and a student in JupyterLab, from release to feedback.

    python benchmarks/jupyterhub.py

Needs root, for two users of their own (tests/support/two_users.py makes them for this process alone). The hub
is installed into build/hub at the first run, its proxy by npm. The student's server is the hub's own, with
nbgrader's extension in it, and is asked what the extension's buttons ask: list, fetch, submit, fetch feedback.
Prints a line for each step with its time; ends with 1 if a step fails.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook  # noqa: E402
from tests.support.two_users import USERS, TwoUsers  # noqa: E402

HUB = ROOT / "build" / "hub"
NAME, COURSE = "06-step-2", "backprop"
SECONDS = 90
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "{course}"
c.Exchange.root = "{exchange}"
"""
HUB_CONFIG = """c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.allow_all = True
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.command = ["{proxy}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.environment = {{"PYTHONPATH": "{packages}", "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp"}}
c.Spawner.http_timeout = c.Spawner.start_timeout = {seconds}
c.Spawner.args = ["--ServerApp.jpserver_extensions={{'nbgrader.server_extensions.assignment_list': True}}"]
c.JupyterHub.load_roles = [
    {{"name": "asks", "scopes": ["admin:users", "admin:servers", "access:servers"], "services": ["asks"]}}
]
c.JupyterHub.services = [
    {{"name": "asks", "api_token": "{token}"}},
    {{
        "name": "autograder",
        "command": ["{python}", "-m", "autograder", "grade", "{folder}", "--watch", "--exchange", "{exchange}/{course}"],
        "user": "deltateacher",
        "environment": {{"PYTHONPATH": "{root}"}},
    }},
]
"""


def install() -> None:
    """The hub and its proxy, once."""
    if not (HUB / "bin" / "jupyterhub").is_file():
        subprocess.run([sys.executable, "-m", "venv", HUB], check=True)
        pip = [HUB / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "-r", HERE / "requirements-jupyterhub.txt"], check=True)
    if not (HUB / "node_modules" / "configurable-http-proxy").is_dir():
        command = ["npm", "install", "--silent", "--prefix", HUB, "configurable-http-proxy@5.3.0"]
        subprocess.run(command, check=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Hub:
    """What the hub and the student's server answer."""

    def __init__(self, port: int, token: str) -> None:
        self.base, self.token = f"http://127.0.0.1:{port}", token

    def ask(self, method: str, path: str, **values: str) -> Any:
        data = urllib.parse.urlencode(values).encode() if method == "POST" else None
        query = f"?{urllib.parse.urlencode(values)}" if values and data is None else ""
        request = urllib.request.Request(f"{self.base}{path}{query}", data=data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            text = answer.read().decode()
        return json.loads(text) if text else None


def until(find: Callable[[], Any]) -> Any:
    """What is found, waited for; what can't be asked yet is asked again."""
    end, last = time.monotonic() + SECONDS, None
    while time.monotonic() < end:
        try:
            if found := find():
                return found
        except (OSError, ValueError, KeyError) as error:
            last = error
        time.sleep(0.2)
    raise RuntimeError(f"not seen within {SECONDS} s ({last})")


def own(path: Path, user: str) -> None:
    for each in (path, *path.rglob("*")):
        shutil.chown(each, USERS[user], USERS[user])


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def through(users: TwoUsers) -> None:
    """All the steps."""
    began = time.monotonic()

    def step(what: str) -> None:
        print(f"{time.monotonic() - began:5.1f} s  {what}", flush=True)

    exchange, folder, home = (
        users.folder / "exchange",
        users.folder / "teacher" / COURSE,
        users.folder / "student",
    )
    exchange.mkdir()
    exchange.chmod(0o777)
    config = CONFIG.format(course=COURSE, exchange=exchange)
    write(folder / "nbgrader_config.py", config)
    write(home / ".jupyter" / "nbgrader_config.py", config)
    released = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text()
    for step_name in ("release", "source"):
        write(folder / step_name / NAME / f"{NAME}.ipynb", released)
    own(users.folder / "teacher", "teacher")
    own(home, "student")
    code, said = users.run("teacher", "nbgrader", "release_assignment", NAME, folder=folder)
    assert code == 0, said
    step("released by the teacher")
    port, token = free_port(), os.urandom(16).hex()
    values = {
        "port": port,
        "hub_port": free_port(),
        "proxy_port": free_port(),
        "token": token,
        "seconds": SECONDS,
    }
    values |= {"proxy": HUB / "node_modules" / ".bin" / "configurable-http-proxy", "python": sys.executable}
    values |= {"packages": f"{next((HUB / 'lib').glob('python3*'))}/site-packages", "root": ROOT}
    values |= {"folder": folder, "exchange": exchange, "course": COURSE}
    (users.folder / "hub").mkdir()
    write(users.folder / "hub" / "jupyterhub_config.py", HUB_CONFIG.format(**values))
    users.run("root", HUB / "bin" / "jupyterhub", folder=users.folder / "hub", wait=False)
    hub = Hub(port, token)
    until(lambda: hub.ask("GET", "/hub/api/"))
    step("the hub is there, the watch as its service")
    hub.ask("POST", "/hub/api/users/deltastudent")
    hub.ask("POST", "/hub/api/users/deltastudent/server")
    server = "/user/deltastudent"
    until(lambda: hub.ask("GET", f"{server}/assignments", course_id=COURSE)["success"])
    step("the student's server is there, with nbgrader's extension")
    asked = {"course_id": COURSE, "assignment_id": NAME}
    assert hub.ask("POST", f"{server}/assignments/fetch", **asked)["success"]
    step("fetched by the student")
    until((exchange / COURSE / "feedback").is_dir)
    for count, (answers, points) in enumerate(
        [(RIGHT | {"hidden_delta_solution": NO_SLOPE}, "12 of 26 points"), (RIGHT, "26 of 26 points")],
        start=1,
    ):
        write(home / NAME / f"{NAME}.ipynb", json.dumps(notebook(answers)))
        own(home / NAME, "student")
        assert hub.ask("POST", f"{server}/assignments/submit", **asked)["success"]
        step(f"submitted, {count}")
        there = exchange / COURSE / "feedback"
        until(lambda: len(list(there.glob("*.html"))) == count)  # noqa: B023
        step("feedback is in the exchange")
        assert hub.ask("POST", f"{server}/assignments/fetch_feedback", **asked)["success"]
        pages = sorted((home / NAME / "feedback").glob("*/*.html"))
        assert len(pages) == count
        assert points in pages[-1].read_text()
        step(f"fetched by the student: {points}")


def with_two_users(through: Callable[[TwoUsers], object]) -> int:
    """Go the way with a teacher and a student in a folder of their own: 0, or 1 and on stderr where it failed."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    users = TwoUsers(folder)
    try:
        through(users)
        return 0
    except (AssertionError, RuntimeError, OSError, ValueError) as error:
        print(f"failed: {error}\n{users.log()[-3000:]}", file=sys.stderr)
        return 1
    finally:
        users.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    install()
    return with_two_users(through)


if __name__ == "__main__":
    sys.exit(main())
