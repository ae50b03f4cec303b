"""Who the students are: students.csv in the course's folder, one row each.

`collect --roster` writes into it what the LMS says of them; a course may write it by hand or change it. It
has the columns that `nbgrader db student import` takes, and the section. `grade` puts it into the gradebook.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from autograder._files import write_atomically
from autograder._language import _
from autograder.lms.sheets import ExportError, Spreadsheet, read_sheet
from autograder.notebooks.assignment import NAME

STUDENTS_FILE = "students.csv"
# Canvas's own student for trying things out: "Student, Test" in its tables.
TEST_STUDENT = ("Test", "Student")


def is_test_student(name: str) -> bool:
    """Is it the name of Canvas's test student, as its gradebook writes it?"""
    return name == ", ".join(reversed(TEST_STUDENT)) or name == " ".join(TEST_STUDENT)


@dataclass(frozen=True)
class ListedStudent:
    """A student of the course: id is the name of the folder in submitted/; empty: nobody says."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    section: str = ""

    @property
    def is_test(self) -> bool:
        """Canvas's test student, who is in no statistics."""
        return (self.first_name, self.last_name) == TEST_STUDENT


def read_students(course: Path) -> dict[str, ListedStudent]:
    """The students by id; nobody if there is no such file. ExportError if it can't be read as one."""
    path = course / STUDENTS_FILE
    if not path.exists():
        return {}
    try:
        sheet = read_sheet(path)
    except ExportError as error:
        raise ExportError(str(error).removeprefix("--merge ")) from None
    key = sheet.column("id")
    if key is None:
        raise ExportError(
            _(
                "{path}: no column id; its columns are {header}",
                path=path,
                header=", ".join(sheet.header[:12]),
            )
        )
    names = [field.name for field in fields(ListedStudent)]
    found: dict[str, ListedStudent] = {}
    for number, row in enumerate(sheet.rows, start=2):
        values = {name: _value(sheet, row, name) for name in names}
        if not NAME.fullmatch(values["id"]):
            raise ExportError(
                _(
                    "{path}, line {number}: {id!r} can't be the name of a folder",
                    path=path,
                    number=number,
                    id=values["id"],
                )
            )
        if values["id"] in found:
            raise ExportError(
                _(
                    "{path}, line {number}: {id} stands there more than once",
                    path=path,
                    number=number,
                    id=values["id"],
                )
            )
        found[values["id"]] = ListedStudent(**values)
    return found


def add_students(course: Path, listed: Iterable[ListedStudent]) -> None:
    """Add to the list: what is said of a student replaces what was said, what is empty leaves it."""
    students = read_students(course)
    for student in listed:
        before = students.get(student.id, student)
        said = {name: value for name, value in asdict(student).items() if value}
        students[student.id] = replace(before, **said)
    if students:
        write_students(course, students.values())


def write_students(course: Path, students: Iterable[ListedStudent]) -> None:
    """Write the whole list, in the order of the ids."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, [field.name for field in fields(ListedStudent)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(student) for student in sorted(students, key=lambda student: student.id))
    write_atomically(course / STUDENTS_FILE, table.getvalue().encode())


def names_apart(full_name: str) -> tuple[str, str]:
    """(first, last) of "Lovelace, Ada" or "Ada Lovelace": without a comma the last word is the last name."""
    if "," in full_name:
        last, first = full_name.split(",", 1)
        return first.strip(), last.strip()
    *first_names, last = full_name.split() or [""]
    return " ".join(first_names), last


def _value(sheet: Spreadsheet, row: tuple[str, ...], name: str) -> str:
    place = sheet.column(name)
    return row[place].strip() if place is not None else ""
