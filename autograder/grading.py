"""One submission to one Report: read, run behind the wall, judge on this side of it.

Every exercise gets a child process of its own, so that a crash, a loop or a full memory costs that exercise alone.
"""

import contextlib
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from autograder.assignment import Assignment, GradedCell
from autograder.cases import Caller, Outcome, Value, call_each, call_held
from autograder.exercises import EXERCISES
from autograder.follow_through import Known
from autograder.judge import judge
from autograder.magics import plain_python
from autograder.notebook import NotebookError
from autograder.replacement import replacement_cell
from autograder.report import ExerciseReport, Report, Status, plain
from autograder.retold import retold
from autograder.submission import Submission, read_submission

SECONDS = 10.0  # an exercise's wall-clock time
UNWRITTEN = "not written yet: the cell is as it was released"


class Child(Caller, Protocol):
    """The student's functions, loaded and callable. load_errors: (index of the cell, what went wrong)."""

    @property
    def load_errors(self) -> Sequence[tuple[int, str]]: ...


class Zygote(Protocol):
    """Makes a child that loads cells; `seconds` bounds its whole life."""

    @property
    def isolation(self) -> Literal["strong", "none"]: ...

    def child(
        self, cells: Sequence[str], *, seconds: float, after: Sequence[str] = ()
    ) -> AbstractContextManager[Child]: ...


class Apart:
    """Calls the exercise's function in its child, and the student's earlier functions in another.

    What they do by themselves must depend on nothing that the exercise's function has seen.
    """

    def __init__(
        self, child: Child, function: str, zygote: Zygote, cells: Sequence[str], seconds: float,
        closing: contextlib.ExitStack,
    ) -> None:  # fmt: skip
        self.child, self.function, self.closing = child, function, closing
        self.zygote, self.cells = zygote, cells
        self.end = time.monotonic() + seconds
        self.other: Child | None = None

    def seconds_left(self) -> float:
        """Of the exercise's time, but a moment at least."""
        return max(1.0, self.end - time.monotonic())

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome:
        return self.each(name, [args])[0]

    def each(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        return call_each(self._child_of(name), name, many)

    def held(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        return call_held(self._child_of(name), name, many)

    def instead(self, functions: Mapping[str, Callable[..., Any]]) -> Caller:
        """A new child whose notebook has these functions in the place of its own."""
        return self._new((replacement_cell(functions),))

    def _child_of(self, name: str) -> Child:
        if name == self.function:
            return self.child
        if self.other is None:
            self.other = self._new()
        return self.other

    def _new(self, after: Sequence[str] = ()) -> Child:
        child = self.zygote.child(self.cells, seconds=self.seconds_left(), after=after)
        return self.closing.enter_context(child)


def submission_seed(course_seed: str, student: str, assignment: str) -> bytes:
    """HMAC-SHA256(course seed, student NUL assignment): nobody's probes tell anything of another's."""
    return hmac.new(course_seed.encode(), f"{student}\0{assignment}".encode(), hashlib.sha256).digest()


def grade(
    assignment: Assignment,
    data: bytes | None,
    *,
    student: str,
    seed: str,
    zygote: Zygote,
    seconds: float = SECONDS,
    notes: Sequence[str] = (),
    error: str | None = None,
    status: Literal["missing", "ungradable"] = "missing",
) -> tuple[Report, Submission | None]:
    """Grade a submission's bytes; None where there are none, for the reason in error, with that status.

    The Submission is what was read, None if there was nothing to read. Raises nothing for bad submissions: a
    notebook that can't be read has every exercise "ungradable", and a note that says why.
    """
    start = time.perf_counter()
    try:
        if data is None:
            raise NotebookError("unreadable", error or "nothing was handed in")
        submission = read_submission(assignment, data)
    except NotebookError as unreadable:
        kind: Status = "ungradable" if data is not None else status
        report = without_grade(
            assignment, kind, str(unreadable), student=student, seed=seed,
            isolation=zygote.isolation, notes=notes,
        )  # fmt: skip
        return report, None
    cells, busy = plain_python([cell.source for cell in submission.cells])
    secret = submission_seed(seed, student, assignment.name)
    known: Known = {}
    exercises = [
        _exercise(exercise, submission, cells, secret, zygote, seconds, known)
        for exercise in assignment.exercises
    ]
    passed = round(time.perf_counter() - start, 3)
    found = (*notes, *submission.notes, *busy)
    return Report(
        student, assignment.name, zygote.isolation, seed, passed, found, tuple(exercises)
    ), submission


def without_grade(
    assignment: Assignment,
    status: Status,
    reason: str,
    *,
    student: str,
    seed: str,
    isolation: Literal["strong", "none"],
    notes: Sequence[str] = (),
) -> Report:
    """A report with the same status and reason for every exercise, and the reason as its last note."""
    exercises = tuple(ExerciseReport(e.id, 0.0, e.points, status, reason) for e in assignment.exercises)
    return Report(student, assignment.name, isolation, seed, 0.0, (*notes, reason), exercises)


def _exercise(
    exercise: GradedCell,
    submission: Submission,
    cells: Sequence[str],
    secret: bytes,
    zygote: Zygote,
    seconds: float,
    known: Known,
) -> ExerciseReport:
    def without(status: Status, reason: str) -> ExerciseReport:
        return ExerciseReport(exercise.id, 0.0, exercise.points, status, reason)

    if exercise.manual:
        blank = exercise.id in submission.untouched or not submission.essays.get(exercise.id, "").strip()
        return without("manual", "no answer was written" if blank else "to be graded by hand")
    if exercise.id not in EXERCISES:
        return without("manual", "the grader knows no exercise of this name: to be graded by hand")
    if exercise.id in submission.untouched:
        missing = f"the cell {exercise.id}_solution is missing" in submission.notes
        return without("missing", "the cell is missing") if missing else without("not_run", UNWRITTEN)
    with zygote.child(cells, seconds=seconds) as child, contextlib.ExitStack() as closing:
        call = Apart(child, EXERCISES[exercise.id].function, zygote, cells, seconds, closing)
        judgement = judge(EXERCISES[exercise.id], call, secret, known=known)
        loading = dict(child.load_errors)
    judgement = retold(
        judgement, EXERCISES[exercise.id], lambda: zygote.child(cells, seconds=call.seconds_left())
    )
    status: Status = judgement.status
    reason = plain(judgement.error.message) if judgement.error is not None and status != "graded" else ""
    if status == "crashed" and reason.startswith("NotImplementedError"):
        status, reason = "not_run", "not written yet: it raises NotImplementedError"
    if status == "missing":  # because its cell did not run, or because nothing defines it?
        for place, cell in enumerate(submission.cells):
            if cell.grade_id == f"{exercise.id}_solution" and place in loading:
                status, reason = "not_run", f"its cell does not run: {plain(loading[place])}"
    score = round(exercise.points * judgement.fraction, 9)
    return ExerciseReport(exercise.id, score, exercise.points, status, reason, judgement)
