"""Pure judging of answers: shape before values, finite before close, bounds from rounding analysis.

compare() sets one answer beside its target; settle() looks at all answers of one partial-credit group together,
because between float64's and float32's bound only the pattern of the errors tells rounding from a mistake.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.exercise import Leaf, Target, Template, leaves_of
from autograder.rounding import ROUTES, U32, U64

Array: TypeAlias = NDArray
Found: TypeAlias = tuple[Leaf, Array | None, bool]  # a leaf, the answer's numbers if any, whether float32
Row: TypeAlias = tuple[Target, Leaf, Array, bool, float | None]  # and the slope at ReLU's kink
FLOAT64 = np.dtype(np.float64)
State = Literal["right", "gap", "epsilon", "wrong", "nonfinite", "shape", "missing"]
EPSILON = 1.05e-7  # an epsilon up to 1e-7 inside a logarithm, or below softmax's fraction, is a habit, not a mistake
ONE_SIDED = 20  # errors of one sign that are no chance: rounding goes up and down
NEARLY = 1e-9  # relative to units: where numerical differentiation can get to

NOTE_FLAT = (
    "An answer came as (n,) where (n, 1) is meant: accepted, but it broadcasts the wrong way elsewhere."
)
NOTE_SINGLE = "Computed in float32: right to its seven digits."
NOTE_SINGLE_INPUTS = "Right in float64, but not for inputs in float32: not counted."
NOTE_NUMERIC = (
    "The numbers are off in the 9th to 14th digit: this looks numerically differentiated, not derived."
)
NOTE_EPSILON = "A small epsilon inside the logarithm shifts the loss a little; from the logits you need none."
NOTE_EPSILON_BELOW = (
    "A small epsilon below the fraction takes a little off every number: with the largest z of each column "
    "taken off first the sum is at least 1 and needs none."
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

    leaf: Leaf
    state: State
    error: Array | None = None
    narrow: bool = False  # float32, or float64 numbers that float32 holds
    answer: Array | None = None
    single: bool = False  # the inputs were float32: only its bound counts, and only against differences


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
        return any(result.state not in ("right", "gap", "epsilon") for result in self.leaves)


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
    if isinstance(template, Leaf):
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
                    item.name if isinstance(item, Leaf) else f"{path}[{key}]",
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
            item, part, item.name if isinstance(item, Leaf) else f"item {i} of {path}", found, problems, notes
        )


def _array(
    leaf: Leaf, answer: Any, path: str, problems: list[str], notes: set[str]
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
            units[span] = leaf.units.reshape(-1)
    near = throughout(size <= ROUTES * U64 * units + 1e-290)
    wide = throughout(size <= ROUTES * U32 * units + 1e-36)
    numeric = throughout(size <= NEARLY * units)
    short = throughout(values == values.astype(np.float32))
    results = []
    for i, (target, leaf, answer, narrow, _) in enumerate(rows):
        off = error[spans[i]].reshape(answer.shape) if finite[i] and not exact[i] else None
        single = target.single
        state: State = "right"
        if not finite[i]:
            state = "nonfinite"
        elif not (near[i] or _near_by_detour(target, leaf, off)):
            if target.strict:
                state = "wrong"
            elif single:
                state = "right" if wide[i] else "wrong"
            else:
                narrow = narrow or (short[i] and answer.size > 1)
                gap = (not narrow and numeric[i]) if target.exact else wide[i]
                state = "gap" if gap else _by_epsilon(leaf, off)
        results.append(LeafResult(leaf, state, off, narrow, answer, single))
    return results


def _near_by_detour(target: Target, leaf: Leaf, error: Array | None) -> bool:
    """Within the bound of the inputs' own precision, if the answer came by a detour?"""
    if leaf.detour is None or error is None:
        return False
    u = U32 if target.single else U64
    return bool((np.abs(error) <= ROUTES * u * (leaf.units + leaf.detour())).all())


def _by_epsilon(leaf: Leaf, error: Array | None) -> State:
    """Wrong, or too small by as much as an epsilon makes it?"""
    if error is None:
        return "wrong"
    explained = ((error <= 0) & (-error <= EPSILON * slope) for slope in leaf.epsilons.values())
    return "epsilon" if any(entries.all() for entries in explained) else "wrong"


def settle(results: Sequence[LeafResult]) -> tuple[bool, str | None, str]:
    """Whether one group of compared arrays is right as a whole: (passed, a note, what pattern spoke against it).

    Inputs in float32 are there to tell differences, which have no digits left there, from what is right to the last
    digit: that alone may miss them.
    """
    if any(result.state not in ("right", "gap", "epsilon") for result in results):
        double = [result for result in results if not result.single]
        if double and all(result.state == "right" for result in double):
            return True, NOTE_SINGLE_INPUTS, ""
        return False, None, ""
    off = [result for result in results if result.state != "right"]
    if not off:
        return True, None, ""
    place = _one_epsilon(results)
    if place:
        return True, NOTE_EPSILON if place == "log" else NOTE_EPSILON_BELOW, ""
    if any(result.state == "epsilon" for result in off):
        return False, None, "off by a little, and not by one epsilon"
    pattern = systematic(results)
    if pattern:
        return False, None, pattern
    worst = max(float(np.max(np.abs(_error(r)) / np.maximum(r.leaf.units, 1e-290))) for r in off)
    narrow = sum(result.narrow for result in off) * 2 >= len(off)
    if narrow or worst > NEARLY * 10:
        return True, NOTE_SINGLE, ""
    return True, NOTE_EPSILON if any("log" in r.leaf.epsilons for r in off) else NOTE_NUMERIC, ""


def _error(result: LeafResult) -> Array:
    return result.error if result.error is not None else np.zeros(result.leaf.expected.shape)


