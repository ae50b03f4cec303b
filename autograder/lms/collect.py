"""Submissions out of an LMS's download into submitted/: whose file it is stands in the name that Moodle or
Canvas gave it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder._files import write_atomically
from autograder._text import printable_name
from autograder.lms.downloads import DownloadedFile, DownloadError, opened, read_archive
from autograder.lms.identities import CollectedError, CollectedNumber, add_collected, read_collected
from autograder.lms.sheets import ExportError, Spreadsheet, read_sheet
from autograder.notebooks.assignment import NAME
from autograder.notebooks.course_folders import course_folder
from autograder.notebooks.notebook import NotebookError

# "Ada Lovelace_501_assignsubmission_file_/work.ipynb", or without folders "…_file_work.ipynb"
MOODLE_NAME = re.compile(
    r"(?:.*_)?(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<file>.*)", re.DOTALL
)
# "lovelaceada_1001_90210_work.ipynb", "lovelaceada_LATE_1001_90210_work-1.ipynb"
CANVAS_NAME = re.compile(r"[^_]+_(?P<late>LATE_)?(?P<number>\d+)_(?P<submission>\d+)_(?P<file>.+)", re.DOTALL)
# The roster's column with the LMS's number
NUMBERS = {
    "canvas": ("ID",),
    "moodle": ("Identifier", "ID", "User ID"),
}
IDS = {"canvas": ("SIS Login ID", "SIS User ID"), "moodle": ("ID number", "Username", "Email address")}

Lms = Literal["moodle", "canvas"]


@dataclass
class Collected:
    """Students whose notebook was written, was there already, was kept although another came, or who handed
    in none.
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

    number: str
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
    try:
        # Before anything is written
        read_collected(course)
    except CollectedError as error:
        raise DownloadError(str(error)) from None
    done = Collected()
    for path in downloads:
        with opened(path, done.remarks) as items:
            found, system = _recognised(items, path, lms, done)
            names = _names(found, system, roster, column, done)
            add_collected(
                course, (CollectedNumber(assignment, system, number, name) for number, name in names.items())
            )
            for number in sorted({handed.number for handed in found}, key=int):
                if number in names:
                    theirs = [handed for handed in found if handed.number == number]
                    _student(course, names[number], assignment, theirs, update, done)
    return done


def _recognised(
    items: list[DownloadedFile], path: Path, lms: Lms | None, done: Collected
) -> tuple[list[Handed], Lms]:
    """The files whose names say whose they are, and the LMS that gave these names: the one that gave most of
    them.
    """
    by_lms: dict[Lms, dict[int, Handed]] = {"moodle": {}, "canvas": {}}
    for place, item in enumerate(items):
        for each, recognised in by_lms.items():
            if (handed := _handed(item, each)) is not None:
                recognised[place] = handed
    likely: Lms = "canvas" if len(by_lms["canvas"]) > len(by_lms["moodle"]) else "moodle"
    system = lms or likely
    found = by_lms[system]
    if not found:
        expected = "…_501_assignsubmission_file_… (Moodle) or …_1001_90210_… (Canvas)"
        names = ", ".join(item.name for item in items[:3]) or "nothing"
        raise DownloadError(
            f"{path}: no file is named as {lms or 'Moodle or Canvas'} names submissions: {names} was "
            f"found, {expected} was expected; give the download as it came"
        )
    for place, item in enumerate(items):
        if place not in found:
            done.remarks.append(f"{item.name} was left out: its name doesn't say whose it is")
    return list(found.values()), system


def _handed(item: DownloadedFile, lms: Lms) -> Handed | None:
    for place, part in enumerate(item.parts):
        match = (MOODLE_NAME if lms == "moodle" else CANVAS_NAME).fullmatch(part)
        if match and len(match["number"]) <= 18:
            file = "/".join(name for name in (match["file"], *item.parts[place + 1 :]) if name)
            return Handed(match["number"], file, item, bool(match.groupdict().get("late")))
    return None


