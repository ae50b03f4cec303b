"""A course whose notebooks go through ngshare, the exchange of JupyterHubs without a shared disk.

    python benchmarks/ngshare.py

As benchmarks/jupyterhub.py, which installs the hub and says what is needed; ngshare runs as the hub's service,
and the student's server asks it through nbgrader's own extension: list, fetch, submit, fetch feedback. The
teacher's side is a watch over the course's folder, with `nbgrader collect --update` before it and `nbgrader
release_feedback` behind it. Prints a line for each step; ends with 1 if one fails.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from jupyterhub import (  # noqa: E402
    COURSE,
    HUB,
    HUB_CONFIG,
    NAME,
    ROOT,
    SECONDS,
    Hub,
    free_port,
    install,
    own,
    until,
    with_two_users,
    write,
)

from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook  # noqa: E402
from tests.support.two_users import USERS, TwoUsers  # noqa: E402

STORE_HOME = ROOT / "build" / "ngshare"
# With SQLAlchemy 2 ngshare 0.6.0 answers that an assignment is released, and keeps none.
NGSHARE = ("ngshare==0.6.0", "SQLAlchemy<2", "jupyterhub==6.1.1")
EXCHANGE = "ngshare-exchange==0.5.3"
CONFIG = """import sys
sys.path.append("{packages}")
import ngshare_exchange
c = get_config()
c.CourseDirectory.course_id = "{course}"
ngshare_exchange.configureExchange(c, "http://127.0.0.1:{port}/services/ngshare")
"""
# Behind the hub's configuration of jupyterhub.py, with ngshare in the watch's place.
MORE_HUB_CONFIG = """
reach = "access:services!service=ngshare"
c.JupyterHub.load_roles = [
    {{
        "name": "asks",
        "scopes": ["admin:users", "admin:servers", "access:servers", "tokens", reach],
        "services": ["asks"],
    }},
    {{"name": "user", "scopes": ["self", reach]}},
    {{"name": "server", "scopes": ["users:activity!user", "access:servers!server", reach]}},
]
c.JupyterHub.services = [
    {{"name": "asks", "api_token": "{token}"}},
    {{
        "name": "ngshare",
        "url": "http://127.0.0.1:{ngshare_port}",
        "command": ["{store_home}/bin/python", "-m", "ngshare", "--database", "sqlite:///{store}/ngshare.db",
                    "--storage", "{store}/files", "--admins", "deltateacher"],
        "oauth_no_confirm": True,
    }},
]
"""


def install_ngshare() -> None:
    """The service into an environment of its own, its exchange into the hub's; the exchange asks for an old
    jupyter-core, and works with a new one.
    """
    install()
    if not (STORE_HOME / "bin" / "python").is_file():
        subprocess.run([sys.executable, "-m", "venv", STORE_HOME], check=True)
        subprocess.run(
            [STORE_HOME / "bin" / "python", "-m", "pip", "install", "--quiet", *NGSHARE], check=True
        )
    if not list((HUB / "lib").glob("python3*/site-packages/ngshare_exchange")):
        pip = [HUB / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "requests"], check=True)
        subprocess.run([*pip, "--no-deps", EXCHANGE], check=True)


def through(users: TwoUsers) -> None:
    """All the steps."""
    began = time.monotonic()

    def step(what: str) -> None:
        print(f"{time.monotonic() - began:5.1f} s  {what}", flush=True)

    folder, home, store = users.folder / "teacher" / COURSE, users.folder / "student", users.folder / "store"
    (store / "files").mkdir(parents=True)
    packages = next((HUB / "lib").glob("python3*")) / "site-packages"
    port, token = free_port(), os.urandom(16).hex()
    config = CONFIG.format(packages=packages, course=COURSE, port=port)
    write(folder / "nbgrader_config.py", config)
    write(home / ".jupyter" / "nbgrader_config.py", config)
    released = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text()
    for step_name in ("release", "source"):
        write(folder / step_name / NAME / f"{NAME}.ipynb", released)
    (folder / "submitted").mkdir()
    own(users.folder / "teacher", "teacher")
    own(home, "student")
    proxy = HUB / "node_modules" / ".bin" / "configurable-http-proxy"
    values: dict[str, object] = {"port": port, "hub_port": free_port(), "proxy_port": free_port()}
    values |= {"ngshare_port": free_port(), "token": token, "seconds": SECONDS, "proxy": proxy}
    values |= {"python": sys.executable, "packages": packages, "root": ROOT, "folder": folder}
    values |= {"exchange": store, "course": COURSE, "store_home": STORE_HOME, "store": store}
    (users.folder / "hub").mkdir()
    text = HUB_CONFIG.format(**values) + MORE_HUB_CONFIG.format(**values)
    write(users.folder / "hub" / "jupyterhub_config.py", text)
    users.run("root", HUB / "bin" / "jupyterhub", folder=users.folder / "hub", wait=False)
    hub = Hub(port, token)
    until(lambda: hub.ask("GET", "/hub/api/"))
    for user in USERS:
        hub.ask("POST", f"/hub/api/users/delta{user}")
    step("the hub is there, ngshare as its service")
    teacher_token = hub.ask("POST", "/hub/api/users/deltateacher/tokens")["token"]
    teacher = Hub(port, teacher_token)
    shared = "/services/ngshare"
    until(lambda: teacher.ask("GET", f"{shared}/courses")["success"])
    made = teacher.ask("POST", f"{shared}/course/{COURSE}", instructors='["deltateacher"]')
    assert made["success"], made
    named = {"first_name": "", "last_name": "", "email": ""}
    added = teacher.ask("POST", f"{shared}/student/{COURSE}/deltastudent", **named)
    assert added["success"], added
    step("the course and its student are in ngshare")

    def nbgrader(*words: str) -> None:
        environment = [f"JUPYTERHUB_API_TOKEN={teacher_token}", "JUPYTERHUB_USER=deltateacher"]
        command = ["env", *environment, sys.executable, "-m", "nbgrader", *words]
        code, said = users.run("teacher", *command, folder=folder)
        assert code == 0, said

    nbgrader("release_assignment", NAME)
    step("released by the teacher")
    users.run("teacher", "autograder", "grade", folder, "--watch", folder=folder, wait=False)
    hub.ask("POST", "/hub/api/users/deltastudent/server")
    server = "/user/deltastudent"
    until(lambda: hub.ask("GET", f"{server}/assignments", course_id=COURSE)["success"])
    step("the student's server is there, with nbgrader's extension")
    asked = {"course_id": COURSE, "assignment_id": NAME}
    fetched = hub.ask("POST", f"{server}/assignments/fetch", **asked)
    assert fetched["success"], fetched
    assert (home / NAME / f"{NAME}.ipynb").is_file()
    step("fetched by the student")
    page = folder / "feedback" / "deltastudent" / NAME / f"{NAME}.html"
    for answers, points in [
        (RIGHT | {"hidden_delta_solution": NO_SLOPE}, "12 of 26 points"),
        (RIGHT, "26 of 26 points"),
    ]:
        write(home / NAME / f"{NAME}.ipynb", json.dumps(notebook(answers)))
        own(home / NAME, "student")
        assert hub.ask("POST", f"{server}/assignments/submit", **asked)["success"]
        step("submitted")
        nbgrader("collect", NAME, "--update")
        step("collected by the teacher")
        until(lambda: page.is_file() and points in page.read_text())  # noqa: B023
        step("graded by the watch")
        nbgrader("release_feedback", NAME)
        assert hub.ask("POST", f"{server}/assignments/fetch_feedback", **asked)["success"]
        pages = list((home / NAME / "feedback").rglob("*.html"))
        assert any(points in each.read_text() for each in pages), [str(each) for each in pages]
        step(f"fetched by the student: {points}")


def main() -> int:
    install_ngshare()
    return with_two_users(through)


if __name__ == "__main__":
    sys.exit(main())
