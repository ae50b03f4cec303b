"""Replaying wrong formulas: which of them give just the answers at hand?

A group is what one wrong formula must explain alone: all answers of one branch (a nonlinearity, an output) and one
component (dW, db). It is explained by one slot of the recipe exchanged, or else by two.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.misconceptions import Atom
from autograder.misconceptions.entry import Variant

CLOSE = 1e-7  # relative to an array's largest entry: rounding is below, the catalogue's formulas differ by far more
SINGLE = 2e-5  # the same for an answer in float32


@dataclass(frozen=True)
class Item:
    """One answer of a group: what the formula gets, what the student gave, what is right."""

    inputs: Any
    answer: Any
    expected: Any

    @property
    def right(self) -> bool:
        return same(self.answer, self.expected)


@dataclass(frozen=True)
class Explanation:
    """Slots exchanged that reproduce a group, and the codes of the mistakes they are."""

    codes: frozenset[str]
    change: Variant


RIGHT = Explanation(frozenset(), {})


def flat(value: Any) -> Iterator[np.ndarray]:
    """The arrays of a value, a dict's in the order of its keys. TypeError or ValueError for what is no number."""
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from flat(value[key])
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from flat(item)
    elif value is None or isinstance(value, str):
        raise TypeError("no number")
    else:
        yield np.asarray(value)


def same(left: Any, right: Any) -> bool:
    """Equal structure and shapes, and entries equal but for rounding; nan and inf agree with nan and inf."""
    try:
        pairs = list(zip(flat(left), flat(right), strict=True))
    except (TypeError, ValueError):
        return False
    return all(same_array(u, v) for u, v in pairs)


def same_array(u: np.ndarray, v: np.ndarray) -> bool:
    """Equal shapes, and entries equal but for rounding relative to the largest."""
    if u.shape != v.shape and not (u.size == v.size == 1):
        return False
    if u.dtype.kind not in "fiub" or v.dtype.kind not in "fiub":
        return False
    close = SINGLE if np.dtype(np.float32) in (u.dtype, v.dtype) else CLOSE
    u, v = u.astype(np.float64).reshape(v.shape), v.astype(np.float64)
    finite = np.isfinite(v)
    if not finite.all():
        if not np.array_equal(np.isfinite(u), finite):
            return False
        u, v = u[finite], v[finite]
    if v.size == 0:
        return True
    gap = float(np.max(np.abs(u - v)))
    return gap <= close * max(float(np.max(np.abs(v))), float(np.max(np.abs(u))), 1e-290)


Run = Callable[[Variant, Any], Any]


def reproduces(run: Run, change: Variant, items: Sequence[Item]) -> bool:
    """Does the recipe with these slots exchanged give every answer of the group?"""
    for item in items:
        try:
            value = run(change, item.inputs)
        except Exception:  # a wrong formula may fail on these shapes; then it isn't what the student wrote
            return False
        if not same(item.answer, value):
            return False
    return True


def explanations(items: Sequence[Item], atoms: Sequence[Atom], run: Run, *, pairs: bool = True) -> list[Explanation]:
    """What explains the group with the fewest mistakes; [RIGHT] where nothing is wrong, [] where nothing is found."""
    if all(item.right for item in items):
        return [RIGHT]
    found = [
        Explanation(frozenset((atom.code,)), {atom.slot: atom.formula})
        for atom in atoms
        if reproduces(run, {atom.slot: atom.formula}, items)
    ]
    if found or not pairs:
        return found
    for first, second in combinations(atoms, 2):
        if first.slot == second.slot:
            continue
        change = {first.slot: first.formula, second.slot: second.formula}
        if reproduces(run, change, items):
            found.append(Explanation(frozenset((first.code, second.code)), change))
    fewest = min((len(e.codes) for e in found), default=0)
    return [e for e in found if len(e.codes) == fewest]


def agreed(groups: Sequence[Sequence[Explanation]]) -> tuple[str, ...] | None:
    """The mistakes that explain all groups, each of which may also be right; None where that is open.

    One set of codes common to all wrong groups wins. Without one, each group's own, if they are unambiguous.
    """
    wrong = [{e.codes for e in group} for group in groups if group and RIGHT not in group]
    if not wrong or any(not group for group in groups):
        return None
    common = set.intersection(*wrong)
    if len(common) > 1:
        common = {codes for codes in common if _everywhere(codes, groups)} or common
    if len(common) == 1:
        return in_order(next(iter(common)))
    if common or any(len(options) != 1 for options in wrong):
        return None
    codes = frozenset[str]().union(*(next(iter(options)) for options in wrong))
    return in_order(codes) if len(codes) <= 3 else None


def _everywhere(codes: frozenset[str], groups: Sequence[Sequence[Explanation]]) -> bool:
    """Is there one change with these codes that explains every wrong group?"""
    changes = [[tuple(map(id, e.change.values())) for e in group if e.codes == codes] for group in groups if RIGHT not in group]
    return bool(set.intersection(*map(set, changes)))


def in_order(codes: frozenset[str]) -> tuple[str, ...]:
    """Codes in the catalogue's order."""
    return tuple(sorted(codes, key=lambda code: int(code[1:])))
