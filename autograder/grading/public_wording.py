"""A judgement told again with public numbers: what a student's process says while it holds the hidden ones
goes nowhere.

An error's text, a type's name, a shape or a factor can carry what the process was given. So where a
judgement has such words, the exercise is judged again in a new process on the public numbers, and the words
are taken from there. The verdict stays.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from autograder.course.own_exercises import BOOK, Course
from autograder.diagnosis.assess import Judgement, assess
from autograder.exercises.exercise import Exercise
from autograder.facts import Fact
from autograder.judging.comparison import Check
from autograder.sandbox.calls import CallError, SubstitutingCaller

# Kinds of errors that the grader puts into its own words
GRADERS_OWN = ("timeout", "missing")


def in_public_words(
    judgement: Judgement,
    exercise: Exercise,
    again: Callable[[], AbstractContextManager[SubstitutingCaller]],
    course: Course = BOOK,
) -> Judgement:
    """The same verdict with what was found on public numbers only; again() opens a new child for the public
    calls.
    """
    error = judgement.error
    if error is not None and error.kind in GRADERS_OWN:
        return judgement
    if error is None and judgement.pattern is None and not any(map(_is_students, judgement.checks)):
        return judgement
    with again() as call:
        public = assess(exercise, call, b"", public=True, course=course)
    found: dict[tuple[str, str], Check] = {
        (check.kind, check.part): check for check in public.checks if not check.passed
    }
    alike = error is not None and public.error is not None and public.error.kind == error.kind
    if error is not None:
        error = public.error if alike else CallError(error.kind, "", withheld=True)
    return replace(
        judgement,
        checks=tuple(_reworded(check, found, error) for check in judgement.checks),
        pattern=public.pattern if judgement.pattern else None,
        error=error,
        unwritten=public.unwritten if alike else None,
    )


def _is_students(check: Check) -> bool:
    """Has what was found words, numbers or shapes of the student's making?"""
    if check.found is None:
        return False
    return check.kind in ("runs", "shape") or check.found.kind == "raised"


def _reworded(check: Check, public: Mapping[tuple[str, str], Check], error: CallError | None) -> Check:
    if not _is_students(check):
        return check
    same = public.get((check.kind, check.part)) or public.get(("runs", ""))
    if same is not None:
        return replace(check, found=same.found, case=same.case)
    if check.kind == "shape":
        return replace(check, found=Fact("other_form"), case="")
    withheld = CallError(error.kind if error is not None else "exception", "", withheld=True)
    return replace(check, found=Fact("raised", (withheld,)), case="")