def _one_epsilon(results: Sequence[LeafResult]) -> str | None:
    """The place where one and the same epsilon makes all numbers as much too small as they are, if there is one."""
    used = [r for r in results if not r.single]
    if not used or not all(r.leaf.epsilons for r in used):
        return None
    less = -np.concatenate([_error(r) for r in used], axis=None)
    bound = ROUTES * U64 * np.concatenate([r.leaf.units for r in used], axis=None)
    top = int(np.argmax(less / (bound + 1e-300)))
    for place in used[0].leaf.epsilons:
        slope = np.concatenate([r.leaf.epsilons[place] for r in used], axis=None)
        with np.errstate(all="ignore"):
            epsilon = less[top] / slope[top]
            fits = np.abs(less - epsilon * slope) <= 0.06 * epsilon * slope + 2 * bound
        if 0 < epsilon <= EPSILON and fits.all():
            return place
    return None


def systematic(results: Sequence[LeafResult]) -> str:
    """Why errors below float32's bound are no rounding: a bias, a factor, few entries, decimals. "" if they may be."""
    off = [r for r in results if r.state == "gap"]
    narrow = sum(r.narrow for r in off) * 2 >= len(off)
    error = np.concatenate([_error(r).ravel() for r in off])
    expected = np.concatenate([r.leaf.expected.ravel() for r in off])
    units = np.concatenate([r.leaf.units.ravel() for r in off])
    answer = expected + error
    live = units > 0
    error, expected, units, answer = error[live], expected[live], units[live], answer[live]
    beyond = np.abs(error) > ROUTES * U64 * units
    # Rounding to float32 leaves 0, 1 and saturated entries alone; of the others it spares few.
    rounds = (expected != expected.astype(np.float32)) & (np.abs(expected) > 1e-6 * units)
    few = beyond[rounds].sum() < 0.25 * rounds.sum() or not beyond[rounds].any()
    if not narrow and beyond.size >= 8 and few:
        return "only a few entries are off, by a little"
    if answer.size >= 4:
        for digits in range(3, 10):
            grid = answer * 10.0**digits
            if (np.abs(grid - np.rint(grid)) < 1e-5).all():
                return f"the numbers were rounded to {digits} decimals"
    # Rounding errors of float32 may share a factor (1/m rounded once) or a bias of a few units, not more.
    spare = 8 * U32 if narrow else 0.0
    weight = 1 / np.maximum(units, 1e-100)
    if error.size >= 3:
        for shape, name, unit in (
            (np.ones(error.shape), "the same amount is added everywhere", float(np.median(units)) / 8),
            (expected, "every entry is off by the same tiny factor", 1.0),
        ):
            for w in (np.ones(error.shape), weight):
                x, y = error * w, shape * w
                top, bottom = float(x @ y), float((x @ x) * (y @ y))
                # Where one entry is far larger than the others, its error alone is a multiple of it.
                weighty = float(y @ y) ** 2 / max(float((y * y) @ (y * y)), 1e-290)
                if (
                    weighty >= min(5.0, 0.7 * y.size)
                    and bottom > 0
                    and top * top > 0.98 * bottom
                    and abs(top / float(y @ y)) > spare * unit
                ):
                    return name
    seen = beyond & (expected != 0)
    signs = np.sign(error * expected)[seen]
    # Equal numbers are rounded alike: it is the different ones that count.
    if (
        not narrow
        and signs.size
        and abs(float(signs.sum())) == signs.size
        and np.unique(expected[seen]).size >= ONE_SIDED
    ):
        return "every number is a little too large" if signs[0] > 0 else "every number is a little too small"
    relative = np.abs(error) * weight
    if not narrow and float(relative.max()) > NEARLY:
        # float64 numbers with float32's errors: a part was computed in float32 (small, at random), or a small
        # amount was added inside a formula (larger, or a smooth function of the answer).
        if float(relative.max()) > U32 or float(np.median(relative)) > 0.25 * U32:
            return SEVENTH
        if np.unique(expected).size >= 8 and _quadratic(error * weight, expected, weight):
            return SEVENTH
        if _smooth(off):
            return SEVENTH
    return ""


SEVENTH = "right to six or seven digits only, and not by rounding: something small is added, or left out"


def _quadratic(error: Array, expected: Array, weight: Array) -> bool:
    """Are the weighted errors a quadratic function of the answer, but for a fiftieth of their energy?"""
    r = expected / max(float(np.max(np.abs(expected))), 1e-290)
    basis = np.stack([weight, r * weight, r * r * weight], axis=1)
    fit = basis @ np.linalg.lstsq(basis, error, rcond=None)[0]
    return float(np.sum((error - fit) ** 2)) < 0.02 * float(np.sum(error**2))


def _smooth(results: Sequence[LeafResult]) -> bool:
    """Are the errors a smooth function of the answer, or of z? Rounding's are not: neighbours differ like strangers.

    Not so in a product such as dW, where a whole row shares the rounding of its delta.
    """
    inputs = [r.leaf.pointwise.ravel() for r in results if r.leaf.pointwise is not None]
    if len(inputs) < len(results):
        return False
    expected = np.concatenate([r.leaf.expected.ravel() for r in results])
    units = np.concatenate([r.leaf.units.ravel() for r in results])
    error = np.concatenate([_error(r).ravel() for r in results]) / np.maximum(units, 1e-100)
    if np.count_nonzero(error) < 30:
        return False
    energy = float(np.sum(error**2))

    def ratio(along: Array) -> float:  # von Neumann's: 1 for noise, 0 for a curve
        return float(np.sum(np.diff(error[np.argsort(along, kind="stable")]) ** 2)) / (2 * energy)

    return min(ratio(expected), ratio(np.concatenate(inputs))) < 0.2
