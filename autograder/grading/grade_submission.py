"""One submission to one Report: read, run behind the wall, judge on this side of it.

A crash, a loop or a full memory costs the exercise that it happens in, and no other (sandbox/session.py).
"""

import hashlib
import hmac
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from autograder._language import _
from autograder.course.own_exercises import BOOK, Course
from autograder.diagnosis.assess import Judgement
from autograder.exercises.versions import ProbeVersion
from autograder.facts import Fact
from autograder.feedback.report_words import submission_notes
from autograder.grading.result import ExerciseReport, Report
from autograder.grading.two_rounds import TwoRounds
from autograder.notebooks.assignment import Assignment, GradedCell
from autograder.notebooks.notebook import NotebookError, read_notebook
from autograder.notebooks.submission import Submission, read_submission
from autograder.report_json import ExerciseStatus
from autograder.sandbox.calls import FunctionPlace
from autograder.sandbox.session import ChildMaker, SharedChild

# An exercise's wall-clock time
SECONDS = 10.0
UNWRITTEN = Fact("as_released")


def submission_seed(course_seed: str, student: str, assignment: str) -> bytes:
    """HMAC-SHA256(course seed, student NUL assignment): whoever knows one student's knows no other's."""
    return hmac.new(course_seed.encode(), f"{student}\0{assignment}".encode(), hashlib.sha256).digest()


def sheet(course_seed: str, student: str, assignment: str) -> ProbeVersion:
    """Which versions of the assignment's exercises a student is asked, and what these are drawn from."""
    course = hmac.new(course_seed.encode(), assignment.encode(), hashlib.sha256).digest()
    return ProbeVersion(course, submission_seed(course_seed, student, assignment))


@contextmanager
def begun(
    assignment: Assignment,
    data: bytes | None,
    *,
    student: str,
    seed: str,
    zygote: ChildMaker,
    seconds: float = SECONDS,
    notes: Sequence[str] = (),
    error: str | None = None,
    status: Literal["missing", "ungradable"] = "missing",
    course: Course = BOOK,
) -> Iterator[Callable[[], tuple[Report, Submission | None]]]:
    """Grade a submission's bytes, up to where nothing hidden was asked; None where there are none, for the
    reason in error, with that status. What is yielded asks the rest, and gives the report and what was read,
    None if there was nothing to read. So of several notebooks of one student all can be begun before one is
    asked anything hidden.

    Raises nothing for bad submissions: a notebook that can't be read has every exercise "ungradable", and a
    note that says why.
    """
    start = time.perf_counter()
    try:
        if data is None:
            raise NotebookError("unreadable", error or _("nothing was handed in"))
        submission = read_submission(assignment, data)
    except NotebookError as unreadable:
        kind: ExerciseStatus = "ungradable" if data is not None else status
        report = without_grade(
            assignment,
            kind,
            str(unreadable),
            student=student,
            seed=seed,
            isolation=zygote.isolation,
            notes=notes,
        )
        yield lambda: (report, None)
        return
    reports = {e.id: _not_asked(e, submission, course) for e in assignment.exercises}
    asked = [course.exercises[id] for id, known in reports.items() if known is None]
    other = _whose_notebook(assignment, data, submission, course)
    odd = (
        (_("this is the notebook of {other}", other=other),) if other else submission_notes(submission.notes)
    )
    cells = [cell.source for cell in submission.cells]
    places = {
        course.exercises[id].function: FunctionPlace(place.cell, place.after)
        for id, place in submission.places.items()
        if id in course.exercises
    }
    with SharedChild(zygote, cells, public=True, asked=places) as shared:
        rounds = TwoRounds(asked, submission.cells, shared, seconds, course)
        rounds.ask_publicly()
        passed = time.perf_counter() - start

        def finish() -> tuple[Report, Submission]:
            again = time.perf_counter()
            judgements = rounds.judge(sheet(seed, student, assignment.name))
            exercises = tuple(
                reports[each.id] or _graded(each, judgements[each.id]) for each in assignment.exercises
            )
            took = time_class(passed + time.perf_counter() - again)
            found = (*notes, *odd)
            return Report(
                student,
                assignment.name,
                zygote.isolation,
                seed,
                took,
                found,
                exercises,
                submission.requests,
            ), submission

        yield finish


def grade(*given: Any, **named: Any) -> tuple[Report, Submission | None]:
    """As begun(), and finished at once: the report, and what was read, None if there was nothing to read."""
    with begun(*given, **named) as finish:
        return finish()


def time_class(seconds: float) -> float:
    """1, 10, 100, …: the next of them. A function could tell what it was given by how long it takes."""
    return 10.0 ** max(0, math.ceil(math.log10(max(seconds, 1.0))))


def _whose_notebook(assignment: Assignment, data: bytes, submission: Submission, course: Course) -> str:
    """The other assignment whose notebook was handed in: none of this one's exercises is in it, that one's
    are. "" if it is none.
    """
    if any(submission.essays.values()) or not all(
        exercise.manual or exercise.id in submission.missing for exercise in assignment.exercises
    ):
        return ""
    ids = {cell.grade_id for cell in read_notebook(data).cells}
    found = Counter(exercise.assignment for id, exercise in course.exercises.items() if id in ids)
    found.pop(assignment.name, None)
    return found.most_common(1)[0][0] if found else ""


def without_grade(
    assignment: Assignment,
    status: ExerciseStatus,
    reason: str,
    *,
    student: str,
    seed: str,
    isolation: Literal["strong", "none"],
    notes: Sequence[str] = (),
) -> Report:
    """A report with the same status and reason for every exercise, and the reason as its last note."""
    exercises = tuple(
        ExerciseReport(e.id, 0.0, e.points, status, Fact("as_said", (reason,))) for e in assignment.exercises
    )
    return Report(student, assignment.name, isolation, seed, 0.0, (*notes, reason), exercises)


def _not_asked(exercise: GradedCell, submission: Submission, course: Course) -> ExerciseReport | None:
    """The report on an exercise of which there is nothing to be run, else None."""

    def ungraded(status: ExerciseStatus, reason: Fact) -> ExerciseReport:
        return ExerciseReport(exercise.id, 0.0, exercise.points, status, reason)

    if exercise.manual:
        blank = exercise.id in submission.untouched or not submission.essays.get(exercise.id, "").strip()
        return ungraded("manual", Fact("no_essay" if blank else "to_be_read"))
    if exercise.id not in course.exercises:
        return ungraded("manual", Fact("unknown"))
    if exercise.id in submission.missing:
        return ungraded("missing", Fact("cell_missing"))
    if exercise.id in submission.untouched:
        return ungraded("not_run", UNWRITTEN)
    return None


def _graded(exercise: GradedCell, judgement: Judgement) -> ExerciseReport:
    status: ExerciseStatus = judgement.status
    reason = None
    own_text = judgement.error.own_text if judgement.error is not None else ""
    if judgement.error is not None and status != "graded":
        reason = Fact("error", (judgement.error,))
    if status == "crashed" and judgement.unwritten is not None:
        status, reason = "not_run", Fact("unwritten", (judgement.unwritten,))
    if judgement.error is not None and judgement.error.kind == "not_loaded":
        reason = Fact("cell_fails", (judgement.error,))
    score = round(exercise.points * judgement.fraction, 9)
    return ExerciseReport(exercise.id, score, exercise.points, status, reason, judgement, own_text)
