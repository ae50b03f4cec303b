"""Replaying wrong formulas: which of them give just the answers at hand?

A group is what one wrong formula must explain alone: all answers of one branch (a nonlinearity, an output)
and one component (dW, db). It is explained by one slot of the recipe exchanged, or else by two.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from autograder.diagnosis.closeness import CLOSE, TINY, largest, same, within
from autograder.diagnosis.lookup import ByIdentity, KeptEntries, may_give
from autograder.judging.evidence import Evidence
from autograder.misconceptions import SlotChange
from autograder.misconceptions.catalogue import code_order
from autograder.misconceptions.misconception import IN_PAIRS
from autograder.misconceptions.slots import SlotChanges
from autograder.trees import arrays

# Forms of a higher rank are not tried together with another mistake.
LIKELY = IN_PAIRS
# Sets of changes whose options are kept, hundreds each; and rows of what these give, of up to 10 kB.
KEPT_OPTIONS, KEPT_ROWS = 256, 1_000
# Different numbers that it takes, where each answer is one number.
MIN_DISTINCT = 4
# More mistakes than this in one answer are no explanation of it.
MOST_MISTAKES = 3

_KEPT = KeptEntries(KEPT_ROWS)


@dataclass(eq=False)
class Item:
    """One answer of a group: what the formula gets, what the student gave, what is right.

    tolerances() says how far off each entry may be. key: what is run, and on what, if others are asked the
    same; what the formulas give is then looked up.
    """

    inputs: Any
    answer: Any
    expected: Any
    tolerances: Callable[[], Any]
    key: Hashable = None

    @classmethod
    def of(cls, inputs: Any, e: Evidence, part: Callable[[Any], Any], run: Hashable) -> "Item":
        """A part of one case's answer; run: what is run on it, the same for all who are asked this case."""
        key = run, ByIdentity(e.case.args)
        return cls(inputs, part(e.answer), part(e.expected), lambda: part(e.bound), key)

    @cached_property
    def tolerance(self) -> Any:
        return self.tolerances()

    @cached_property
    def largest_tolerance(self) -> float:
        return largest(self.tolerance)

    @cached_property
    def last_entry(self) -> tuple[tuple[int, ...], float, float] | None:
        """An array's shape, its last entry, and how near another's must come to it; None for all else."""
        answer = self.answer
        if not isinstance(answer, np.ndarray) or answer.dtype != np.float64 or not answer.size:
            return None
        size = float(np.abs(answer).max())
        reach = 2 * CLOSE * size + self.largest_tolerance + TINY
        return (answer.shape, answer.item(-1), reach) if size < math.inf else None

    @property
    def right(self) -> bool:
        return same(self.answer, self.expected) or within(self.answer, self.expected, self.tolerance)

    def is_answered_by(self, value: Any) -> bool:
        """Is the answer this value, but for rounding? Most differ at once: one entry is looked at first."""
        if self.last_entry is not None and type(value) is np.ndarray and value.dtype == np.float64:
            shape, last, reach = self.last_entry
            if value.shape == shape and abs(last - value.item(-1)) > reach:
                return False
        return same(self.answer, value, self.largest_tolerance)


@dataclass(frozen=True, eq=False)
class Explanation:
    """Slots exchanged that reproduce a group, and the codes of the mistakes they are."""

    codes: frozenset[str]
    changes: SlotChanges

    @classmethod
    def of(cls, *exchanged: SlotChange) -> "Explanation":
        """The explanation by these slots, exchanged together."""
        return cls(frozenset(c.code for c in exchanged), {c.slot: c.formula for c in exchanged})


RIGHT = Explanation(frozenset(), {})


@dataclass(frozen=True, eq=False)
class Options:
    """Explanations that are tried together; key: what they are made of, for what is kept of them."""

    explanations: tuple[Explanation, ...]
    key: Hashable


def singles(tried: Sequence[SlotChange]) -> Options:
    """Each of the changes by itself."""
    return _singles_of(ByIdentity(tuple(tried)))


@lru_cache(maxsize=KEPT_OPTIONS)
def _singles_of(tried: ByIdentity) -> Options:
    return Options(tuple(map(Explanation.of, tried.arguments)), ("one", tried))


