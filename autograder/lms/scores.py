"""The scores of a class as the gradebook has them: what was handed in, what is open or missing."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from autograder.notebooks.assignment import load_assignment
from autograder.notebooks.notebook import NotebookError

MarkState = Literal["graded", "pending", "missing"]


@dataclass(frozen=True)
class Student:
    """A student as nbgrader knows them; empty strings where it knows nothing."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True)
class Mark:
    """One student's result in one assignment.

    score is after the late penalty, None where nothing was handed in or nothing of it is graded; pending: a
    person has still to grade a part.
    """

    score: float | None
    penalty: float = 0.0
    pending: bool = False
    # UTC
    handed_in: datetime | None = None
    seconds_late: float = 0.0

    @property
    def state(self) -> MarkState:
        if self.pending:
            return "pending"
        return "missing" if self.score is None else "graded"


MISSING = Mark(None)


@dataclass(frozen=True)
class Scores:
    """A class: students by id, assignments with their maximum, marks by (student, assignment). bonus:
    assignment -> the points of bonus exercises, which no maximum counts.
    """

    students: tuple[Student, ...]
    assignments: dict[str, float]
    marks: dict[tuple[str, str], Mark]
    bonus: dict[str, float] = field(default_factory=dict)

    def mark(self, student: str, assignment: str) -> Mark:
        return self.marks.get((student, assignment), MISSING)

    def pending(self) -> list[tuple[str, str]]:
        return sorted(key for key, mark in self.marks.items() if mark.state == "pending")


def read_scores(
    gradebook: Any,
    assignments: Sequence[str] = (),
    students: Sequence[str] = (),
    *,
    course: Path | None = None,
) -> Scores:
    """Read nbgrader's Gradebook (nbgrader.api.Gradebook), one query an assignment; empty: all of them.

    course: where the released notebooks are, which say what is a bonus; None: in those that come with us.
    """
    # nbgrader.api, of whoever opened the gradebook: nbgrader itself, which takes seconds, need not be there.
    api: Any = sys.modules[type(gradebook).__module__]
    db = gradebook.db
    everybody = tuple(
        Student(s.id, s.first_name or "", s.last_name or "", s.email or "", s.lms_user_id or "")
        for s in db.query(api.Student).order_by(api.Student.id)
        if not students or s.id in students
    )
    wanted = {student.id for student in everybody}
    maxima: dict[str, float] = {}
    bonus: dict[str, float] = {}
    marks: dict[tuple[str, str], Mark] = {}
    for assignment in db.query(api.Assignment).order_by(api.Assignment.name):
        if assignments and assignment.name not in assignments:
            continue
        extra = _bonus_points(assignment, _bonus_cells(course, assignment.name))
        maxima[assignment.name] = round(float(assignment.max_score) - extra, 9)
        if extra:
            bonus[assignment.name] = extra
        columns = (
            api.SubmittedAssignment.student_id,
            api.SubmittedAssignment.score,
            api.SubmittedAssignment.late_submission_penalty,
            api.SubmittedAssignment.needs_manual_grade,
            api.SubmittedAssignment.timestamp,
            api.SubmittedAssignment.extension,
        )
        begun = _with_points(api, db, assignment)
        rows = db.query(*columns).filter(api.SubmittedAssignment.assignment_id == assignment.id)
        for student, score, penalty, pending, timestamp, extension in rows:
            if student not in wanted:
                continue
            penalty = float(penalty or 0.0)
            late = 0.0
            if timestamp is not None and assignment.duedate is not None:
                due = assignment.duedate + extension if extension is not None else assignment.duedate
                late = max(0.0, (timestamp - due).total_seconds())
            total = round(max(0.0, float(score or 0.0) - penalty), 9)
            known = total if student in begun else None
            marks[student, assignment.name] = Mark(known, penalty, bool(pending), timestamp, late)
    return Scores(everybody, maxima, marks, bonus)


def _bonus_cells(course: Path | None, name: str) -> Collection[str]:
    """The exercises that the released notebook says are a bonus; none where there is no such notebook."""
    try:
        return {exercise.id for exercise in load_assignment(course, name).exercises if exercise.bonus}
    except (FileNotFoundError, NotebookError):
        return ()


def _bonus_points(assignment: Any, cells: Collection[str]) -> float:
    """The points of these cells as the gradebook has them: of one that was dropped, 0."""
    graded = (cell for notebook in assignment.notebooks for cell in notebook.grade_cells)
    return sum(float(cell.max_score or 0.0) for cell in graded if cell.name in cells)


def _with_points(api: Any, db: Any, assignment: Any) -> set[str]:
    """The students of whose submission anything is graded, by the grader or by a person."""
    grade, submitted = api.Grade, api.SubmittedAssignment
    given = grade.auto_score.is_not(None) | grade.manual_score.is_not(None) | grade.extra_credit.is_not(None)
    rows = (
        db.query(submitted.student_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == submitted.id)
        .join(grade, grade.notebook_id == api.SubmittedNotebook.id)
        .filter(submitted.assignment_id == assignment.id)
        .filter(given)
        .distinct()
    )
    return {student for (student,) in rows}
