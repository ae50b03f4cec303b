"""Are small errors rounding's, a habit's or a mistake's? All answers of one partial-credit group are looked at together.

Between float64's bound and float32's only the pattern of the errors can tell: rounding goes up and down and knows no
neighbours, an epsilon is the same in every number, and what is added, left out or cut off shows as a bias, a factor, a curve.
"""

from collections.abc import Sequence

import numpy as np

from autograder.exercises.rounding import ROUTES, U32, U64
from autograder.judging.comparison import EPSILON, NEARLY, Array, LeafResult

ONE_SIDED = 20  # errors of one sign that are no chance: rounding goes up and down
SEVENTH = "right to six or seven digits only, and not by rounding: something small is added, or left out"

NOTE_SINGLE = "Computed in float32: right to its seven digits."
NOTE_SINGLE_INPUTS = "Right in float64, but not for inputs in float32: not counted."
NOTE_NUMERIC = (
    "The numbers are off in the 9th to 14th digit: this looks numerically differentiated, not derived."
)
NOTE_EPSILON = "A small epsilon inside the logarithm shifts the loss a little; from the logits you need none."
NOTE_EPSILON_BELOW = (
    "A small epsilon below the fraction takes a little off every number: with the largest z of each column "
    "taken off first the sum is at least 1 and needs none."
)


def settle(results: Sequence[LeafResult]) -> tuple[bool, str | None, str]:
    """Whether one group of compared arrays is right as a whole: (passed, a note, what pattern spoke against it).

    Inputs in float32 are there to tell differences, which have no digits left there, from what is right to the last
    digit: that alone may miss them.
    """
    if any(result.wrong for result in results):
        double = [result for result in results if not result.single]
        if double and all(result.state == "right" for result in double):
            return True, NOTE_SINGLE_INPUTS, ""
        return False, None, ""
    off = [result for result in results if result.state != "right"]
    if not off:
        return True, None, ""
    place = _one_epsilon(results)
    if place:
        return True, NOTE_EPSILON if place == "log" else NOTE_EPSILON_BELOW, ""
    if any(result.state == "epsilon" for result in off):
        return False, None, "off by a little, and not by one epsilon"
    pattern = systematic(results)
    if pattern:
        return False, None, pattern
    worst = max(float(np.max(np.abs(_error(r)) / np.maximum(r.leaf.error_units, 1e-290))) for r in off)
    narrow = sum(result.narrow for result in off) * 2 >= len(off)
    if (
        narrow or worst > NEARLY * 10 or all(r.leaf.expected.ndim == 0 for r in off)
    ):  # a loss is no derivative
        return True, NOTE_SINGLE, ""
    return True, NOTE_NUMERIC, ""


def _error(result: LeafResult) -> Array:
    return result.error if result.error is not None else np.zeros(result.leaf.expected.shape)


def _one_epsilon(results: Sequence[LeafResult]) -> str | None:
    """The place where one and the same epsilon makes all numbers as much too small as they are, if there is one."""
    used = [r for r in results if not r.single]
    if not used or not all(r.leaf.epsilons for r in used):
        return None
    less = -np.concatenate([_error(r) for r in used], axis=None)
    bound = ROUTES * U64 * np.concatenate([r.leaf.error_units for r in used], axis=None)
    top = int(np.argmax(less / (bound + 1e-300)))
    for place in used[0].leaf.epsilons:
        slope = np.concatenate([r.leaf.epsilons[place] for r in used], axis=None)
        with np.errstate(all="ignore"):
            epsilon = less[top] / slope[top]
            fits = np.abs(less - epsilon * slope) <= 0.06 * epsilon * slope + 2 * bound
        if 0 < epsilon <= EPSILON and fits.all():
            return place
    return None


