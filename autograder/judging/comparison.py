"""Pure judging of answers: shape before values, finite before close, bounds from rounding analysis.

compare() sets one answer beside its target. What lies between float64's bound and float32's is a "gap": all
answers of one partial-credit group together decide on it (small_errors.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, Literal, TypeAlias

import numpy as np

from autograder.exercises.expected import ExpectedArray, Target, Template, leaves_of
from autograder.exercises.rounding import ROUTES, U32, U64
from autograder.facts import Fact
from autograder.trees import Array

# An expected array, the answer's numbers if there are any, and whether these are float32's.
Found: TypeAlias = tuple[ExpectedArray, Array | None, bool]
# With the slope at ReLU's kink.
Row: TypeAlias = tuple[Target, ExpectedArray, Array, bool, float | None]
State = Literal["right", "gap", "epsilon", "wrong", "nonfinite", "shape", "missing"]
FLOAT64 = np.dtype(np.float64)
# Errors as large are no rounding, by whatever detour
FAR = 1e-3
# An epsilon up to 1e-7 inside a logarithm, or below softmax's fraction, is a habit, not a mistake
EPSILON = 1.05e-7
# Relative to units: where numerical differentiation can get to
NEARLY = 1e-9

NOTE_BOOL = Fact("bool")
# A number wrapped in an array
NOTE_SIZE_ONE = Fact("size_one")
ACCEPTED = (NOTE_BOOL, NOTE_SIZE_ONE)

# Where in an answer: an array's name, or the keys and places that lead there from the answer itself.
Place: TypeAlias = str | tuple[tuple[Literal["key", "item"], Any], ...]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    weight is its share of the exercise's points, 0 of a check that only takes points away; part its
    partial-credit group. found says why it did not pass, and case names the first case where that was seen;
    None and "" where it passed. credit: what a named mistake keeps of the weight all the same, 0 to 1.
    """

    kind: Literal["runs", "shape", "purity", "values"]
    passed: bool
    weight: float
    part: str
    found: Fact | None = None
    case: str = ""
    credit: float = 0.0

    @property
    def earned(self) -> float:
        """Its share of the exercise's points that was earned."""
        return self.weight * (1.0 if self.passed else self.credit)


@dataclass(frozen=True)
class ValueSummary:
    """What a value is, without its numbers. type: its class's name.

    shape of an array, keys of a dict (the first eight), length of a tuple or list; None of others.
    """

    type: str
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    keys: tuple[str, ...] | None = None
    length: int | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with the form of an answer: at which place, in which aspect, with what given and
    expected.

    comparable: the numbers can be compared all the same (a list for an array, (n,) for (n, 1), keys that
    nobody asked for), so the form costs points of its own; else no number earns any.
    """

    aspect: Literal["kind", "container", "dtype", "shape"]
    place: Place
    given: ValueSummary
    expected: Fact
    comparable: bool = False

    @property
    def flat(self) -> bool:
        """Is it (n,) where (n, 1) is meant?"""
        return self.comparable and self.aspect == "shape"


@dataclass(slots=True, eq=False)
class LeafResult:
    """What became of one array of one answer; error is answer minus expected, None where it is 0 or could
    not be formed.
    """

    leaf: ExpectedArray
    state: State
    error: Array | None = None
    # float32, or float64 numbers that float32 holds
    narrow: bool = False
    answer: Array | None = None
    # The inputs were float32: only its bound counts, and only against differences.
    float32_inputs: bool = False

    @property
    def wrong(self) -> bool:
        """Is it wrong whatever the others are?"""
        return self.state not in ("right", "gap", "epsilon")


@dataclass(slots=True, eq=False)
class CaseResult:
    """One answer compared: its arrays, what is wrong with its shape, and remarks."""

    leaves: tuple[LeafResult, ...]
    problems: tuple[Problem, ...] = ()
    notes: frozenset[Fact] = field(default=frozenset())

    @property
    def right(self) -> bool:
        """Is every number within float64's bound?"""
        return all(result.state == "right" for result in self.leaves)

    @property
    def wrong(self) -> bool:
        return any(result.wrong for result in self.leaves)

    @property
    def other_form(self) -> bool:
        """Are all numbers there, in another form than asked?"""
        compared = all(result.state not in ("shape", "missing") for result in self.leaves)
        return compared and any(problem.comparable for problem in self.problems)


def compare(target: Target, answer: Any) -> CaseResult:
    """The answer beside the target: each array's shape and dtype, then whether its numbers are within
    bounds.
    """
    return compare_all([(target, answer)])[0]


