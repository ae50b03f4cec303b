"""Which student of the course an LMS's number is, and when two claim to be the same one.

An identity that two people claim, or that two of the teacher's files tell differently, is nobody's: no file
of it is written, and a line says what spoke against it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autograder._language import _
from autograder._text import one_line, printable_name
from autograder.lms.column_names import COLUMN_NAMES
from autograder.lms.download_names import Lms, by_lms_number
from autograder.lms.downloads import DownloadError
from autograder.lms.identities import COLLECTED_FILE, CollectedNumber
from autograder.lms.people import folder_key, name_in_row, names_differ
from autograder.lms.roster import student_in_row
from autograder.lms.sheets import ExportError, Spreadsheet, read_sheet
from autograder.lms.student_list import ListedStudent, read_students
from autograder.notebooks.assignment import NAME
from autograder.notebooks.course_folders import course_folder

# The roster's column with the LMS's number, and those with the students' names in the course.
NUMBERS = {"canvas": ("ID",), "moodle": ("Identifier", "ID", "User ID"), "blackboard": ("Username",)}
IDS = {
    "canvas": ("SIS Login ID", "SIS User ID"),
    "moodle": ("ID number", "Username", "Email address"),
    "blackboard": ("Username", "Student ID"),
}


def students_of(
    people: Mapping[str, Sequence[str]],
    lms: Lms,
    assignment: str,
    course: Path,
    known: Collection[CollectedNumber],
    roster: Path | None,
    column: str | None,
    remarks: list[str],
    renaming: bool = False,
) -> dict[str, str]:
    """The LMS's number -> the student's name in the course; a line in remarks for each number left out.
    renaming: who was known by the number alone may have a name now.

    people: number -> the names that stand before it in the download. known: what was collected before.
    DownloadError if the roster can't be read, or is of other people.
    """
    if roster is None:
        before = {k.number: k.student for k in sorted(known) if _is_of(k, lms, assignment)}
        students = {number: before.get(number, number) for number in people}
    else:
        listed = read_students(course)
        students = _by_roster(people, lms, roster_sheet(roster, lms), roster, column, listed, remarks)
    claims = Counter(folder_key(student) for student in students.values())
    for number in sorted(students, key=by_lms_number):
        student = students[number]
        if not NAME.fullmatch(student):
            problem: str | None = _(
                "{student} can't be the name of a folder", student=printable_name(student)
            )
        elif claims[folder_key(student)] > 1:
            problem = _(
                "the download has another that may be the same folder as {shown}", shown=_shown(student)
            )
        else:
            problem = None
        if problem:
            remarks.append(_("{number} was left out: {problem}", number=number, problem=problem))
            del students[number]
    for number in sorted(students, key=by_lms_number):
        named_now = {k for k in known if renaming and k.student == k.number == number}
        others = [each for each in known if each not in named_now]
        student, names = students[number], people[number]
        if problem := _second_claim(number, student, names, lms, assignment, course, others):
            remarks.append(_("{number} was left out: {problem}", number=number, problem=problem))
            del students[number]
    return students


def _is_of(known: CollectedNumber, lms: Lms, assignment: str) -> bool:
    """Does a number that was collected say whose it is here? Moodle's count for one assignment each."""
    return known.lms == lms and (lms != "moodle" or known.assignment == assignment)


def known_by_number(
    known: Collection[CollectedNumber], lms: Lms, assignment: str, students: Mapping[str, str]
) -> list[CollectedNumber]:
    """What was collected under the number alone of students whose names are known now."""
    return [
        each
        for each in sorted(known)
        if _is_of(each, lms, assignment)
        and each.student == each.number != students.get(each.number, each.number)
    ]


