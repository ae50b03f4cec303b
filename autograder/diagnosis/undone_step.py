"""Answers to exercises that undo a step of the backward pass: of which wrong step would they be right?

What was handed out came of a right step from the right answer. From the student's answer it comes by a step
with a mistake in it, or what comes is the same but for a factor.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder._language import _
from autograder.diagnosis.derived_mistakes import DerivedMistake
from autograder.exercises.exercise import Exercise
from autograder.exercises.given_code import GivenCode
from autograder.exercises.graded.derived_step import DerivedStep
from autograder.judging.evidence import Evidence
from autograder.slips.catalogue import SLIP_FAMILIES
from autograder.slips.kinds import CLOSED_FORM, VALUE
from autograder.slips.sentences import KIND_OF, sentence
from autograder.slips.slip import Slip, TracedRun
from autograder.slips.stories import likelihood
from autograder.tracing.tape import NotTraceable, Tape
from autograder.trees import Array

# In proportion to an array's largest number
SAME_WITHIN = 1e-8
STEP_FAILURES = (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, np.linalg.LinAlgError)
# What may have been done to what was handed out, with an argument v, before the step was undone
SCALED: Mapping[str, Callable[[Array, Any], Array]] = {
    "{came} / {v}": lambda came, v: came / v,
    "{v} * {came}": lambda came, v: came * v,
    "{came} / {v}**2": lambda came, v: came / v**2,
    "{v}**2 * {came}": lambda came, v: came * v**2,
}


def undone_step(exercise: Exercise, cases: Sequence[Evidence]) -> tuple[DerivedMistake, ...]:
    """The mistake in the step that these answers undo, or nothing."""
    given = exercise.given_code
    if given is None or not _answers_fit(given, cases):
        return ()
    slip = _slip(given, cases)
    if slip is None:
        return ()
    words = sentence(slip.kind, slip.names, given.outcomes[:1], given=True)
    told = _(
        "Your {asked} would be right if `{came}` had been worked out with a mistake: {mistake}",
        asked=given.unknown,
        came=given.outcomes[0],
        mistake=words[:1].lower() + words[1:],
    )
    return (DerivedMistake.of_kind(KIND_OF[slip.kind], told, exercise.assignment),)


def scaled_before(exercise: Exercise, cases: Sequence[Evidence]) -> tuple[DerivedMistake, ...]:
    """What would have to stand for the one thing that was handed out, or nothing."""
    given = exercise.given_code
    if given is None or not _answers_fit(given, cases):
        return ()
    if not all(given.is_of_the_kind(e.answer, e.case.hidden["at"]) for e in cases):
        return ()
    words = _of_what_came(given, cases)
    told = _("Your {asked} would be right if {change}", asked=given.unknown, change=words)
    return (DerivedMistake.of_kind(VALUE, told, exercise.assignment),) if words else ()


def _answers_fit(given: GivenCode, cases: Sequence[Evidence]) -> bool:
    """Is a step undone here, and has every answer the shape of what is asked?"""
    return isinstance(given.used, DerivedStep) and all(
        np.shape(e.answer) == np.shape(e.case.hidden["at"][given.unknown]) for e in cases
    )


def _of_what_came(given: GivenCode, cases: Sequence[Evidence]) -> str:
    """What would have to stand for it, "" where nothing does."""
    if len(given.outcomes) != 1:
        return ""
    came = given.outcomes[0]
    found = [given.results(given.function, _with_answer(given, e))[0] for e in cases]
    if all(_alike(x, -e.case.hidden["came"][0]) for x, e in zip(found, cases, strict=True)):
        return _("`{came}` had a minus", came=came)
    for name in cases[0].case.hidden["at"]:
        for form, f in SCALED.items():
            if all(_is_scaled(x, e, name, f) for x, e in zip(found, cases, strict=True)):
                text = form.format(came=came, v=name)
                return _("`{text}` stood for `{came}`", text=text, came=came)
    return ""


def _is_scaled(found: Array, e: Evidence, name: str, f: Callable[[Array, Any], Array]) -> bool:
    value, (came, *_rest) = e.case.hidden["at"][name], e.case.hidden["came"]
    if np.ndim(value) not in (0, np.ndim(came)):
        return False
    try:
        with np.errstate(all="ignore"):
            wanted = f(came, value)
    except ValueError:
        return False
    return _alike(found, wanted)


def _with_answer(given: GivenCode, e: Evidence) -> dict[str, Any]:
    return {**e.case.hidden["at"], given.unknown: np.asarray(e.answer, dtype=float)}


def _slip(given: GivenCode, cases: Sequence[Evidence]) -> Slip | None:
    """The likeliest slip of the step with which what was handed out comes of the answers."""
    step = given.used
    assert isinstance(step, DerivedStep)
    runs = []
    for e in cases:
        at, coming = step.divided(_with_answer(given, e))
        try:
            runs.append((step.traced(given.function, at)[0], coming, slopes_of(given, e)))
        except NotTraceable:
            return None
    of_the_kind = all(given.is_of_the_kind(e.answer, e.case.hidden["at"]) for e in cases)
    for slip in _slips(given, step, cases[0]):
        # A wrong softmax spoils the sums too.
        if not of_the_kind and KIND_OF[slip.kind] is not CLOSED_FORM:
            continue
        if all(_gives(step, slip, *run, e) for run, e in zip(runs, cases, strict=True)):
            return slip
    return None


def _slips(given: GivenCode, step: DerivedStep, e: Evidence) -> tuple[Slip, ...]:
    at, _coming = step.divided(e.case.hidden["at"])
    tape, author = step.traced(given.function, at)
    run = TracedRun(tape, author, step.by)
    found = [slip for family in SLIP_FAMILIES for slip in family.slips(run)]
    return tuple(sorted(found, key=lambda slip: (slip.rank, likelihood(slip))))


def _gives(
    step: DerivedStep, slip: Slip, tape: Tape, coming: Sequence[Any], slopes: Array, e: Evidence
) -> bool:
    with np.errstate(all="ignore"):
        try:
            found = step.gradients(tape, coming, slip.exchange(tape))
        except STEP_FAILURES:
            return False
    return agrees(found[0], e.case.hidden["came"][0], np.shape(e.answer), slopes)


def slopes_of(given: GivenCode, e: Evidence) -> Array:
    """What 1 more in every entry of the answer changes in what was handed out first: 0 in a unit that has
    no part.
    """
    at = e.case.hidden["at"]
    more = {**at, given.unknown: at[given.unknown] + 1.0}
    return np.asarray(given.results(given.function, more)[0] - given.results(given.function, at)[0])


def agrees(found: Any, came: Array, asked: tuple[int, ...], slopes: Array) -> bool:
    """Is what comes of an answer what was handed out?

    Where that holds more numbers than are asked, one unit's are enough to find them, or all, weighed by
    their slopes.
    """
    if np.shape(found) != came.shape:
        return False
    if _alike(found, came):
        return True
    if len(asked) != 2 or came.ndim != 2 or came.size <= int(np.prod(asked)):
        return False
    return any(_one_unit_agrees(np.asarray(found), came, slopes, 1 - i) for i in (0, 1) if asked[i] == 1)


def _one_unit_agrees(found: Array, came: Array, slopes: Array, axis: int) -> bool:
    off = np.abs(found - came) <= SAME_WITHIN * np.max(np.abs(came))
    has_part = np.all(np.abs(slopes) > 0, axis=1 - axis)
    if np.any(np.all(off, axis=1 - axis) & has_part):
        return True
    weighed = np.sum((found - came) * slopes, axis=axis)
    return bool(np.max(np.abs(weighed)) <= SAME_WITHIN * np.max(np.abs(came)) * np.max(np.abs(slopes)))


def _alike(a: Any, b: Any) -> bool:
    if np.shape(a) != np.shape(b) or not np.isfinite(a).all() or not np.isfinite(b).all():
        return False
    return bool(np.max(np.abs(a - b), initial=0) <= SAME_WITHIN * np.max(np.abs(b), initial=1e-30))
