"""Explaining all_deltas and backprop step by step, each judged given the student's own answer before it."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.closeness import same
from autograder.diagnosis.last_layer import LastLayer, last_layers
from autograder.diagnosis.lookup import ByIdentity, KeptEntries, may_give
from autograder.diagnosis.matching import (
    MOST_MISTAKES,
    RIGHT,
    Explanation,
    Group,
    Item,
    Options,
    common_codes,
    explain,
    fewest_mistakes,
    in_order,
    pairs,
    singles,
    that_raise,
)
from autograder.diagnosis.updates_and_state import NetAnswer, w_updated_deltas, w_updated_gradients
from autograder.judging.evidence import Evidence
from autograder.misconceptions import Catalogue
from autograder.misconceptions.backward_loop import FirstLayerSkipped, WeightsUpdatedInLoop
from autograder.misconceptions.slots import (
    STEP_1,
    STEP_2,
    LayerContext,
    SlotChanges,
    deltas,
    recipe_gradients,
    step_1_at,
    step_2,
    step_3_b,
    step_3_W,
)

Codes: TypeAlias = tuple[str, ...]
# A nonlinearity's name -> what explains the answers where it is used.
ByName: TypeAlias = dict[str, list[Explanation]]
# Rows of last entries that are kept, of up to 8 kB.
KEPT_ROWS_BELOW = 1_000

_KEPT_BELOW = KeptEntries(KEPT_ROWS_BELOW)


def _arrays(value: Any) -> dict[int, Any]:
    if not isinstance(value, dict):
        return {}
    return {l: v for l, v in value.items() if isinstance(v, (np.ndarray, np.generic, float, int))}


def explain_deltas(evidence: Sequence[Evidence], catalogue: Catalogue) -> Codes | None:
    """The mistakes in all_deltas: Step 1 by output, Step 2 by hidden nonlinearity, layer 1 missing."""
    nets = [NetAnswer.of(e, _arrays(e.answer)) for e in evidence if e.error is None]
    skipped = _skips_layer_1([(net, net.answer) for net in nets])
    if w_updated_deltas(nets):
        return (WeightsUpdatedInLoop.code,)
    last: dict[str, list[Item]] = {}
    lower: dict[str, list[Item]] = {}
    for net in nets:
        if net.N in net.answer and not (skipped and net.N == 1):
            context = net.output_context
            last.setdefault(net.output, []).append(
                Item(
                    context,
                    net.answer[net.N],
                    step_1_at({}, context),
                    partial(_bound, net, net.N),
                    (step_1_at, ByIdentity(net.args)),
                )
            )
        for l in range(net.N - 1, 1 if skipped else 0, -1):
            if l not in net.answer or l + 1 not in net.answer:
                continue
            c = net.layer(l, delta_next=net.answer[l + 1])
            try:
                expected = step_2({}, c)
            except Exception:
                # The student's own delta[l+1] has another shape.
                continue
            key = _key_below(net, l, net.answer[l + 1])
            lower.setdefault(net.hidden, []).append(Item(c, net.answer[l], expected, _no_tolerance, key))
    in_step_1 = catalogue.slot_changes(STEP_1, "all_deltas")
    in_step_2 = catalogue.slot_changes(STEP_2, "all_deltas")
    groups = {(1, output): Group(items, in_step_1, step_1_at) for output, items in last.items()}
    groups |= {(2, hidden): Group(items, in_step_2, step_2) for hidden, items in lower.items()}
    explained = explain(groups)
    by_output = {output: explained[1, output] for output in last}
    by_hidden = {hidden: _that_raise(explained[2, hidden], evidence, deltas, hidden, {}) for hidden in lower}
    codes = _codes_of_steps([by_output, by_hidden])
    if codes is None or not _errors_explained(evidence, deltas, by_output, by_hidden, {}):
        return None
    return in_order(codes | _skipped_code(skipped)) or None


def _key_below(net: NetAnswer, l: int, delta_next: Any) -> Hashable:
    """What Step 2 runs on: many have the same delta[l+1] to the last bit, the right one. None: no numbers."""
    if not isinstance(delta_next, np.ndarray) or delta_next.dtype.kind not in "fiub":
        return None
    own = delta_next.shape, delta_next.dtype.str, delta_next.tobytes()
    return step_2, ByIdentity(net.args), l, own


def _bound(net: NetAnswer, l: int) -> Any:
    return net.bound[l]


def _no_tolerance() -> None:
    """Beyond closeness.CLOSE: what comes before is the student's own, to the last bit."""