def _second_claim(
    number: str,
    student: str,
    people: Sequence[str],
    lms: Lms,
    assignment: str,
    course: Path,
    known: Collection[CollectedNumber],
) -> str | None:
    """What else claims this number or this student."""
    names = sorted({unicodedata.normalize("NFC", name) for name in people})
    if len(names) > 1:
        return _("it stands beside several names: {names}", names=", ".join(map(_shown, names[:3])))
    for before in sorted(known):
        if (before.assignment, before.lms) != (assignment, lms):
            continue
        remedy = _(
            "if that was wrong, remove its line in {file} and its folder in submitted/",
            file=COLLECTED_FILE,
        )
        same_number, same_student = before.number == number, folder_key(before.student) == folder_key(student)
        if same_number and not same_student:
            return _(
                "it was collected before as {shown}, now it is {shown2}; {remedy}",
                shown=_shown(before.student),
                shown2=_shown(student),
                remedy=remedy,
            )
        if same_student and not same_number:
            return _(
                "{shown} was collected before as number {shown2}; {remedy}",
                shown=_shown(student),
                shown2=_shown(before.number),
                remedy=remedy,
            )
        if same_number and names_differ(names[0], before.name):
            return _(
                "it was {shown} before, now it is {shown2}; {remedy}",
                shown=_shown(before.name),
                shown2=_shown(names[0]),
                remedy=remedy,
            )
    submitted = course_folder(course, "submitted")
    there = submitted.iterdir() if submitted.is_dir() and not (submitted / student).exists() else ()
    if alike := sorted(path.name for path in there if folder_key(path.name) == folder_key(student)):
        return _(
            "submitted/ has {alike}, which differs from {shown} in form alone",
            alike=printable_name(alike[0]),
            shown=_shown(student),
        )
    return None


def _by_roster(
    people: Mapping[str, Sequence[str]],
    lms: Lms,
    sheet: Spreadsheet,
    roster: Path,
    column: str | None,
    listed: Mapping[str, ListedStudent],
    remarks: list[str],
) -> dict[str, str]:
    key = _column(sheet, NUMBERS[lms], roster, _("the LMS's number of each student"))
    value = id_column(sheet, lms, roster, column)
    rows: dict[str, dict[str, str]] = {}
    for row in sheet.rows:
        number = row[key].strip()
        if lms != "blackboard":
            number = "".join(re.findall(r"[0-9]+$", number))
        student = student_in_row(sheet, row, value, listed)
        if number:
            rows.setdefault(number, {})[student] = name_in_row(sheet, row)
    claims = Counter(folder_key(student) for each in rows.values() for student in each if student)
    persons = Counter(name for names in people.values() for name in set(names))
    students: dict[str, str] = {}
    compared = 0
    others: list[str] = []
    for number in sorted(people, key=by_lms_number):
        student, person = next(iter(rows.get(number, {"": ""}).items()))
        # What stands before several numbers is no name but a word for everybody.
        said = people[number][0] if persons[people[number][0]] == 1 else ""
        compared += bool(said and person)
        if not student:
            problem = _("{name} has no {header} for it", name=roster.name, header=sheet.header[value])
        elif len(rows[number]) > 1:
            problem = _("{name} has it more than once", name=roster.name)
        elif not NAME.fullmatch(student):
            problem = _("{student} can't be the name of a folder", student=printable_name(student))
        elif claims[folder_key(student)] > 1:
            problem = _(
                "{name} has {student} more than once", name=roster.name, student=printable_name(student)
            )
        elif names_differ(said, person):
            problem = _(
                "the download says {shown}, {name} says {shown2}; the file of another assignment, or "
                "the number of a team?",
                shown=_shown(said),
                name=roster.name,
                shown2=_shown(person),
            )
            others.append(problem)
        else:
            students[number] = student
            continue
        remarks.append(_("{number} was left out: {problem}", number=number, problem=problem))
    if len(others) > 1 and 2 * len(others) > compared:
        raise DownloadError(
            _(
                "--roster {roster}: {count} of {compared} names are not those of the download: {others}",
                roster=roster,
                count=len(others),
                compared=compared,
                others=others[0],
            )
        )
    return students


def roster_sheet(roster: Path, lms: Lms) -> Spreadsheet:
    """The LMS's own list, its columns in any language. DownloadError if it can't be read."""
    try:
        return read_sheet(roster).known_by(COLUMN_NAMES[lms])
    except ExportError as error:
        raise DownloadError(str(error).replace("--merge", "--roster", 1)) from None


def id_column(sheet: Spreadsheet, lms: Lms, roster: Path, column: str | None) -> int:
    """Where the students' names in the course stand. DownloadError if there is no such column."""
    return _column(sheet, (column,) if column else IDS[lms], roster, _("the students' names in the course"))


def _column(sheet: Spreadsheet, wanted: tuple[str, ...], roster: Path, what: str) -> int:
    for name in wanted:
        if (place := sheet.column(name)) is not None:
            return place
    raise DownloadError(
        _(
            "--roster {roster}: no column {wanted}, which has {what}; there are {header}",
            roster=roster,
            wanted=" or ".join(wanted),
            what=what,
            header=", ".join(printable_name(cell) for cell in sheet.header[:12]),
        )
    )


def _shown(name: str) -> str:
    return one_line(name, 60) or "nobody"