def compare_all(pairs: Sequence[tuple[Target, Any]]) -> list[CaseResult]:
    """compare() of many answers beside their targets, their numbers looked at in one go."""
    walked: list[tuple[list[Found], list[Problem], set[Fact]]] = []
    rows: list[Row] = []
    # An answer may be 1e308
    with np.errstate(all="ignore"):
        for target, answer in pairs:
            found: list[Found] = []
            problems: list[Problem] = []
            notes: set[Fact] = set()
            _walk(target.template, answer, (), found, problems, notes)
            walked.append((found, problems, notes))
            found[:] = [part for each in found for part in _by_region(*each)]
            slopes = _joint_slopes(target, found)
            rows += [
                (target, leaf, values, narrow, slopes.get(leaf.part))
                for leaf, values, narrow in found
                if values is not None and values.size
            ]
        compared = iter(_compared(rows))
    results = []
    for found, problems, notes in walked:
        unseen: State = "shape" if problems else "missing"
        leaves = (
            LeafResult(leaf, unseen)
            if values is None
            else next(compared)
            if values.size
            else LeafResult(leaf, "right")
            for leaf, values, _ in found
        )
        results.append(CaseResult(tuple(leaves), tuple(problems), frozenset(notes)))
    return results


def summary_of(value: Any) -> ValueSummary:
    """What a value is, without its numbers."""
    name = type(value).__name__
    if isinstance(value, np.ndarray):
        return ValueSummary(name, shape=value.shape, dtype=str(value.dtype))
    if isinstance(value, dict):
        return ValueSummary(name, keys=tuple(map(str, list(value)[:8])))
    if isinstance(value, (tuple, list)):
        return ValueSummary(name, length=len(value))
    return ValueSummary(name)


def _walk(
    template: Template,
    answer: Any,
    place: tuple[tuple[Literal["key", "item"], Any], ...],
    found: list[Found],
    problems: list[Problem],
    notes: set[Fact],
) -> None:
    if isinstance(template, ExpectedArray):
        values, narrow = _array(template, answer, template.name if place else place, problems, notes)
        found.append((template, values, narrow))
        return
    if isinstance(template, dict):
        # dict first: asking an abstract class is slow.
        if not isinstance(answer, (dict, Mapping)):
            problems.append(Problem("kind", place, summary_of(answer), Fact("layers")))
            found.extend((leaf, None, False) for leaf in leaves_of(template))
            return
        given = dict(answer)
        if set(given) != set(template):
            expected = Fact("keys", (min(template), max(template)))
            problems.append(Problem("kind", place, summary_of(given), expected, set(template) <= set(given)))
        for key, item in template.items():
            if key in given:
                _walk(item, given[key], (*place, ("key", key)), found, problems, notes)
            else:
                found.extend((leaf, None, False) for leaf in leaves_of(item))
        return
    if not isinstance(answer, (tuple, list)) or len(answer) != len(template):
        form = Fact("list" if isinstance(template, list) else "tuple", (len(template),))
        problems.append(Problem("kind", place, summary_of(answer), form))
        found.extend((leaf, None, False) for leaf in leaves_of(template))
        return
    for i, (item, part) in enumerate(zip(template, answer, strict=True)):
        _walk(item, part, (*place, ("item", i)), found, problems, notes)


def _array(
    leaf: ExpectedArray, answer: Any, place: Place, problems: list[Problem], notes: set[Fact]
) -> tuple[Array | None, bool]:
    """The answer's numbers as float64 in the expected shape, or None with the problem said."""
    expected = leaf.expected
    if type(answer) is np.ndarray and answer.dtype is FLOAT64 and answer.shape == expected.shape:
        # Nearly always
        return answer, False
    form = Fact("array", (expected.shape,)) if expected.ndim else Fact("number")
    if isinstance(answer, (list, tuple)) and expected.ndim:
        container = summary_of(answer)
        try:
            answer = np.array(answer, dtype=float)
        except (TypeError, ValueError):
            problems.append(Problem("container", place, container, form))
            return None, False
        problems.append(Problem("container", place, container, form, answer.shape == expected.shape))
    if not isinstance(answer, (np.ndarray, np.generic, float, int)):
        problems.append(Problem("kind", place, summary_of(answer), form))
        return None, False
    values = np.asarray(answer)
    if values.dtype.kind not in "fiub":
        problems.append(Problem("dtype", place, summary_of(values), Fact("real")))
        return None, False
    if values.shape != expected.shape:
        if expected.ndim == 0 and values.size == 1:
            notes.add(NOTE_SIZE_ONE)
        elif expected.ndim == 2 and expected.shape[1] == 1 and values.shape == expected.shape[:1]:
            shape = Fact("shape", (expected.shape,))
            problems.append(Problem("shape", place, summary_of(values), shape, comparable=True))
        else:
            shape = Fact("shape", (expected.shape,)) if expected.ndim else Fact("single")
            problems.append(Problem("shape", place, summary_of(values), shape))
            return None, False
        values = values.reshape(expected.shape)
    if values.dtype.kind == "b":
        notes.add(NOTE_BOOL)
    return values.astype(np.float64, copy=False), values.dtype.itemsize <= 4 and values.dtype.kind == "f"


