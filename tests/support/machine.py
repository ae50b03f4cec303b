"""What tests need beyond Python and make; where it is missing they are left out, and counted."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest


class Need(NamedTuple):
    """One thing: what it is called, how to get it, and where it is (None: it isn't)."""

    name: str
    get: str
    find: Callable[[], str | None]


def _chromium() -> str | None:
    """The system's Chromium, or the one that Playwright has fetched."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    # In a process of its own: the test that asks may have a Playwright already, and a second can't be
    # started.
    ask = "from playwright.sync_api import sync_playwright as start\n"
    ask += "with start() as playwright: print(playwright.chromium.executable_path)"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, check=True)
    path = told.stdout.strip()
    return path if Path(path).exists() else None


def _postgresql() -> str | None:
    """The folder of initdb and pg_ctl, of the newest version that Debian's packages brought."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("initdb")
    return str(found[-1].parent) if found else beside and str(Path(beside).parent)


def _bubblewrap() -> str | None:
    """bwrap, if it may make its namespaces here."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    tried = [program, "--unshare-all", "--ro-bind", "/", "/", "--", "/bin/sh", "-c", ":"]
    return program if subprocess.run(tried, capture_output=True, timeout=60).returncode == 0 else None


NEEDS = {
    "chromium": Need("Chromium", "apt install chromium", _chromium),
    "postgresql": Need("PostgreSQL", "apt install postgresql", _postgresql),
    "bubblewrap": Need(
        "bubblewrap", "apt install bubblewrap, where user namespaces are allowed", _bubblewrap
    ),
    "node": Need("Node.js", "make, or Node.js 20 or newer", lambda: shutil.which("node")),
    "libseccomp": Need("libseccomp", "apt install libseccomp2", lambda: find_library("seccomp")),
    "root": Need("root", "run as root", lambda: "root" if os.geteuid() == 0 else None),
}


class LeftOut(pytest.skip.Exception):
    """A test can't be run here; `need` is the key in NEEDS."""

    def __init__(self, need: str) -> None:
        super().__init__(f"needs {NEEDS[need].name} ({NEEDS[need].get})")
        self.need = need


@cache
def find(need: str) -> str | None:
    """Where the thing is, looked for once a run."""
    return NEEDS[need].find()


def required(need: str) -> str:
    """Where the thing is, for a command that can do nothing without it."""
    if found := find(need):
        return found
    raise SystemExit(f"{NEEDS[need].name} is needed and was not found here: {NEEDS[need].get}")


def needed(need: str) -> str:
    """Where the thing is; the test that asks is left out if it isn't there."""
    found = find(need)
    if found is None:
        raise LeftOut(need)
    return found