def systematic(results: Sequence[LeafResult]) -> str:
    """Why errors below float32's bound are no rounding: a bias, a factor, few entries, decimals. "" if they may be."""
    off = [r for r in results if r.state == "gap"]
    narrow = sum(r.narrow for r in off) * 2 >= len(off)
    error = np.concatenate([_error(r).ravel() for r in off])
    expected = np.concatenate([r.leaf.expected.ravel() for r in off])
    units = np.concatenate([r.leaf.error_units.ravel() for r in off])
    answer = expected + error
    live = units > 0
    error, expected, units, answer = error[live], expected[live], units[live], answer[live]
    beyond = np.abs(error) > ROUTES * U64 * units
    # Rounding to float32 leaves 0, 1 and saturated entries alone; of the others it spares few.
    rounds = (expected != expected.astype(np.float32)) & (np.abs(expected) > 1e-6 * units)
    few = beyond[rounds].sum() < 0.25 * rounds.sum() or not beyond[rounds].any()
    if not narrow and beyond.size >= 8 and few:
        return "only a few entries are off, by a little"
    if answer.size >= 4:
        for digits in range(3, 10):
            grid = answer * 10.0**digits
            if (np.abs(grid - np.rint(grid)) < 1e-5).all():
                return f"the numbers were rounded to {digits} decimals"
    # Rounding errors of float32 may share a factor (1/m rounded once) or a bias of a few units, not more.
    spare = 8 * U32 if narrow else 0.0
    weight = 1 / np.maximum(units, 1e-100)
    if error.size >= 3:
        for shape, name, unit in (
            (np.ones(error.shape), "the same amount is added everywhere", float(np.median(units)) / 8),
            (expected, "every entry is off by the same tiny factor", 1.0),
        ):
            for w in (np.ones(error.shape), weight):
                x, y = error * w, shape * w
                top, bottom = float(x @ y), float((x @ x) * (y @ y))
                # Where one entry is far larger than the others, its error alone is a multiple of it.
                weighty = float(y @ y) ** 2 / max(float((y * y) @ (y * y)), 1e-290)
                if (
                    weighty >= min(5.0, 0.7 * y.size)
                    and bottom > 0
                    and top * top > 0.98 * bottom
                    and abs(top / float(y @ y)) > spare * unit
                ):
                    return name
    seen = beyond & (expected != 0)
    signs = np.sign(error * expected)[seen]
    # Equal numbers are rounded alike: it is the different ones that count.
    if (
        not narrow
        and signs.size
        and abs(float(signs.sum())) == signs.size
        and np.unique(expected[seen]).size >= ONE_SIDED
    ):
        return "every number is a little too large" if signs[0] > 0 else "every number is a little too small"
    relative = np.abs(error) * weight
    if not narrow and float(relative.max()) > NEARLY:
        # float64 numbers with float32's errors: a part was computed in float32 (small, at random), or a small
        # amount was added inside a formula (larger, or a smooth function of the answer).
        if float(relative.max()) > U32 or float(np.median(relative)) > 0.25 * U32:
            return SEVENTH
        if np.unique(expected).size >= 8 and _quadratic(error * weight, expected, weight):
            return SEVENTH
        if _smooth(off):
            return SEVENTH
    return ""


def _quadratic(error: Array, expected: Array, weight: Array) -> bool:
    """Are the weighted errors a quadratic function of the answer, but for a fiftieth of their energy?"""
    r = expected / max(float(np.max(np.abs(expected))), 1e-290)
    basis = np.stack([weight, r * weight, r * r * weight], axis=1)
    fit = basis @ np.linalg.lstsq(basis, error, rcond=None)[0]
    return float(np.sum((error - fit) ** 2)) < 0.02 * float(np.sum(error**2))


def _smooth(results: Sequence[LeafResult]) -> bool:
    """Are the errors a smooth function of the answer, or of z? Rounding's are not: neighbours differ like strangers.

    Not so in a product such as dW, where a whole row shares the rounding of its delta.
    """
    inputs = [r.leaf.pointwise.ravel() for r in results if r.leaf.pointwise is not None]
    if len(inputs) < len(results):
        return False
    expected = np.concatenate([r.leaf.expected.ravel() for r in results])
    units = np.concatenate([r.leaf.error_units.ravel() for r in results])
    error = np.concatenate([_error(r).ravel() for r in results]) / np.maximum(units, 1e-100)
    if np.count_nonzero(error) < 30:
        return False
    energy = float(np.sum(error**2))

    def ratio(along: Array) -> float:  # von Neumann's: 1 for noise, 0 for a curve
        return float(np.sum(np.diff(error[np.argsort(along, kind="stable")]) ** 2)) / (2 * energy)

    return min(ratio(expected), ratio(np.concatenate(inputs))) < 0.2
