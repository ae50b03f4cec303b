"""Where no mistake has a name: what the wrong numbers have in common, in one sentence or two.

Each finder looks at all answers and returns a sentence that is true of every one of them, or None. What a
sentence may say about hidden cases is a layer, a sign, a factor: never one of their numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder._language import N_, _
from autograder.diagnosis.answer_arrays import AnswerArray, AnswerArrays
from autograder.diagnosis.closeness import same, same_array
from autograder.diagnosis.localisation import TAGS, is_batch, is_one_example, only, where
from autograder.diagnosis.partly_right import partly_right
from autograder.exercises.exercise import Exercise
from autograder.judging.evidence import Evidence
from autograder.trees import copy_value

SAME_FACTOR = 1e-6
# numbers, before a factor is told
FACTOR_NUMBERS = 4
# of the largest expected entry
FAR_OFF = 1e-5
# So many times the difference of what counts as right is more than the same everywhere.
STANDS_OUT = 10
# (9.3) of a right gradient, which any threshold takes for an error
LARGE_ERROR = 1e-3


def pattern(exercise: Exercise, answers: Sequence[AnswerArrays]) -> str | None:
    """One or two sentences on where or by how much the answers are off; None where nothing simple holds."""
    if not answers:
        return None
    if exercise.compared_as == "verdict":
        return _verdicts(exercise, [answer.evidence for answer in answers])
    arrays = [array for answer in answers for array in answer.expected]
    wrong = [array for array in arrays if array.came and not array.right]
    answered = [answer for answer in answers if answer.evidence.error is None]
    raised = len(answered) < len(answers)
    square = [answer for answer in answered if "square" in answer.inputs.tags]
    if raised and square and all(answer in square or answer.inputs.layers == 1 for answer in answered):
        runs_only = N_("It runs only where {square}: write the shapes of both factors side by side.")
        if wrong:
            runs_only = N_(
                "It runs only where {square}, and is wrong there: "
                "write the shapes of both factors side by side."
            )
        return _(runs_only, square=_(exercise.square))
    if raised and not wrong:
        return _where_raised(arrays)
    if not wrong:
        return None
    # a cap on large numbers is no factor
    capped = all("extreme" in array.inputs.tags for array in wrong)
    fine = [array for array in arrays if array.right]
    # Where all is nearly right, what counts as right here and what the verdict counts as right may differ.
    usual = _usual_size(arrays)
    located = raised or any(_far_off(a, usual) for a in wrong)
    place = where(_as_far_off(arrays, wrong), exercise.square) if located else None
    if place == _(TAGS["integer"]):
        # It says already that decimals are cut off.
        return place
    by_how_much = (
        _not_finite(wrong)
        or _transposed(wrong)
        or _zero(wrong)
        or (None if capped else _factor(exercise, wrong, fine, place is not None))
        or _size_only(wrong)
        or _added(wrong)
        or partly_right(wrong)
    )
    return " ".join(sentence for sentence in (place, by_how_much) if sentence) or None


def _usual_size(arrays: Sequence[AnswerArray]) -> float:
    """The largest right entry, as it mostly is."""
    sizes = [float(np.max(np.abs(array.expected), initial=0)) for array in arrays]
    return float(np.median([size for size in sizes if size] or [0.0]))


def _far_off(array: AnswerArray, usual: float) -> bool:
    """Is it more than nearly right? Where nothing but 0 is, by the usual size of what is right."""
    if array.answer.shape != array.expected.shape or not np.isfinite(array.answer).all():
        return True
    size = float(np.max(np.abs(array.expected), initial=0)) or usual
    return float(np.max(np.abs(array.answer - array.expected), initial=0)) > FAR_OFF * max(size, 1e-290)


def _as_far_off(arrays: Sequence[AnswerArray], wrong: Sequence[AnswerArray]) -> list[AnswerArray]:
    """The arrays, those wrong too that are off by as much as the wrong ones.

    Where a small amount stands everywhere it is next to nothing beside large numbers, and they count as
    right: but no place is told from another by that.
    """
    gaps = [gap for gap in map(_gap, wrong) if np.isfinite(gap)]
    if len(gaps) < len(wrong) or not gaps:
        return list(arrays)
    least = max(gaps) / STANDS_OUT
    return [replace(a, right=False) if a.right and _gap(a) > least else a for a in arrays]


def _gap(array: AnswerArray) -> float:
    """The largest difference beyond rounding; nan where an answer is no number, or has another shape."""
    if array.answer.shape != array.expected.shape:
        return float("nan")
    gap = np.abs(array.answer - array.expected)
    return float(np.max(np.where(gap <= array.tolerance, 0.0, gap), initial=0))


def _verdicts(exercise: Exercise, evidence: Sequence[Evidence]) -> str | None:
    """gradient_check: which gradients its verdict gets wrong."""
    told = [e for e in evidence if e.case.tags & {"accept", "reject"}]
    given = [exercise.given(e.case) for e in told]
    raised = [g for e, g in zip(told, given, strict=True) if e.error is not None]
    if raised:
        if any(np.shape(g["grad"]) == np.shape(g["theta"]) for g in raised):
            return None
        return _("A gradient of another shape raises: return False for it, and errors of theta's shape.")
    try:
        accepted = [bool(e.answer[0]) for e in told]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    rows = list(zip(told, given, accepted, strict=True))
    plain = [row for row in rows if _is_plain(row[1])]
    wrong = {
        tag for e, _, ok in plain for tag in e.case.tags & {"accept", "reject"} if ok != (tag == "accept")
    }
    # What it does with gradients that can be judged comes first: nan and shapes are the smaller trouble.
    if wrong and len({ok for _, _, ok in plain}) == 1:
        always = N_("ok is {ok} for every gradient, right or wrong: it must depend on the errors.")
        if len(set(accepted)) > 1:
            always = N_(
                "ok is {ok} for every gradient of theta's shape, right or wrong: "
                "it must depend on the errors."
            )
        return _(always, ok=plain[0][2])
    if len(wrong) == 2:
        return _(
            "ok accepts wrong gradients and rejects right ones: look at what it compares with "
            "which threshold."
        )
    if wrong == {"accept"}:
        return _too_strict([row for row in plain if "accept" in row[0].case.tags])
    if wrong:
        return _(
            "ok accepts wrong gradients: the threshold is too wide, one wrong entry drowns "
            "among the others, not every entry is looked at, or a difference below 0 passes."
        )
    let_pass = [given for e, given, ok in rows if ok and "reject" in e.case.tags]
    if any(np.shape(given["grad"]) != np.shape(given["theta"]) for given in let_pass):
        return _("ok accepts a gradient of another shape than theta's: compare the shapes first.")
    if let_pass:
        return _(
            "nan in a gradient passes: every comparison with nan is False, so ask for errors "
            "that are small, not for none that are large."
        )
    return None


def _only_rounding(e: Evidence, given: Mapping[str, Any]) -> bool:
    """Is there an error (9.3) of the right gradient that is large, and only where the slope is 0?"""
    if not isinstance(e.expected, tuple) or len(e.expected) < 2:
        return False
    large = np.asarray(e.expected[1]) > LARGE_ERROR
    return bool(large.any()) and not given["grad"][large].any()


def accepted_besides(
    exercise: Exercise, evidence: Sequence[Evidence], checks: Sequence[Callable[..., Any]]
) -> bool:
    """Does gradient_check's verdict accept wrong gradients of theta's shape that are rejected by all of these
    wrong checks which give its errors? Then it has another fault than theirs.
    """
    for e in evidence:
        given = exercise.given(e.case)
        if "reject" not in e.case.tags or e.error is not None or not _is_plain(given):
            continue
        try:
            accepted = bool(e.answer[0])
        except (TypeError, ValueError, IndexError, KeyError):
            return False
        if accepted and not any(_accepts_alike(check, e) for check in checks):
            return True
    return False


def _accepts_alike(check: Callable[..., Any], e: Evidence) -> bool:
    ok, errors = check(*map(copy_value, e.case.args))
    return bool(ok) and same(e.answer[1], errors)


def _is_plain(given: Mapping[str, Any]) -> bool:
    """Has the gradient theta's shape, and numbers throughout?"""
    return np.shape(given["grad"]) == np.shape(given["theta"]) and bool(np.isfinite(given["grad"]).all())


