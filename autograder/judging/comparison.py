"""Pure judging of answers: shape before values, finite before close, bounds from rounding analysis.

compare() sets one answer beside its target. What lies between float64's bound and float32's is a "gap": all answers of one
partial-credit group together decide on it (small_errors.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.expected import ExpectedArray, Target, Template, leaves_of
from autograder.exercises.rounding import ROUTES, U32, U64

Array: TypeAlias = NDArray
Found: TypeAlias = tuple[
    ExpectedArray, Array | None, bool
]  # a leaf, the answer's numbers if any, whether float32
Row: TypeAlias = tuple[Target, ExpectedArray, Array, bool, float | None]  # and the slope at ReLU's kink
State = Literal["right", "gap", "epsilon", "wrong", "nonfinite", "shape", "missing"]
FLOAT64 = np.dtype(np.float64)
FAR = 1e-3  # errors as large are no rounding, by whatever detour
EPSILON = 1.05e-7  # an epsilon up to 1e-7 inside a logarithm, or below softmax's fraction, is a habit, not a mistake
NEARLY = 1e-9  # relative to units: where numerical differentiation can get to

NOTE_FLAT = (
    "An answer came as (n,) where (n, 1) is meant: accepted, but it broadcasts the wrong way elsewhere."
)
NOTE_SIZE_ONE = "The number came wrapped in an array: accepted, but a float is expected."
NOTE_BOOL = "The answer is an array of True and False: accepted as 1 and 0."


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. weight is its share of the exercise's points; part its partial-credit group."""

    name: str
    passed: bool
    message: str
    weight: float
    part: str


@dataclass(slots=True, eq=False)
class LeafResult:
    """What became of one array of one answer; error is answer minus expected, None where it is 0 or could not be formed."""

    leaf: ExpectedArray
    state: State
    error: Array | None = None
    narrow: bool = False  # float32, or float64 numbers that float32 holds
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
    problems: tuple[str, ...] = ()
    notes: frozenset[str] = field(default=frozenset())

    @property
    def right(self) -> bool:
        """Is every number within float64's bound?"""
        return all(result.state == "right" for result in self.leaves)

    @property
    def wrong(self) -> bool:
        return any(result.wrong for result in self.leaves)


def compare(target: Target, answer: Any) -> CaseResult:
    """The answer beside the target: each array's shape and dtype, then whether its numbers are within bounds."""
    return compare_all([(target, answer)])[0]


def compare_all(pairs: Sequence[tuple[Target, Any]]) -> list[CaseResult]:
    """compare() of many answers beside their targets, their numbers looked at in one go."""
    walked: list[tuple[list[Found], list[str], set[str]]] = []
    rows: list[Row] = []
    with np.errstate(all="ignore"):  # an answer may be 1e308
        for target, answer in pairs:
            found: list[Found] = []
            problems: list[str] = []
            notes: set[str] = set()
            _walk(target.template, answer, "the answer", found, problems, notes)
            walked.append((found, problems, notes))
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


def described(value: Any) -> str:
    """The kind of a value in a student's words: "an array of shape (3, 7)", "a dict with keys 1, 2"."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, dict):
        return f"a dict with keys {', '.join(map(str, list(value)[:8]))}" if value else "an empty dict"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    if value is None:
        return "None (is a return missing?)"
    article = "an" if type(value).__name__[0] in "aeiou" else "a"
    return f"{article} {type(value).__name__}"


def _walk(
    template: Template,
    answer: Any,
    path: str,
    found: list[Found],
    problems: list[str],
    notes: set[str],
) -> None:
    if isinstance(template, ExpectedArray):
        values, narrow = _array(template, answer, path, problems, notes)
        found.append((template, values, narrow))
        return
    if isinstance(template, dict):
        if not isinstance(answer, (dict, Mapping)):  # dict first: asking an abstract class is slow
            problems.append(f"{path} is {described(answer)}; expected a dict keyed by the layer number")
            found.extend((leaf, None, False) for leaf in leaves_of(template))
            return
        given = dict(answer)
        if set(given) != set(template):
            want = f"{min(template)} to {max(template)}"
            problems.append(f"{path} is {described(given)}; expected the keys {want}")
        for key, item in template.items():
            if key in given:
                _walk(
                    item,
                    given[key],
                    item.name if isinstance(item, ExpectedArray) else f"{path}[{key}]",
                    found,
                    problems,
                    notes,
                )
            else:
                found.extend((leaf, None, False) for leaf in leaves_of(item))
        return
    if not isinstance(answer, (tuple, list)) or len(answer) != len(template):
        problems.append(f"{path} is {described(answer)}; expected a tuple of {len(template)}")
        found.extend((leaf, None, False) for leaf in leaves_of(template))
        return
    for i, (item, part) in enumerate(zip(template, answer, strict=True)):
        _walk(
            item,
            part,
            item.name if isinstance(item, ExpectedArray) else f"item {i} of {path}",
            found,
            problems,
            notes,
        )


def _array(
    leaf: ExpectedArray, answer: Any, path: str, problems: list[str], notes: set[str]
) -> tuple[Array | None, bool]:
    """The answer's numbers as float64 in the expected shape, or None with the problem said."""
    expected = leaf.expected
    if type(answer) is np.ndarray and answer.dtype is FLOAT64 and answer.shape == expected.shape:
        return answer, False  # nearly always
    if isinstance(answer, (list, tuple)) and expected.ndim:
        problems.append(f"{path} is a {type(answer).__name__}; expected an array of shape {expected.shape}")
        try:
            answer = np.array(answer, dtype=float)
        except (TypeError, ValueError):
            return None, False
    if not isinstance(answer, (np.ndarray, np.generic, float, int)):
        kind = "a number" if expected.ndim == 0 else f"an array of shape {expected.shape}"
        problems.append(f"{path} is {described(answer)}; expected {kind}")
        return None, False
    values = np.asarray(answer)
    if values.dtype.kind not in "fiub":
        problems.append(f"{path} has dtype {values.dtype}; expected real numbers")
        return None, False
    if values.shape != expected.shape:
        if expected.ndim == 0 and values.size == 1:
            notes.add(NOTE_SIZE_ONE)
        elif expected.ndim == 2 and expected.shape[1] == 1 and values.shape == expected.shape[:1]:
            notes.add(NOTE_FLAT)
        else:
            want = "a single number" if expected.ndim == 0 else f"shape {expected.shape}"
            problems.append(f"{path} has shape {values.shape}; expected {want}")
            return None, False
        values = values.reshape(expected.shape)
    if values.dtype.kind == "b":
        notes.add(NOTE_BOOL)
    return values.astype(np.float64, copy=False), values.dtype.itemsize <= 4 and values.dtype.kind == "f"


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
        return error - np.where(kink == 0, 0.0, np.clip(error / np.where(kink == 0, 1.0, kink), 0, 1)) * kink
    return error - slope * kink


def _compared(rows: Sequence[Row]) -> list[LeafResult]:
    """Is each array right? They are laid end to end, so that every question is asked of all of them at once."""
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
