"""Where no mistake has a name: what the wrong numbers have in common, in one sentence or two.

Each finder looks at all answers and returns a sentence that is true of every one of them, or None. What a sentence may say
about hidden cases is a layer, a sign, a factor: never one of their numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.cases import Evidence
from autograder.explain import flat, right, same_array

SAME_FACTOR = 1e-6
ENOUGH = 12  # right numbers of single examples, before one says that single examples are right


@dataclass(slots=True, eq=False)
class Leaf:
    """One array of one answer beside the expected one."""

    case: Any
    path: tuple[Any, ...]  # ("dW", 2), ("delta", 1), ()
    answer: np.ndarray
    expected: np.ndarray
    right: bool
    bound: np.ndarray
    complete: bool = True  # the dict it is in has the keys it should have


PARTS = {"layer_gradients": ("dW", "db"), "backprop": ("dW", "db"), "l2_backprop": ("dW", "db"), "forward": ("Z", "A"),
         "residual_delta": ("delta_z", "delta_a_prev"), "gradient_check": ("ok", "errors")}  # fmt: skip


def pattern(exercise_id: str, evidence: Sequence[Evidence]) -> str | None:
    """One or two sentences on where or by how much the answers are off; None where nothing simple holds."""
    if not evidence:
        return None
    if exercise_id == "gradient_check":
        return _verdicts(evidence)
    raised = [e for e in evidence if e.error is not None]
    leaves = [leaf for e in evidence if e.error is None for leaf in leaves_of_answer(exercise_id, e)]
    wrong = [leaf for leaf in leaves if not leaf.right]
    if raised and not wrong:
        return _where_raised(raised, evidence)
    if not wrong:
        return None
    if raised and all("square" in leaf.case.tags for leaf in wrong):
        return "It runs only where all layers have one width, and is wrong there: write the shapes of both factors side by side."
    moved = _moved(evidence)
    if moved:
        return moved
    found = [say for say in (f(leaves, wrong) for f in WHERE) if say]
    large = all("extreme" in leaf.case.tags for leaf in wrong)  # a cap there is no factor
    by = next((say for say in (f(wrong) for f in BY if not (large and f is _factor)) if say), None)
    sentences = [*found[:1], *([by] if by else [])]
    return " ".join(sentences) or None


def _verdicts(evidence: Sequence[Evidence]) -> str | None:
    """gradient_check: which gradients its verdict gets wrong."""
    told = [e for e in evidence if e.case.tags & {"accept", "reject"}]
    if any(e.error is not None for e in told):
        shapes = all("shape" in e.case.name for e in told if e.error is not None)
        return (
            "A gradient of another shape raises: return False for it, and errors of theta's shape."
            if shapes
            else None
        )
    try:
        wrong = {
            tag
            for e in told
            for tag in e.case.tags & {"accept", "reject"}
            if bool(e.answer[0]) != (tag == "accept")
        }
        broken = [e for e in told if bool(e.answer[0]) and not np.isfinite(e.case.args[2]).all()]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    if broken:
        return "nan in a gradient passes: every comparison with nan is False, so ask for errors that are small, not for none that are large."
    if len(wrong) == 2:
        return "ok accepts wrong gradients and rejects right ones: look at what it compares with which threshold."
    if wrong == {"accept"}:
        return "ok rejects right gradients: the threshold is too strict, or zeros in the gradient upset it."
    return (
        "ok accepts wrong gradients: the threshold is too wide, or one wrong entry drowns among the others."
        if wrong
        else None
    )


def leaves_of_answer(exercise_id: str, e: Evidence) -> Iterator[Leaf]:
    """Every array of an answer beside the expected one; what has another structure is left out."""
    names = PARTS.get(exercise_id, ())
    yield from _walk(e.case, (), e.answer, e.expected, e.bound, names)


def _walk(
    case: Any,
    path: tuple[Any, ...],
    answer: Any,
    expected: Any,
    bound: Any,
    names: Sequence[str],
    complete: bool = True,
) -> Iterator[Leaf]:
    if isinstance(expected, dict):
        for key in expected:
            if isinstance(answer, dict) and key in answer:
                fits = set(answer) == set(expected)
                yield from _walk(case, (*path, key), answer[key], expected[key], bound[key], (), fits)
    elif isinstance(expected, tuple):
        if isinstance(answer, (tuple, list)) and len(answer) == len(expected):
            for i, item in enumerate(expected):
                name = names[i] if i < len(names) else i
                yield from _walk(case, (*path, name), answer[i], item, bound[i], ())
    else:
        try:
            array = next(iter(flat(answer)))
        except (TypeError, ValueError, StopIteration):
            return
        if array.dtype.kind in "fiub":
            want = np.asarray(expected, dtype=float)
            ok = right(array, want, np.asarray(bound))
            yield Leaf(case, path, np.asarray(array), want, ok, np.asarray(bound), complete)


def _where_raised(raised: Sequence[Evidence], evidence: Sequence[Evidence]) -> str | None:
    def only(tag: Callable[[Any], bool]) -> bool:
        return all(tag(e.case) for e in raised)

    fine = [e for e in evidence if e.error is None]
    if fine and all("square" in e.case.tags for e in fine):
        return "It runs only where all layers have one width: write the shapes of both factors side by side."
    if only(lambda case: "integer" in case.tags):
        return "Only inputs of whole numbers (dtype int) raise."
    if only(lambda case: _m(case) == 1) and fine:
        return "Only a batch of one example raises."
    return None


def _m(case: Any) -> int | None:
    """How many examples a case has: the columns of its last array."""
    arrays = [
        a
        for arg in case.args
        for a in (arg.values() if isinstance(arg, dict) else (arg,))
        if isinstance(a, np.ndarray)
    ]
    return int(arrays[-1].shape[1]) if arrays and arrays[-1].ndim == 2 else None


def _one_branch(leaves: Sequence[Leaf], wrong: Sequence[Leaf]) -> str | None:
    """Only one nonlinearity or output is wrong, all of its answers or some."""
    for place in (0, 3, 4, 5):
        names = {leaf.case.args[place] for leaf in leaves if _names_branch(leaf.case, place)}
        bad = {leaf.case.args[place] for leaf in wrong if _names_branch(leaf.case, place)}
        if len(names) > 1 and len(bad) == 1:
            return f"Right except with {bad.pop()}."
        if len(names) > 2 and len(bad) == 2 and len(names - bad) == 1:
            return f"Right with {(names - bad).pop()} alone."
    return None


def _names_branch(case: Any, place: int) -> bool:
    return len(case.args) > place and isinstance(case.args[place], str)


def _moved(evidence: Sequence[Evidence]) -> str | None:
    """The right numbers in the wrong place: two results in the other order, or layers counted from 0."""
    answers = [(e.answer, e.expected, e.bound) for e in evidence if e.error is None]
    if all(
        isinstance(b, tuple) and isinstance(a, (tuple, list)) and len(a) == 2 == len(b) for a, b, _ in answers
    ):
        if all(right(tuple(a)[::-1], b, bound) for a, b, bound in answers):
            return "Both results are right, but in the other order."
        pairs = [(p, q, r) for a, b, bound in answers for p, q, r in zip(a, b, bound, strict=True)]
    else:
        pairs = answers
    shifted = [
        isinstance(a, dict)
        and set(a) == {l - 1 for l in b}
        and right({l + 1: v for l, v in a.items()}, b, bound)
        for a, b, bound in pairs
        if isinstance(b, dict)
    ]
    return (
        "The numbers are right, but one layer too low: the keys count the layers from 1."
        if shifted and all(shifted)
        else None
    )


def _one_part(leaves: Sequence[Leaf], wrong: Sequence[Leaf]) -> str | None:
    names = {leaf.path[0] for leaf in leaves if leaf.path and isinstance(leaf.path[0], str)}
    bad = {leaf.path[0] for leaf in wrong if leaf.path}
    if len(names) == 2 and len(bad) == 1 and all(leaf.complete for leaf in leaves):
        return f"{(names - bad).pop()} is right, {bad.pop()} is not."
    return None


def _layers(leaves: Sequence[Leaf], wrong: Sequence[Leaf]) -> str | None:
    deep = [
        leaf
        for leaf in leaves
        if leaf.complete and leaf.path and isinstance(leaf.path[-1], int) and _depth(leaf.case) > 2
    ]
    if not deep:
        return None
    bad = [leaf for leaf in wrong if leaf in deep]
    if not bad:
        return "Right but for networks of one or two layers."
    from_top = {_depth(leaf.case) - leaf.path[-1] for leaf in bad}
    from_bottom = {leaf.path[-1] for leaf in bad}
    if from_bottom == {1}:
        return "Right except layer 1."
    if from_top == {0}:
        return "Right except the last layer."
    if 0 not in from_top and 1 in from_top:
        return "The last layer is right; the mistake is on the way from one layer to the one before."
    if 0 not in from_top:
        return "Right in the last layers, wrong in those before."
    return None


def _depth(case: Any) -> int:
    return max((max(arg) for arg in case.args if isinstance(arg, dict) and arg), default=0)


def _examples(leaves: Sequence[Leaf], wrong: Sequence[Leaf]) -> str | None:
    sizes = {_m(leaf.case) for leaf in leaves}
    bad = {_m(leaf.case) for leaf in wrong}
    if None in sizes or len(sizes) < 2:
        return None
    ones = [leaf for leaf in leaves if _m(leaf.case) == 1]
    if bad and 1 not in bad and sum(leaf.expected.size for leaf in ones) >= ENOUGH:
        return "Only wrong for m > 1: one example is right."
    return "Only wrong for m = 1." if bad == {1} else None


def _tags(leaves: Sequence[Leaf], wrong: Sequence[Leaf]) -> str | None:
    sayings = {
        "extreme": "Right except where |z| is large: exp overflows there, or a 0 stands in a log or below a line. Work from the logits, the largest one taken off.",
        "integer": "Only wrong where inputs are whole numbers: does an array of integers cut off your decimals?",
        "square": "Only wrong where all layers have one width.",
        "poisoned": "Only wrong where the caches come from another network: use the caches given, not a forward pass of your own.",
    }  # fmt: skip
    for tag, say in sayings.items():
        if all(tag in leaf.case.tags or (tag == "square" and _square(leaf.case)) for leaf in wrong):
            return say
    return None


def _square(case: Any) -> bool:
    """Does hidden_delta get a square W here, as in a net whose layers have one width?"""
    if len(case.args) != 4 or not _names_branch(case, 3) or not isinstance(case.args[0], np.ndarray):
        return False
    rows, columns = case.args[0].shape
    return bool(rows == columns > 1)


def _side_of_zero(leaves: Sequence[Leaf], wrong: Sequence[Leaf]) -> str | None:
    """Only wrong where z <= 0, or where z > 0, entry by entry."""
    sides = set()
    for leaf in wrong:
        z = _z_of(leaf)
        if z is None or z.shape != leaf.answer.shape or z.shape != leaf.expected.shape:
            return None
        off = np.abs(leaf.answer - leaf.expected) > 1e-7 * max(float(np.max(np.abs(leaf.expected))), 1e-290)
        sides |= {"z > 0" if value > 0 else "z ≤ 0" for value in z[off]}
        if len(sides) == 2:
            return None
    return f"Right except where {sides.pop()}." if len(sides) == 1 else None


def _z_of(leaf: Leaf) -> np.ndarray | None:
    args = leaf.case.args
    if len(args) == 4 and isinstance(args[3], str):
        return np.asarray(args[2])
    if len(args) in (1, 2) and isinstance(args[-1], np.ndarray):
        return np.asarray(args[-1])
    if len(args) == 6 and leaf.path and isinstance(args[1], dict):
        return np.asarray(args[1][leaf.path[-1]])
    return None


WHERE = (_tags, _one_branch, _one_part, _layers, _examples, _side_of_zero)


def _not_finite(wrong: Sequence[Leaf]) -> str | None:
    return (
        "The answer holds nan or inf." if all(not np.isfinite(leaf.answer).all() for leaf in wrong) else None
    )


def _transposed(wrong: Sequence[Leaf]) -> str | None:
    fits = all(
        leaf.answer.ndim == 2 and same_array(np.asarray(leaf.answer.T, float), leaf.expected)
        for leaf in wrong
    )
    return "The numbers are right, but transposed." if fits else None


def _zero(wrong: Sequence[Leaf]) -> str | None:
    return "All wrong answers are 0 throughout." if all(not leaf.answer.any() for leaf in wrong) else None


def _factor(wrong: Sequence[Leaf]) -> str | None:
    """One factor for each answer: the same one everywhere, or m, 1/m, a number of units."""
    factors = []
    for leaf in wrong:
        if leaf.answer.shape != leaf.expected.shape or not np.isfinite(leaf.answer).all():
            return None
        size = float(np.max(np.abs(leaf.expected), initial=0))
        large = np.abs(leaf.expected) > 1e-3 * size
        if not large.any():
            return None
        ratios = leaf.answer[large] / leaf.expected[large]
        factor = float(np.median(ratios))
        if not np.allclose(
            leaf.answer, factor * leaf.expected, rtol=SAME_FACTOR, atol=SAME_FACTOR * abs(factor) * size
        ):
            return None
        factors.append((leaf, factor))
    values = [factor for _, factor in factors]
    if not values:
        return None
    examples = [_m(leaf.case) or 0 for leaf, _ in factors]
    if min(examples) > 1 and np.allclose(values, 1 / np.array(examples), rtol=SAME_FACTOR, atol=0):
        return "Off by a constant factor: 1/m."
    if np.allclose(values, values[0], rtol=SAME_FACTOR, atol=0):
        if abs(values[0] + 1) < SAME_FACTOR:
            return "The sign is flipped."
        say = f": {values[0]:.4g}" if abs(values[0] - 1) > 1e-3 else ", very near to 1"
        return f"Off by the same factor everywhere{say}."
    meanings: dict[str, Callable[[Leaf], float | None]] = {
        "m": lambda leaf: _m(leaf.case),
        "1/m": lambda leaf: 1 / (_m(leaf.case) or np.nan),
        "the number of rows": lambda leaf: leaf.expected.shape[0] if leaf.expected.ndim else np.nan,
        "1 over the number of rows": lambda leaf: (
            1 / leaf.expected.shape[0] if leaf.expected.ndim else np.nan
        ),
        "1/k, k the number of outputs": lambda leaf: 1 / _k(leaf.case),
        "1/(k m)": lambda leaf: 1 / (_k(leaf.case) * (_m(leaf.case) or np.nan)),
    }
    for words, meaning in meanings.items():
        if np.allclose(values, [meaning(leaf) for leaf, _ in factors], rtol=SAME_FACTOR, atol=0):  # type: ignore[arg-type]
            return f"Off by a constant factor: {words}."
    telling = sum(leaf.expected.size > 1 for leaf in wrong)  # one number is always a multiple of another
    if telling > 3:
        return "Each answer is off by one constant factor, but it is not the same for all inputs."
    return None


def _k(case: Any) -> float:
    arrays = [arg for arg in case.args if isinstance(arg, np.ndarray)]
    return float(arrays[-1].shape[0]) if arrays and arrays[-1].ndim == 2 else np.nan


def _size_only(wrong: Sequence[Leaf]) -> str | None:
    fits = all(same_array(np.abs(leaf.answer.astype(float)), np.abs(leaf.expected)) for leaf in wrong)
    return "The sizes are right, some signs are not." if fits else None


def _added(wrong: Sequence[Leaf]) -> str | None:
    """One number is added to every entry."""
    for leaf in wrong:
        if leaf.answer.shape != leaf.expected.shape or leaf.answer.size < 2:
            return None
        gap = leaf.answer - leaf.expected
        if not np.allclose(gap, gap.flat[0], rtol=1e-6, atol=1e-9 * float(np.max(np.abs(leaf.expected)))):
            return None
    return "In each answer every entry is off by the same amount."


BY = (_not_finite, _transposed, _zero, _factor, _size_only, _added)