def _too_strict(right_ones: Sequence[tuple[Evidence, Mapping[str, Any], bool]]) -> str:
    """Which right gradients are rejected: all with an entry of 0, or those that rounding alone upsets?"""
    rejected = [(e, given) for e, given, ok in right_ones if not ok]
    with_zeros = [ok for _, given, ok in right_ones if (given["grad"] == 0).any()]
    just_those = len(with_zeros) == len(rejected) and not any(with_zeros)
    if just_those or all(_only_rounding(e, given) for e, given in rejected):
        return _(
            "ok rejects right gradients with an entry of 0: the numerical slope there is "
            "nothing but rounding, about 2e-16 |f| / h; allow that much."
        )
    return _("ok rejects right gradients: the threshold is too strict, or rounding upsets it.")


def _where_raised(arrays: Sequence[AnswerArray]) -> str | None:
    """Nothing that came is wrong: which calls raise?"""
    if only(arrays, lambda array: "integer" in array.inputs.tags):
        return _("Only inputs of whole numbers (dtype int) raise.")
    if only(arrays, is_one_example):
        return _("Only a batch of one example raises.")
    if only(arrays, is_batch) and not any(array.right for array in arrays if is_batch(array)):
        return _(
            "Only wrong for m > 1: one example is right, more raise. Has each array a column "
            "for each example?"
        )
    if only(arrays, lambda array: array.inputs.layers > 1):
        return _("Networks of more than one layer raise: which keys do the dicts have?")
    return None


