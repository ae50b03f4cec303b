"""What the gradebook says of each submission: the grader's scores, a person's, what being late cost.

The gradebook is the one truth for what people entered: whatever is printed or put on a page is read here.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from sys import intern
from typing import Any

from autograder.gradebook.lateness import seconds_late

# Rows of the database that are held at once
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class CellMark:
    """One graded cell of a submission. auto: the grader's points, None if it has none; manual, extra: a
    person's; comment: what the person wrote, "" if nothing.
    """

    auto: float | None
    manual: float | None
    extra: float | None
    pending: bool
    maximum: float
    comment: str = ""

    @property
    def score(self) -> float | None:
        """The points that count, as nbgrader counts them; None where there are none yet."""
        given = self.manual if self.manual is not None else self.auto
        return None if given is None and self.extra is None else (given or 0.0) + (self.extra or 0.0)


@dataclass(frozen=True, slots=True)
class SubmissionMark:
    """One submission: its cells by name, and what being late costs (points). Times are UTC.

    comments: what a person wrote under cells that have no points of their own.
    """

    cells: dict[str, CellMark]
    penalty: float
    handed_in: datetime | None
    due: datetime | None
    extension: timedelta | None
    comments: dict[str, str]

    @property
    def points(self) -> float:
        """The sum before the penalty."""
        return round(sum(cell.score or 0.0 for cell in self.cells.values()), 9)

    @property
    def score(self) -> float | None:
        """The points that count, after the penalty; None where nothing has been graded."""
        if all(cell.score is None for cell in self.cells.values()):
            return None
        return round(max(0.0, self.points - self.penalty), 9)

    @property
    def maximum(self) -> float:
        return sum(cell.maximum for cell in self.cells.values())

    @property
    def pending(self) -> bool:
        """Has a person still to look at a part of it?"""
        return any(cell.pending for cell in self.cells.values())

    @property
    def seconds_late(self) -> float:
        """How many seconds after it was due it came, 0 in time."""
        return seconds_late(self.handed_in, self.due, self.extension)

    def entered(self) -> str:
        """All that the grader alone does not know, as a text that changes with it; "" if there is nothing."""
        people = {
            name: [cell.manual, cell.extra, cell.comment]
            for name, cell in sorted(self.cells.items())
            if cell.manual is not None or cell.extra or cell.comment
        }
        if not people and not self.penalty and not self.comments:
            return ""
        return json.dumps([people, self.penalty, self.comments, self.pending], sort_keys=True)


def read_marks(api: Any, db: Any, assignments: Collection[str]) -> dict[tuple[str, str], SubmissionMark]:
    """(student, assignment) -> its mark, of every submission to these assignments. api: nbgrader.api.

    Four queries, whatever the class's size, read row by row; marks that say the same are one object, for a
    large class has few different ones.
    """
    submitted, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    joined = (
        db.query(submitted)
        .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
        .join(notebook, notebook.assignment_id == submitted.id)
        .filter(api.Assignment.name.in_(assignments))
    )
    whose = (submitted.student_id, api.Assignment.name)
    comments: dict[tuple[str, str], dict[str, str]] = {}
    rows = (
        joined.join(api.Comment, api.Comment.notebook_id == notebook.id)
        .join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id)
        .filter(api.Comment.manual_comment.is_not(None))
        .with_entities(*whose, api.BaseCell.name, api.Comment.manual_comment)
    )
    for student, assignment, name, comment in rows:
        if comment.strip():
            comments.setdefault((student, assignment), {})[name] = comment
    cells: dict[tuple[str, str], tuple[tuple[str, CellMark], ...]] = {}
    same: dict[Any, Any] = {}
    dicts: dict[tuple[tuple[str, CellMark], ...], dict[str, CellMark]] = {}
    no_comments: dict[str, str] = {}
    grade, maxima = api.Grade, dict(db.query(api.GradeCell.id, api.GradeCell.max_score))
    maxima |= dict(db.query(api.TaskCell.id, api.TaskCell.max_score))
    rows = (
        joined.join(grade, grade.notebook_id == notebook.id)
        .join(api.BaseCell, api.BaseCell.id == grade.cell_id)
        .with_entities(
            *whose,
            api.BaseCell.name,
            grade.cell_id,
            grade.auto_score,
            grade.manual_score,
            grade.extra_credit,
            grade.needs_manual_grade,
        )
    )
    for student, assignment, name, cell, auto, manual, extra, pending in rows.yield_per(ROWS_AT_ONCE):
        said = comments.get((student, assignment), {})
        comment = said.pop(name, "") or said.pop(f"{name}_solution", "")
        mark = CellMark(auto, manual, extra, bool(pending), float(maxima.get(cell) or 0.0), comment)
        key = (intern(student), intern(assignment))
        more = (*cells.get(key, ()), (intern(name), same.setdefault(mark, mark)))
        cells[key] = same.setdefault(more, more)
    rows = joined.with_entities(
        *whose,
        notebook.late_submission_penalty,
        submitted.timestamp,
        api.Assignment.duedate,
        submitted.extension,
    )
    marks: dict[tuple[str, str], SubmissionMark] = {}
    for student, assignment, penalty, handed_in, due, extension in rows.yield_per(ROWS_AT_ONCE):
        key = (intern(student), intern(assignment))
        paid = float(penalty or 0.0) + (marks[key].penalty if key in marks else 0.0)
        whole = cells.pop(key, ())
        found = marks[key].cells if key in marks else dicts.setdefault(whole, dict(whole))
        marks[key] = SubmissionMark(
            found, paid, handed_in, same.setdefault(due, due), extension, comments.get(key, no_comments)
        )
    return marks
