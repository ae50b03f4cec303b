"""Arguments that are lists of arrays, a weight for each layer, or dicts of them, as the recipe has its W: one
input of the tape, all entries in a row, a dict's in the order of its keys.

So a gradient in the whole list is one array, however many layers a case has, and a slip at a place of the
source is one in every layer.
"""

from typing import Any

import numpy as np

from autograder.tracing.tape import Node, Tape, primitive
from autograder.trees import Array, leaves

# An array of a list: no operation of the author's.
ENTRY = "entry"


def is_layered(value: Any) -> bool:
    """Is this argument a list or a dict of arrays?"""
    return isinstance(value, (list, tuple, dict))


def flat(value: Any) -> Array:
    """Its numbers as one array of floats: of a list or dict all in a row, else in their own shape."""
    if is_layered(value):
        return np.concatenate([np.ravel(np.asarray(array, dtype=float)) for array in leaves(value)])
    return np.asarray(value, dtype=float)


def like(value: Any, numbers: Array) -> Any:
    """The same numbers in the form of value: cut into a list or dict again, or as they are."""
    if not is_layered(value):
        return numbers
    found, at = [], 0
    for array in leaves(value):
        found.append(numbers[at : at + array.size].reshape(array.shape))
        at += array.size
    return in_form_of(value, found)


def in_form_of(value: Any, entries: list[Any]) -> Any:
    """These entries, in the order of value's, as a dict with its keys, or as a list."""
    return dict(zip(sorted(value), entries, strict=True)) if isinstance(value, dict) else entries


def add_entries(tape: Tape, name: str, value: Any) -> list[int]:
    """The input of that name on the tape; the nodes of its arrays."""
    whole, numbers, at, found = tape.add_input(name, flat(value)), flat(value), 0, []
    for array in leaves(value):
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
