"""What this machine offers, tried here and now: the wall's mechanisms one by one, then the wall as a whole.

Nothing is read off a version number that can be tried. Every protection is seen to work, and what it forbids
is seen to succeed without it.
"""

import importlib.util
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import numpy as np

from autograder._language import N_, _
from autograder.sandbox import launch
from autograder.sandbox.escape_attempts import ATTEMPTS, succeeded
from autograder.sandbox.grader_words import why_not_locked
from autograder.sandbox.zygote import SandboxError, Zygote

Level = Literal["strong", "none"]
WALL = N_("the wall")
# The gradebook's schema is this release's.
NBGRADER = (0, 9)

# Run in a process of its own behind confinement's text: open a folder, set one lock, open it again.
TRIAL = """
import os, socket
def opens():
    try:
        os.close(os.open("/", os.O_RDONLY))
    except OSError:
        return False
    return True
def speaks():
    try:
        socket.socket().close()
    except OSError:
        return False
    return True
before = opens(), speaks()
no_new_privileges()
said = {lock}
print(before[0], before[1], opens(), speaks(), said)
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was tried: whether it is as it should be, what was seen, and what to do if it isn't.

    name: in English. needed: False if it is good to have, and nothing is less safe without it.
    """

    name: str
    ok: bool
    detail: str
    fix: str = ""
    needed: bool = True


def examine() -> list[Finding]:
    """Try everything; about two seconds."""
    return [*_basics(), *_locks(), *_bubblewrap(), *_wall(), *_gradebook()]


def level(findings: Sequence[Finding]) -> Level:
    """The isolation that grading has here: "strong" if the wall as a whole stood."""
    return "strong" if any(finding.name == WALL and finding.ok for finding in findings) else "none"


def text(findings: Sequence[Finding]) -> str:
    """The findings in plain words, what is amiss with what to do."""
    lines = []
    for finding in findings:
        sign = "ok " if finding.ok else "NO " if finding.needed else " - "
        lines.append(f"{sign} {_(finding.name)}: {finding.detail}")
        if not finding.ok and finding.fix:
            lines.append(f"      {finding.fix}")
    if level(findings) == "strong":
        lines.append(_("Isolation: strong. Students' code can be graded here."))
    else:
        lines.append(
            _("Isolation: none. `autograder grade` refuses; --isolation none grades code that you trust.")
        )
    return "\n".join(lines) + "\n"


def _basics() -> Iterator[Finding]:
    linux = sys.platform.startswith("linux")
    machine = platform.machine()
    yield Finding(
        N_("system"),
        linux and machine in ("x86_64", "aarch64"),
        f"{platform.system()} {platform.release()}, {machine}",
        _("Grade in WSL2 (Windows), or in a Linux container or virtual machine, on x86-64 or aarch64."),
    )
    version = platform.python_version()
    yield Finding("Python", sys.version_info >= (3, 11), version, _("Install Python 3.11 or newer."))
    yield Finding("NumPy", True, np.__version__)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding(N_("cores"), True, _("{cores}: as many submissions are graded at a time", cores=cores))