def _not_finite(wrong: Sequence[AnswerArray]) -> str | None:
    nowhere_finite = all(not np.isfinite(array.answer).all() for array in wrong)
    return _("The answer holds nan or inf.") if nowhere_finite else None


def _transposed(wrong: Sequence[AnswerArray]) -> str | None:
    fits = all(
        array.answer.ndim == 2 and same_array(np.asarray(array.answer.T, float), array.expected)
        for array in wrong
    )
    return _("The numbers are right, but transposed.") if fits else None


def _zero(wrong: Sequence[AnswerArray]) -> str | None:
    return (
        _("All wrong answers are 0 throughout.") if all(not array.answer.any() for array in wrong) else None
    )


def _factor(
    exercise: Exercise, wrong: Sequence[AnswerArray], fine: Sequence[AnswerArray], placed: bool
) -> str | None:
    """One factor for each answer: the same one everywhere, or m, 1/m, a number of units.

    placed: a sentence before this one says where the answers are off.
    """
    factors: list[float] = []
    numbers = 0
    for array in wrong:
        if array.answer.shape != array.expected.shape or not np.isfinite(array.answer).all():
            return None
        size = float(np.max(np.abs(array.expected), initial=0))
        large = np.abs(array.expected) > 1e-3 * size
        if not large.any():
            return None
        factors.append(float(np.median(array.answer[large] / array.expected[large])))
        if not _is_multiple(array, factors[-1]):
            return None
        numbers += int(large.sum())
    # one number is a multiple of any other
    if numbers < FACTOR_NUMBERS:
        return None
    if all(is_batch(array) for array in wrong) and _are(
        factors, [1 / array.inputs.sizes["m"] for array in wrong]
    ):
        return _("Off by a constant factor: 1/m.")
    if np.allclose(factors, factors[0], rtol=SAME_FACTOR, atol=0):
        if abs(factors[0] + 1) < SAME_FACTOR:
            return _("The sign is flipped.")
        # So near to 1 nearly right numbers are any such multiple: the errors must be one too.
        if abs(factors[0] - 1) < 1e-3 and not all(_errors_are_multiple(array) for array in wrong):
            return None
        everywhere = all(_is_multiple(array, factors[0]) for array in fine)
        there = _("there") if placed else _("everywhere") if everywhere else _("where it is off")
        if abs(factors[0] - 1) > 1e-3:
            return _("Off by the same factor {there}: {factor:.4g}.", there=there, factor=factors[0])
        return _("Off by the same factor {there}, very near to 1.", there=there)
    meanings = [_meanings(array, exercise.letters) for array in wrong]
    for words in meanings[0]:
        if all(words in meaning for meaning in meanings) and _are(
            factors, [meaning[words] for meaning in meanings]
        ):
            return _("Off by a constant factor: {words}.", words=words)
    if sum(array.expected.size > 1 for array in wrong) >= FACTOR_NUMBERS:
        return _("Each answer is off by one constant factor, but it is not the same for all inputs.")
    return None


