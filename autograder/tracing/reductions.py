"""Operations that take an axis away: sum, mean, max, min, prod, and the running sum."""

from typing import Any

import numpy as np

from autograder.tracing.tape import Node, primitive
from autograder.trees import Array


def axes_of(node: Node) -> tuple[int, ...]:
    """The axes that the operation takes away, counted from 0."""
    axis, ndim = node.options["axis"], np.ndim(node.values[0])
    if axis is None:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def count(node: Node) -> int:
    """How many numbers go into each result."""
    return int(np.prod([np.shape(node.values[0])[a] for a in axes_of(node)], dtype=int))


def spread(node: Node, g: Any) -> Array:
    """An array of the result's shape, repeated to the input's."""
    g = np.asarray(g)
    if not node.options["keepdims"]:
        g = np.expand_dims(g, axes_of(node))
    return np.broadcast_to(g, np.broadcast_shapes(np.shape(node.values[0]), g.shape))


def _reduce(f: Any) -> Any:
    def forward(x: Any, *, axis: Any, keepdims: bool) -> Any:
        return f(x, axis=axis, keepdims=keepdims)

    return forward


def is_extreme(node: Node) -> Array:
    """Where the input is the maximum (or minimum) of its group; ties share it evenly."""
    hit = (np.asarray(node.values[0]) == spread(node, node.out)).astype(float)
    return np.asarray(hit / hit.sum(axis=axes_of(node), keepdims=True))


def _prod_backward(node: Node, place: int, g: Array) -> Array:
    x = np.asarray(node.values[0])
    if np.any(x == 0):
        others = np.ones(x.shape)
        moved = np.moveaxis(x, axes_of(node), range(x.ndim - len(axes_of(node)), x.ndim))
        flat = moved.reshape(*moved.shape[: x.ndim - len(axes_of(node))], -1)
        each = np.stack(
            [np.prod(np.delete(flat, i, axis=-1), axis=-1) for i in range(flat.shape[-1])], axis=-1
        )
        others = np.moveaxis(
            each.reshape(moved.shape), range(x.ndim - len(axes_of(node)), x.ndim), axes_of(node)
        )
        return np.asarray(spread(node, g) * others)
    return np.asarray(spread(node, g * node.out) / x)


def _cumsum(x: Any, *, axis: int) -> Any:
    return np.cumsum(x, axis=axis)


def _cumsum_backward(node: Node, place: int, g: Array) -> Array:
    axis = node.options["axis"]
    return np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis)


primitive("sum", _reduce(np.sum), lambda node, place, g: spread(node, g))
primitive("mean", _reduce(np.mean), lambda node, place, g: spread(node, g) / count(node))
primitive("max", _reduce(np.max), lambda node, place, g: spread(node, g) * is_extreme(node))
primitive("min", _reduce(np.min), lambda node, place, g: spread(node, g) * is_extreme(node))
primitive("prod", _reduce(np.prod), _prod_backward)
primitive("cumsum", _cumsum, _cumsum_backward)
