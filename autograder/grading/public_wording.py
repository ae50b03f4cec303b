"""A judgement retold with public numbers: what a student's process says while it holds the hidden ones goes nowhere.

An error's text, a type's name, a shape or a factor can carry what the process was given. So where a judgement has such
words, the exercise is judged again in a new process on the public numbers, and the words are taken from there. The
verdict stays.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from autograder.course.own_exercises import BOOK, Course
from autograder.diagnosis.assess import Judgement, assess
from autograder.exercises.exercise import Exercise
from autograder.judging.comparison import Check
from autograder.sandbox.calls import CallError, SubstitutingCaller

ONLY_HERE = "on the numbers of the grading, not on the public ones"
OURS = ("timeout", "missing")  # errors that the grader puts into its own words


def retold(
    judgement: Judgement,
    exercise: Exercise,
    again: Callable[[], AbstractContextManager[SubstitutingCaller]],
    course: Course = BOOK,
) -> Judgement:
    """The same verdict in words that depend on public numbers only; again() opens a new child for the public calls."""
    error = judgement.error
    if error is not None and error.kind in OURS:
        return judgement
    if error is None and judgement.pattern is None and not any(map(_theirs, judgement.checks)):
        return judgement
    with again() as call:
        public = assess(exercise, call, b"", public=True, course=course)
    said = {check.name: check.message for check in public.checks if not check.passed}
    if error is not None:
        alike = public.error is not None and public.error.kind == error.kind
        error = public.error if alike else CallError(error.kind, f"an error {ONLY_HERE}")
    return replace(
        judgement,
        checks=tuple(_reworded(check, said) for check in judgement.checks),
        pattern=public.pattern if judgement.pattern else None,
        error=error,
    )


def _theirs(check: Check) -> bool:
    """Has the message words, numbers or shapes of the student's making?"""
    return not check.passed and (
        check.name in ("runs", "shape and dtype") or check.message.startswith("raised ")
    )


def _reworded(check: Check, said: dict[str, str]) -> Check:
    if not _theirs(check):
        return check
    what = "another shape or type than expected" if check.name == "shape and dtype" else "an error"
    return replace(check, message=said.get(check.name) or said.get("runs") or f"{what} {ONLY_HERE}")
