"""Our scores into an LMS's own export: the right row by the student's id, the right column by the
assignment's name.

Everything else in the file stays as it was, but for a formula, which is told. A missing or open score leaves
the LMS's cell alone: it is never a zero. A cell that says something in words, such as Canvas's EX, stays; a
grade that is replaced is told.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from autograder._language import _, localised
from autograder.lms import cells
from autograder.lms.identities import CollectedNumber
from autograder.lms.layouts import TableLayout
from autograder.lms.people import name_in_row
from autograder.lms.row_students import RowStudents, cell_of
from autograder.lms.scores import Scores, Student
from autograder.lms.sheets import ExportError, Spreadsheet
from autograder.lms.student_list import is_test_student


@dataclass
class ExportOutcome:
    """What an export wrote and what it left alone, for a person to read."""

    written: int = 0
    pending: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # In the LMS's file, not in the gradebook
    unknown_rows: list[str] = field(default_factory=list)
    # In the gradebook, not in the LMS's file
    not_in_file: list[str] = field(default_factory=list)
    # Grades in the LMS's file that are others now
    replaced: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What a person should know, a line each; long lists are counted and begun."""
        kinds = (
            (_("still to be graded by hand"), self.pending),
            (_("nothing handed in, left empty"), self.missing),
            (_("in the LMS's file but not in the gradebook, left as they were"), self.unknown_rows),
            (_("in the gradebook but not in the LMS's file, so not written"), self.not_in_file),
        )
        lines = []
        for what, names in kinds:
            if names:
                more = _(" and {count} more", count=len(names) - 5) if len(names) > 5 else ""
                lines.append(f"{len(names)} {what}: {', '.join(names[:5])}{more}")
        lines += [_("a grade that was there is replaced: {each}", each=each) for each in self.replaced]
        return lines + self.warnings


def merge(
    sheet: Spreadsheet,
    layout: TableLayout,
    scores: Scores,
    columns: Mapping[str, str] | None = None,
    keep_pending: bool = False,
    collected: Collection[CollectedNumber] = (),
    scale: bool = False,
) -> tuple[Spreadsheet, ExportOutcome]:
    """The LMS's table with our scores in it. columns: assignment -> the LMS's name for it, where they differ.
    collected: whose number is whose, as `collect` found it. scale: to the points that the LMS has for it.

    ExportError if a required column is missing, an assignment has no column, or two students claim one row.
    """
    sheet = sheet.known_by(layout.names)
    lacking = [names[0] for names in layout.required if all(sheet.column(name) is None for name in names)]
    if lacking:
        raise ExportError(
            _(
                "--merge: the file has no column {lacking}; its columns are {columns}. Expected is "
                "{where}{or_}. Where its columns have other names: autograder.toml, [lms.columns], "
                '"{first}" = "its name there"',
                lacking=", ".join(map(repr, lacking)),
                columns=", ".join(map(repr, sheet.header[:12])),
                where=_(layout.where),
                or_=_or_worksheet(layout),
                first=lacking[0],
            )
        )
    outcome = ExportOutcome()
    places = _places(sheet, layout, scores, columns or {})
    students = RowStudents(layout, scores, places, collected)
    maxima = _maxima(sheet, layout, places)
    factors = _factors(scores, places, maxima, scale, outcome)
    rows: list[tuple[str, ...]] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(sheet.rows, start=2):
        if layout.points_row and row[0].strip().casefold() == layout.points_row.casefold():
            rows.append(row)
            continue
        student = students.of(sheet, row, number)
        if student is None:
            known = any(cell_of(sheet, row, column) for column, _ in layout.keys)
            if known and not is_test_student(name_in_row(sheet, row)):
                outcome.unknown_rows.append(cells.spreadsheet_text(_who(sheet, layout, row)))
            rows.append(row)
            continue
        if student.id in seen:
            raise ExportError(
                _(
                    "--merge: rows {seen} and {number} are both {id}; each student once was expected: "
                    "remove one of them or set the student's LMS id in the gradebook",
                    seen=seen[student.id],
                    number=number,
                    id=student.id,
                )
            )
        seen[student.id] = number
        rows.append(_filled(sheet, layout, row, student, places, factors, scores, keep_pending, outcome))
    _above_the_maximum(sheet, rows, places, maxima, seen, outcome)
    outcome.warnings += students.warnings
    outcome.not_in_file = [
        student.id
        for student in scores.students
        if student.id not in seen and any((student.id, name) in scores.marks for name in places)
    ]
    if not layout.number_column:
        outcome.warnings += numbers_alone(outcome.not_in_file, collected)
    return sheet.with_rows(_without_formulas(sheet, layout, rows, outcome)), outcome


