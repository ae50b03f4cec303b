"""A view of this machine with two more users, a teacher and a student, for what needs both: a mount namespace
of its own with its own /etc/passwd, so nothing of the machine is changed. Needs root.

Run as a program in that namespace, it takes steps as JSON lines and does each as one of the two:
{"user": "student", "folder": ..., "argv": ["nbgrader", "submit", ...]}; root may be asked for too.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.machine import needed
from tests.support.ordinary_user import reachable

USERS = {"teacher": 20001, "student": 20002}
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


class TwoUsers:
    """A process in the view; run() does one command in it as a user. folder: one that both may pass."""

    def __init__(self, folder: Path) -> None:
        needed("root")
        self.folder = folder
        passwd = folder / "passwd"
        lines = [f"delta{name}:x:{uid}:{uid}::{folder / name}:/bin/sh\n" for name, uid in USERS.items()]
        passwd.write_text(Path("/etc/passwd").read_text() + "".join(lines))
        for name, uid in USERS.items():
            (folder / name).mkdir()
            shutil.chown(folder / name, uid, uid)
        command = ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c"]
        command += [f'mount --bind {passwd} /etc/passwd && {_opened(folder)} exec "$@"', "sh"]
        command += [sys.executable, "-m", "tests.support.two_users"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def run(self, user: str, *argv: object, folder: Path | None = None, wait: bool = True) -> tuple[int, str]:
        """The command's exit code and what it printed; of one that is not waited for, its process's id."""
        log = self.folder / ("log" if wait else "log of what stays")
        step = {"user": user, "folder": str(folder or self.folder / user), "argv": [*map(str, argv)]}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(step | {"log": str(log), "wait": wait}) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return code, log.read_text() if wait else ""

    def log(self) -> str:
        """What the commands that stay have said."""
        path = self.folder / "log of what stays"
        return path.read_text() if path.is_file() else ""

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()


def _opened(folder: Path) -> str:
    """Shell: where Python lies in a closed home, that home with nothing in it but Python, and open."""
    prefix = Path(sys.base_prefix).resolve()
    if reachable(prefix):
        return ""
    closed = next(p for p in reversed(prefix.parents) if not p.stat().st_mode & 0o001)
    aside = folder / "python"
    aside.mkdir()
    return (
        f"mount --bind {prefix} {aside} && mount -t tmpfs -o mode=755 tmpfs {closed} && "
        f"mkdir -p {prefix} && mount --bind {aside} {prefix} &&"
    )


def _become(user: str, folder: str, log: str) -> None:
    if user == "root":
        os.chdir(folder)
        return
    uid = USERS[user]
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    os.chdir(folder)
    home = str(Path(log).parent / user)
    os.environ.update(HOME=home, USER=f"delta{user}", LOGNAME=f"delta{user}", JUPYTER_NO_CONFIG="")
    os.umask(0o022)


def _do(argv: list[str]) -> None:
    sys.argv = argv
    if argv[0] == "nbgrader":
        from nbgrader.apps.nbgraderapp import NbGraderApp

        NbGraderApp.launch_instance(argv[1:])
    elif argv[0] != "autograder":
        os.execvp(argv[0], argv)
    else:
        from autograder.__main__ import main

        main()


def _serve() -> None:
    """One step a line. Each in a child of its own, which has the imports already; a child that is not waited
    for is ended with this process.
    """
    import nbgrader.apps.nbgraderapp  # noqa: F401

    children = []
    for line in sys.stdin:
        step = json.loads(line)
        handle = os.open(step["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        child = os.fork()
        if child == 0:
            # A command that shares this process's input could take its lines, or make it not wait for them.
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            _become(step["user"], step["folder"], step["log"])
            _do(step["argv"])
            os._exit(0)
        os.close(handle)
        if step["wait"]:
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
        else:
            children.append(child)
            print(child, flush=True)
    for child in children:
        os.kill(child, 2)
        os.waitpid(child, 0)


if __name__ == "__main__":
    _serve()
