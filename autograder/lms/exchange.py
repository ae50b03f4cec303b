"""nbgrader's exchange, as a watch uses it: what students hand in goes to submitted/, feedback goes back.

The folders and names are those of nbgrader's own `collect` and `release_feedback`, so that its extension for
students, `nbgrader submit` and `nbgrader fetch_feedback` work as ever. Everybody may make a folder of any
name in inbound/: one whose owner is another user than the one it names is left where it is, and hides none of
that user's own.
"""

import hashlib
import os
import pwd
import re
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from autograder._files import write_atomically
from autograder._language import _
from autograder._text import printable_name
from autograder.course.submitted import read_bytes
from autograder.errors import GraderError
from autograder.notebooks.assignment import NAME
from autograder.notebooks.course_folders import course_folder, load_nbgrader_config
from autograder.notebooks.notebook import MAX_BYTES, NotebookError

SECRET, TIME = "submission_secret.txt", "timestamp.txt"
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?( [\w:+-]{1,9})?", re.ASCII)
# Files of one submission that are taken along, and their bytes together.
MOST_FILES, MOST_TAKEN = 50, 2 * MAX_BYTES
# Lines about what one user has left there under others' names.
MOST_CLAIMS_TOLD = 5
# (student, assignment)
WhoseWork: TypeAlias = tuple[str, str]


class ExchangeError(GraderError):
    """The exchange can't be used; str() says what was given and what was expected."""


@dataclass(frozen=True)
class InboundFolder:
    """One submission in inbound/: student+assignment+time, and letters at random after another +."""

    student: str
    assignment: str
    time: str
    path: Path


@dataclass
class CourseExchange:
    """A course's folder in the exchange, with inbound/ and feedback/. told: takes a line for an onlooker."""

    course: Path
    folder: Path
    told: Callable[[str], None]
    check_owner: bool = True
    # The time of what was taken last.
    taken: dict[WhoseWork, str] = field(default_factory=dict)
    # As it was at the last look.
    seen: dict[WhoseWork, tuple[object, ...]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    claims_told: Counter[str] = field(default_factory=Counter)

    def take_in(self) -> None:
        """Copy what is newer than what submitted/ has, and written to its end. OSError if it can't be."""
        contents: dict[WhoseWork, tuple[object, ...]] = {}
        for key, folders in inbound_folders(self.folder / "inbound").items():
            found = self._newest_own(folders, self._time_taken(key))
            if found is None:
                continue
            try:
                contents[key] = _contents(found.path)
                if contents[key] == self.seen.get(key):
                    _put(found, course_folder(self.course, "submitted"))
                    self.taken[key] = found.time
            except NotebookError as error:
                # One student's folder keeps nobody else's from being taken.
                self._tell_once(
                    _(
                        "{student} {assignment}: {error}; it was left in the exchange",
                        student=found.student,
                        assignment=found.assignment,
                        error=error,
                    )
                )
        self.seen = contents

    def give_back(self, student: str, assignment: str) -> None:
        """Put the feedback page where `nbgrader fetch_feedback` finds it. OSError if it can't be."""
        feedback = course_folder(self.course, "feedback") / student / assignment
        page, secret = feedback / f"{assignment}.html", feedback / SECRET
        if not page.is_file() or not secret.is_file():
            return
        target = _feedback_folder(self.folder)
        # As nbgrader.utils.notebook_hash; the notebook's name, as the student has it.
        submitted = course_folder(self.course, "submitted") / student / assignment
        for name in sorted({assignment, *(path.stem for path in submitted.glob("*.ipynb"))}):
            digest = hashlib.md5(secret.read_bytes() + name.encode(), usedforsecurity=False).hexdigest()
            write_atomically(target / f"{digest}.html", page.read_bytes())

    def _time_taken(self, key: WhoseWork) -> str:
        if key not in self.taken:
            path = course_folder(self.course, "submitted") / key[0] / key[1] / TIME
            try:
                self.taken[key] = path.read_text(encoding="utf-8").strip()
            except (OSError, ValueError):
                self.taken[key] = ""
        return self.taken[key]

    def _newest_own(self, folders: list[InboundFolder], taken: str) -> InboundFolder | None:
        """The newest after this time that its student has handed in. folders: the newest first."""
        for found in folders:
            if found.time <= taken:
                return None
            owner = _owner(found.path) if self.check_owner else found.student
            if owner == found.student:
                return found
            self._tell_claim(found, owner)
        return None

    def _tell_claim(self, found: InboundFolder, owner: str) -> None:
        line = _(
            "{student} {assignment}: the submission of {time} belongs to {owner} "
            "(c.ExchangeCollect.check_owner = False takes it); it was left in the exchange",
            student=found.student,
            assignment=found.assignment,
            time=found.time,
            owner=owner or _("nobody known here"),
        )
        if line in self.refused or self.claims_told[owner] >= MOST_CLAIMS_TOLD:
            return
        self.claims_told[owner] += 1
        self._tell_once(line)

    def _tell_once(self, line: str) -> None:
        if line not in self.refused:
            self.told(line)
        self.refused.add(line)


def open_exchange(course: Path, folder: Path, told: Callable[[str], None]) -> CourseExchange:
    """The course's exchange. ExchangeError if there is no inbound/ in the folder."""
    if not (folder / "inbound").is_dir():
        raise ExchangeError(
            _(
                "{folder}: no folder inbound/ in it; the course's folder in nbgrader's exchange was "
                "expected, EXCHANGE/COURSE_ID (`nbgrader release_assignment` makes it)",
                folder=folder,
            )
        )
    # Before the first page is there, fetching feedback is no error.
    _feedback_folder(folder)
    config = load_nbgrader_config(course)
    check = True if config is None else config.ExchangeCollect.get("check_owner", True)
    return CourseExchange(course, folder, told, bool(check))


def _feedback_folder(folder: Path) -> Path:
    """feedback/ in the exchange, made if it isn't there."""
    target = folder / "feedback"
    if not target.is_dir():
        target.mkdir()
        # Students may open a page whose name they know, and list nothing.
        target.chmod(0o711)
    return target


def inbound_folders(inbound: Path) -> dict[WhoseWork, list[InboundFolder]]:
    """What lies there under each student's name for each assignment, the newest first by its own name."""
    found: dict[WhoseWork, list[InboundFolder]] = {}
    for entry in os.scandir(inbound):
        parts = entry.name.split("+")
        if len(parts) not in (3, 4) or not entry.is_dir(follow_symlinks=False):
            continue
        student, assignment, time = parts[:3]
        if not (NAME.fullmatch(student) and NAME.fullmatch(assignment) and STAMP.fullmatch(time)):
            continue
        folder = InboundFolder(student, assignment, time, Path(entry.path))
        found.setdefault((student, assignment), []).append(folder)
    for folders in found.values():
        folders.sort(key=lambda folder: (folder.time, folder.path.name), reverse=True)
    return found


def _owner(folder: Path) -> str:
    """Its owner's name, "" if nobody here has it or it is gone."""
    try:
        return pwd.getpwuid(folder.stat(follow_symlinks=False).st_uid).pw_name
    except (KeyError, OSError):
        return ""


def _contents(folder: Path) -> tuple[object, ...]:
    try:
        found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in os.scandir(folder)]
    except OSError as error:
        raise NotebookError(
            "unreadable", _("its folder can't be read: {strerror}", strerror=error.strerror)
        ) from None
    return (folder.name, *sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in found))


