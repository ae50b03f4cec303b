"""Operations entry by entry: each is a function with its slope by each input; broadcasting is undone by
summing.

A slope is a function of the inputs and the result; the backward rule of all of them is unbroadcast(g *
slope).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from autograder.tracing.tape import Node, primitive
from autograder.trees import Array

# (inputs..., out) -> the derivative of out by one of the inputs, entry by entry.
Slope: TypeAlias = Callable[..., Any]


def unbroadcast(value: Any, shape: tuple[int, ...]) -> Array:
    """Sums value over the axes along which an array of this shape was repeated."""
    value = np.asarray(value)
    if value.ndim > len(shape):
        value = value.sum(axis=tuple(range(value.ndim - len(shape))))
    repeated = tuple(i for i, n in enumerate(shape) if n == 1 and value.shape[i] != 1)
    return value.sum(axis=repeated, keepdims=True) if repeated else value


@dataclass(frozen=True)
class Elementwise:
    """A function of numbers and its partial derivatives, one for each input."""

    name: str
    forward: Callable[..., Any]
    slopes: tuple[Slope, ...]

    def slope(self, node: Node, place: int) -> Any:
        """The derivative of the node's result by its input at that place, of out's shape or one that
        broadcasts to it.
        """
        return self.slopes[place](*node.values, node.out)

    def backward(self, node: Node, place: int, g: Array) -> Array:
        full = g * self.slope(node, place)
        shape = np.shape(node.values[place])
        # Nothing was repeated, so nothing is to be added up
        if shape == node.out.shape:
            return np.asarray(full)
        if np.shape(full) != node.out.shape:
            full = np.broadcast_to(full, np.broadcast_shapes(np.shape(full), node.out.shape))
        return unbroadcast(full, shape)


ELEMENTWISE: dict[str, Elementwise] = {}


def elementwise(name: str, forward: Callable[..., Any], *slopes: Slope) -> None:
    """An operation that works entry by entry, with its slope in each argument, made known to tapes."""
    rule = ELEMENTWISE[name] = Elementwise(name, forward, slopes)
    primitive(name, forward, rule.backward)


def _where(x: Any, y: Any, *, condition: Any) -> Any:
    return np.where(condition, x, y)


def _power_slope(x: Any, p: Any, out: Any) -> Any:
    return p * np.power(x, p - 1.0)


def _exponent_slope(x: Any, p: Any, out: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.where(np.asarray(x) > 0, out * np.log(np.abs(x)), 0.0)


elementwise("negative", np.negative, lambda x, out: -1.0)
elementwise("positive", np.positive, lambda x, out: 1.0)
elementwise("exp", np.exp, lambda x, out: out)
elementwise("expm1", np.expm1, lambda x, out: out + 1)
elementwise("log", np.log, lambda x, out: 1 / x)
elementwise("log1p", np.log1p, lambda x, out: 1 / (1 + x))
elementwise("log2", np.log2, lambda x, out: 1 / (x * np.log(2)))
elementwise("log10", np.log10, lambda x, out: 1 / (x * np.log(10)))
elementwise("sqrt", np.sqrt, lambda x, out: 0.5 / out)
elementwise("cbrt", np.cbrt, lambda x, out: 1 / (3 * out * out))
elementwise("square", np.square, lambda x, out: 2 * x)
elementwise("reciprocal", np.reciprocal, lambda x, out: -out * out)
elementwise("tanh", np.tanh, lambda x, out: 1 - out * out)
elementwise("sinh", np.sinh, lambda x, out: np.cosh(x))
elementwise("cosh", np.cosh, lambda x, out: np.sinh(x))
elementwise("sin", np.sin, lambda x, out: np.cos(x))
elementwise("cos", np.cos, lambda x, out: -np.sin(x))
elementwise("tan", np.tan, lambda x, out: 1 + out * out)
elementwise("arctan", np.arctan, lambda x, out: 1 / (1 + x * x))
elementwise("arcsin", np.arcsin, lambda x, out: 1 / np.sqrt(1 - x * x))
elementwise("arccos", np.arccos, lambda x, out: -1 / np.sqrt(1 - x * x))
elementwise("absolute", np.absolute, lambda x, out: np.sign(x))
elementwise("add", np.add, lambda x, y, out: 1.0, lambda x, y, out: 1.0)
elementwise("subtract", np.subtract, lambda x, y, out: 1.0, lambda x, y, out: -1.0)
elementwise("multiply", np.multiply, lambda x, y, out: y, lambda x, y, out: x)
elementwise("divide", np.divide, lambda x, y, out: 1 / y, lambda x, y, out: -out / y)
elementwise("power", np.power, _power_slope, _exponent_slope)
elementwise("logaddexp", np.logaddexp, lambda x, y, out: np.exp(x - out), lambda x, y, out: np.exp(y - out))
elementwise("hypot", np.hypot, lambda x, y, out: x / out, lambda x, y, out: y / out)
elementwise(
    "arctan2", np.arctan2, lambda x, y, out: y / (x * x + y * y), lambda x, y, out: -x / (x * x + y * y)
)
# At a tie each of the two has half of the slope.
elementwise(
    "maximum",
    np.maximum,
    lambda x, y, out: np.where(x == y, 0.5, np.asarray(x) > y),
    lambda x, y, out: np.where(x == y, 0.5, np.asarray(y) > x),
)
elementwise(
    "minimum",
    np.minimum,
    lambda x, y, out: np.where(x == y, 0.5, np.asarray(x) < y),
    lambda x, y, out: np.where(x == y, 0.5, np.asarray(y) < x),
)


def _where_backward(node: Node, place: int, g: Array) -> Array:
    mask = np.asarray(node.options["condition"], dtype=bool)
    chosen = np.where(mask if place == 0 else ~mask, g, 0.0)
    return unbroadcast(np.broadcast_to(chosen, node.out.shape), np.shape(node.values[place]))


primitive("where", _where, _where_backward)