def _by_region(leaf: ExpectedArray, values: Array | None, narrow: bool) -> list[Found]:
    """The array itself, or what of it belongs to each part of the credit."""
    if not leaf.regions:
        return [(leaf, values, narrow)]
    units = leaf.error_units
    return [
        (
            ExpectedArray(leaf.name, leaf.expected[mask], units[mask], part),
            None if values is None else values[mask],
            narrow,
        )
        for part, mask in leaf.regions.items()
    ]


def _joint_slopes(target: Target, found: Sequence[Found]) -> dict[str, float]:
    """The one slope c of ReLU at 0 that explains each group best, held to [0, 1]."""
    if not target.joint:
        return {}
    sums: dict[str, list[float]] = {}
    for leaf, values, _ in found:
        if values is not None and leaf.kink is not None and np.all(np.isfinite(values)):
            pair = sums.setdefault(leaf.part, [0.0, 0.0])
            pair[0] += float(np.sum((values - leaf.expected) * leaf.kink))
            pair[1] += float(np.sum(leaf.kink**2))
    return {part: min(1.0, max(0.0, top / bottom)) for part, (top, bottom) in sums.items() if bottom > 0}


def _less_kink(error: Array, kink: Array, slope: float | None) -> Array:
    """The error without what another ReLU'(0) adds: one slope for all, or each entry its own in [0, 1]."""
    if slope is None:
        return error - np.clip(error / np.where(kink == 0, 1.0, kink), 0, 1) * kink
    return error - slope * kink


def _compared(rows: Sequence[Row]) -> list[LeafResult]:
    """Is each array right? They are laid end to end, so that every question is asked of all of them at
    once.
    """
    if not rows:
        return []
    _, leaves, answers, _, slopes = zip(*rows, strict=True)
    starts = [0, *accumulate(answer.size for answer in answers)]
    spans = [slice(*ends) for ends in pairwise(starts)]

    def throughout(entries: Array) -> list[bool]:
        found: list[bool] = np.logical_and.reduceat(entries, starts[:-1]).tolist()
        return found

    values = np.concatenate(answers, axis=None)
    error = values - np.concatenate([leaf.expected for leaf in leaves], axis=None)
    for leaf, span, slope in zip(leaves, spans, slopes, strict=True):
        if leaf.kink is not None:
            error[span] = _less_kink(error[span], leaf.kink.reshape(-1), slope)
    size = np.abs(error)
    finite, exact = throughout(np.isfinite(values)), throughout(size == 0)
    # Most right answers are right to the last bit: nobody asks for their bounds.
    units = np.zeros(values.shape)
    for i, (leaf, span) in enumerate(zip(leaves, spans, strict=True)):
        if finite[i] and not exact[i]:
            units[span] = leaf.error_units.reshape(-1)
    near = throughout(size <= ROUTES * U64 * units + 1e-290)
    wide = throughout(size <= ROUTES * U32 * units + 1e-36)
    numeric = throughout(size <= NEARLY * units)
    short = throughout(values == values.astype(np.float32))
    worst = np.maximum.reduceat(size, starts[:-1]).tolist()
    results = []
    for i, (target, leaf, answer, narrow, _) in enumerate(rows):
        off = error[spans[i]].reshape(answer.shape) if finite[i] and not exact[i] else None
        state: State = "right"
        if not finite[i]:
            state = "nonfinite"
        elif not (near[i] or (worst[i] < FAR and _near_by_detour(target, leaf, off))):
            if target.strict:
                state = "wrong"
            elif target.single:
                state = "right" if wide[i] else "wrong"
            else:
                narrow = narrow or (short[i] and answer.size > 1)
                gap = (not narrow and numeric[i]) if target.exact else wide[i]
                state = "gap" if gap else _by_epsilon(leaf, off)
        results.append(LeafResult(leaf, state, off, narrow, answer, target.single))
    return results


def _near_by_detour(target: Target, leaf: ExpectedArray, error: Array | None) -> bool:
    """Within the bound of the inputs' own precision, if the answer came by a detour?"""
    if leaf.detour is None or error is None:
        return False
    u = U32 if target.single else U64
    return bool((np.abs(error) <= ROUTES * u * (leaf.error_units + leaf.detour())).all())


def _by_epsilon(leaf: ExpectedArray, error: Array | None) -> State:
    """Wrong, or too small by as much as an epsilon makes it?"""
    if error is None:
        return "wrong"
    explained = ((error <= 0) & (-error <= EPSILON * slope) for slope in leaf.epsilons.values())
    return "epsilon" if any(entries.all() for entries in explained) else "wrong"
