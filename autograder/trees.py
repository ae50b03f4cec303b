"""Nested answers: dicts keyed by the layer, tuples, lists; arrays or numbers at their ends, the leaves."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray
# What a function is called with, or gives: a nested answer, or anything else.
Value: TypeAlias = Any


def map_leaves(f: Callable[[Any], Any], value: Any) -> Any:
    """f of every leaf, in the same structure."""
    if isinstance(value, dict):
        return {key: map_leaves(f, item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map_leaves(f, item) for item in value)
    if isinstance(value, list):
        return [map_leaves(f, item) for item in value]
    return f(value)


def leaves(value: Any) -> Iterator[Any]:
    """Every leaf; a dict's in the order of its keys. TypeError for keys that have no order."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value)]
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def arrays(value: Any) -> Iterator[np.ndarray]:
    """Every leaf as an array. TypeError or ValueError for what is no number."""
    for leaf in leaves(value):
        if leaf is None or isinstance(leaf, str):
            raise TypeError(f"{leaf!r:.40} is no number")
        yield np.asarray(leaf)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every leaf, in the order of the dicts, with the keys and places that lead to it: (0, 2)."""
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, (tuple, list)):
        inside = dict(enumerate(value)).items()
    else:
        yield path, value
        return
    for key, item in inside:
        yield from paths(item, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """The leaf to which these keys and places lead."""
    for key in path:
        value = value[key]
    return value


def copy_value(value: Any) -> Any:
    """A copy that shares no array with the original; functions and numbers are passed on."""
    return map_leaves(lambda leaf: leaf.copy() if isinstance(leaf, np.ndarray) else leaf, value)


def rescale(answer: Any, factor: float) -> Any:
    """The answer with every array of numbers times factor, its structure kept."""

    def scaled(leaf: Any) -> Any:
        if not isinstance(leaf, (np.ndarray, np.generic, float, int)):
            return leaf
        values = np.asarray(leaf)
        return values * factor if values.dtype.kind in "fiub" else leaf

    # an answer near the largest float overflows: it was wrong anyway
    with np.errstate(all="ignore"):
        return map_leaves(scaled, answer)