def _files(found: InboundFolder) -> Iterator[tuple[str, bytes]]:
    """Its plain files, one at a time, within MOST_FILES and MOST_TAKEN, the notebook and nbgrader's first;
    links and folders are left out. NotebookError if one can't be read.
    """
    first = [SECRET, f"{found.assignment}.ipynb"]
    entries = sorted(os.scandir(found.path), key=lambda entry: (not _matters(entry.name), entry.name))
    entries.sort(key=lambda entry: entry.name not in first)
    left = MOST_TAKEN
    for entry in entries[:MOST_FILES]:
        status = entry.stat(follow_symlinks=False)
        left -= status.st_size
        if stat.S_ISREG(status.st_mode) and left >= 0 and entry.name != TIME:
            try:
                yield entry.name, read_bytes(Path(entry.path))
            except NotebookError as error:
                raise error.of(printable_name(entry.name)) from None
    # The time in the folder's name says which is newer: it is the submission's.
    yield TIME, found.time.encode()


def _put(found: InboundFolder, submitted: Path) -> None:
    """Write its files into the place of what was handed in before, at once. NotebookError if one can't be
    read, OSError if it can't be written.
    """
    target = submitted / found.student / found.assignment
    coming = target.with_name(f".{found.assignment}.coming")
    shutil.rmtree(coming, ignore_errors=True)
    coming.mkdir(parents=True)
    for name, data in _files(found):
        (coming / name).write_bytes(data)
    if target.exists():
        before = target.with_name(f".{found.assignment}.before")
        shutil.rmtree(before, ignore_errors=True)
        target.replace(before)
        coming.replace(target)
        shutil.rmtree(before, ignore_errors=True)
    else:
        coming.replace(target)


def _matters(name: str) -> bool:
    return name in (SECRET, TIME) or name.endswith(".ipynb")
