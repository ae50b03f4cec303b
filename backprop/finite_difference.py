"""Gradients without calculus, and how far to trust them (chapters 4 and 9)."""

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
    """The gradient of f at theta and a bound of its own error, both of theta's shape (eq. 9.2).

    Ridders' method: central differences at h, h/1.4, h/1.4^2 ... are extrapolated to h = 0, and the estimate
    that agrees best with its neighbours wins. Near a kink the error stays large: then the answer is not to be trusted.
    """
    shrink, rows = 1.4, 12
    # What one value of f may be off by; the extrapolation's weights (shrink^2j + 1)/(shrink^2j - 1) multiply to 8.
    rounding = 8 * np.finfo(float).eps * (1 + abs(f(theta)))
    table = np.zeros((rows, rows, *theta.shape))
    best, error = np.zeros(theta.shape), np.full(theta.shape, np.inf)
    for i in range(rows):
        table[i, 0] = central_difference(f, theta, h / shrink**i)
        for j in range(1, i + 1):
            weight = shrink ** (2 * j)
            table[i, j] = (weight * table[i, j - 1] - table[i - 1, j - 1]) / (weight - 1)  # (9.2)
            gap = np.maximum(np.abs(table[i, j] - table[i, j - 1]), np.abs(table[i, j] - table[i - 1, j - 1]))
            gap = np.maximum(
                gap, rounding * shrink**i / h
            )  # no estimate is better than its differences' rounding
            best = np.where(gap < error, table[i, j], best)
            error = np.minimum(gap, error)
    return best, error
