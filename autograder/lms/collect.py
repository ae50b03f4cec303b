"""Submissions out of an LMS's download into submitted/.

Whatever is wrong with a file is said of its student, and the others are collected all the same.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder._files import write_atomically
from autograder._text import printable_name
from autograder.lms.claims import students_of
from autograder.lms.download_names import Lms, LmsName, lms_name
from autograder.lms.downloads import DownloadedFile, DownloadError, Refusals, list_archive, opened
from autograder.lms.identities import CollectedError, CollectedNumber, add_collected, read_collected
from autograder.notebooks.assignment import NAME
from autograder.notebooks.course_folders import course_folder
from autograder.notebooks.notebook import NotebookError

# Zips of one student that are looked into, and remarks about one student.
MAX_ARCHIVES = 8
MAX_REMARKS = 5


@dataclass
class Collected:
    """Students whose notebook was written, was there already, was kept
    although another came, or who handed in none.
    """

    written: list[str] = field(default_factory=list)
    as_it_was: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Handed:
    """One file of a student: its name as the student gave it."""

    file: str
    item: DownloadedFile
    late: bool = False


def collect(
    course: Path,
    assignment: str,
    downloads: Iterable[Path],
    *,
    lms: Lms | None = None,
    roster: Path | None = None,
    column: str | None = None,
    update: bool = False,
) -> Collected:
    """Put each student's notebook into submitted/<student>/<assignment>/.
    DownloadError if nothing can be collected.

    roster maps the LMS's number to the student's name in the course; without it that number is the name.
    Either way collected.csv keeps which number is whose, so that an export finds the student again.
    """
    if not NAME.fullmatch(assignment):
        raise DownloadError(
            f"--assignment {printable_name(assignment)}: the name of an assignment was expected"
        )
    done = Collected()
    for path in downloads:
        refused = Refusals()
        with opened(path, refused) as items:
            found = _recognised(items, path, lms, refused)
            _say_once(done, refused)
            people: dict[str, list[str]] = {}
            for name, _ in found:
                people.setdefault(name.number, []).append(name.person)
            system = found[0][0].lms
            try:
                known = read_collected(course)
            except CollectedError as error:
                raise DownloadError(str(error)) from None
            students = students_of(people, system, assignment, course, known, roster, column, done.remarks)
            add_collected(
                course,
                (
                    CollectedNumber(assignment, system, number, student, people[number][0])
                    for number, student in students.items()
                ),
            )
            for number in sorted(students, key=int):
                theirs = [Handed(n.file, item, n.late) for n, item in found if n.number == number]
                _student(course, students[number], assignment, theirs, update, done)
    return done


def _recognised(
    items: list[DownloadedFile], path: Path, lms: Lms | None, refused: Refusals
) -> list[tuple[LmsName, DownloadedFile]]:
    """The files whose names say whose they are, of one LMS: the one that gave most of these names."""
    named = [(lms_name(item.parts), item) for item in items]
    systems = [name.lms for name, _ in named if name]
    likely: Lms = "canvas" if systems.count("canvas") > systems.count("moodle") else "moodle"
    system = lms or likely
    found = [(name, item) for name, item in named if name and name.lms == system]
    if not found:
        expected = "…_501_assignsubmission_file_… (Moodle) or …_1001_90210_… (Canvas)"
        names = ", ".join(item.name for item in items[:3]) or "nothing"
        raise DownloadError(
            f"{path}: no file is named as {lms or 'Moodle or Canvas'} names submissions: {names} was "
            f"found, {expected} was expected; give the download as it came"
        )
    for name, item in named:
        if name is None or name.lms != system:
            refused.add(item.parts, f"{item.name} was left out: its name doesn't say whose it is")
    return found


def _say_once(done: Collected, refused: Refusals) -> None:
    """Remarks on what was refused, so many of each student's files that nobody's hide another's."""
    by_number: dict[str, list[str]] = {}
    for parts, line in refused.lines:
        name = lms_name(parts)
        by_number.setdefault(name.number if name else "", []).append(line)
    for lines in by_number.values():
        done.remarks += _capped(lines)


def _capped(lines: list[str]) -> list[str]:
    more = len(lines) - MAX_REMARKS
    return lines if more <= 0 else [*lines[:MAX_REMARKS], f"{lines[MAX_REMARKS - 1][:60]} … and {more} more"]


def _student(
    course: Path, student: str, assignment: str, theirs: list[Handed], update: bool, done: Collected
) -> None:
    """Write the student's notebook, or at least the folder: what was
    handed in is then missing, not unheard of.
    """
    folder = course_folder(course, "submitted") / student / assignment
    if any(part.is_symlink() for part in (folder, folder.parent, folder.parent.parent)):
        done.remarks.append(f"{student} was left out: its folder in submitted/ is a symbolic link")
        return
    if any(handed.late for handed in theirs):
        done.late.append(student)
    remarks: list[str] = []
    data = _notebook(student, assignment, theirs, remarks)
    done.remarks += _capped(remarks)
    target = folder / f"{assignment}.ipynb"
    try:
        if data is None:
            folder.mkdir(parents=True, exist_ok=True)
            done.without.append(student)
        elif target.exists() and target.read_bytes() != data and not update:
            done.kept.append(student)
        elif write_atomically(target, data):
            done.written.append(student)
        else:
            done.as_it_was.append(student)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        done.remarks.append(
            f"{student} was left out: {printable_name(os.path.relpath(error.filename, course))} in the "
            f"course stands in its way ({error.strerror})"
        )


def _notebook(student: str, assignment: str, theirs: list[Handed], remarks: list[str]) -> bytes | None:
    """The bytes of the one notebook that was meant: the one of the assignment's name, else the only one."""
    notebooks = [handed for handed in theirs if handed.file.lower().endswith(".ipynb")]
    archives = [handed for handed in theirs if handed.file.lower().endswith(".zip")]
    for handed in archives[:MAX_ARCHIVES]:
        refused = Refusals()
        inner = list_archive(handed.item, refused)
        remarks += _capped([line for _, line in refused.lines])
        notebooks += [Handed(item.parts[-1], item, handed.late) for item in inner]
    if len(archives) > MAX_ARCHIVES:
        remarks.append(f"{student}: {len(archives)} zip archives; {MAX_ARCHIVES} of them were looked into")
    named = [handed for handed in notebooks if _attempt(handed, assignment) is not None]
    meant = sorted(named, key=lambda handed: _attempt(handed, assignment) or 0)[-1:] or notebooks
    if len(meant) > 1:
        names = ", ".join(printable_name(handed.file) for handed in meant[:5])
        remarks.append(f"{student}: several notebooks, none named {assignment}.ipynb: {names}")
    elif not meant:
        files = ", ".join(printable_name(handed.file) for handed in theirs[:5]) or "nothing"
        remarks.append(f"{student}: no notebook among what was handed in ({files})")
    else:
        try:
            return meant[0].item.read()
        except NotebookError as error:
            remarks.append(f"{student}: {meant[0].item.name} can't be read: {error}")
    return None


def _attempt(handed: Handed, assignment: str) -> int | None:
    """Which attempt a file of the assignment's name is (Canvas writes -1,
    -2 after a name used again); else None.
    """
    match = re.fullmatch(
        rf"{re.escape(assignment)}(?:-([0-9]{{1,6}}))?\.ipynb", handed.file.split("/")[-1], re.IGNORECASE
    )
    return int(match[1] or 0) if match else None