def pairs(tried: Sequence[SlotChange]) -> Options:
    """Every two of the likelier changes, of different slots."""
    return _pairs_of(ByIdentity(tuple(change for change in tried if change.rank < LIKELY)))


@lru_cache(maxsize=KEPT_OPTIONS)
def _pairs_of(likely: ByIdentity) -> Options:
    two = combinations(likely.arguments, 2)
    return Options(tuple(Explanation.of(a, b) for a, b in two if a.slot != b.slot), ("two", likely))


RunWith = Callable[[SlotChanges, Any], Any]
Key = TypeVar("Key")


def reproduces(run: RunWith, changes: SlotChanges, items: Sequence[Item]) -> bool:
    """Does the recipe with these slots exchanged give every answer of the group?"""
    for item in items:
        try:
            value = run(changes, item.inputs)
        except Exception:
            # A wrong formula may fail on these shapes; then it isn't what the student wrote.
            return False
        if not item.is_answered_by(value):
            return False
    return True


@dataclass(frozen=True)
class Group:
    """Answers that one wrong formula must explain alone, and the slots it may be in."""

    items: Sequence[Item]
    slot_changes: Sequence[SlotChange]
    run: RunWith

    @property
    def right(self) -> bool:
        return all(item.right for item in self.items)

    @property
    def uninformative(self) -> bool:
        """Is there but one number in all answers, or none? Many pairs of mistakes give zeros or nan."""
        return not any(_varies(item.answer) for item in self.items) and not _distinct_numbers(self.items)


def _varies(answer: Any) -> bool:
    """Are there two numbers in one of its arrays?"""
    try:
        finite = [array[np.isfinite(array)] for array in arrays(answer)]
    except (TypeError, ValueError):
        # No numbers at all.
        return False
    return any(array.size > 1 and bool(array.min() < array.max()) for array in finite)


def _distinct_numbers(items: Sequence[Item]) -> bool:
    """Answers of one number each: are enough of them different?"""
    try:
        found = [array for item in items for array in arrays(item.answer) if array.dtype.kind in "fiub"]
    except (TypeError, ValueError):
        # No numbers at all.
        return False
    numbers = {float(array.item(0)) for array in found if array.size}
    return len([n for n in numbers if math.isfinite(n) and n]) >= MIN_DISTINCT


def that_reproduce(group: Group, options: Options) -> list[Explanation]:
    """Those of the options that give every answer of the group: most are ruled out by what is looked up."""
    left = options.explanations
    # What is wrong rules nearly everything out.
    item = next((item for item in group.items if item.key is not None and not item.right), None)
    if item is not None:
        entries = _KEPT.of((options.key, item.key), lambda: _formulas(group.run, options, item.inputs))
        mask = may_give(entries, item.answer, item.largest_tolerance)
        left = tuple(left[int(place)] for place in np.flatnonzero(mask))
    return [e for e in left if reproduces(group.run, e.changes, group.items)]


def _formulas(run: RunWith, options: Options, inputs: Any) -> Iterator[Callable[[], Any]]:
    return (partial(run, e.changes, inputs) for e in options.explanations)


def one_slot(group: Group, tried: Sequence[SlotChange]) -> list[Explanation]:
    """What explains the group by one slot exchanged."""
    return that_reproduce(group, singles(tried))


def one_slot_each(groups: Mapping[Key, Group]) -> dict[Key, list[Explanation]]:
    """What explains each group by one slot exchanged; [RIGHT] where nothing is wrong.

    Mostly it is one mistake in all branches: what explains the first wrong group is tried on the others,
    and all formulas only where none of these explains them all.
    """
    explained: dict[Key, list[Explanation]] = {}
    wrong_groups: dict[tuple[SlotChange, ...], dict[Key, Group]] = {}
    for key, group in groups.items():
        if group.right:
            explained[key] = [RIGHT]
        else:
            wrong_groups.setdefault(tuple(group.slot_changes), {})[key] = group
    for tried, wrong in wrong_groups.items():
        first = next(iter(wrong))
        explained[first] = one_slot(wrong[first], tried)
        likely = [c for c in tried if any(e.changes.get(c.slot) is c.formula for e in explained[first])]
        others = {key: one_slot(group, likely) for key, group in wrong.items() if key != first}
        if not likely or not _share_one_change(others.values()):
            others = {key: one_slot(wrong[key], tried) for key in others}
        explained |= others
    return {key: explained[key] for key in groups}


