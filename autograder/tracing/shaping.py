"""Operations that move numbers and change none: shapes, slices, stacks, padding, buffers."""

from typing import Any

import numpy as np

from autograder.tracing.elementwise import unbroadcast
from autograder.tracing.tape import Node, primitive
from autograder.trees import Array


def _reshape(x: Any, *, shape: Any) -> Any:
    return np.reshape(x, shape)


def _transpose(x: Any, *, axes: Any) -> Any:
    return np.transpose(x, axes)


def _transpose_backward(node: Node, place: int, g: Array) -> Array:
    axes = node.options["axes"]
    return np.transpose(g, None if axes is None else np.argsort(axes))


def _broadcast_to(x: Any, *, shape: Any) -> Any:
    return np.broadcast_to(x, shape)


def _getitem(x: Any, *, key: Any) -> Any:
    return x[key]


def _getitem_backward(node: Node, place: int, g: Array) -> Array:
    found = np.zeros(np.shape(node.values[0]), dtype=np.asarray(g).dtype)
    # An index that comes twice gets both
    np.add.at(found, node.options["key"], g)
    return found


def _setitem(x: Any, value: Any, *, key: Any) -> Any:
    found = np.array(x, dtype=np.result_type(x, value))
    found[key] = value
    return found


def _setitem_backward(node: Node, place: int, g: Array) -> Array:
    # What was overwritten has no say any more
    if place == 0:
        found = np.array(g)
        found[node.options["key"]] = 0
        return found
    return unbroadcast(g[node.options["key"]], np.shape(node.values[1]))


def _concatenate(*parts: Any, axis: int) -> Any:
    return np.concatenate(parts, axis=axis)


def _concatenate_backward(node: Node, place: int, g: Array) -> Array:
    axis = node.options["axis"] % node.out.ndim
    starts = np.cumsum([0, *(np.shape(part)[axis] for part in node.values)])
    return np.take(g, np.arange(starts[place], starts[place + 1]), axis=axis)


def _stack(*parts: Any, axis: int) -> Any:
    return np.stack(parts, axis=axis)


def _pad(x: Any, *, width: Any) -> Any:
    return np.pad(x, width)


def _pad_backward(node: Node, place: int, g: Array) -> Array:
    pairs = np.broadcast_to(node.options["width"], (np.ndim(node.values[0]), 2))
    inner = tuple(slice(a, a + n) for (a, _), n in zip(pairs, np.shape(node.values[0]), strict=True))
    return np.asarray(g[inner])


def _repeat(x: Any, *, repeats: Any, axis: Any) -> Any:
    return np.repeat(x, repeats, axis=axis)


def _repeat_backward(node: Node, place: int, g: Array) -> Array:
    x, axis = np.asarray(node.values[0]), node.options["axis"]
    if axis is None:
        return _repeat_backward_along(g, node.options["repeats"], 0, x.size).reshape(x.shape)
    return _repeat_backward_along(g, node.options["repeats"], axis, x.shape[axis])


def _repeat_backward_along(g: Array, repeats: Any, axis: int, n: int) -> Array:
    source = np.repeat(np.arange(n), repeats)
    moved = np.moveaxis(g, axis, 0)
    found = np.zeros((n, *moved.shape[1:]))
    np.add.at(found, source, moved)
    return np.moveaxis(found, 0, axis)


def _roll(x: Any, *, shift: Any, axis: Any) -> Any:
    return np.roll(x, shift, axis=axis)


def _roll_backward(node: Node, place: int, g: Array) -> Array:
    shift = node.options["shift"]
    back = tuple(-s for s in shift) if isinstance(shift, tuple) else -shift
    return np.roll(g, back, axis=node.options["axis"])


def _flip(x: Any, *, axis: Any) -> Any:
    return np.flip(x, axis=axis)


def _tile(x: Any, *, reps: Any) -> Any:
    return np.tile(x, reps)


def _tile_backward(node: Node, place: int, g: Array) -> Array:
    shape = np.shape(node.values[0])
    reps = node.options["reps"]
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    ndim = max(len(reps), len(shape))
    reps, wide = (1,) * (ndim - len(reps)) + reps, (1,) * (ndim - len(shape)) + tuple(shape)
    split = g.reshape([n for pair in zip(reps, wide, strict=True) for n in pair])
    return split.sum(axis=tuple(range(0, 2 * ndim, 2))).reshape(shape)


def _copy(x: Any) -> Any:
    return np.array(x)


primitive("reshape", _reshape, lambda node, place, g: np.reshape(g, np.shape(node.values[0])))
primitive("transpose", _transpose, _transpose_backward)
primitive("broadcast_to", _broadcast_to, lambda node, place, g: unbroadcast(g, np.shape(node.values[0])))
primitive("getitem", _getitem, _getitem_backward)
primitive("setitem", _setitem, _setitem_backward)
primitive("concatenate", _concatenate, _concatenate_backward)
primitive("stack", _stack, lambda node, place, g: np.take(g, place, axis=node.options["axis"]))
primitive("pad", _pad, _pad_backward)
primitive("repeat", _repeat, _repeat_backward)
primitive("roll", _roll, _roll_backward)
primitive("flip", _flip, lambda node, place, g: np.flip(g, axis=node.options["axis"]))
primitive("tile", _tile, _tile_backward)
primitive("copy", _copy, lambda node, place, g: g)
