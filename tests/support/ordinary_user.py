"""Runs Python text as a user without any privilege, whoever runs the tests."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from autograder.sandbox import launch
from tests.support.machine import needed

NOBODY = 65534
ROOT = Path(__file__).resolve().parents[2]


def reachable(path):
    """May everybody pass the folders that lead there?"""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in Path(path).resolve().parents)


def run(code, *arguments, timeout=60):
    """stdout of the text, run by nobody; AssertionError with stderr if it failed."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(launch.numpy_folder())])}
    environment["HOME"] = "/nonexistent"
    command = [launch.interpreter(), "-c", code, *arguments]
    more = {}
    if os.geteuid() == 0:
        if reachable(launch.interpreter()) and reachable(launch.numpy_folder() / "numpy"):
            more = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        else:  # Python lies in root's closed home: a view of the machine in which that home is open
            prefix = Path(sys.base_prefix)
            closed = next(p for p in reversed(prefix.parents) if not p.stat().st_mode & stat.S_IXOTH)
            wrapped = [needed("bubblewrap"), "--bind", "/", "/", "--dev-bind", "/dev", "/dev"]
            wrapped += ["--perms", "0755", "--tmpfs", str(closed)]
            for parent in reversed(prefix.parents):
                if parent.is_relative_to(closed) and parent != closed:
                    wrapped += ["--perms", "0755", "--dir", str(parent)]
            wrapped += ["--ro-bind", str(prefix), str(prefix), "--cap-add", "ALL", "--"]
            wrapped += ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
            wrapped += ["--inh-caps", "-all", "--ambient-caps", "-all"]
            command = [*wrapped, *command]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
        cwd="/",
        check=False,
        **more,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
