"""Find what was handed in: submitted/<student>/<assignment>/<assignment>.ipynb, taking nothing on trust.

A symbolic link, a pipe or an odd name in that folder could make the grader read a file that is not the
student's: they are refused, each with a line that says so.
"""

import contextlib
import json
import os
import stat
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder._files import is_file, write_atomically
from autograder._language import _, n_
from autograder._text import printable_name
from autograder.notebooks.assignment import NAME
from autograder.notebooks.course_folders import course_folder
from autograder.notebooks.notebook import MAX_BYTES, NotebookError, read_notebook

ATTACHMENTS = ("timestamp.txt", "submission_secret.txt")
# Where there is no .ipynb, so many other files are looked into.
MOST_OPENED = 5


@dataclass(frozen=True, slots=True)
class SubmissionFolder:
    """One submission folder: its notebook's file, or why there is none to read."""

    student: str
    assignment: str
    # As text: a Path takes six times the memory, and a run holds one for each submission.
    file: str | None
    notes: tuple[str, ...] = ()
    error: str | None = None

    @property
    def path(self) -> Path | None:
        """The file."""
        return None if self.file is None else Path(self.file)


def _submitted(course: Path) -> Path:
    """The folder; FileNotFoundError if there is none."""
    submitted = course_folder(course, "submitted")
    name = submitted.name
    if not submitted.is_dir():
        raise FileNotFoundError(
            _(
                "{course}: no folder {name}/; expected {name}/<student>/<assignment>/<assignment>.ipynb",
                course=course,
                name=name,
            )
        )
    return submitted


def student_names(course: Path) -> list[str]:
    """The names of every student's folder. FileNotFoundError if the course has no submitted/ folder."""
    return [folder.name for folder in _folders(_submitted(course), "", [])]


def find_submissions(course: Path) -> tuple[list[SubmissionFolder], list[str]]:
    """Every submission folder in the order student, assignment, and a line for each thing that was refused.

    FileNotFoundError if the course has no submitted/ folder.
    """
    submitted, late = _submitted(course), _marked_late(course)
    found: list[SubmissionFolder] = []
    refused: list[str] = []
    for student in _folders(submitted, submitted.name, refused):
        for folder in _folders(student.path, f"{submitted.name}/{student.name}", refused):
            found.append(_notebook(sys.intern(student.name), folder, (student.name, folder.name) in late))
    return found, refused


def _folders(parent: str | Path, where: str, refused: list[str]) -> list[os.DirEntry[str]]:
    """The plain folders in parent, by name; hidden ones are passed over, all else is refused with a line."""
    folders = []
    try:
        entries = sorted(os.scandir(parent), key=lambda entry: entry.name)
    except OSError as error:
        refused.append(
            _("{where} was left out: it can't be read ({strerror})", where=where, strerror=error.strerror)
        )
        return []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            why = _("it is a symbolic link")
        elif not entry.is_dir(follow_symlinks=False):
            why = _("it is no folder")
        elif not NAME.fullmatch(_without_marks(entry.name)):
            why = _("a name has letters, digits and . _ @ + - ' inside")
        else:
            folders.append(entry)
            continue
        name = f"{where}/{printable_name(entry.name)}"
        refused.append(_("{name} was left out: {error}", name=name, error=why))
    return folders


def _without_marks(name: str) -> str:
    """The name without accents and vowel signs that are letters of their own, as macOS writes them."""
    if name.isascii():
        return name
    return "".join(letter for letter in name if not unicodedata.category(letter).startswith("M"))


def _is_a_notebook(path: Path) -> bool:
    """By what is in it, whatever its name."""
    try:
        return bool(read_notebook(read_bytes(path)).cells)
    except NotebookError:
        return False


def _notebook(student: str, folder: os.DirEntry[str], marked: bool) -> SubmissionFolder:
    """The notebook of a course's submission folder. marked: an LMS marked it late."""
    late = marked and not is_file(f"{folder.path}/timestamp.txt")
    said = (_("the LMS marked it late; how late is not known, so what that costs is yours to say"),)
    return notebook_in(folder.path, student, sys.intern(folder.name), said if late else ())