def _is_multiple(array: AnswerArray, factor: float) -> bool:
    """Is the answer this multiple of what was expected?"""
    if array.answer.shape != array.expected.shape:
        return False
    multiple = factor * array.expected
    size = np.abs(multiple)
    # As np.allclose does, which takes longer for few numbers
    near = np.abs(array.answer - multiple) <= SAME_FACTOR * (size + np.max(size, initial=0))
    return bool(near.all())


def _errors_are_multiple(array: AnswerArray) -> bool:
    """Is answer - expected one multiple of what was expected?"""
    gap, expected = (array.answer - array.expected).ravel(), array.expected.ravel()
    c = float(gap @ expected) / max(float(expected @ expected), 1e-290)
    return np.allclose(gap, c * expected, rtol=0, atol=0.05 * float(np.max(np.abs(gap))))


def _are(factors: Sequence[float], meant: Sequence[float]) -> bool:
    """Are the factors these, which are not all the same?"""
    return len(set(meant)) > 1 and np.allclose(factors, meant, rtol=SAME_FACTOR, atol=0)


def _meanings(array: AnswerArray, letters: Mapping[str, str]) -> dict[str, float]:
    """What a factor may be, in words: a size of the inputs, or one over it."""
    sizes = dict(sorted(array.inputs.sizes.items(), key=lambda item: item[0] != "m"))
    found: dict[str, float] = {}
    if "m" in sizes:
        found |= {"m": sizes["m"], "1/m": 1 / sizes.pop("m")}
    if array.expected.ndim:
        rows = array.expected.shape[0]
        found |= {_("the number of rows"): rows, _("1 over the number of rows"): 1 / rows}
    for letter, size in sizes.items():
        also = f", {letter} {_(letters[letter])}" if letter in letters else ""
        found |= {f"{letter}{also}": size, f"1/{letter}{also}": 1 / size}
        if "1/m" in found:
            found[f"1/({letter} m)"] = found["1/m"] / size
    return found


def _size_only(wrong: Sequence[AnswerArray]) -> str | None:
    fits = all(same_array(np.abs(array.answer.astype(float)), np.abs(array.expected)) for array in wrong)
    return _("The sizes are right, some signs are not.") if fits else None


def _added(wrong: Sequence[AnswerArray]) -> str | None:
    """One number is added to every entry."""
    for array in wrong:
        if array.answer.shape != array.expected.shape or array.answer.size < 2:
            return None
        gap = array.answer - array.expected
        if not np.allclose(gap, gap.flat[0], rtol=1e-6, atol=1e-9 * float(np.max(np.abs(array.expected)))):
            return None
    return _("In each answer every entry is off by the same amount.")