def explain_gradients(
    evidence: Sequence[Evidence],
    catalogue: Catalogue,
    run: Callable[..., Any] = recipe_gradients,
    *,
    few: bool = False,
) -> Codes | None:
    """The mistakes in backprop. Only dW and db are seen, so the steps are guessed from the last layer down.

    run(changes, ...) does what the student's function does, to see where it raises. few: no more than one
    mistake of the last layer's Step 1 or Step 3, which spares most of the time that it takes to find nothing.
    """
    nets = [
        NetAnswer.of(e, (_arrays(e.answer[0]), _arrays(e.answer[1])))
        for e in evidence
        if e.error is None and isinstance(e.answer, (tuple, list)) and len(e.answer) == 2
    ]
    if not nets:
        return None
    if w_updated_gradients(nets):
        return (WeightsUpdatedInLoop.code,)
    # A dW of zeros alone may have another cause.
    skipped = all(_skips_layer_1([(net, net.answer[place]) for net in nets]) for place in (0, 1))
    if skipped:
        nets = [net for net in nets if net.N > 1]
    if not all(net.N in net.answer[0] and net.N in net.answer[1] for net in nets):
        return None
    for last in last_layers(nets, catalogue, few):
        by_hidden = _explain_step_2(nets, last, catalogue, skipped)
        if by_hidden is None:
            continue
        by_hidden = {
            hidden: _that_raise(found, evidence, run, hidden, last.step_3)
            for hidden, found in by_hidden.items()
        }
        codes = _codes_of_steps([last.step_1, by_hidden])
        if codes is None:
            return None
        codes |= last.step_3_codes | _skipped_code(skipped)
        fits = _errors_explained(evidence, run, last.step_1, by_hidden, last.step_3)
        return in_order(codes) if codes and fits and len(codes) <= MOST_MISTAKES else None
    return None


def _codes_of_steps(steps: Sequence[ByName]) -> frozenset[str] | None:
    """common_codes() of each step by itself, joined; empty where all is right, None where one is open."""
    codes: frozenset[str] = frozenset()
    for step in steps:
        groups = list(step.values())
        if all(RIGHT in group for group in groups):
            continue
        found = common_codes(groups)
        if found is None:
            return None
        codes |= frozenset(found)
    return codes


def _skips_layer_1(answers: Sequence[tuple[NetAnswer, dict[int, Any]]]) -> bool:
    """Is entry 1 missing, or zero, wherever there are two layers or more, and only entry 1?"""
    deep = [(net, arrays) for net, arrays in answers if net.N > 1]
    return bool(deep) and all(
        (arrays.get(1) is None or not np.any(arrays[1])) and set(range(2, net.N + 1)) <= set(arrays)
        for net, arrays in deep
    )


def _skipped_code(skipped: bool) -> frozenset[str]:
    return frozenset([FirstLayerSkipped.code] if skipped else [])


def _explain_step_2(
    nets: Sequence[NetAnswer], last: LastLayer, catalogue: Catalogue, skipped: bool
) -> ByName | None:
    """Step 2 by hidden nonlinearity, given Steps 1 and 3; None where nothing explains it."""
    lowest = 2 if skipped else 1
    by_hidden: dict[str, list[tuple[NetAnswer, LayerContext]]] = {}
    for net in nets:
        if net.N > 1:
            if any(l not in part for part in net.answer for l in range(lowest, net.N)):
                return None
            delta = step_1_at(last.step_1[net.output][0].changes, net.output_context)
            by_hidden.setdefault(net.hidden, []).append((net, net.layer(net.N - 1, delta_next=delta)))

    def explains(e: Explanation, group: list[tuple[NetAnswer, LayerContext]]) -> bool:
        changes = {**last.step_3, **e.changes}
        try:
            return all(_gives_lower_layers(changes, net, c, lowest) for net, c in group)
        except Exception:
            # The wrong formula fails where the student's code ran.
            return False

    changes = catalogue.slot_changes((*STEP_2, "used"), "backprop")
    tried = tuple(change for change in changes if change.slot not in last.step_3)
    found = {}
    for hidden, group in by_hidden.items():
        # What is wrong comes first: it rules nearly everything out.
        group.sort(key=lambda each: _is_right_below(*each))
        if explains(RIGHT, group):
            found[hidden] = [RIGHT]
            continue
        left = _may_explain(singles(tried), last, group[0][0], lowest)
        explanations = [e for e in left if explains(e, group)]
        if not explanations and not last.step_3_codes:
            left = _may_explain(pairs(tried), last, group[0][0], lowest)
            explanations = [e for e in left if explains(e, group)]
        if not explanations:
            return None
        found[hidden] = fewest_mistakes(explanations)
    return found