def notebook_in(
    folder: str | Path, student: str, assignment: str, remarks: Sequence[str] = ()
) -> SubmissionFolder:
    """The notebook in a folder: the one of the assignment's name, else the only one there is, or that has the
    assignment's name in its own; else the only other file that holds a notebook. remarks: more notes.
    """
    notes: list[str] = []
    candidates: list[Path] = []
    others: list[Path] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        return SubmissionFolder(
            student, assignment, None, (), _("the folder can't be read ({strerror})", strerror=error.strerror)
        )
    for entry in entries:
        if entry.name.startswith(".") or entry.name in ATTACHMENTS:
            continue
        if not entry.name.lower().endswith(".ipynb"):
            if entry.is_file(follow_symlinks=False):
                others.append(Path(entry.path))
            continue
        if entry.is_symlink():
            notes.append(_("{name} was left out: it is a symbolic link", name=printable_name(entry.name)))
        elif not entry.is_file(follow_symlinks=False):
            notes.append(_("{name} was left out: it is no plain file", name=printable_name(entry.name)))
        else:
            candidates.append(Path(entry.path))
    notes += remarks
    expected = f"{assignment}.ipynb"
    exact = [path for path in candidates if path.name == expected]
    if exact:
        more = len(candidates) - 1
        if more:
            notes.append(
                n_(
                    "{n} more notebook beside {expected} left out",
                    "{n} more notebooks beside {expected} left out",
                    more,
                    expected=expected,
                )
            )
        return SubmissionFolder(student, assignment, str(exact[0]), tuple(notes))
    of_the_name = [path for path in candidates if assignment in path.stem]
    if len(candidates) > 1 and len(of_the_name) == 1:
        notes.append(_("{count} more left out beside it", count=len(candidates) - 1))
        candidates = of_the_name
    if not candidates:
        candidates = [path for path in others[:MOST_OPENED] if _is_a_notebook(path)]
    if len(candidates) == 1:
        notes.append(
            _(
                "the notebook was named {name}; {expected} was expected",
                name=printable_name(candidates[0].name),
                expected=expected,
            )
        )
        return SubmissionFolder(student, assignment, str(candidates[0]), tuple(notes))
    if candidates:
        names = ", ".join(printable_name(path.name) for path in candidates[:5])
        return SubmissionFolder(
            student,
            assignment,
            None,
            tuple(notes),
            _("no {expected}, and several others: {names}", expected=expected, names=names),
        )
    there = ", ".join(printable_name(path.name) for path in others[:5])
    handed_in = (
        _("no notebook was handed in, but {there}", there=there) if there else _("no notebook was handed in")
    )
    return SubmissionFolder(
        student,
        assignment,
        None,
        tuple(notes),
        _("{handed_in}; {expected} was expected", handed_in=handed_in, expected=expected),
    )


def keep_late(course: Path, student: str, assignment: str, late: bool) -> None:
    """Keep in the course that an LMS marked the submission late without saying when it came, or that it
    didn't.
    """
    path = late_path(course, student, assignment)
    if late:
        write_atomically(path, json.dumps({"student": student, "assignment": assignment}).encode())
    else:
        path.unlink(missing_ok=True)


def _marked_late(course: Path) -> set[tuple[str, str]]:
    """(student, assignment) of what keep_late keeps."""
    return {(path.parent.name, path.stem) for path in (course / ".autograder" / "late").glob("*/*.json")}


def late_path(course: Path, student: str, assignment: str) -> Path:
    """Where keep_late keeps it."""
    return Path(course, ".autograder", "late", student, f"{assignment}.json")


def attachments(folder: Path) -> dict[str, bytes]:
    """nbgrader's own small files in a submission's folder, which its later steps look for; links are passed
    over.
    """
    found: dict[str, bytes] = {}
    for name in ATTACHMENTS:
        if (folder / name).is_file():
            with contextlib.suppress(NotebookError):
                found[name] = read_bytes(folder / name)[:1000]
    return found


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """A submitted file's bytes, at most one more than limit of them.

    NotebookError if it is a link, no plain file, or can't be opened.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        handle = os.open(path, flags)
    except OSError as error:
        raise NotebookError(
            "unreadable",
            _("can't be read: {strerror}", strerror=error.strerror),
        ) from None
    # A folder can be opened as a descriptor, and not as a file.
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotebookError("unreadable", _("can't be read: it is no plain file"))
    with os.fdopen(handle, "rb") as file:
        try:
            return file.read(limit + 1)
        except OSError as error:
            raise NotebookError(
                "unreadable", _("can't be read: {strerror}", strerror=error.strerror)
            ) from None
