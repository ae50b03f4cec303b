"""What is right in a part of each answer: a row, a column, all numbers up to a size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder._language import N_, _
from autograder.diagnosis.answer_arrays import AnswerArray
from autograder.diagnosis.closeness import CLOSE
from autograder.exercises.exercise import EXAMPLES

# arrays that must say so, and numbers in them
ENOUGH_ARRAYS = 2
ENOUGH_NUMBERS = 4
# of the largest entry: a line of smaller numbers may be right by chance
SMALL = 1e-3
COLUMNS, ROWS = 1, 0
ALONE = {
    (COLUMNS, 0): N_(
        "Only the first column is right: each column is an example, and all of them are asked for."
    ),
    (COLUMNS, -1): N_(
        "Only the last column is right: each column is an example, and all of them are asked for."
    ),
    (ROWS, 0): N_("Only the first row is right: each row is a unit, and all of them are asked for."),
    (ROWS, -1): N_("Only the last row is right: each row is a unit, and all of them are asked for."),
}
ALL_BUT = {
    (COLUMNS, 0): N_("Right except the first column: does your loop reach it?"),
    (COLUMNS, -1): N_("Right except the last column: does your loop reach it?"),
    (ROWS, 0): N_("Right except the first row: does your loop reach it?"),
    (ROWS, -1): N_("Right except the last row: does your loop reach it?"),
}


@dataclass(frozen=True, eq=False)
class Compared:
    """An answer and what was expected, of one shape; off: which entries differ by more than rounding."""

    answer: NDArray
    expected: NDArray
    off: NDArray
    shape: tuple[str | int, ...]

    @classmethod
    def of(cls, array: AnswerArray) -> "Compared":
        """An array of the answer beside the expected one, with the letters of its declared shape."""
        answer, expected = np.asarray(array.answer, float), np.asarray(array.expected, float)
        size = float(np.max(np.abs(expected), initial=0))
        off = np.asarray(~(np.abs(answer - expected) <= CLOSE * max(size, 1e-290)))
        return cls(answer, expected, off, array.result.shape)


def partly_right(wrong: Sequence[AnswerArray]) -> str | None:
    """One sentence on the part of each of these wrong answers that is right; None where there is none."""
    if not all(a.answer.shape == a.expected.shape and a.answer.dtype.kind in "fiub" for a in wrong):
        return None
    compared = list(map(Compared.of, wrong))
    return _cut_off(compared) or _lines(compared) or _decimals(compared)


def _cut_off(wrong: Sequence[Compared]) -> str | None:
    """Right between two numbers, and one of these wherever more was expected."""
    answers = np.concatenate([array.answer.ravel() for array in wrong])
    expected = np.concatenate([array.expected.ravel() for array in wrong])
    off = np.concatenate([array.off.ravel() for array in wrong])
    kept = ~off & (expected != 0)
    if not np.isfinite(answers).all() or min(off.sum(), kept.sum()) < ENOUGH_NUMBERS:
        return None
    if np.unique(expected[off]).size < ENOUGH_NUMBERS:
        # One number in another's place is no cap.
        return None
    bottom, top = float(answers.min()), float(answers.max())
    gap = np.abs(answers - np.clip(expected, bottom, top))[off]
    if not bottom < top or np.any(gap > CLOSE * max(abs(bottom), abs(top))):
        return None
    return _("Right up to a size, and cut off there: does your code clip?")


def _decimals(wrong: Sequence[Compared]) -> str | None:
    """The right numbers with their decimals cut off, or rounded to a few."""
    answers = np.concatenate([array.answer.ravel() for array in wrong])
    expected = np.concatenate([array.expected.ravel() for array in wrong])
    if np.unique(answers).size < ENOUGH_NUMBERS:
        return None
    if np.array_equal(answers, np.trunc(expected)):
        return _("Right but for the decimals, which are cut off: has one of your arrays the dtype int?")
    for digits in range(5):
        if np.array_equal(answers, np.round(expected, digits)):
            if not digits:
                return _("Right but for rounding: your numbers have no decimals. Don't round.")
            return _(
                "Right but for rounding: your numbers have {digits} decimals. Don't round.", digits=digits
            )
    return None


def _lines(wrong: Sequence[Compared]) -> str | None:
    """Only the first or last row or column is right, or all but that."""
    for axis in (COLUMNS, ROWS):
        found = [a for a in wrong if a.answer.ndim == 2 and a.answer.shape[axis] > 1]
        if len(found) < ENOUGH_ARRAYS or not all(_has_lines(array) for array in found):
            continue
        for place in (0, -1):
            if all(_alone(array, axis, place) for array in found):
                return _(ALONE[axis, place])
            longer = sum(array.answer.shape[axis] > 2 for array in found)
            if longer >= ENOUGH_ARRAYS and all(_all_but(array, axis, place) for array in found):
                return _(ALL_BUT[axis, place])
    return None


def _has_lines(array: Compared) -> bool:
    """Are its columns declared as examples, and its rows as something else?"""
    return len(array.shape) == 2 and array.shape[1] == EXAMPLES and array.shape[0] != 1


def _alone(array: Compared, axis: int, place: int) -> bool:
    """Is this line right, and of the others none that should hold more than small numbers?"""
    off = np.atleast_1d(array.off.any(axis=1 - axis))
    size = np.abs(array.expected)
    filled = np.atleast_1d((size > SMALL * size.max(initial=0)).any(axis=1 - axis))
    return not off[place] and bool(np.all(np.delete(off | ~filled, place)))


def _all_but(array: Compared, axis: int, place: int) -> bool:
    off = np.atleast_1d(array.off.any(axis=1 - axis))
    return bool(off[place]) and not np.delete(off, place).any()
