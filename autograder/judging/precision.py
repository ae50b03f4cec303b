"""Are small errors rounding's, a habit's or a mistake's?

All answers of one partial-credit group are looked at together.

Between float64's bound and float32's only the pattern of the errors can tell: rounding goes up and down and
knows no neighbours, an epsilon is the same in every number, and what is added, left out or cut off shows as
a bias, a factor, a curve.
"""

from collections.abc import Sequence

import numpy as np

from autograder._language import _
from autograder.exercises.rounding import ROUTES, U64
from autograder.facts import Fact
from autograder.judging.comparison import EPSILON, NEARLY, LeafResult
from autograder.judging.systematic_errors import error_of, rounded_decimals, systematic

NOTE_SINGLE = Fact("float32")
NOTE_SINGLE_INPUTS = Fact("float32_inputs")
NOTE_NUMERIC = Fact("numeric")
NOTE_EPSILON = Fact("epsilon_in_log")
NOTE_EPSILON_BELOW = Fact("epsilon_below")


def settle(results: Sequence[LeafResult], small_apart: bool = False) -> tuple[bool, Fact | None, str]:
    """Is one group of compared arrays right as a whole? (passed, a note, what pattern spoke against it).

    small_apart: small numbers are asked in a part of their own: decimals rounded off cost that part alone.

    Inputs in float32 are there to tell differences, which have no digits left there, from what is right to
    the last digit: that alone may miss them.
    """
    if any(result.wrong for result in results):
        double = [result for result in results if not result.float32_inputs]
        if double and all(result.state == "right" for result in double):
            return True, NOTE_SINGLE_INPUTS, ""
        return False, None, ""
    off = [result for result in results if result.state != "right"]
    if not off:
        return True, None, ""
    place = one_epsilon(results)
    if place:
        return True, NOTE_EPSILON if place == "log" else NOTE_EPSILON_BELOW, ""
    if any(result.state == "epsilon" for result in off):
        return False, None, _("off by a little, and not by one epsilon")
    if small_apart and (decimals := rounded_decimals(results)):
        return True, Fact("rounded", (decimals,)), ""
    pattern = systematic(results)
    if pattern:
        return False, None, pattern
    worst = max(float(np.max(np.abs(error_of(r)) / np.maximum(r.leaf.error_units, 1e-290))) for r in off)
    narrow = sum(result.narrow for result in off) * 2 >= len(off)
    # A loss is no derivative.
    losses = all(r.leaf.expected.ndim == 0 for r in off)
    if narrow or worst > NEARLY * 10 or losses:
        return True, NOTE_SINGLE, ""
    return True, NOTE_NUMERIC, ""


def one_epsilon(results: Sequence[LeafResult]) -> str | None:
    """The place where one epsilon makes all numbers as much too small as they are, if there is one."""
    used = [r for r in results if not r.float32_inputs]
    if not used or not all(r.leaf.epsilons for r in used):
        return None
    less = -np.concatenate([error_of(r) for r in used], axis=None)
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
