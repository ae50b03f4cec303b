"""The gradients of J + (lam/2) sum W^2: another penalty, another place for it, or what backprop may have."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from autograder.diagnosis.closeness import largest, right, same
from autograder.diagnosis.layer_by_layer import explain_gradients
from autograder.diagnosis.matching import LIKELY, MOST_MISTAKES, in_order
from autograder.exercises.exercise import EXAMPLES, Exercise
from autograder.judging.evidence import Evidence
from autograder.misconceptions import Catalogue
from autograder.misconceptions.penalty import (
    NOT_ADDED,
    ON_BIAS,
    PENALTIES,
    SIGN_AND_FACTOR,
    SOME_LAYERS,
    TWICE_OR_HALF,
    BiasPenalised,
    Joined,
    PenaltyNotAdded,
    SomeLayersUnpenalised,
    WrongPenaltySlope,
)
from autograder.misconceptions.slots import SlotChanges, WrongFormula, recipe_gradients
from autograder.misconceptions.step_1 import FactorTwoOrHalf

Wrong = TypeVar("Wrong")


def explain_penalised(
    exercise: Exercise, evidence: Sequence[Evidence], catalogue: Catalogue
) -> tuple[str, ...]:
    """The mistakes in the gradients of J + (lam/2) sum W^2: another penalty, or what backprop may have."""
    # There a dW of another shape takes W's on when the penalty is added, and is no replayed formula's.
    evidence = [e for e in evidence if all(min(w.shape) > 1 for w in exercise.given(e.case)["W"].values())]
    return (
        _other_penalty(exercise, (FactorTwoOrHalf.code,), TWICE_OR_HALF, evidence)
        or _other_penalty(exercise, (WrongPenaltySlope.code,), PENALTIES, evidence)
        or _other_penalty(exercise, (FactorTwoOrHalf.code, WrongPenaltySlope.code), SIGN_AND_FACTOR, evidence)
        or explain_gradients([_without_penalty(exercise, e) for e in evidence], catalogue, _with_penalty)
        or _joined_otherwise(exercise, evidence)
        or _penalty_in_db(exercise, evidence)
        or _penalty_and_more(exercise, evidence, catalogue)
        or ()
    )


def _other_penalty(
    exercise: Exercise,
    codes: tuple[str, ...],
    penalties: Sequence[WrongFormula],
    evidence: Sequence[Evidence],
) -> tuple[str, ...]:
    """The codes where db is right and dW is right but for what stands in place of lambda W."""
    found = list(penalties)
    for e in evidence:
        try:
            dW, db = e.answer
            W, lam, m = _penalised(exercise, e)
            if (
                e.error is not None
                or not right(db, e.expected[1], e.bound[1])
                or set(dW) != set(e.expected[0])
            ):
                return ()
            found = [
                p
                for p in found
                if all(
                    same(dW[l], e.expected[0][l] - lam * W[l] + p(W[l], lam, m), largest(e.bound[0][l]))
                    for l in W
                )
            ]
        except (TypeError, ValueError, KeyError):
            return ()
        if not found:
            return ()
    return codes


def _joined_otherwise(exercise: Exercise, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The code where db is right and dW is made of its two parts in another way, or in some layers only."""
    for code, ways in ((SomeLayersUnpenalised.code, SOME_LAYERS), (PenaltyNotAdded.code, NOT_ADDED)):

        def gives(way: Joined, e: Evidence) -> bool:
            W, lam, _ = _penalised(exercise, e)
            dW, db = e.answer
            return right(db, e.expected[1], e.bound[1]) and all(
                same(
                    dW[l],
                    way(e.expected[0][l] - lam * W[l], W[l], lam, l, max(W)),
                    largest(e.bound[0][l]),
                )
                for l in W
            )

        if _one_gives_all(ways, gives, evidence):
            return (code,)
    return ()


def _penalty_in_db(exercise: Exercise, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The code where dW is right and db has something of lambda in it."""

    def gives(added: WrongFormula, e: Evidence) -> bool:
        W, lam, _ = _penalised(exercise, e)
        dW, db = e.answer
        return right(dW, e.expected[0], e.bound[0]) and all(
            same(db[l], e.expected[1][l] + added(W[l], e.expected[1][l], lam), largest(e.bound[1][l]))
            for l in W
        )

    return (BiasPenalised.code,) if _one_gives_all(ON_BIAS, gives, evidence) else ()


def _one_gives_all(
    forms: Sequence[Wrong], gives: Callable[[Wrong, Evidence], bool], evidence: Sequence[Evidence]
) -> bool:
    """Does one of these forms give every answer?"""
    if any(e.error is not None for e in evidence):
        return False
    try:
        return any(all(gives(form, e) for e in evidence) for form in forms)
    except (TypeError, ValueError, KeyError, IndexError):
        # The answer is no pair of dicts of layers
        return False


def _penalised(exercise: Exercise, e: Evidence) -> tuple[Any, float, int]:
    """The weights, the lambda and the number of examples of a case."""
    given = exercise.given(e.case)
    return given["W"], given["lam"], exercise.sizes(e.case.args)[EXAMPLES]


def _with_penalty(changes: SlotChanges, *net: Any) -> None:
    """Adds to each wrong dW something of W's shape, as l2_backprop does: raises where the shapes differ."""
    W, Z, A, Y, hidden, output = net
    for l, dW in recipe_gradients(changes, W, Z, A, Y, hidden, output)[0].items():
        dW += W[l]


def _penalty_and_more(
    exercise: Exercise, evidence: Sequence[Evidence], catalogue: Catalogue
) -> tuple[str, ...]:
    """Another penalty, one of the likely ones, beside a mistake of backprop that db shows as well."""
    try:
        if all(e.error is not None or right(e.answer[1], e.expected[1], e.bound[1]) for e in evidence):
            return ()
    except (TypeError, IndexError, KeyError):
        return ()
    likely = [(FactorTwoOrHalf.code, p) for p in TWICE_OR_HALF] + [
        (WrongPenaltySlope.code, p) for p in PENALTIES[:LIKELY]
    ]
    for code, penalty in likely:
        found = explain_gradients(
            [_without_penalty(exercise, e, penalty) for e in evidence], catalogue, _with_penalty, few=True
        )
        if found and len({code, *found}) <= MOST_MISTAKES:
            return in_order(frozenset((code, *found)))
    return ()


def _lambda_w(W: Any, lam: float, m: int) -> Any:
    return lam * W


def _without_penalty(exercise: Exercise, e: Evidence, penalty: WrongFormula = _lambda_w) -> Evidence:
    """An answer with the penalty taken off, as an answer of backprop."""
    W, lam, m = _penalised(exercise, e)
    case = replace(e.case, args=tuple(v for name, v in exercise.given(e.case).items() if name != "lam"))
    if e.error is not None:
        return replace(e, case=case)
    try:
        dW, db = e.answer
        return replace(
            e, case=case, answer=({l: dW[l] - penalty(W[l], lam, m) if l in W else dW[l] for l in dW}, db)
        )
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return replace(e, case=case)
