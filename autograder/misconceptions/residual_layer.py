"""The stated residual layer, a = tanh(z) + a_prev (eq. 6.2), with one thing changed; d is delta_a."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.misconceptions.slots import WrongFormula


def slope(z: Any) -> Any:
    """tanh'(z)."""
    return 1 - np.tanh(z) ** 2


def right_delta(W: Any, z: Any, d: Any) -> tuple[Any, Any]:
    """(delta_z, delta_a_prev) of the layer."""
    delta_z = d * slope(z)
    return delta_z, W.T @ delta_z + d


def with_delta_z(delta_z: Callable[[Any, Any], Any]) -> WrongFormula:
    """Another delta_z(z, d), and what follows from it for delta_a_prev."""

    def wrong(W: Any, z: Any, d: Any) -> tuple[Any, Any]:
        return delta_z(z, d), W.T @ delta_z(z, d) + d

    wrong.delta_z = delta_z  # type: ignore[attr-defined]
    return wrong


def with_slope(other: Callable[[Any], Any]) -> WrongFormula:
    """Another tanh'(z), and what follows from it."""
    return with_delta_z(lambda z, d: d * other(z))


def with_back(back: Callable[[Any, Any], Any]) -> WrongFormula:
    """Another way back through the weights: back(W, delta_z) stands for W^T delta_z."""

    def wrong(W: Any, z: Any, d: Any) -> tuple[Any, Any]:
        return d * slope(z), back(W, d * slope(z)) + d

    wrong.back = back  # type: ignore[attr-defined]
    return wrong


def with_both(one: WrongFormula, other: WrongFormula) -> WrongFormula:
    """Another delta_z as in one (see with_delta_z), and another way back as in other (see with_back)."""
    delta_z, back = one.delta_z, other.back  # type: ignore[attr-defined]
    return lambda W, z, d: (delta_z(z, d), back(W, delta_z(z, d)) + d)


def delta_times(factor: Callable[[Any], Any]) -> tuple[WrongFormula, ...]:
    """Both answers times factor(z), or delta_z alone, which delta_a_prev inherits."""

    def both(W: Any, z: Any, d: Any) -> tuple[Any, Any]:
        delta_z, delta_a_prev = right_delta(W, z, d)
        return factor(z) * delta_z, factor(z) * delta_a_prev

    return both, with_delta_z(lambda z, d: factor(z) * d * slope(z))
