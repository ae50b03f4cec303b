"""What a student's own earlier function gives, where its answers are fit to build on.

Follow-through counts a step as right that is right given a mistaken earlier one. That means something only where the
earlier function computes: a constant, or numbers so large that they drown what is added to them, could be followed
without any work. So its answer must change with what comes from the layer behind, and be of a sensible size.
"""

import secrets
from typing import Any

import numpy as np

from autograder.exercise import Array, Asking

SMALLEST = 1e-20  # of the right answer's largest entry
CHANGE = 1e-3  # of the answer's largest entry


def own(
    name: str, args: tuple[Any, ...], felt: int, expected: Any, largest: float = np.inf
) -> Asking:
    """The own function's answer in the form of the right one (an array, a tuple or dict of them), in float64.

    None if it has another form, is not finite or of no sensible size (with largest, at most so many times the right
    one's), or does not feel args[felt].
    """
    other = (*args[:felt], _moved(args[felt]), *args[felt + 1 :])
    # In an order that the function can't know, or it could tell the numbers that count from the others.
    pair = [args, other]
    turned = bool(secrets.randbits(1))
    answers = []
    for each in pair[::-1] if turned else pair:  # never in one message: together they tell which is which
        answers.append((yield name, each))
    if any(answer.error is not None for answer in answers):
        return None
    values = [_like(answer.value, expected) for answer in answers]
    value, moved = values[::-1] if turned else values
    if value is None or moved is None:
        return None
    nothing_in = not args[felt].any()  # nothing may come of nothing
    return value if _computes(_arrays(value), _arrays(moved), _arrays(expected), nothing_in, largest) else None


def _computes(
    answer: list[Array], moved: list[Array], right: list[Array], nothing_in: bool, largest: float
) -> bool:
    """Is every array of a sensible size, and does one of them feel the other numbers, if there is anything to feel?"""
    with np.errstate(all="ignore"):
        sizes, rights = list(map(_size, answer)), list(map(_size, right))
        smallest = 0.0 if nothing_in else SMALLEST
        if not all(r == 0 or smallest * r <= s <= largest * max(1.0, r) for s, r in zip(sizes, rights, strict=True)):
            return False
        changes = (_size(a - b) > CHANGE * s for a, b, s in zip(answer, moved, sizes, strict=True))
        return not any(rights) or any(changes)


def _size(array: Array) -> float:
    return float(np.abs(array).max(initial=0.0))


def _moved(array: Array) -> Array:
    """Numbers as likely as these: a little smaller, the units in another order."""
    return np.concatenate((array[-1:], array[:-1])) * 0.75 if array.any() else array + 1


def _like(value: Any, expected: Any) -> Any | None:
    if isinstance(expected, dict):
        if not isinstance(value, dict) or value.keys() != expected.keys():
            return None
        items = {key: _like(value[key], expected[key]) for key in expected}
        return None if any(item is None for item in items.values()) else items
    if isinstance(expected, tuple):
        if not isinstance(value, tuple) or len(value) != len(expected):
            return None
        parts = tuple(_like(a, b) for a, b in zip(value, expected, strict=True))
        return None if any(part is None for part in parts) else parts
    if not isinstance(value, np.ndarray) or value.shape != expected.shape or value.dtype.kind not in "fiu":
        return None
    return value.astype(np.float64) if np.isfinite(value).all() else None


def _arrays(value: Any) -> list[Array]:
    if isinstance(value, np.ndarray):
        return [value]
    items = [value[key] for key in sorted(value)] if isinstance(value, dict) else value
    return [array for item in items for array in _arrays(item)]
