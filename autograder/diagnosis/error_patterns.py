"""Where no mistake has a name: what the wrong numbers have in common, in one sentence or two.

Each finder looks at all answers and returns a sentence that is true of every one of them, or None. What a sentence may say
about hidden cases is a layer, a sign, a factor: never one of their numbers.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.answer_arrays import AnswerArray, all_leaves, depth, examples
from autograder.diagnosis.closeness import right, same_array
from autograder.diagnosis.localisation import only, where
from autograder.judging.evidence import Evidence

SAME_FACTOR = 1e-6
TELLING = 4  # numbers, before a factor is told
FAR = 1e-5  # of the largest expected entry


def pattern(exercise_id: str, evidence: Sequence[Evidence]) -> str | None:
    """One or two sentences on where or by how much the answers are off; None where nothing simple holds."""
    if not evidence:
        return None
    if exercise_id == "gradient_check":
        return _verdicts(evidence)
    leaves = [leaf for e in evidence for leaf in all_leaves(exercise_id, e)]
    wrong = [leaf for leaf in leaves if leaf.came and not leaf.right]
    answered = [e for e in evidence if e.error is None]
    raised = len(answered) < len(evidence)
    square = [e for e in answered if "square" in e.case.tags]
    if raised and square and all("square" in e.case.tags or depth(e.case) == 1 for e in answered):
        also = ", and is wrong there" if wrong else ""
        return f"It runs only where all layers have one width{also}: write the shapes of both factors side by side."
    if raised and not wrong:
        return _where_raised(leaves)
    if not wrong:
        return None
    if not raised and (moved := _moved(answered)):
        return moved
    large = all("extreme" in leaf.case.tags for leaf in wrong)  # a cap there is no factor
    by = next((say for say in (f(wrong) for f in BY if not (large and f is _factor)) if say), None)
    # Where all is nearly right, what counts as right here and what the verdict counts as right may differ.
    place = where(leaves) if any(map(_far_off, wrong)) or raised else None
    if place and by:
        by = by.replace("the same factor everywhere", "the same factor there")
    return " ".join(say for say in (place, by) if say) or None


def _far_off(leaf: AnswerArray) -> bool:
    if leaf.answer.shape != leaf.expected.shape or not np.isfinite(leaf.answer).all():
        return True
    size = float(np.max(np.abs(leaf.expected), initial=0))
    return float(np.max(np.abs(leaf.answer - leaf.expected), initial=0)) > FAR * max(size, 1e-290)


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
        verdicts = {bool(e.answer[0]) for e in told}
        broken = [e for e in told if bool(e.answer[0]) and not np.isfinite(e.case.args[2]).all()]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    if len(verdicts) == 1 and wrong:
        return f"ok is {verdicts.pop()} for every gradient, right or wrong: it must depend on the errors."
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


def _where_raised(leaves: Sequence[AnswerArray]) -> str | None:
    """Nothing that came is wrong: which calls raise?"""
    if only(leaves, lambda leaf: "integer" in leaf.case.tags):
        return "Only inputs of whole numbers (dtype int) raise."
    if only(leaves, lambda leaf: leaf.m == 1):
        return "Only a batch of one example raises."
    if only(leaves, lambda leaf: leaf.m != 1) and not any(leaf.right for leaf in leaves if leaf.m != 1):
        return "Only wrong for m > 1: one example is right, more raise. Has each array a column for each example?"
    if only(leaves, lambda leaf: leaf.layers > 1):
        return "Networks of more than one layer raise: which keys do the dicts have?"
    return None


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


def _not_finite(wrong: Sequence[AnswerArray]) -> str | None:
    return (
        "The answer holds nan or inf." if all(not np.isfinite(leaf.answer).all() for leaf in wrong) else None
    )


def _transposed(wrong: Sequence[AnswerArray]) -> str | None:
    fits = all(
        leaf.answer.ndim == 2 and same_array(np.asarray(leaf.answer.T, float), leaf.expected)
        for leaf in wrong
    )
    return "The numbers are right, but transposed." if fits else None


def _zero(wrong: Sequence[AnswerArray]) -> str | None:
    return "All wrong answers are 0 throughout." if all(not leaf.answer.any() for leaf in wrong) else None


def _factor(wrong: Sequence[AnswerArray]) -> str | None:
    """One factor for each answer: the same one everywhere, or m, 1/m, a number of units."""
    factors = []
    numbers = 0
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
        numbers += int(large.sum())
    values = [factor for _, factor in factors]
    if numbers < TELLING:  # one number is a multiple of any other
        return None
    sizes = [examples(leaf.case) or 0 for leaf, _ in factors]
    if (
        min(sizes) > 1
        and len(set(sizes)) > 1
        and np.allclose(values, 1 / np.array(sizes), rtol=SAME_FACTOR, atol=0)
    ):
        return "Off by a constant factor: 1/m."
    if np.allclose(values, values[0], rtol=SAME_FACTOR, atol=0):
        if abs(values[0] + 1) < SAME_FACTOR:
            return "The sign is flipped."
        say = f": {values[0]:.4g}" if abs(values[0] - 1) > 1e-3 else ", very near to 1"
        return f"Off by the same factor everywhere{say}."
    meanings: dict[str, Callable[[AnswerArray], float | None]] = {
        "m": lambda leaf: examples(leaf.case),
        "1/m": lambda leaf: 1 / (examples(leaf.case) or np.nan),
        "the number of rows": lambda leaf: leaf.expected.shape[0] if leaf.expected.ndim else np.nan,
        "1 over the number of rows": lambda leaf: (
            1 / leaf.expected.shape[0] if leaf.expected.ndim else np.nan
        ),
        "1/k, k the number of outputs": lambda leaf: 1 / _k(leaf.case),
        "1/(k m)": lambda leaf: 1 / (_k(leaf.case) * (examples(leaf.case) or np.nan)),
    }
    for words, meaning in meanings.items():
        meant = np.array([meaning(leaf) for leaf, _ in factors], dtype=float)
        if len(set(meant)) > 1 and np.allclose(values, meant, rtol=SAME_FACTOR, atol=0):
            return f"Off by a constant factor: {words}."
    if sum(leaf.expected.size > 1 for leaf in wrong) >= TELLING:
        return "Each answer is off by one constant factor, but it is not the same for all inputs."
    return None


def _k(case: Any) -> float:
    arrays = [arg for arg in case.args if isinstance(arg, np.ndarray)]
    return float(arrays[-1].shape[0]) if arrays and arrays[-1].ndim == 2 else np.nan


def _size_only(wrong: Sequence[AnswerArray]) -> str | None:
    fits = all(same_array(np.abs(leaf.answer.astype(float)), np.abs(leaf.expected)) for leaf in wrong)
    return "The sizes are right, some signs are not." if fits else None


def _added(wrong: Sequence[AnswerArray]) -> str | None:
    """One number is added to every entry."""
    for leaf in wrong:
        if leaf.answer.shape != leaf.expected.shape or leaf.answer.size < 2:
            return None
        gap = leaf.answer - leaf.expected
        if not np.allclose(gap, gap.flat[0], rtol=1e-6, atol=1e-9 * float(np.max(np.abs(leaf.expected)))):
            return None
    return "In each answer every entry is off by the same amount."


BY = (_not_finite, _transposed, _zero, _factor, _size_only, _added)
