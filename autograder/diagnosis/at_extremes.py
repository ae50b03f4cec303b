"""Right on ordinary numbers, wrong at extremes: does exp overflow, is a wrong maximum taken off, or does a
logarithm see 0?
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.answer_arrays import branch_of
from autograder.diagnosis.closeness import same
from autograder.exercises.exercise import Exercise
from autograder.judging.evidence import Evidence
from autograder.misconceptions.forward import ExpOverflows
from autograder.misconceptions.losses import LogOfZero
from autograder.misconceptions.misconception import Misconception
from autograder.misconceptions.slots import WrongFormula
from autograder.misconceptions.y_hat import AnotherMaximumTakenOff
from autograder.trees import copy_value

OVERFLOWING: tuple[type[Misconception], ...] = (ExpOverflows, AnotherMaximumTakenOff)


def at_extremes(exercise: Exercise, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The mistake's code where all ordinary answers are right; () where none explains the others."""
    asked = [e for e in evidence if "extreme" in e.case.tags]
    wrong = [e for e in asked if e.error is not None or not same(e.answer, e.expected)]
    if not wrong or any(e.error is not None for e in wrong):
        return ()
    branches = {branch_of(exercise, e) for e in wrong}
    concerned = [e for e in asked if branch_of(exercise, e) in branches]
    # What gives the right answers too explains more than what gives the wrong ones alone.
    for entry in OVERFLOWING:
        if _given_by(entry.formulas_of(exercise.id), exercise, concerned):
            return (entry.code,)
    formulas = LogOfZero.formulas_of(exercise.id)
    if formulas and all(_log_of_nothing(e, formulas) for e in wrong):
        return (LogOfZero.code,)
    overflows = _given_by(ExpOverflows.formulas_of(exercise.id), exercise, wrong)
    return (ExpOverflows.code,) if overflows else ()


def overflows_besides(exercise: Exercise, evidence: Sequence[Evidence], named: type[Misconception]) -> bool:
    """Is there nan or inf at extremes where the named mistake by itself has none? Only of functions in which
    nothing but exp can overflow.
    """
    if exercise.id not in ExpOverflows.formulas:
        return False
    answered = [e for e in evidence if e.error is None]
    ordinary = [e for e in answered if "extreme" not in e.case.tags]
    forms = [f for f in named.forms(exercise.id) if all(_gives(f, e) for e in ordinary)]
    extreme = [e for e in answered if "extreme" in e.case.tags and not np.isfinite(e.answer).all()]
    return bool(forms) and any(
        all(np.isfinite(f(*map(copy_value, e.case.args))).all() for f in forms) for e in extreme
    )


def _given_by(formulas: Sequence[WrongFormula], exercise: Exercise, answers: Sequence[Evidence]) -> bool:
    """Does one of the formulas give these answers, in each branch, with nan in the same places?"""
    branches: dict[Any, list[Evidence]] = {}
    for e in answers:
        branches.setdefault(branch_of(exercise, e), []).append(e)
    return all(any(all(_gives(f, e) for e in group) for f in formulas) for group in branches.values())


def _gives(formula: WrongFormula, e: Evidence) -> bool:
    try:
        return same(e.answer, formula(*map(copy_value, e.case.args)))
    except ValueError:
        # A wrong formula may fail on these shapes.
        return False


def _log_of_nothing(e: Evidence, formulas: Sequence[WrongFormula]) -> bool:
    """Is this loss nan, inf, or capped, as the log of a probability that rounds to 0 or 1 makes it?"""
    try:
        value = float(e.answer)
    except (TypeError, ValueError):
        return False
    if not np.isfinite(value) or value > 1e300:
        # Where no probability rounds to 0 or 1 it is something else that overflows.
        return any(not np.isfinite(float(f(*map(copy_value, e.case.args)))) for f in formulas)
    # A cap: only where the log of a probability that is kept off 0 gives just this number.
    return any(_gives(f, e) for f in formulas)