def _trial(lock: str) -> list[str]:
    """What a process saw before and after it set one lock; the reason instead if it could not be set."""
    source = launch.SOURCES["confinement"].read_text(encoding="utf-8")
    done = subprocess.run(
        [launch.interpreter(), "-I", "-S", "-c", source + TRIAL.replace("{lock}", lock)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=launch.ENVIRONMENT,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        return [why_not_locked(said[-1]) if said else _("exit code {returncode}", returncode=done.returncode)]
    return done.stdout.split()


def _locks() -> Iterator[Finding]:
    if not sys.platform.startswith("linux"):
        return
    saw = _trial("seccomp()")
    yield Finding(
        "seccomp",
        saw[:4] == ["True", "True", "False", "False"],
        _("system calls that are not on the list are refused") if len(saw) == 5 else saw[0],
        _("A container that denies seccomp(2) can't grade: run it with the default seccomp profile."),
    )
    saw = _trial("landlock()")
    yield Finding(
        "Landlock",
        saw[:1] == ["True"] and saw[2:3] == ["False"],
        _("version {saw}: no file can be opened", saw=saw[4]) if len(saw) == 5 else saw[0],
        _(
            "Linux 5.13 or newer has it, unless it is left out of the boot option lsm=. "
            "bubblewrap can stand in."
        ),
        needed=False,
    )
    if os.geteuid() == 0:
        saw = _trial("(drop_root(0x50000000), os.getresuid())")
        yield Finding(
            N_("giving up root"),
            len(saw) > 1 and "0," not in saw[5:],
            _("each child is a user of its own") if len(saw) > 1 else saw[0],
            _("Grade as an ordinary user, or give the container CAP_SETUID and CAP_SETGID."),
        )
    else:
        yield Finding(N_("user"), True, _("number {user}, not root", user=os.geteuid()))


def _bubblewrap() -> Iterator[Finding]:
    if not sys.platform.startswith("linux"):
        return
    fix = _("Good to have, not needed: apt install bubblewrap, and allow user namespaces.")
    command = launch.bubblewrap()
    if command is None:
        yield Finding("bubblewrap", False, _("bwrap is not installed"), fix, needed=False)
        return
    try:
        launch.start(True, command).close()
    except SandboxError as error:
        yield Finding("bubblewrap", False, str(error), fix, needed=False)
        return
    yield Finding("bubblewrap", True, _("the worker runs in namespaces of its own"), fix, needed=False)


def _wall() -> Iterator[Finding]:
    """The wall as it is used: no attempt succeeds behind it, all do outside, and NumPy works inside."""
    try:
        with Zygote("strong") as zygote:
            works = (
                "import numpy as np\ndef works():\n"
                "    return np.linalg.inv(2 * np.eye(2)) + np.random.rand() * 0\n"
            )
            with zygote.child([works]) as child:
                value = child("works", ()).value
            through = succeeded(zygote)
            restrictions = zygote.restrictions
        with Zygote("none") as zygote:
            outside = succeeded(zygote)
    except SandboxError as error:
        yield Finding(WALL, False, str(error), _("See the lines above for what is missing."))
        return
    numpy_works = isinstance(value, np.ndarray) and np.array_equal(value, np.eye(2) / 2)
    untested = {attempt.name for attempt in ATTEMPTS} - outside
    detail = _("{count} of {of} forbidden acts refused", count=len(ATTEMPTS) - len(through), of=len(ATTEMPTS))
    if through:
        detail += _("; not refused: {through}", through=acts(through))
    if not numpy_works:
        detail += _("; NumPy does not work inside")
    means = [
        "seccomp",
        f"Landlock {restrictions['landlock']}" if restrictions["landlock"] else "",
    ]
    means += [
        _("namespaces") if restrictions["mount_namespace"] else "",
        _("user {uid}", uid=restrictions["uid"]),
    ]
    detail += _(" (held by {filter})", filter=", ".join(filter(None, means)))
    yield Finding(WALL, not through and numpy_works, detail, _("Don't grade here; report this as a hole."))
    yield Finding(
        N_("controls"),
        not untested,
        _(
            "{count} of {of} forbidden acts succeed without the wall",
            count=len(outside),
            of=len(ATTEMPTS),
        )
        + (_("; not: {untested}", untested=acts(untested)) if untested else ""),
        _("This machine forbids these anyway, so they prove nothing about the wall."),
        needed=False,
    )


def acts(names: Collection[str]) -> str:
    """Attempts' names in the language in use, in their order."""
    return ", ".join(_(name) for name in sorted(names))


def _gradebook() -> Iterator[Finding]:
    fix = "pip install 'nbgrader>=0.9.6,<0.10'"
    try:
        version = metadata.version("nbgrader")
    except metadata.PackageNotFoundError:
        yield Finding("nbgrader", False, _("not installed: no gradebook can be written"), fix)
    else:
        right = tuple(int(part) for part in version.split(".")[:2]) == NBGRADER
        yield Finding(
            "nbgrader", right, version, _("The gradebook is written for nbgrader 0.9: {fix}", fix=fix)
        )
        beside = Path(sys.executable).parent / "alembic"
        found = shutil.which("alembic") or (str(beside) if beside.exists() else "")
        yield Finding(
            "alembic",
            bool(found),
            found or _("not found"),
            _("nbgrader calls it to make a gradebook: {fix}", fix=fix),
        )
    with tempfile.TemporaryDirectory() as folder:
        try:
            with sqlite3.connect(Path(folder) / "try.db") as database:
                database.execute("create table t (x)")
            database.close()
            written = f"SQLite {sqlite3.sqlite_version}"
        except sqlite3.Error as error:
            written = ""
            yield Finding(
                N_("database"),
                False,
                f"{error}",
                _("Make room or set TMPDIR ({gettempdir}).", gettempdir=tempfile.gettempdir()),
            )
    if written:
        yield Finding("database", True, written)
    cluster = importlib.util.find_spec("distributed") is not None
    yield Finding(
        N_("cluster"),
        cluster,
        _("dask.distributed is installed") if cluster else _("dask.distributed is not installed"),
        _("Only for --scheduler: pip install dask distributed"),
        needed=False,
    )
