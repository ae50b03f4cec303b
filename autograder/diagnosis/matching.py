"""Replaying wrong formulas: which of them give just the answers at hand?

A group is what one wrong formula must explain alone: all answers of one branch (a nonlinearity, an output) and one
component (dW, db). It is explained by one slot of the recipe exchanged, or else by two.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from autograder.judging.evidence import Evidence
from autograder.misconceptions import Atom
from autograder.misconceptions.misconception import Variant

CLOSE = 1e-7  # relative to an array's largest entry: rounding is below, the catalogue's formulas differ by far more
LIKELY = 3  # of an entry's forms so many are tried together with another mistake
TELLING = 4  # different numbers, where each answer is one number
SINGLE = 2e-5  # the same for an answer in float32


@dataclass(eq=False)
class Item:
    """One answer of a group: what the formula gets, what the student gave, what is right, how far off it may be."""

    inputs: Any
    answer: Any
    expected: Any
    bounds: Callable[[], Any]

    @classmethod
    def of(cls, inputs: Any, e: Evidence, part: Callable[[Any], Any]) -> "Item":
        """A part of one case's answer."""
        return cls(inputs, part(e.answer), part(e.expected), lambda: part(e.bound))

    @cached_property
    def bound(self) -> Any:
        return self.bounds()

    @cached_property
    def slack(self) -> float:
        return largest(self.bound)

    @cached_property
    def last(self) -> tuple[tuple[int, ...], float, float] | None:
        """An array's shape, its last entry, and how near another's must come to it; None for what is no such array."""
        answer = self.answer
        if not isinstance(answer, np.ndarray) or answer.dtype != np.float64 or not answer.size:
            return None
        size = float(np.abs(answer).max())
        return (
            (answer.shape, answer.item(-1), 2 * CLOSE * size + self.slack + 1e-290)
            if size < math.inf
            else None
        )

    @property
    def right(self) -> bool:
        return same(self.answer, self.expected) or within(self.answer, self.expected, self.bound)

    def is_answered_by(self, value: Any) -> bool:
        """Is the answer this value, but for rounding? Most formulas differ at once: one entry is looked at first."""
        if self.last is not None and type(value) is np.ndarray and value.dtype == np.float64:
            shape, last, reach = self.last
            if value.shape == shape and abs(last - value.item(-1)) > reach:
                return False
        return same(self.answer, value, self.slack)


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


def largest(bound: Any) -> float:
    """The largest entry of a bound; 0 without one."""
    return 0.0 if bound is None else max((float(np.max(b, initial=0)) for b in flat(bound)), default=0.0)


def same(left: Any, right: Any, slack: float = 0.0) -> bool:
    """Equal structure and shapes, and entries equal but for rounding; nan and inf agree with nan and inf.

    slack: rounding that may be left where an array is 0 but for it.
    """
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return same_array(left, right, slack)
    try:
        pairs = list(zip(flat(left), flat(right), strict=True))
    except (TypeError, ValueError):
        return False
    return all(same_array(u, v, slack) for u, v in pairs)


def within(answer: Any, expected: Any, bound: Any) -> bool:
    """Is every entry as close to what is expected as its bound says?"""
    try:
        triples = list(zip(flat(answer), flat(expected), flat(bound), strict=True))
    except (TypeError, ValueError):
        return False
    return all(
        u.dtype.kind in "fiub" and u.shape == v.shape and bool(np.all(np.abs(u.astype(np.float64) - v) <= b))
        for u, v, b in triples
    )


def is_right(e: Evidence) -> bool:
    """Is this case's answer right, but for rounding or a float32's digits?"""
    return same(e.answer, e.expected) or within(e.answer, e.expected, e.bound)


def right(answer: Any, expected: Any, bound: Any) -> bool:
    """Is this answer right, but for rounding or a float32's digits?"""
    return same(answer, expected) or (bound is not None and within(answer, expected, bound))


def _alike(u: np.ndarray, v: np.ndarray) -> bool:
    """One number is one number; (n,) stands for (n, 1), as in the judge."""
    if u.size == v.size == 1:
        return True
    return (*u.shape, 1) == v.shape or (*v.shape, 1) == u.shape


def same_array(u: np.ndarray, v: np.ndarray, slack: float = 0.0) -> bool:
    """Equal shapes, and entries equal but for rounding relative to the largest."""
    if u.shape != v.shape and not _alike(u, v):
        return False
    if u.dtype.kind not in "fiub" or v.dtype.kind not in "fiub":
        return False
    if u.size == 0:
        return True
    close = SINGLE if u.dtype == np.float32 or v.dtype == np.float32 else CLOSE
    size = float(np.abs(u).max())
    if size < math.inf:  # most formulas differ at once: look at one entry first
        probe = abs(float(u.item(u.size - 1)) - float(v.item(v.size - 1)))
        if probe > 2 * close * size + slack + 1e-290:
            return False
    a, b = u.astype(np.float64).reshape(v.shape), v.astype(np.float64)
    finite = np.isfinite(b)
    if not finite.all():
        if not np.array_equal(np.isfinite(a), finite):
            return False
        a, b = a[finite], b[finite]
        if b.size == 0:
            return True
    gap = float(np.abs(a - b).max())
    return (
        gap < math.inf and gap <= close * max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-290) + slack
    )


Run = Callable[[Variant, Any], Any]
Key = TypeVar("Key")