def _is_right_below(net: NetAnswer, c: LayerContext) -> bool:
    """Are dW and db of c's layer, the one below the last, what is expected?"""
    expected = net.evidence.expected
    return all(same(net.answer[part].get(c.l), expected[part].get(c.l)) for part in (0, 1))


def _may_explain(options: Options, last: LastLayer, net: NetAnswer, lowest: int) -> Sequence[Explanation]:
    """Looked up: which of these options of Step 2 may give this net's db of the layer below the last."""
    l = net.N - 1
    if l < lowest:
        return options.explanations
    step_1 = last.step_1[net.output][0]
    key = options.key, ByIdentity((*net.args, step_1, last.dW, last.db))
    entries = _KEPT_BELOW.of(key, lambda: _db_below(options, step_1, last.step_3, net))
    mask = may_give(entries, net.answer[1][l], net.tolerance[1][l])
    return [options.explanations[int(place)] for place in np.flatnonzero(mask)]


def _db_below(
    options: Options, step_1: Explanation, step_3: SlotChanges, net: NetAnswer
) -> Iterator[Callable[[], Any]]:
    """What each option makes of db in the layer below the last, after this Step 1."""
    l = net.N - 1
    delta_next = step_1_at(step_1.changes, net.output_context)
    c = net.layer(l, delta_next=delta_next)

    def db_of(e: Explanation) -> Any:
        changes = {**step_3, **e.changes}
        return step_3_b(changes, net.layer(l, delta=step_2(changes, c), delta_next=delta_next))

    return (partial(db_of, e) for e in options.explanations)


def _gives_lower_layers(changes: SlotChanges, net: NetAnswer, c: LayerContext, lowest: int) -> bool:
    """Do Steps 2 and 3 with these slots exchanged give dW and db from c's layer down to the lowest?"""
    for l in range(net.N - 1, lowest - 1, -1):
        delta = step_2(changes, c)
        own = net.layer(l, delta=delta, delta_next=c.delta_next)
        if not same(net.answer[1][l], step_3_b(changes, own), net.tolerance[1][l]):
            return False
        if not same(net.answer[0][l], step_3_W(changes, own), net.tolerance[0][l]):
            return False
        if l > 1:
            c = net.layer(l - 1, delta_next=delta)
    return True


def _errors_explained(
    evidence: Sequence[Evidence],
    run: Callable[..., Any],
    by_output: ByName,
    by_hidden: ByName,
    step_3: SlotChanges,
) -> bool:
    """Where the student's code raised, does the explanation raise too?

    A branch whose answers were all 0, or none, has no explanation of its own: another branch's must do.
    """
    for e in evidence:
        if e.error is None:
            continue
        hidden, output = e.case.args[4], e.case.args[5]
        in_step_1 = [*by_output.get(output, ()), *(one for found in by_output.values() for one in found)]
        in_step_2 = [*by_hidden.get(hidden, ()), *(one for found in by_hidden.values() for one in found)]
        if not any(
            _fails(run, {**step_3, **a.changes, **b.changes}, e)
            for a in in_step_1 or [RIGHT]
            for b in in_step_2 or [RIGHT]
        ):
            return False
    return True


def _that_raise(
    found: Sequence[Explanation],
    evidence: Sequence[Evidence],
    run: Callable[..., Any],
    hidden: str,
    step_3: SlotChanges,
) -> list[Explanation]:
    """What explains this nonlinearity's Step 2 and raises where the student's code did, if anything does."""
    raised = [e for e in evidence if e.error is not None and e.case.args[4] == hidden]
    return that_raise(found, lambda o: all(_fails(run, {**step_3, **o.changes}, e) for e in raised))


def _fails(run: Callable[..., Any], changes: SlotChanges, e: Evidence) -> bool:
    try:
        run(changes, *e.case.args[:6])
    except Exception:
        return True
    return False
