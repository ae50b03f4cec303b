"""Which wrong formula reproduces these numbers? A name only if one entry alone does, on every case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.cases import Evidence, copy_value
from autograder.misconceptions import CATALOGUE
from autograder.misconceptions.entry import WrongFormula

CLOSE = 1e-9  # a formula's other rounding; two formulas of the catalogue differ by far more on some probe


@dataclass(frozen=True)
class Diagnosis:
    """The codes of the catalogue that explain an answer, their sentences, and else the pattern of its errors."""

    codes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    pattern: str | None = None


def diagnose(exercise_id: str, evidence: Sequence[Evidence]) -> Diagnosis:
    """Name the mistake behind the wrong answers among these, or describe their pattern, or say nothing."""
    found = [
        code
        for code, entry in CATALOGUE.items()
        if any(_explains(formula, evidence) for formula in entry.formulas.get(exercise_id, ()))
    ]
    if len(found) == 1:
        return Diagnosis((found[0],), (CATALOGUE[found[0]].sentence,))
    return Diagnosis(pattern=_factor(evidence))


def _explains(formula: WrongFormula, evidence: Sequence[Evidence]) -> bool:
    """Does the formula give the student's answer wherever there is one, and fail to be right somewhere?"""
    wrong_somewhere = False
    for e in evidence:
        if e.case.tags & {"extreme"}:
            continue
        try:
            with np.errstate(all="ignore"):
                value = formula(*(copy_value(arg) for arg in e.case.args))
        except Exception:
            if e.error is None:
                return False  # the student's code ran here
            continue
        if e.error is not None or not _same(value, e.answer):
            return False
        wrong_somewhere = wrong_somewhere or not _same(value, e.expected)
    return wrong_somewhere


def _flat(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _flat(value[key])
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _flat(item)
    else:
        yield np.asarray(value, dtype=float)


def _same(left: Any, right: Any) -> bool:
    """Equal shapes, and entries equal but for rounding."""
    try:
        pairs = list(zip(_flat(left), _flat(right), strict=True))
    except (TypeError, ValueError):
        return False
    for u, v in pairs:
        if u.shape != v.shape:
            return False
        scale = max(float(np.max(np.abs(v), initial=0)), 1e-300)
        if not np.all(np.abs(u - v) <= CLOSE * scale):
            return False
    return True


def _factor(evidence: Sequence[Evidence]) -> str | None:
    """The factor, if one number, the same on every case, lies between the answers and the truth."""
    ratios: list[float] = []
    for e in evidence:
        if e.error is not None:
            return None
        try:
            pairs = list(zip(_flat(e.answer), _flat(e.expected), strict=True))
        except (TypeError, ValueError):
            return None
        for answer, expected in pairs:
            if answer.shape != expected.shape:
                return None
            large = np.abs(expected) > 1e-3 * np.max(np.abs(expected), initial=0)
            ratios.extend((answer[large] / expected[large]).tolist())
    if not ratios:
        return None
    factor = float(np.median(ratios))
    if abs(factor - 1) < 1e-6 or not np.allclose(ratios, factor, rtol=1e-6, atol=0):
        return None
    return f"Every number is off by the same factor, {factor:.6g}."