def _without_formulas(
    sheet: Spreadsheet, layout: TableLayout, rows: list[tuple[str, ...]], outcome: ExportOutcome
) -> list[tuple[str, ...]]:
    """The rows with what a spreadsheet would run disarmed; identities stay as the LMS has to find them."""
    keys = {sheet.column(column) for column, _ in layout.keys}
    disarmed = []
    for number, row in enumerate(rows, start=2):
        new = list(row)
        for place, cell in enumerate(row):
            if place not in keys and cells.is_dangerous(cell):
                new[place] = cells.spreadsheet_text(cell)
                outcome.warnings.append(
                    _(
                        "row {number}, {header}: it is a formula; an apostrophe was put before it",
                        number=number,
                        header=sheet.header[place],
                    )
                )
        disarmed.append(tuple(new))
    return disarmed


def _filled(
    sheet: Spreadsheet,
    layout: TableLayout,
    row: tuple[str, ...],
    student: Student,
    places: Mapping[str, int],
    factors: Mapping[str, float],
    scores: Scores,
    keep_pending: bool,
    outcome: ExportOutcome,
) -> tuple[str, ...]:
    forbidden, words = layout.changeable
    locked = bool(forbidden) and cell_of(sheet, row, forbidden).casefold() in words
    new = list(row)
    for assignment, place in places.items():
        mark, who = scores.mark(student.id, assignment), f"{student.id} {assignment}"
        if mark.state == "missing":
            outcome.missing.append(who)
        elif mark.score is None or (mark.pending and not keep_pending):
            outcome.pending.append(who)
        elif locked:
            outcome.warnings.append(
                _("{who}: the LMS says that this grade can't be changed; left as it was", who=who)
            )
        elif cells.has_words(row[place]):
            outcome.warnings.append(
                _(
                    "{who}: {strip!r} stands in the LMS's file; left as it was",
                    who=who,
                    strip=row[place].strip(),
                )
            )
        else:
            if mark.pending:
                outcome.pending.append(who)
            there, points = cells.read_number(row[place]), mark.score * factors.get(assignment, 1.0)
            new[place] = cells.number_text(points, sheet.form.decimal)
            if there is not None and round(there - points, 6):
                change = f"{localised(f'{there:g}')} → {localised(cells.number_text(points))}"
                outcome.replaced.append(f"{who}: {change}")
            outcome.written += 1
    return tuple(new)


def _factors(
    scores: Scores,
    places: Collection[str],
    maxima: Mapping[str, float],
    scale: bool,
    outcome: ExportOutcome,
) -> dict[str, float]:
    """assignment -> what its scores are multiplied by, where they are scaled to the LMS's points; a line for
    each whose maximum is another there.
    """
    factors: dict[str, float] = {}
    for assignment in places:
        here, bonus = scores.assignments[assignment], scores.bonus.get(assignment, 0.0)
        there = maxima.get(assignment)
        if there is None:
            if scale:
                outcome.warnings.append(
                    _(
                        "{assignment}: the file doesn't say how many points it is worth in the LMS; scores "
                        "are written as they are",
                        assignment=assignment,
                    )
                )
        elif scale and here > 0 and there > 0:
            factors[assignment] = there / here
        elif scale:
            outcome.warnings.append(
                _(
                    "{assignment}: {there:g} points in the LMS, {here:g} here: no scale leads from one to "
                    "the other; scores are written as they are",
                    assignment=assignment,
                    there=there,
                    here=here,
                )
            )
        elif there not in (here, here + bonus):
            more = _(" and {bonus:g} of bonus", bonus=bonus) if bonus else ""
            outcome.warnings.append(
                _(
                    "{assignment}: {there:g} points in the LMS, {here:g}{more} here; scores are written "
                    'as they are (autograder.toml: [export] scale = "lms" scales them)',
                    assignment=assignment,
                    there=there,
                    here=here,
                    more=more,
                )
            )
    return factors


def _above_the_maximum(
    sheet: Spreadsheet,
    rows: Sequence[tuple[str, ...]],
    places: Mapping[str, int],
    maxima: Mapping[str, float],
    seen: Mapping[str, int],
    outcome: ExportOutcome,
) -> None:
    """One line for each assignment in which the LMS must allow more than its maximum."""
    for assignment, place in places.items():
        most = maxima.get(assignment)
        if most is None:
            continue
        found = []
        for student, number in seen.items():
            points = cells.read_number(rows[number - 2][place])
            if points is not None and points > most and rows[number - 2] != sheet.rows[number - 2]:
                found.append(
                    _(
                        "{student} {assignment}: {points:g} of {most:g} points",
                        student=student,
                        assignment=assignment,
                        points=points,
                        most=most,
                    )
                )
        if found:
            more = _(" and {count} more", count=len(found) - 3) if len(found) > 3 else ""
            told = f"{', '.join(found[:3])}{more}"
            outcome.warnings.append(_("{told}; the LMS must allow more than its maximum", told=told))


