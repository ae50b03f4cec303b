"""Gradients without calculus, with an estimate of their error (chapters 4 and 9)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def central_difference(f: Callable[[NDArray], float], theta: NDArray, h: float = 1e-5) -> NDArray:
    """(f(theta + h e_i) - f(theta - h e_i)) / 2h for every entry i of theta; theta's shape (eq. 9.1)."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[i] = h
        gradient[i] = (f(theta + step) - f(theta - step)) / (2 * h)  # (9.1)
    return gradient


def finite_difference(
    f: Callable[[NDArray], float], theta: NDArray, h: float = 0.1
) -> tuple[NDArray, NDArray]:
    """The gradient of f at theta and an estimate of its error, both of theta's shape (eq. 9.2).

    Ridders' method: central differences at h, h/1.4, h/1.4^2 ... are extrapolated to h = 0, and the value
    wins that agrees best with its neighbours. The estimate is their gap. It is not a bound: where f has a
    kink within h, or turns more quickly than h resolves, the error can be a hundred times as large.
    """
    shrink, rows = 1.4, 12
    # A value of f is off by about u (1 + |f|), u = eps/2, and the extrapolation multiplies that by at most 9,
    # the product of all (shrink^2j + 1)/(shrink^2j - 1). 16 u leaves some room for an f of many operations.
    rounding = 8 * np.finfo(float).eps * (1 + abs(f(theta)))
    table = np.zeros((rows, rows, *theta.shape))
    best, error = np.zeros(theta.shape), np.full(theta.shape, np.inf)
    for i in range(rows):
        table[i, 0] = central_difference(f, theta, h / shrink**i)
        for j in range(1, i + 1):
            weight = shrink ** (2 * j)
            table[i, j] = (weight * table[i, j - 1] - table[i - 1, j - 1]) / (weight - 1)  # (9.2)
            gap = np.maximum(np.abs(table[i, j] - table[i, j - 1]), np.abs(table[i, j] - table[i - 1, j - 1]))
            # No value is better than the rounding of the differences that it is made of.
            gap = np.maximum(gap, rounding * shrink**i / h)
            best = np.where(gap < error, table[i, j], best)
            error = np.minimum(gap, error)
    return best, error
