"""Where no formula gives the numbers: are they another curve than sigmoid, another quotient than softmax?"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.diagnosis.closeness import CLOSE
from autograder.exercises.exercise import Exercise
from autograder.judging.evidence import Evidence
from autograder.misconceptions.forward import AnotherCurveForSigmoid, WrongSoftmaxQuotient
from autograder.misconceptions.misconception import Misconception

# The ups and downs of a curve, added up, in ranges of its values: it may rise and fall once, a mixture does
# both all the time.
STEADY = 2.5
# Of the largest right number: one is this far off at least, or it may be rounding.
CLEARLY_OFF, ROUNDED = 1e-2, 1e-4
FEWEST_NUMBERS = 12

# z, the answer and what is right, all of one shape and finite.
Compared3 = tuple[NDArray, NDArray, NDArray]


def another_function(exercise: Exercise, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The code of the entry that says so, where it is true of all answers; () otherwise."""
    entry, claim = next(
        ((entry, claim) for entry, claim in CLAIMED.items() if exercise.id in entry.formulas), (None, None)
    )
    if entry is None or claim is None:
        return ()
    found = [_compared(e) for e in evidence if "extreme" not in e.case.tags]
    told = [numbers for numbers in found if numbers is not None]
    if len(told) < len(found) or sum(z.size for z, _, _ in told) < FEWEST_NUMBERS:
        return ()
    # At z = 0, or for a single unit, another function may be right.
    off = [_off(numbers) for numbers in told]
    mostly = 2 * sum(each > ROUNDED for each in off) > len(off)
    return (entry.code,) if mostly and max(off) > CLEARLY_OFF and claim(told) else ()


def _compared(e: Evidence) -> Compared3 | None:
    if e.error is not None:
        return None
    z, answer, right = (np.asarray(value) for value in (e.case.args[0], e.answer, e.expected))
    if answer.dtype.kind not in "fiub" or not z.shape == answer.shape == right.shape:
        return None
    return (z, answer.astype(float), right) if np.isfinite(answer).all() else None


def _off(numbers: Compared3) -> float:
    """How far the farthest number is off, beside the largest right one."""
    _, answer, right = numbers
    return float(np.max(np.abs(answer - right)) / max(float(np.max(np.abs(right), initial=0)), 1e-290))


def _is_a_curve(told: Sequence[Compared3]) -> bool:
    """Does the answer follow z alone, entry by entry, without jumping to and fro?"""
    z = np.concatenate([z.ravel() for z, _, _ in told]).astype(float)
    a = np.concatenate([a.ravel() for _, a, _ in told])
    order = np.argsort(z, kind="stable")
    steps, span = np.abs(np.diff(a[order])), float(a.max() - a.min())
    same_z = np.diff(z[order]) == 0
    follows = not np.any(steps[same_z] > CLOSE * span)
    return follows and span > 0 and float(steps.sum()) <= STEADY * span


def _keeps_order(told: Sequence[Compared3]) -> bool:
    """Do the numbers of every column stand in the order of its logits, and not all alike?"""
    steps = [
        np.diff(np.take_along_axis(a, np.argsort(z, axis=0, kind="stable"), axis=0), axis=0)
        for z, a, _ in told
    ]
    return not any(np.any(s < 0) for s in steps) and any(s.any() for s in steps)


CLAIMED: dict[type[Misconception], Callable[[Sequence[Compared3]], bool]] = {
    AnotherCurveForSigmoid: _is_a_curve,
    WrongSoftmaxQuotient: _keeps_order,
}