def same_name(one: str, other: str) -> bool:
    """Two names of one assignment: letters and digits count, case, spaces and hyphens don't."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def _places(
    sheet: Spreadsheet, layout: TableLayout, scores: Scores, columns: Mapping[str, str]
) -> dict[str, int]:
    """assignment -> the index of its column."""
    if layout.grade_column:
        if len(scores.assignments) != 1:
            raise ExportError(
                _(
                    "--merge: this worksheet is of one assignment; {count} are in the gradebook "
                    "({assignments}): say which with --assignment",
                    count=len(scores.assignments),
                    assignments=", ".join(scores.assignments),
                )
            )
        (only,) = scores.assignments
        place = sheet.column(layout.grade_column)
        # It is required
        assert place is not None
        return {only: place}
    places: dict[str, int] = {}
    for assignment in scores.assignments:
        wanted = columns.get(assignment, assignment)
        found = [
            place
            for place, header in enumerate(sheet.header)
            if header.strip() == wanted or same_name(_title(layout, header), wanted)
        ]
        if len(found) > 1:
            names = ", ".join(repr(sheet.header[place]) for place in found)
            raise ExportError(
                _(
                    "--merge: {assignment}: {count} columns fit {wanted!r}: {names}; name one of them in "
                    'autograder.toml, [export.columns] "{assignment}" = "…"',
                    assignment=assignment,
                    count=len(found),
                    wanted=wanted,
                    names=names,
                )
            )
        if found:
            places[assignment] = found[0]
        elif assignment in columns:
            raise ExportError(
                _(
                    "--merge: no column {wanted!r}, which autograder.toml names for {assignment}; the "
                    "columns are {columns}",
                    wanted=wanted,
                    assignment=assignment,
                    columns=", ".join(map(repr, sheet.header)),
                )
            )
    if not places:
        raise ExportError(
            _(
                "--merge: none of the assignments {assignments} has a column; the columns are {columns}. "
                "Give the assignment in the LMS the same name, or say in autograder.toml: "
                '[export.columns] "06-step-2" = "its name there"',
                assignments=", ".join(scores.assignments) or "(the gradebook has none)",
                columns=", ".join(map(repr, sheet.header)),
            )
        )
    return places


def _title(layout: TableLayout, header: str) -> str:
    found = layout.title.match(header.strip())
    return found.group(1) if found else ""


def numbers_alone(students: Collection[str], collected: Collection[CollectedNumber]) -> list[str]:
    """What to do about students who bear Moodle's number for a name: no file but a worksheet knows it."""
    found = sorted(
        {k.student for k in collected if k.lms == "moodle" and k.student == k.number} & set(students)
    )
    if not found:
        return []
    more = _(" and {count} more", count=len(found) - 5) if len(found) > 5 else ""
    return [
        _(
            "{found}{more}: known by Moodle's number alone, which stands only in the "
            "assignment's grading worksheet: give that as --merge, or collect again with --roster",
            found=", ".join(found[:5]),
            more=more,
        )
    ]


def _who(sheet: Spreadsheet, layout: TableLayout, row: tuple[str, ...]) -> str:
    return next(value for column, _ in layout.keys if (value := cell_of(sheet, row, column)))


def _or_worksheet(layout: TableLayout) -> str:
    """What else Moodle's file may be: the worksheet of one assignment is known by two of its columns."""
    if layout.name != "moodle" or layout.grade_column:
        return ""
    return _(" (or an assignment's grading worksheet, with the columns Identifier and Grade)")


def _maxima(sheet: Spreadsheet, layout: TableLayout, places: Mapping[str, int]) -> dict[str, float]:
    """assignment -> the LMS's points for it, where its file says them:
    in a row, in the header, or in a column.
    """
    maxima: dict[str, float] = {}
    for assignment, place in places.items():
        told = ""
        if layout.points_row:
            wanted = layout.points_row.casefold()
            told = next((row[place] for row in sheet.rows if row[0].strip().casefold() == wanted), "")
        elif layout.maximum is not None:
            found = layout.maximum.search(sheet.header[place])
            told = found.group(1) if found else ""
        elif layout.maximum_column and sheet.rows:
            told = cell_of(sheet, sheet.rows[0], layout.maximum_column)
        points = cells.read_number(told)
        if points is not None:
            maxima[assignment] = points
    return maxima