def _names(
    found: list[Handed], lms: Lms, roster: Path | None, column: str | None, done: Collected
) -> dict[str, str]:
    """The LMS's number -> the student's name in the course."""
    numbers = {handed.number for handed in found}
    if roster is None:
        return {number: number for number in numbers}
    try:
        sheet = read_sheet(roster)
    except ExportError as error:
        raise DownloadError(str(error).replace("--merge", "--roster", 1)) from None
    key = _column(sheet, NUMBERS[lms], roster, "the LMS's number of each student")
    value = _column(sheet, (column,) if column else IDS[lms], roster, "the students' names in the course")
    names: dict[str, str] = {}
    for row in sheet.rows:
        number = "".join(re.findall(r"\d+$", row[key].strip()))
        if number in numbers:
            names[number] = row[value].strip()
    twice = {name for name, count in Counter(names.values()).items() if count > 1}
    for number in sorted(numbers, key=int):
        name = names.get(number, "")
        if number not in names or not name:
            done.remarks.append(f"{number} was left out: {roster.name} has no {sheet.header[value]} for it")
        elif not NAME.fullmatch(name):
            done.remarks.append(
                f"{number} was left out: {printable_name(name)} can't be the name of a folder"
            )
        elif name in twice:
            done.remarks.append(
                f"{number} was left out: {roster.name} has {printable_name(name)} more than once"
            )
        else:
            continue
        names.pop(number, None)
    return names


def _column(sheet: Spreadsheet, wanted: tuple[str, ...], roster: Path, what: str) -> int:
    for name in wanted:
        if (place := sheet.column(name)) is not None:
            return place
    raise DownloadError(
        f"--roster {roster}: no column {' or '.join(wanted)}, which has {what}; "
        f"there are {', '.join(printable_name(cell) for cell in sheet.header[:12])}"
    )


def _student(
    course: Path, student: str, assignment: str, theirs: list[Handed], update: bool, done: Collected
) -> None:
    """Write the student's notebook, or at least the folder: what was handed in is then missing, not unheard
    of.
    """
    folder = course_folder(course, "submitted") / student / assignment
    if any(part.is_symlink() for part in (folder, folder.parent, folder.parent.parent)):
        done.remarks.append(f"{student} was left out: its folder in submitted/ is a symbolic link")
        return
    if any(handed.late for handed in theirs):
        done.late.append(student)
    data = _notebook(student, assignment, theirs, done)
    target = folder / f"{assignment}.ipynb"
    if data is None:
        folder.mkdir(parents=True, exist_ok=True)
        done.without.append(student)
    elif target.exists() and target.read_bytes() != data and not update:
        done.kept.append(student)
    elif write_atomically(target, data):
        done.written.append(student)
    else:
        done.as_it_was.append(student)


def _notebook(student: str, assignment: str, theirs: list[Handed], done: Collected) -> bytes | None:
    """The bytes of the one notebook that was meant: the one of the assignment's name, else the only one."""
    notebooks = [handed for handed in theirs if handed.file.lower().endswith(".ipynb")]
    for handed in theirs:
        if handed.file.lower().endswith(".zip"):
            inner = read_archive(handed.item, done.remarks)
            notebooks += [Handed(handed.number, item.parts[-1], item, handed.late) for item in inner]
    named = [handed for handed in notebooks if _attempt(handed, assignment) is not None]
    meant = sorted(named, key=lambda handed: _attempt(handed, assignment) or 0)[-1:] or notebooks
    if len(meant) > 1:
        names = ", ".join(printable_name(handed.file) for handed in meant[:5])
        done.remarks.append(f"{student}: several notebooks, none named {assignment}.ipynb: {names}")
    elif not meant:
        files = ", ".join(printable_name(handed.file) for handed in theirs[:5]) or "nothing"
        done.remarks.append(f"{student}: no notebook among what was handed in ({files})")
    else:
        try:
            return meant[0].item.read()
        except NotebookError as error:
            done.remarks.append(f"{student}: {meant[0].item.name} can't be read: {error}")
    return None


def _attempt(handed: Handed, assignment: str) -> int | None:
    """Which attempt a file of the assignment's name is (Canvas writes -1,
    -2 after a name used again); else None.
    """
    match = re.fullmatch(
        rf"{re.escape(assignment)}(?:-(\d{{1,6}}))?\.ipynb", handed.file.split("/")[-1], re.IGNORECASE
    )
    return int(match[1] or 0) if match else None