def _share_one_change(groups: Iterable[Sequence[Explanation]]) -> bool:
    """Is one change in all of these lists, or are there none?"""
    changes = [{tuple(map(id, e.changes.values())) for e in group} for group in groups]
    return not changes or bool(set.intersection(*changes))


def fewest_mistakes(explanations: Sequence[Explanation]) -> list[Explanation]:
    """Those of them that are the fewest mistakes."""
    fewest = min((len(e.codes) for e in explanations), default=0)
    return [e for e in explanations if len(e.codes) == fewest]


def two_slots(group: Group) -> list[Explanation]:
    """What explains the group by two slots exchanged, with the fewest mistakes."""
    return fewest_mistakes(that_reproduce(group, pairs(group.slot_changes)))


def explain(groups: Mapping[Key, Group], *, try_pairs: bool = True) -> dict[Key, list[Explanation]]:
    """Each group's explanations, [] where there are none. Pairs are tried until one group resists them."""
    explained = one_slot_each(groups)
    if try_pairs:
        for key, group in groups.items():
            if not explained[key]:
                explained[key] = [] if group.uninformative else two_slots(group)
                if not explained[key]:
                    break
    return explained


def that_raise(found: Sequence[Explanation], raises: Callable[[Explanation], bool]) -> list[Explanation]:
    """Those that raise where the student's code did, if there are any: they explain more than the others."""
    return [e for e in found if e is RIGHT or raises(e)] or list(found)


def common_codes(groups: Sequence[Sequence[Explanation]]) -> tuple[str, ...] | None:
    """The mistakes that explain all groups, each of which may also be right; None where that is open.

    One set of codes common to all wrong groups wins. Without one, each group's own: of all choices the one
    with the fewest mistakes, if there is only one.
    """
    if any(RIGHT in group for group in groups):
        likely = [_without_unlikely(group) for group in groups]
        # One mistake in several branches is likelier than another one in each.
        if _codes_of_all(likely) or not _codes_of_all(groups):
            groups = likely
    wrong = [{e.codes for e in group} for group in groups if group and RIGHT not in group]
    if not wrong or any(not group for group in groups):
        return None
    common = _codes_of_all(groups)
    if len(common) > 1:
        common = {codes for codes in common if _by_one_change(codes, groups)} or common
    if len(common) == 1:
        return in_order(next(iter(common)))
    if common:
        return None
    joined = {frozenset[str]()}
    for options in wrong:
        joined = {before | own for before in joined for own in options}
    fewest = min(map(len, joined))
    chosen = [codes for codes in joined if len(codes) == fewest]
    return in_order(chosen[0]) if len(chosen) == 1 and fewest <= MOST_MISTAKES else None


def _codes_of_all(groups: Sequence[Sequence[Explanation]]) -> set[frozenset[str]]:
    """The sets of codes that every wrong group can be explained by."""
    wrong = [{e.codes for e in group} for group in groups if group and RIGHT not in group]
    return set.intersection(*wrong) if wrong else set()


def _without_unlikely(group: Sequence[Explanation]) -> Sequence[Explanation]:
    """Where another branch is right: without what would show in every branch, if anything else is left."""
    likely = [e for e in group if not any(getattr(f, "in_every_branch", False) for f in e.changes.values())]
    return likely or group


def _by_one_change(codes: frozenset[str], groups: Sequence[Sequence[Explanation]]) -> bool:
    """Is there one change with these codes that explains every wrong group?"""
    return _share_one_change([e for e in group if e.codes == codes] for group in groups if RIGHT not in group)


def in_order(codes: frozenset[str]) -> tuple[str, ...]:
    """Codes in the catalogue's order."""
    return tuple(sorted(codes, key=code_order))
