"""Which wrong formula reproduces these numbers? A name only if one mistake, or one pair of them, explains every answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.diagnosis.closeness import is_right, largest, right, same
from autograder.diagnosis.error_patterns import pattern
from autograder.diagnosis.layer_by_layer import explain_deltas, explain_gradients
from autograder.diagnosis.matching import (
    LIKELY,
    MOST_MISTAKES,
    RIGHT,
    Explanation,
    Group,
    Item,
    common_codes,
    explain,
    in_order,
)
from autograder.diagnosis.updates_and_state import remembers, returns_updates
from autograder.judging.evidence import Evidence
from autograder.misconceptions import BOOK, Catalogue
from autograder.misconceptions.backward_loop import (
    PENALTIES,
    TWICE_OR_HALF,
    InputsChangedOrStateKept,
    UpdatedParametersReturned,
    WrongPenaltySlope,
)
from autograder.misconceptions.forward import ExpOverflows
from autograder.misconceptions.losses import LogOfZero
from autograder.misconceptions.slots import (
    STEP_1,
    STEP_2,
    STEP_3_B,
    STEP_3_W,
    LayerContext,
    OutputContext,
    SlotChanges,
    WrongFormula,
    gradients,
    step_1_at,
    step_2,
    step_3_b,
    step_3_W,
)
from autograder.misconceptions.step_1 import FactorTwoOrHalf
from autograder.misconceptions.step_3 import SumForMean
from autograder.trees import copy_value, rescale

LEFT_OUT = frozenset(
    {"single", "kink"}
)  # float32's rounding, a slope that may be anything: they tell nothing more
BRANCH = {
    "output_delta": 0,
    "g_prime": 0,
    "loss": 0,
    "hidden_delta": 3,
}  # the argument that chooses a branch of the code


@dataclass(frozen=True)
class Diagnosis:
    """The codes of the catalogue that explain an answer, their sentences, and else the pattern of its errors."""

    codes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    pattern: str | None = None


def diagnose(
    exercise_id: str, evidence: Sequence[Evidence], impure: str = "", catalogue: Catalogue = BOOK
) -> Diagnosis:
    """Name the mistake behind the wrong answers among these, or describe their pattern, or say nothing.

    impure: what the judge saw change between two calls or in the arguments, "" if nothing.
    """
    with np.errstate(all="ignore"):
        used = [e for e in evidence if not (e.case.tags & LEFT_OUT or e.case.advisory)]
        small = [
            e for e in used if "large" not in e.case.tags
        ]  # to replay formulas on the large ones takes long
        codes = _codes(exercise_id, small, catalogue)
        if not codes and (impure or remembers(exercise_id, small)):
            codes = (InputsChangedOrStateKept.code,)
        said = None if codes else pattern(exercise_id, used)
    return Diagnosis(codes, tuple(catalogue[code].sentence for code in codes), said)


def _codes(exercise_id: str, evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...]:
    ordinary = [e for e in evidence if "extreme" not in e.case.tags]
    if all(e.error is None and is_right(e) for e in ordinary):
        return _at_extremes(exercise_id, evidence)
    if exercise_id == "all_deltas":
        return explain_deltas(ordinary, catalogue) or ()
    if exercise_id in ("backprop", "l2_backprop") and returns_updates(ordinary):
        return (UpdatedParametersReturned.code,)
    if exercise_id == "backprop":
        return explain_gradients(ordinary, catalogue) or ()
    if exercise_id == "l2_backprop":
        return (
            _other_penalty(FactorTwoOrHalf.code, TWICE_OR_HALF, ordinary)
            or _other_penalty(WrongPenaltySlope.code, PENALTIES, ordinary)
            or explain_gradients([_without_penalty(e) for e in ordinary], catalogue, _with_penalty)
            or _penalty_and_more(ordinary, catalogue)
        )
    if exercise_id in STEPS:
        return _by_slots(exercise_id, ordinary, catalogue) or _by_formulas(exercise_id, ordinary, catalogue)
    return _by_formulas(exercise_id, ordinary, catalogue)


def _layer_of(exercise_id: str, args: tuple[Any, ...]) -> Any:
    if exercise_id == "hidden_delta":
        return LayerContext(hidden=args[3], z=args[2], W_next=args[0], delta_next=args[1])
    return (
        LayerContext(delta=args[0], a_prev=args[1])
        if exercise_id == "layer_gradients"
        else OutputContext(*args)
    )


Component = tuple[tuple[str, ...], Callable[[SlotChanges, Any], Any], Callable[[Any], Any]]
STEPS: dict[str, tuple[Component, ...]] = {
    "output_delta": ((STEP_1, step_1_at, lambda answer: answer),),
    "hidden_delta": ((STEP_2, step_2, lambda answer: answer),),
    "layer_gradients": (
        (STEP_3_W, step_3_W, lambda answer: answer[0]),
        (STEP_3_B, step_3_b, lambda answer: answer[1]),
    ),
}


def _branch(exercise_id: str, e: Evidence) -> Any:
    return e.case.args[BRANCH[exercise_id]] if exercise_id in BRANCH else ""


def _by_slots(exercise_id: str, evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...]:
    """One step of the recipe: each branch and component explained by a slot exchanged, or two."""
    groups: dict[tuple[int, Any], Group] = {}
    for place, (slots, run, part) in enumerate(STEPS[exercise_id]):
        found = [
            change
            for change in catalogue.slot_changes(slots, exercise_id)
            if not getattr(change.formula, "needs_net", False)
        ]
        items: dict[Any, list[Item]] = {}
        for e in evidence:
            if e.error is None:
                try:
                    item = Item.of(_layer_of(exercise_id, e.case.args), e, part)
                except (TypeError, IndexError, KeyError):  # the answer is no pair
                    return ()
                items.setdefault(_branch(exercise_id, e), []).append(item)
        for branch, group in items.items():
            groups[place, branch] = Group(group, found, run)
    explained = explain(groups)
    codes = common_codes(list(explained.values()))
    return codes if codes and _all_raise(exercise_id, evidence, explained) else ()


def _all_raise(
    exercise_id: str, evidence: Sequence[Evidence], groups: dict[tuple[int, Any], list[Explanation]]
) -> bool:
    """Where the student's code raised, one of the explaining formulas must raise too.

    A branch may have no explanation of its own, if what came back there was 0 or nothing: then another branch's must do.
    """
    return all(
        any(
            _fails(STEPS[exercise_id][place][1], explanation, _layer_of(exercise_id, e.case.args))
            for (place, _), found in groups.items()
            for explanation in found
        )
        for e in evidence
        if e.error is not None
    )


def _fails(run: Callable[[SlotChanges, Any], Any], explanation: Explanation, inputs: Any) -> bool:
    try:
        run(explanation.changes, inputs)
    except Exception:
        return True
    return False


def _by_formulas(exercise_id: str, evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...]:
    """Whole wrong formulas replayed, branch by branch, and component by component where the answer is a pair."""
    found = catalogue.formulas_of(exercise_id)
    if not found or not evidence:
        return ()
    parts: tuple[Callable[[Any], Any], ...] = (lambda answer: answer,)
    if exercise_id == "residual_delta":
        parts = (lambda answer: answer[0], lambda answer: answer[1])
    if exercise_id == "gradient_check":  # the verdict's threshold is the student's own; the errors tell more
        parts = (lambda answer: answer[1],)
        evidence = [e for e in evidence if isinstance(e.expected, tuple) and len(e.expected) == 2]
    groups = []
    for part in parts:
        items: dict[Any, list[Item]] = {}
        raised: list[Evidence] = []
        for e in evidence:
            if e.error is not None:
                raised.append(e)
                continue
            try:
                items.setdefault(_branch(exercise_id, e), []).append(Item.of(e.case.args, e, part))
            except (TypeError, IndexError, KeyError):
                return ()

        def run(changes: SlotChanges, args: Any, part: Callable[[Any], Any] = part) -> Any:
            return part(changes["formula"](*(copy_value(arg) for arg in args)))

        for branch, group in items.items():
            options = explain({"": Group(group, found, run)}, try_pairs=False)[""]
            if not options and exercise_id == "loss":
                options = _summed(Group([_over_m(item) for item in group], found, run))
            here = [e for e in raised if _branch(exercise_id, e) == branch]
            groups.append([o for o in options if o is RIGHT or all(_raises(o, e) for e in here)])
    return common_codes(groups) or ()


def _over_m(item: Item) -> Item:
    """A loss that was summed over the examples, as their mean."""
    m = item.inputs[2].shape[1]
    return Item(item.inputs, rescale(item.answer, 1 / m), item.expected, item.tolerances)


def _summed(means: Group) -> list[Explanation]:
    """What explains losses that were summed too."""
    return [
        replace(o, codes=o.codes | {SumForMean.code})
        for o in explain({"": means}, try_pairs=False)[""]
        if o is not RIGHT
    ]


def _raises(explanation: Explanation, e: Evidence) -> bool:
    try:
        explanation.changes["formula"](*(copy_value(arg) for arg in e.case.args))
    except Exception:
        return True
    return False


def _at_extremes(exercise_id: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Right on ordinary numbers, wrong where exp overflows or a log sees 0: two entries, told apart by where."""
    wrong = [
        e
        for e in evidence
        if "extreme" in e.case.tags and (e.error is not None or not same(e.answer, e.expected))
    ]
    if not wrong or any(e.error is not None for e in wrong):
        return ()
    if _overflows(exercise_id, wrong):
        return (ExpOverflows.code,)
    return (LogOfZero.code,) if exercise_id == "loss" and all(map(_log_of_nothing, wrong)) else ()


