"""What was done to a course: COURSE/.autograder/course.log, a line for each command that changed it.

Who, when (UTC), which command with which options, and how it ended. Secrets (the seed, a gradebook's
password) are never written; a student who is forgotten is forgotten here too.
"""

import getpass
import json
import os
import re
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder._files import write_atomically
from autograder._text import one_line

# Of one file; the one before it is kept as course.log.1.
MOST_BYTES = 1 << 20
MOST_OF_A_LINE = 2000
LOG_FILES = ("course.log", "course.log.1", "watch.log", "watch.log.1")
LOGGED = frozenset(
    ("init", "collect", "undo", "grade", "report", "export", "feedback", "rename", "forget", "new-exercise")
)
_SECRET = frozenset(("db", "seed"))
FORGOTTEN = "(forgotten)"


def log_command(name: str, options: Mapping[str, Any], code: int) -> None:
    """Add a line to the log of the command's course; nothing for a command that changed none. OSError if it
    can't be written.
    """
    course = options.get("course")
    if name not in LOGGED or not isinstance(course, Path) or options.get("dry_run"):
        return
    path = course / ".autograder" / LOG_FILES[0]
    # A mistyped folder gets none.
    if code > 1 and not path.exists():
        return
    line = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {_who()} {name}{_told(options)} -> {code}"
    append_line(path, line)
    if name == "forget" and code < 2 and options.get("student"):
        forget_in_log(course, str(options["student"]))


def append_line(path: Path, line: str) -> None:
    """Add a line to a log; one that has become too long is kept beside it, with .1 at its name's end, in the
    place of the one before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > MOST_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    with path.open("a", encoding="utf-8") as file:
        file.write(one_line(line, MOST_OF_A_LINE) + "\n")


def forget_in_log(course: Path, student: str) -> None:
    """Put another word in the place of the student's name, wherever it stands by itself."""
    word = re.compile(rf"(?<![\w@.-]){re.escape(student)}(?![\w@-])")
    for name in LOG_FILES:
        path = course / ".autograder" / name
        if path.exists():
            write_atomically(path, word.sub(FORGOTTEN, path.read_text(encoding="utf-8")).encode())


def _who() -> str:
    """user@machine, as far as the system knows."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def _told(options: Mapping[str, Any]) -> str:
    """The options that were given, as they were given."""
    shown = []
    for name, value in options.items():
        if name == "course" or value is None or value is False or value == [] or value == ():
            continue
        text = "…" if name in _SECRET else json.dumps(value, default=str, ensure_ascii=False)
        shown.append(f" {name}={text}")
    return "".join(shown)
