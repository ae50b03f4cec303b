"""Arguments that are lists of arrays, a weight for each layer: one input of the tape, all entries in a row.

So a gradient in the whole list is one array, however many layers a case has, and a slip at a place of the
source is one in every layer.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.tracing.tape import Node, Tape, primitive
from autograder.trees import Array

# An array of a list: no operation of the author's.
ENTRY = "entry"


def is_list(value: Any) -> bool:
    """Is this argument a list of arrays?"""
    return isinstance(value, (list, tuple))


def flat(value: Any) -> Array:
    """Its numbers as one array of floats: of a list all of them in a row, else in their own shape."""
    if is_list(value):
        return np.concatenate([np.ravel(np.asarray(array, dtype=float)) for array in value])
    return np.asarray(value, dtype=float)


def like(value: Any, numbers: Array) -> Any:
    """The same numbers in the form of value: cut into a list again, or as they are."""
    if not is_list(value):
        return numbers
    found, at = [], 0
    for array in value:
        found.append(numbers[at : at + array.size].reshape(array.shape))
        at += array.size
    return found


def add_entries(tape: Tape, name: str, value: Sequence[Array]) -> list[int]:
    """The input of that name on the tape; the nodes of its arrays."""
    whole, numbers, at, found = tape.add_input(name, flat(value)), flat(value), 0, []
    for array in value:
        options = {"start": at, "shape": array.shape}
        found.append(tape.record(ENTRY, [whole], [numbers], options, (ENTRY, name)))
        at += array.size
    return found


def _cut(numbers: Array, *, start: int, shape: tuple[int, ...]) -> Array:
    return numbers[start : start + int(np.prod(shape))].reshape(shape)


def _put_back(node: Node, place: int, g: Array) -> Array:
    start, size = node.options["start"], int(np.prod(node.options["shape"]))
    if np.size(g) != size:
        raise ValueError(f"a gradient of {np.size(g)} numbers for an array of {size}")
    found = np.zeros(np.shape(node.values[0]))
    found[start : start + size] = np.ravel(g)
    return found


primitive(ENTRY, _cut, _put_back)
