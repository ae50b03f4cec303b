"""Students and assignments under other names, or gone, in the gradebook; with all that people entered.

Each function takes nbgrader.api and its session, inside a transaction that somebody else begins and ends.
"""

from typing import Any

from autograder._language import _
from autograder.gradebook.gradebook_url import GradebookError


def rename_student(api: Any, db: Any, old: str, new: str) -> None:
    """All submissions of one student become another's, who may be there already. GradebookError where both
    have a submission of one assignment.
    """
    student = db.get(api.Student, old)
    if student is None:
        return
    known = _student(api, db, new)
    for name in ("first_name", "last_name", "email", "lms_user_id"):
        setattr(known, name, getattr(known, name) or getattr(student, name))
    names = [submission.assignment.name for submission in student.submissions]
    for name in names:
        move_submission_rows(api, db, name, old, new)
    if not names:
        db.delete(student)


def move_submission_rows(api: Any, db: Any, assignment: str, old: str, new: str) -> None:
    """One submission becomes another student's; who has none left is there no more. GradebookError where
    that other one has handed it in too.
    """
    rows = (
        db.query(api.SubmittedAssignment)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment)
        .filter(api.SubmittedAssignment.student_id.in_((old, new)))
    )
    found = {row.student_id: row for row in rows}
    if old not in found:
        return
    if new in found:
        raise GradebookError(
            _(
                "{old} and {new} both have a submission of {assignment} in the gradebook; one was "
                "expected: forget one of them first (autograder forget COURSE --student {old})",
                old=old,
                new=new,
                assignment=assignment,
            )
        )
    _student(api, db, new)
    found[old].student_id = new
    db.flush()
    db.expire_all()
    student = db.get(api.Student, old)
    if not student.submissions:
        db.delete(student)


def forget_submission_rows(api: Any, db: Any, assignment: str, student: str) -> bool:
    """One submission with its scores; who has none left is there no more. False, and nothing is done, where a
    person has entered a score, extra credit or a comment.
    """
    row = (
        db.query(api.SubmittedAssignment)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment, api.SubmittedAssignment.student_id == student)
        .one_or_none()
    )
    if row is None:
        return True
    for notebook in row.notebooks:
        scores = any(g.manual_score is not None or g.extra_credit is not None for g in notebook.grades)
        if scores or any(comment.manual_comment for comment in notebook.comments):
            return False
    _forget_submission(api, db, row)
    db.expire_all()
    found = db.get(api.Student, student)
    if not found.submissions:
        db.delete(found)
    return True


def rename_assignment(api: Any, db: Any, old: str, new: str) -> None:
    """An assignment and its notebook under another name. GradebookError where that name is taken."""
    assignment = db.query(api.Assignment).filter_by(name=old).one_or_none()
    if assignment is None:
        return
    if db.query(api.Assignment).filter_by(name=new).one_or_none() is not None:
        raise GradebookError(
            _("the gradebook has an assignment {new} already; another name was expected", new=new)
        )
    assignment.name = new
    for notebook in assignment.notebooks:
        if notebook.name == old:
            notebook.name = new


def forget_student(api: Any, db: Any, name: str) -> None:
    """The student with all submissions, scores and comments."""
    student = db.get(api.Student, name)
    if student is None:
        return
    for submission in list(student.submissions):
        _forget_submission(api, db, submission)
    db.flush()
    db.expire(student)
    db.delete(student)


def forget_assignment(api: Any, db: Any, name: str) -> None:
    """The assignment with everybody's submissions, scores and comments."""
    assignment = db.query(api.Assignment).filter_by(name=name).one_or_none()
    if assignment is None:
        return
    for submission in list(assignment.submissions):
        _forget_submission(api, db, submission)
    for notebook in list(assignment.notebooks):
        for cells in (
            notebook.grade_cells,
            notebook.solution_cells,
            notebook.task_cells,
            notebook.source_cells,
        ):
            for cell in list(cells):
                db.delete(cell)
        db.delete(notebook)
    db.flush()
    db.expire(assignment)
    db.delete(assignment)


def _forget_submission(api: Any, db: Any, submission: Any) -> None:
    for notebook in list(submission.notebooks):
        for row in (*notebook.grades, *notebook.comments):
            db.delete(row)
        db.delete(notebook)
    db.delete(submission)
    db.flush()


def _student(api: Any, db: Any, name: str) -> Any:
    found = db.get(api.Student, name)
    if found is None:
        found = api.Student(id=name)
        db.add(found)
        db.flush()
    return found
