"""Submissions as rows of nbgrader's gradebook, within a transaction that somebody else begins and ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from autograder._language import _
from autograder.report_json import ExerciseJson, ReportJson


@dataclass(frozen=True)
class Entry:
    """One submission to be written: its report as JSON, when it was handed in (UTC), and the exercises left
    as they were released. handed_in False: there is no folder at all; the student is recorded, a submission
    is not. nothing: there is nothing in it that could be graded, so it has no points, not 0 of them.

    before: the last status of each exercise whose answer is what it was then, "" where nobody knows the
    status. What a person decided about it stands.
    """

    report: ReportJson
    timestamp: datetime | None
    untouched: frozenset[str]
    handed_in: bool = True
    nothing: bool = False
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExistingRows:
    """Rows of the gradebook: students and assignments by name, submissions by both."""

    students: dict[str, Any]
    assignments: dict[str, Any]
    submissions: dict[tuple[str, str], Any]


class EntryWriter:
    """Writes a chunk of entries. Their rows are looked up at once: one by one took most of the time."""

    def __init__(self, api: Any, db: Any, chunk: Sequence[Entry]) -> None:
        self._api, self._db = api, db
        self._rows = _existing_rows(api, db, chunk)

    def write(self, entry: Entry) -> None:
        """Add or change the rows of one entry. NoResultFound if its assignment is not in the gradebook."""
        from sqlalchemy.exc import NoResultFound

        api, rows, name = self._api, self._rows, entry.report["student"]
        student = rows.students.get(name)
        if student is None:
            student = rows.students[name] = api.Student(id=name)
            self._db.add(student)
        if not entry.handed_in:
            return
        assignment = rows.assignments.get(entry.report["assignment"])
        # Somebody deleted it meanwhile.
        if assignment is None:
            raise NoResultFound(_("no assignment {name} is in it", name=entry.report["assignment"]))
        submission = rows.submissions.get((name, assignment.name))
        if submission is None:
            submission = api.SubmittedAssignment(assignment=assignment, student=student)
            self._db.add(submission)
            rows.submissions[name, assignment.name] = submission
        if entry.timestamp is not None:
            submission.timestamp = entry.timestamp
        for notebook in assignment.notebooks:
            self._write_notebook(entry, submission, notebook)

    def _write_notebook(self, entry: Entry, submission: Any, notebook: Any) -> None:
        api = self._api
        submitted = next((n for n in submission.notebooks if n.notebook_id == notebook.id), None)
        grades = {}
        if submitted is None:
            submitted = api.SubmittedNotebook(notebook=notebook, assignment=submission)
            self._db.add(submitted)
        # The rows are ours until the end of the transaction: nobody's manual score is overlooked.
        else:
            stored = self._db.query(api.Grade).filter_by(notebook_id=submitted.id)
            grades = {grade.cell_id: grade for grade in stored.populate_existing().with_for_update()}
        comments = {comment.cell_id: comment for comment in submitted.comments}
        exercises = {exercise["id"]: exercise for exercise in entry.report["exercises"]}
        for cell in notebook.grade_cells:
            grade = grades.get(cell.id)
            if grade is None:
                grade = api.Grade(cell_id=cell.id, notebook=submitted)
                self._db.add(grade)
            if cell.name in exercises:
                _set_grade(grade, exercises[cell.name], entry)
        for cell in notebook.solution_cells:
            comment = comments.get(cell.id)
            if comment is None:
                comment = api.Comment(cell_id=cell.id, notebook=submitted)
                self._db.add(comment)
            blank = cell.name.removesuffix("_solution") in entry.untouched
            comment.auto_comment = "No response." if blank else None


def _existing_rows(api: Any, db: Any, chunk: Sequence[Entry]) -> ExistingRows:
    """The rows that a chunk needs and that are there."""
    students = {entry.report["student"] for entry in chunk}
    assignments = {entry.report["assignment"] for entry in chunk}
    submissions = (
        db.query(api.SubmittedAssignment, api.Assignment.name)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.SubmittedAssignment.student_id.in_(students))
    )
    return ExistingRows(
        {row.id: row for row in db.query(api.Student).filter(api.Student.id.in_(students))},
        {row.name: row for row in db.query(api.Assignment).filter(api.Assignment.name.in_(assignments))},
        {(row.student_id, name): row for row, name in submissions},
    )


def _set_grade(grade: Any, exercise: ExerciseJson, entry: Entry) -> None:
    """As nbgrader's SaveAutoGrades, manual_score and extra_credit stay. A score by hand asks for another look
    where the answer under it is another, or nobody knows whether it is.
    """
    name, status = exercise["id"], exercise["status"]
    untouched, before = name in entry.untouched, grade.auto_score
    # Graded by nbgrader itself, whose test of it is not ours to run.
    if exercise.get("reason") == "unknown" and before is not None and not entry.nothing:
        auto = before
    elif status == "manual":
        auto = 0.0 if untouched else None
    else:
        auto = None if status == "ungradable" else exercise["score"]
    if entry.nothing:
        auto = None
    grade.auto_score = auto
    by_hand: Sequence[str] = ("ungradable", "missing") if not untouched else ()
    asks = auto is None or status in by_hand or (exercise.get("reason") == "unknown" and not untouched)
    looked_at = name in entry.before and not grade.needs_manual_grade
    if grade.manual_score is not None:
        grade.needs_manual_grade = not looked_at
    # A person has seen this very outcome and left it.
    elif asks and looked_at and entry.before[name] in (status, "") and auto is not None and auto == before:
        grade.needs_manual_grade = False
    else:
        grade.needs_manual_grade = asks
