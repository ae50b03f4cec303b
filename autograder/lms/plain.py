"""A plain table of the class, and the file that Moodle's grade import takes: one row a student."""

from collections.abc import Collection

from autograder.lms import cells
from autograder.lms.identities import CollectedNumber
from autograder.lms.merge import ExportOutcome, numbers_alone
from autograder.lms.scores import Mark, Scores
from autograder.lms.sheets import SheetForm, Spreadsheet


def plain(
    scores: Scores, decimal: str = ".", keep_pending: bool = False
) -> tuple[Spreadsheet, ExportOutcome]:
    """Every student with score and state (graded, pending, missing) of each assignment, and the sum of the
    scores that are written.

    A missing score is an empty cell, never 0; so is one of which a part is still to be graded by hand, unless
    pending ones are kept, and so is the sum of none. With a decimal comma the columns are parted by
    semicolons, as spreadsheets of those countries expect.
    """
    header = ["student", "last_name", "first_name", "email"]
    for name, maximum in scores.assignments.items():
        header += [
            f"{name} (of {_worth(maximum, scores.bonus.get(name), decimal)})",
            f"{name} state",
            f"{name} late penalty",
        ]
    header.append("total")
    rows, outcome = [], ExportOutcome()
    for student in scores.students:
        row = [student.id, student.last_name, student.first_name, student.email]
        row = [cells.spreadsheet_text(cell) for cell in row]
        total: float | None = None
        for name in scores.assignments:
            mark = scores.mark(student.id, name)
            known = None if mark.pending and not keep_pending else mark.score
            _count(outcome, f"{student.id} {name}", mark, known is None)
            score = "" if known is None else cells.number_text(known, decimal)
            row += [score, mark.state, cells.number_text(mark.penalty, decimal) if mark.penalty else ""]
            total = total if known is None else known + (total or 0.0)
        rows.append((*row, "" if total is None else cells.number_text(total, decimal)))
    form = SheetForm(delimiter=";" if decimal == "," else ",", decimal=decimal, mark=b"\xef\xbb\xbf")
    return Spreadsheet(tuple(cells.spreadsheet_text(name) for name in header), tuple(rows), form), outcome


def moodle_import(
    scores: Scores, keep_pending: bool = False, collected: Collection[CollectedNumber] = ()
) -> tuple[Spreadsheet, ExportOutcome]:
    """What Moodle's Grades, Import, CSV file takes; map "ID number" or "Email address" to the user there.

    Students known by the number that Moodle gave them in one assignment are left out: it is no ID number.
    """
    header = ("First name", "Last name", "ID number", "Email address", *scores.assignments)
    numbered = {k.student for k in collected if k.lms == "moodle" and k.student == k.number}
    rows: list[tuple[str, ...]] = []
    outcome = ExportOutcome()
    outcome.warnings += numbers_alone([student.id for student in scores.students], collected)
    for student in scores.students:
        if student.id in numbered:
            continue
        row = [student.first_name, student.last_name, student.id, student.email]
        row = [cells.spreadsheet_text(cell) for cell in row]
        for name in scores.assignments:
            mark = scores.mark(student.id, name)
            left_out = mark.score is None or (mark.pending and not keep_pending)
            _count(outcome, f"{student.id} {name}", mark, left_out)
            row.append("" if left_out else cells.number_text(mark.score or 0.0))
        rows.append(tuple(row))
    return Spreadsheet(header, tuple(rows), SheetForm()), outcome


def _worth(maximum: float, bonus: float | None, decimal: str) -> str:
    """An assignment's points, and its bonus if it has one."""
    more = f" and {cells.number_text(bonus, decimal)} of bonus" if bonus else ""
    return f"{cells.number_text(maximum, decimal)}{more}"


def _count(outcome: ExportOutcome, who: str, mark: Mark, left_out: bool) -> None:
    if mark.state == "missing":
        outcome.missing.append(who)
    elif mark.state == "pending":
        outcome.pending.append(who)
    outcome.written += not left_out