def _log_of_nothing(e: Evidence) -> bool:
    """Is this loss nan, inf, or capped: what the log of a probability that rounds to 0 or 1 gives, by any formula?"""
    try:
        value = float(e.answer)
    except (TypeError, ValueError):
        return False
    return not np.isfinite(value) or value > 1e300 or value < float(e.expected)


def _overflows(exercise_id: str, wrong: Sequence[Evidence]) -> bool:
    """Does one of the formulas in which exp overflows give these answers, in each branch, with nan in the same places?"""
    branches: dict[Any, list[Evidence]] = {}
    for e in wrong:
        branches.setdefault(_branch(exercise_id, e), []).append(e)
    return all(
        any(
            all(same(e.answer, f(*map(copy_value, e.case.args))) for e in group)
            for f in ExpOverflows.formulas_of(exercise_id)
        )
        for group in branches.values()
    )


def _other_penalty(
    code: str, penalties: Sequence[WrongFormula], evidence: Sequence[Evidence]
) -> tuple[str, ...]:
    """The code where db is right and dW is right but for what stands in place of lambda W."""
    found = list(penalties)
    for e in evidence:
        try:
            dW, db = e.answer
            lam, m = e.case.args[6], e.case.args[3].shape[1]
            if (
                e.error is not None
                or not right(db, e.expected[1], e.bound[1])
                or set(dW) != set(e.expected[0])
            ):
                return ()
            W = e.case.args[0]
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
    return (code,)


