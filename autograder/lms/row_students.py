"""Whose row of an LMS's table a row is."""

import re
from collections.abc import Collection

from autograder._language import _
from autograder._text import one_line
from autograder.lms.identities import COLLECTED_FILE, CollectedNumber
from autograder.lms.layouts import TableLayout
from autograder.lms.people import name_in_row, names_differ
from autograder.lms.scores import Scores, Student
from autograder.lms.sheets import ExportError, Spreadsheet


class RowStudents:
    """The gradebook's students by each attribute that the layout's keys look at, and by the number
    collected. warnings: a line for each row that another download's number would have filled.
    """

    def __init__(
        self,
        layout: TableLayout,
        scores: Scores,
        assignments: Collection[str],
        collected: Collection[CollectedNumber],
    ) -> None:
        self.layout, self.scores, self.assignments = layout, scores, assignments
        self.by: dict[str, dict[str, list[Student]]] = {}
        for attribute in {attribute for _column, attribute in layout.keys}:
            index: dict[str, list[Student]] = {}
            for student in scores.students:
                value = str(getattr(student, attribute)).strip().casefold()
                if value:
                    index.setdefault(value, []).append(student)
            self.by[attribute] = index
        names = {student.id: student for student in scores.students}
        self.by_number: dict[str, list[Student]] = {}
        self.downloaded: dict[str, str] = {}
        self.warnings: list[str] = []
        for known in sorted(collected):
            of_this = known.assignment in assignments or not layout.grade_column
            if known.lms == layout.name and of_this and known.student in names:
                self.by_number.setdefault(known.number, []).append(names[known.student])
                self.downloaded[known.number] = known.name

    def of(self, sheet: Spreadsheet, row: tuple[str, ...], number: int) -> Student | None:
        """The row's student; ExportError if it may be one of two, both of whom have scores."""
        found = self._by_keys(sheet, row, number)
        of_number = lms_number(cell_of(sheet, row, self.layout.number_column))
        several = [*([found] if found else []), *self._by_number(sheet, row, number, of_number)]
        each = {student.id: student for student in several}
        scored = [student for student in each.values() if self._has_score(student)]
        if len(scored) > 1:
            raise ExportError(
                _(
                    "--merge: row {number}, {number_column} {of_number}: it is {id} and, by "
                    "{file}, {id2}, and both have a score in {assignments}; one was expected: "
                    "remove the other with `nbgrader db student remove`, or its line in {file}",
                    number=number,
                    number_column=self.layout.number_column,
                    of_number=of_number,
                    id=scored[0].id,
                    file=COLLECTED_FILE,
                    id2=scored[1].id,
                    assignments=", ".join(self.assignments),
                )
            )
        return next(iter([*scored, *each.values()]), None)

    def _by_number(self, sheet: Spreadsheet, row: tuple[str, ...], number: int, its: str) -> list[Student]:
        """Whoever was collected with this number, if the download and the row don't name different people:
        Moodle gives the same number to somebody else in another assignment.
        """
        students = self.by_number.get(its, [])
        person, before = name_in_row(sheet, row), self.downloaded.get(its, "")
        if students and self.layout.grade_column and names_differ(before, person):
            self.warnings.append(
                _(
                    "row {number}, {number_column} {its}: the file says {person}, the download said "
                    "{before}; left as it was: is this the worksheet of another assignment?",
                    number=number,
                    number_column=self.layout.number_column,
                    its=its,
                    person=one_line(person, 60),
                    before=one_line(before, 60),
                )
            )
            return []
        return students

    def _has_score(self, student: Student) -> bool:
        return any(self.scores.mark(student.id, name).score is not None for name in self.assignments)

    def _by_keys(self, sheet: Spreadsheet, row: tuple[str, ...], number: int) -> Student | None:
        """By the surest key that knows one; ExportError if that key fits two students."""
        for column, attribute in self.layout.keys:
            value = cell_of(sheet, row, column).casefold()
            of_number = column == self.layout.number_column
            for wanted in (value, lms_number(value)) if of_number else (value,):
                found = self.by[attribute].get(wanted, []) if wanted else []
                if len(found) > 1:
                    raise ExportError(
                        _(
                            "--merge: row {number}, {column} {cell!r}: {count} students of the gradebook "
                            "have it ({found}); one was expected",
                            number=number,
                            column=column,
                            cell=cell_of(sheet, row, column),
                            count=len(found),
                            found=", ".join(s.id for s in found),
                        )
                    )
                if found:
                    return found[0]
        return None


def lms_number(cell: str) -> str:
    """The number in a cell such as "Participant 501" or "Teilnehmer/in501"; of another cell its text."""
    found = re.fullmatch(r"\D*?(\d+)", cell.strip())
    return found[1] if found else cell.strip().casefold()


def cell_of(sheet: Spreadsheet, row: tuple[str, ...], column: str) -> str:
    """The row's text in a column; "" if the table has none of that name."""
    place = sheet.column(column) if column else None
    return row[place].strip() if place is not None else ""