def reproduces(run: Run, change: Variant, items: Sequence[Item]) -> bool:
    """Does the recipe with these slots exchanged give every answer of the group?"""
    for item in items:
        try:
            value = run(change, item.inputs)
        except Exception:  # a wrong formula may fail on these shapes; then it isn't what the student wrote
            return False
        if not item.is_answered_by(value):
            return False
    return True


@dataclass(frozen=True)
class Group:
    """Answers that one wrong formula must explain alone, and the slots it may be in."""

    items: Sequence[Item]
    atoms: Sequence[Atom]
    run: Run

    @property
    def right(self) -> bool:
        return all(item.right for item in self.items)

    @property
    def blank(self) -> bool:
        """Is there but one number in all answers, or none? Many pairs of mistakes give zeros or nan."""
        return not any(_varies(item.answer) for item in self.items) and not _tell(self.items)


def _varies(answer: Any) -> bool:
    """Are there two numbers in one of its arrays?"""
    try:
        arrays = [array[np.isfinite(array)] for array in flat(answer)]
    except (TypeError, ValueError):  # no numbers at all
        return False
    return any(array.size > 1 and bool(array.min() < array.max()) for array in arrays)


def _tell(items: Sequence[Item]) -> bool:
    """Answers of one number each: are enough of them different?"""
    try:
        arrays = [array for item in items for array in flat(item.answer) if array.dtype.kind in "fiub"]
    except (TypeError, ValueError):  # no numbers at all
        return False
    numbers = {float(array.item(0)) for array in arrays if array.size}
    return len([n for n in numbers if math.isfinite(n) and n]) >= TELLING


def one_slot(group: Group, atoms: Sequence[Atom]) -> list[Explanation]:
    """What explains the group by one slot exchanged."""
    return [
        Explanation(frozenset((atom.code,)), {atom.slot: atom.formula})
        for atom in atoms
        if reproduces(group.run, {atom.slot: atom.formula}, group.items)
    ]


def one_slot_each(groups: Mapping[Key, Group]) -> dict[Key, list[Explanation]]:
    """What explains each group by one slot exchanged; [RIGHT] where nothing is wrong.

    Mostly it is one mistake in all branches: what explains the first wrong group is tried on the others first, and all
    formulas only where none of these explains them all.
    """
    found: dict[Key, list[Explanation]] = {}
    alike: dict[tuple[Atom, ...], dict[Key, Group]] = {}
    for key, group in groups.items():
        if group.right:
            found[key] = [RIGHT]
        else:
            alike.setdefault(tuple(group.atoms), {})[key] = group
    for atoms, wrong in alike.items():
        first = next(iter(wrong))
        found[first] = one_slot(wrong[first], atoms)
        likely = [
            atom for atom in atoms if any(e.change.get(atom.slot) is atom.formula for e in found[first])
        ]
        others = {key: one_slot(group, likely) for key, group in wrong.items() if key != first}
        if not likely or not _one_for_all(others.values()):
            others = {key: one_slot(wrong[key], atoms) for key in others}
        found |= others
    return {key: found[key] for key in groups}


def _one_for_all(found: Iterable[Sequence[Explanation]]) -> bool:
    """Is one change in all of these lists, or are there none?"""
    changes = [{tuple(map(id, e.change.values())) for e in group} for group in found]
    return not changes or bool(set.intersection(*changes))


def two_slots(group: Group) -> list[Explanation]:
    """What explains the group by two slots exchanged, with the fewest mistakes."""
    found = []
    for first, second in combinations([atom for atom in group.atoms if atom.rank < LIKELY], 2):
        if first.slot == second.slot:
            continue
        change = {first.slot: first.formula, second.slot: second.formula}
        if reproduces(group.run, change, group.items):
            found.append(Explanation(frozenset((first.code, second.code)), change))
    fewest = min((len(e.codes) for e in found), default=0)
    return [e for e in found if len(e.codes) == fewest]


def explain(groups: Mapping[Key, Group], *, pairs: bool = True) -> dict[Key, list[Explanation]]:
    """Each group's explanations, [] where there are none. Pairs are tried until one group resists them."""
    found = one_slot_each(groups)
    if pairs:
        for key, group in groups.items():
            if not found[key]:
                found[key] = [] if group.blank else two_slots(group)
                if not found[key]:
                    break
    return found


def agreed(groups: Sequence[Sequence[Explanation]]) -> tuple[str, ...] | None:
    """The mistakes that explain all groups, each of which may also be right; None where that is open.

    One set of codes common to all wrong groups wins. Without one, each group's own: of all choices the one with the
    fewest mistakes, if there is only one.
    """
    wrong = [{e.codes for e in group} for group in groups if group and RIGHT not in group]
    if not wrong or any(not group for group in groups):
        return None
    common = set.intersection(*wrong)
    if len(common) > 1:
        common = {codes for codes in common if _everywhere(codes, groups)} or common
    if len(common) == 1:
        return in_order(next(iter(common)))
    if common:
        return None
    joined = {frozenset[str]()}
    for options in wrong:
        joined = {before | own for before in joined for own in options}
    fewest = min(map(len, joined))
    chosen = [codes for codes in joined if len(codes) == fewest]
    return in_order(chosen[0]) if len(chosen) == 1 and fewest <= 3 else None


def _everywhere(codes: frozenset[str], groups: Sequence[Sequence[Explanation]]) -> bool:
    """Is there one change with these codes that explains every wrong group?"""
    return _one_for_all([e for e in group if e.codes == codes] for group in groups if RIGHT not in group)


def in_order(codes: frozenset[str]) -> tuple[str, ...]:
    """Codes in the catalogue's order."""
    return tuple(sorted(codes, key=lambda code: int(code[1:])))