def _with_penalty(changes: SlotChanges, *net: Any) -> None:
    """Adds to each wrong dW something of W's shape, as l2_backprop does: raises where the shapes differ."""
    W, Z, A, Y, hidden, output = net
    for l, dW in gradients(changes, W, Z, A, Y, hidden, output)[0].items():
        dW += W[l]


def _penalty_and_more(evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...]:
    """Another penalty, one of the likely ones, and a mistake of backprop beside it, one that db shows as well."""
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
            [_without_penalty(e, penalty) for e in evidence], catalogue, _with_penalty, few=True
        )
        if found and len({code, *found}) <= MOST_MISTAKES:
            return in_order(frozenset((code, *found)))
    return ()


def _lambda_w(W: Any, lam: float, m: int) -> Any:
    return lam * W


def _without_penalty(e: Evidence, penalty: WrongFormula = _lambda_w) -> Evidence:
    """An answer of l2_backprop with the penalty taken off, as an answer of backprop."""
    W, lam, m = e.case.args[0], e.case.args[6], e.case.args[3].shape[1]
    case = replace(e.case, args=e.case.args[:6])
    if e.error is not None:
        return replace(e, case=case)
    try:
        dW, db = e.answer
        return replace(
            e, case=case, answer=({l: dW[l] - penalty(W[l], lam, m) if l in W else dW[l] for l in dW}, db)
        )
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return replace(e, case=case)
