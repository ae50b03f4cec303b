"""One submission to one Report: read, run behind the wall, judge on this side of it.

A crash, a loop or a full memory costs the exercise that it happens in, and no other (sandbox/session.py).
"""

import hashlib
import hmac
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Literal

from autograder._language import _
from autograder.course.own_exercises import BOOK, Course
from autograder.diagnosis.assess import Judgement, explain_verdict
from autograder.exercises.exercise import Exercise
from autograder.exercises.versions import ProbeVersion
from autograder.facts import Fact
from autograder.feedback.report_words import submission_notes
from autograder.grading.public_wording import in_public_words
from autograder.grading.result import ExerciseReport, Report
from autograder.judging.follow_through import HelperAnswers
from autograder.judging.judge import Verdict, judge, judge_if_flawless
from autograder.notebooks.assignment import Assignment, GradedCell
from autograder.notebooks.helpers_named import helpers_named
from autograder.notebooks.notebook import NotebookError, read_notebook
from autograder.notebooks.submission import Submission, read_submission
from autograder.report_json import ExerciseStatus
from autograder.sandbox.calls import FunctionPlace, SubstitutingCaller
from autograder.sandbox.session import ChildMaker, IsolatedCaller, SandboxChild, SharedChild

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


def grade(
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
) -> tuple[Report, Submission | None]:
    """Grade a submission's bytes; None where there are none, for the reason in error, with that status.

    The Submission is what was read, None if there was nothing to read. Raises nothing for bad submissions: a
    notebook that can't be read has every exercise "ungradable", and a note that says why.
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
        return report, None
    cells = [cell.source for cell in submission.cells]
    secret = sheet(seed, student, assignment.name)
    earlier: dict[str, HelperAnswers] = {}
    # The same of the public run: what is said of a caller is said apart from its helpers' mistakes there too.
    told_earlier: dict[str, HelperAnswers] = {}
    # Two, that never mix: one is asked with the hidden numbers, the other finds words for what went wrong.
    asked = {
        course.exercises[id].function: FunctionPlace(place.cell, place.after)
        for id, place in submission.places.items()
        if id in course.exercises
    }
    with (
        SharedChild(zygote, cells, asked=asked) as shared,
        SharedChild(zygote, cells, public=True, asked=asked) as told,
    ):
        graded = {
            exercise.id: _exercise(
                exercise, submission, shared, told, secret, seconds, earlier, told_earlier, course
            )
            for exercise in _in_turn(assignment.exercises, earlier, course)
        }
    exercises = [graded[exercise.id] for exercise in assignment.exercises]
    passed = time_class(time.perf_counter() - start)
    other = _whose_notebook(assignment, data, submission, course)
    odd = (
        (_("this is the notebook of {other}", other=other),) if other else submission_notes(submission.notes)
    )
    found = (*notes, *odd)
    return Report(
        student, assignment.name, zygote.isolation, seed, passed, found, tuple(exercises), submission.requests
    ), submission


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


def _in_turn(
    exercises: Sequence[GradedCell], earlier: dict[str, HelperAnswers], course: Course
) -> Iterator[GradedCell]:
    """In order, but last what comes after a mistake: it may need right functions, which nobody else may
    come upon.
    """
    later: dict[str, GradedCell] = {}
    for exercise in exercises:
        helpers = course.exercises[exercise.id].depends_on if exercise.id in course.exercises else ()
        if any(name in later or (name in earlier and not earlier[name].flawless) for name in helpers):
            later[exercise.id] = exercise
        else:
            yield exercise
    yield from later.values()


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


def _exercise(
    exercise: GradedCell,
    submission: Submission,
    shared: SharedChild,
    told: SharedChild,
    secret: ProbeVersion,
    seconds: float,
    earlier: dict[str, HelperAnswers],
    told_earlier: dict[str, HelperAnswers],
    course: Course,
) -> ExerciseReport:
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
    known = course.exercises[exercise.id]
    called = helpers_named(submission.cells, known.depends_on)
    judgement = _judged(known, called, shared, told, secret, seconds, earlier, told_earlier, course)
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


def _judged(
    exercise: Exercise,
    called: Sequence[str],
    shared: SharedChild,
    told: SharedChild,
    secret: ProbeVersion,
    seconds: float,
    earlier: dict[str, HelperAnswers],
    told_earlier: dict[str, HelperAnswers],
    course: Course,
) -> Judgement:
    """The judgement in words that may be shown."""
    end = time.monotonic() + seconds

    def left() -> float:
        return max(1.0, end - time.monotonic())

    @contextmanager
    def apart(child: SandboxChild, of: SharedChild) -> Iterator[SubstitutingCaller]:
        with ExitStack() as closing:
            yield IsolatedCaller(
                child, exercise.function, of.zygote, of.cells, left, closing, of.retire, of.public, of.asked
            )

    def judged(child: SandboxChild, used: bool) -> Verdict | None:
        with apart(child, shared) as call:
            if not used:
                return judge(
                    exercise, call, secret, earlier=earlier, exercises=course.exercises, called=called
                )
            return judge_if_flawless(
                exercise, call, secret, earlier=earlier, exercises=course.exercises, called=called
            )

    def judged_anew() -> Verdict:
        shared.close()
        child, _ = shared.open(left())
        with apart(child, shared) as call:
            return judge(
                exercise,
                call,
                secret,
                earlier=earlier,
                exercises=course.exercises,
                called=called,
                written_first=True,
            )

    def assessed(child: SandboxChild) -> Judgement:
        with apart(child, told) as call:
            verdict = judge(
                exercise,
                call,
                b"",
                public=True,
                earlier=told_earlier,
                exercises=course.exercises,
                called=called,
                written_first=True,
            )
        told_earlier[exercise.id] = verdict.helper_answers
        return explain_verdict(exercise, verdict, True, course)

    def publicly() -> Judgement:
        child, used = told.open(left())
        judgement = assessed(child)
        # Perhaps another exercise's doing
        if used and judgement.error is not None:
            told.close()
            child, _ = told.open(left())
            judgement = assessed(child)
        return judgement

    # What another exercise did to the process can make this one wrong, but not right.
    verdict = judged(*shared.open(seconds)) or judged_anew()
    earlier[exercise.id] = verdict.helper_answers
    return in_public_words(explain_verdict(exercise, verdict, course=course), publicly)
