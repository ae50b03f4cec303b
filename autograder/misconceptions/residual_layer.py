"""The mistakes of Steps 1 and 2 as they show in the stated residual layer, a = tanh(z) + a_prev (eq. 6.2)."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.misconceptions.misconception import WrongFormula
from autograder.misconceptions.step_2 import SHARES
from backprop import sigmoid


def right(W: Any, z: Any, d: Any) -> tuple[Any, Any]:
    """(delta_z, delta_a_prev) of the layer; d is delta_a."""
    delta_z = d * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z + d


def through(delta_z: Callable[[Any, Any], Any]) -> WrongFormula:
    """Another delta_z(z, d), and what follows from it for delta_a_prev."""

    def wrong(W: Any, z: Any, d: Any) -> tuple[Any, Any]:
        return delta_z(z, d), W.T @ delta_z(z, d) + d

    return wrong


def times(factor: Callable[[Any], Any]) -> tuple[WrongFormula, ...]:
    """Both answers times factor(z), or delta_z alone, which delta_a_prev inherits."""

    def both(W: Any, z: Any, d: Any) -> tuple[Any, Any]:
        delta_z, delta_a_prev = right(W, z, d)
        return factor(z) * delta_z, factor(z) * delta_a_prev

    return both, through(lambda z, d: factor(z) * d * (1 - np.tanh(z) ** 2))


def _slope(z: Any) -> Any:
    return 1 - np.tanh(z) ** 2


def _back_by(weights: Callable[[Any], Any]) -> WrongFormula:
    return lambda W, z, d: (d * _slope(z), weights(W).T @ (d * _slope(z)) + d)


ELSEWHERE: dict[str, tuple[WrongFormula, ...]] = {
    "K5": times(lambda z: -1),
    "K6": (*times(lambda z: 2), *times(lambda z: 0.5)),
    "K12": (through(lambda z, d: d * _slope(np.tanh(z))),),
    "K16": (
        through(lambda z, d: d @ _slope(z)),
        through(lambda z, d: d @ _slope(z).T),
        through(lambda z, d: d.T @ _slope(z)),
        through(lambda z, d: _slope(z) @ d),
    ),
    "K17": (_back_by(np.abs), *map(_back_by, SHARES)),
    "K19": (
        through(lambda z, d: d * np.tanh(z) * (1 - np.tanh(z))),
        through(lambda z, d: d * sigmoid(z) * (1 - sigmoid(z))),
    ),
    "K39": times(lambda z: 1 / z.shape[1]),
    "K47": (
        through(lambda z, d: d * (1 - np.tanh(z))),
        through(lambda z, d: d * (1 + np.tanh(z) ** 2)),
    ),
}
