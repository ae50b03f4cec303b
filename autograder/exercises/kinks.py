"""The slopes on either side of a point: at a kink they differ, and any number in between is right."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.trees import Array

STEPS_HALVED = 8
# The longest step.
FIRST_DISTANCE = 0.1


def one_sided_slopes(f: Callable[[Array], Any], at: Array, side: int) -> tuple[Array, Array]:
    """The slope of f along each entry on one side, and an estimate of its error; both of the shape of at.

    side is 1 (above) or -1 (below). The error of differences at steps h, h/2, h/4 ... has every power of h in
    it; these are extrapolated to h = 0, and the estimate wins that agrees best with its neighbours in the
    table.
    """
    here = float(np.real(f(at)))
    rounding = 8 * np.finfo(float).eps * (1 + abs(here))
    best, error = np.zeros(at.shape), np.full(at.shape, np.inf)
    for i in np.ndindex(at.shape):
        above: list[float] = []
        for halving in range(STEPS_HALVED):
            step = side * FIRST_DISTANCE / 2**halving
            moved = at.astype(float)
            moved[i] += step
            row = [(float(np.real(f(moved))) - here) / step]
            for j in range(1, halving + 1):
                row.append((2**j * row[j - 1] - above[j - 1]) / (2**j - 1))
                gap = max(abs(row[j] - row[j - 1]), abs(row[j] - above[j - 1]), rounding / abs(step))
                if gap < error[i]:
                    best[i], error[i] = row[j], gap
            above = row
    return best, error


def slopes_on_both_sides(f: Callable[[Array], Any], at: Array) -> tuple[Array, Array, Array]:
    """The slope below each entry of at, how much larger the one above is (0 where there is no kink), and the
    error estimated of both; all of at's shape.
    """
    (below, error_below), (above, error_above) = (one_sided_slopes(f, at, side) for side in (-1, 1))
    error = error_below + error_above
    jump = above - below
    return below, np.where(np.abs(jump) > 10 * error + 1e-6 * np.maximum(1, np.abs(below)), jump, 0.0), error
