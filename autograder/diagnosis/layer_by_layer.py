"""Explaining all_deltas and backprop step by step, each judged given what came before it in the student's own answer."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.diagnosis.matching import (
    LIKELY,
    RIGHT,
    Explanation,
    Group,
    Item,
    agreed,
    explain,
    in_order,
    same,
)
from autograder.diagnosis.updates_and_state import Net, w_updated_deltas, w_updated_gradients
from autograder.judging.evidence import Evidence
from autograder.misconceptions import Atom, atoms
from autograder.misconceptions.backward_loop import FirstLayerSkipped, WeightsUpdatedInLoop
from autograder.misconceptions.misconception import Variant
from autograder.misconceptions.slots import (
    STEP_1,
    STEP_2,
    STEP_3_B,
    STEP_3_W,
    Layer,
    deltas,
    gradients,
    layer,
    step_1_at,
    step_2,
    step_3_b,
    step_3_W,
)

Codes = tuple[str, ...]


def _arrays(value: Any) -> dict[int, Any]:
    if not isinstance(value, dict):
        return {}
    return {l: v for l, v in value.items() if isinstance(v, (np.ndarray, np.generic, float, int))}


def explain_deltas(evidence: Sequence[Evidence]) -> Codes | None:
    """The mistakes in all_deltas: Step 1 by output, Step 2 by hidden nonlinearity, layer 1 missing."""
    nets = [Net.of(e, _arrays(e.answer)) for e in evidence if e.error is None]
    skipped = _skips_layer_1(nets, [(net.answer,) for net in nets])
    if w_updated_deltas(nets):
        return (WeightsUpdatedInLoop.code,)
    tops: dict[str, list[Item]] = {}
    below: dict[str, list[Item]] = {}
    for net in nets:
        if net.N in net.answer and not (skipped and net.N == 1):
            top = net.top
            tops.setdefault(net.output, []).append(
                Item(top, net.answer[net.N], step_1_at({}, top), partial(_bound, net, net.N))
            )
        for l in range(net.N - 1, 1 if skipped else 0, -1):
            if l not in net.answer or l + 1 not in net.answer:
                continue
            c = layer(net.W, net.Z, net.A, net.hidden, net.output, l, delta_next=net.answer[l + 1])
            try:
                expected = step_2({}, c)
            except Exception:  # the student's own delta[l+1] has another shape
                continue
            reach = partial(_reach, net, l, expected)
            below.setdefault(net.hidden, []).append(Item(c, net.answer[l], expected, reach))
    first, second = atoms(STEP_1, "all_deltas"), atoms(STEP_2, "all_deltas")
    groups = {(1, key): Group(items, first, step_1_at) for key, items in tops.items()}
    groups |= {(2, key): Group(items, second, step_2) for key, items in below.items()}
    found = explain(groups)
    found_1 = {key: found[1, key] for key in tops}
    found_2 = {key: found[2, key] for key in below}
    codes = _together([list(found_1.values()), list(found_2.values())], skipped)
    return codes if codes is not None and _raises(evidence, deltas, found_1, found_2, {}) else None


def _bound(net: Net, l: int) -> Any:
    return net.bound[l]


def _reach(net: Net, l: int, expected: Any) -> Any:
    """How far rounding reaches in delta[l], given the student's own delta[l+1]."""
    return 1e-14 * (np.abs(net.W[l + 1]).T @ np.abs(net.answer[l + 1]) + 0 * expected)


def explain_gradients(
    evidence: Sequence[Evidence], run: Any = gradients, *, few: bool = False
) -> Codes | None:
    """The mistakes in backprop. Only dW and db are seen, so the steps are guessed from the last layer downwards.

    run(change, ...) does what the student's function does, to see where it raises. few: no more than one
    mistake of the last layer's Step 1 or Step 3, which spares most of the time that it takes to find nothing.
    """
    nets = []
    for e in evidence:
        if e.error is None and isinstance(e.answer, (tuple, list)) and len(e.answer) == 2:
            nets.append(Net.of(e, (_arrays(e.answer[0]), _arrays(e.answer[1]))))
    if not nets:
        return None
    if w_updated_gradients(nets):
        return (WeightsUpdatedInLoop.code,)
    skipped = _skips_layer_1(nets, [net.answer for net in nets])
    if skipped:
        nets = [net for net in nets if net.N > 1]
    extra = frozenset([FirstLayerSkipped.code] * skipped)
    if not all(net.N in net.answer[0] and net.N in net.answer[1] for net in nets):
        return None
    for tops in _tops(nets, few):
        found = _below(nets, tops, skipped)
        if found is not None:
            s1, w, b, s2 = found
            rest = agreed_or_none([list(s1.values()), list(s2.values())])
            if rest is None:
                return None
            codes = frozenset(rest) | w.codes | b.codes | extra
            fits = _raises(evidence, run, s1, s2, {**w.change, **b.change})
            return in_order(codes) if codes and fits and len(codes) <= 3 else None
    return None


def agreed_or_none(steps: Sequence[Sequence[Sequence[Explanation]]]) -> Codes | None:
    """agreed() for each step by itself, joined; () where every group is right; None where one is open."""
    codes: frozenset[str] = frozenset()
    for groups in steps:
        if all(RIGHT in group for group in groups):
            continue
        found = agreed(groups)
        if found is None:
            return None
        codes |= frozenset(found)
    return in_order(codes)


def _together(steps: Sequence[Sequence[Sequence[Explanation]]], skipped: bool) -> Codes | None:
    codes = agreed_or_none(steps)
    if codes is None:
        return None
    return in_order(frozenset(codes) | frozenset([FirstLayerSkipped.code] * skipped)) or None


def _skips_layer_1(nets: Sequence[Net], answers: Iterable[Sequence[dict[int, Any]]]) -> bool:
    """Is entry 1 missing, or zero, wherever there are two layers or more, and only entry 1?"""
    seen = False
    for net, parts in zip(nets, answers, strict=True):
        if net.N == 1:
            continue
        if not any(np.any(a) for a in net.A[0]):
            continue  # inputs 0: dW[1] is 0 by right
        first = parts[0].get(1)
        if not (first is None or not np.any(first)) or set(range(2, net.N + 1)) - set(parts[0]):
            return False
        seen = True
    return seen


Tops = tuple[dict[str, list[Explanation]], list[Explanation], list[Explanation]]


def _tops(nets: Sequence[Net], few: bool) -> Iterable[Tops]:
    """Explanations of the last layer's dW and db: Step 1 by output, Step 3 for all; likelier ones first."""
    by_output: dict[str, list[Net]] = {}
    for net in nets:
        by_output.setdefault(net.output, []).append(net)
    ones = _singles(atoms(STEP_1, "backprop"))
    weights, biases = (
        _singles([a for a in atoms(s, "backprop") if a.slot != "used"]) for s in (STEP_3_W, STEP_3_B)
    )
    plans = (
        ([RIGHT], [RIGHT, *weights], [RIGHT, *biases]),
        ([RIGHT, *ones], [RIGHT], [RIGHT]),
        ([RIGHT, *ones], [RIGHT, *weights], [RIGHT, *biases]),
        ([RIGHT, *_pairs(atoms(STEP_1, "backprop"))], [RIGHT], [RIGHT]),
        ([RIGHT], [RIGHT, *weights, *_pairs(atoms(STEP_3_W, "backprop"))], [RIGHT, *biases, *_pairs(atoms(STEP_3_B, "backprop"))]),
    )  # fmt: skip
    for ones_tried, w_tried, b_tried in plans[:2] if few else plans:
        options: list[list[tuple[Explanation, Explanation, Explanation]]] = []
        for group in by_output.values():
            options.append(_last_layer(group, ones_tried, w_tried, b_tried))
            if not options[-1]:
                break
        if not options[-1]:
            continue
        keys = [{(id(w), id(b)) for _, w, b in option} for option in options]
        common = set.intersection(*keys) if keys else set()
        if not common:
            continue
        chosen = [(w, b) for _, w, b in options[0] if (id(w), id(b)) in common]
        unique = {(id(w), id(b)): (w, b) for w, b in chosen}
        for w, b in sorted(unique.values(), key=lambda pair: len(pair[0].codes | pair[1].codes)):
            s1 = {
                output: _fewest([one for one, w2, b2 in option if (w2 is w and b2 is b)])
                for output, option in zip(by_output, options, strict=True)
            }
            yield s1, [w], [b]
        return  # what more mistakes would explain, fewer have explained already


def _fewest(found: list[Explanation]) -> list[Explanation]:
    least = min(len(e.codes) for e in found)
    return [e for e in found if len(e.codes) == least]


def _singles(found: Sequence[Atom]) -> list[Explanation]:
    return [Explanation(frozenset((a.code,)), {a.slot: a.formula}) for a in found]


def _pairs(found: Sequence[Atom]) -> list[Explanation]:
    found = [atom for atom in found if atom.rank < LIKELY]
    return [
        Explanation(frozenset((a.code, b.code)), {a.slot: a.formula, b.slot: b.formula})
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a.slot != b.slot
    ]


def _last_layer(
    nets: Sequence[Net], ones: Sequence[Explanation], ws: Sequence[Explanation], bs: Sequence[Explanation]
) -> list[tuple[Explanation, Explanation, Explanation]]:
    found = []
    for one in ones:
        good_w, good_b = list(ws), list(bs)
        for net in nets:  # the first net rules nearly everything out
            try:
                delta = step_1_at(one.change, net.top)
            except Exception:  # this wrong Step 1 fails here
                good_w = []
            if not good_w or not good_b:
                break
            c = layer(net.W, net.Z, net.A, net.hidden, net.output, net.N, delta=delta)
            good_w = [w for w in good_w if _gives(step_3_W, w, c, net, 0)]
            if good_w:
                good_b = [b for b in good_b if _gives(step_3_b, b, c, net, 1)]
        if good_w and good_b:
            found += [(one, w, b) for w in good_w for b in good_b]
    return found


def _gives(run: Any, e: Explanation, c: Layer, net: Net, part: int) -> bool:
    """Does this Step 3 give the last layer's dW (part 0) or db (part 1)?"""
    try:
        return same(net.answer[part][net.N], run(e.change, c), net.slack[part][net.N])
    except Exception:  # a wrong formula may fail on these shapes
        return False


def _below(
    nets: Sequence[Net], tops: Tops, skipped: bool
) -> tuple[dict[str, list[Explanation]], Explanation, Explanation, dict[str, list[Explanation]]] | None:
    """Step 2 by hidden nonlinearity, given Steps 1 and 3; None where nothing explains it."""
    s1, (w,), (b,) = tops
    step_3: Variant = {**w.change, **b.change}
    by_hidden: dict[str, list[tuple[Net, Layer]]] = {}
    for net in nets:
        if net.N > 1:
            if any(l not in part for part in net.answer for l in range(2 if skipped else 1, net.N)):
                return None
            delta = step_1_at(s1[net.output][0].change, net.top)
            c = layer(net.W, net.Z, net.A, net.hidden, net.output, net.N - 1, delta_next=delta)
            by_hidden.setdefault(net.hidden, []).append((net, c))

    def fits(change: Variant, net: Net, c: Layer) -> bool:
        whole = {**step_3, **change}
        for l in range(net.N - 1, 1 if skipped else 0, -1):
            delta = step_2(whole, c)
            own = layer(net.W, net.Z, net.A, net.hidden, net.output, l, delta=delta, delta_next=c.delta_next)
            if not same(net.answer[1][l], step_3_b(whole, own), net.slack[1][l]):
                return False
            if not same(net.answer[0][l], step_3_W(whole, own), net.slack[0][l]):
                return False
            if l > 1:
                c = layer(net.W, net.Z, net.A, net.hidden, net.output, l - 1, delta_next=delta)
        return True

    def explains(e: Explanation, group: list[tuple[Net, Layer]]) -> bool:
        try:
            return all(fits(e.change, net, c) for net, c in group)
        except Exception:  # the wrong formula fails where the student's code ran
            return False

    tried = [a for a in atoms((*STEP_2, "used"), "backprop") if a.slot not in step_3]
    singles = _singles(tried)
    s2 = {}
    for hidden, group in by_hidden.items():
        if explains(RIGHT, group):
            s2[hidden] = [RIGHT]
            continue
        found = [e for e in singles if explains(e, group)]
        if not found and not (w.codes or b.codes):
            found = [e for e in _pairs(tried) if explains(e, group)]
        if not found:
            return None
        s2[hidden] = _fewest(found)
    return s1, w, b, s2


def _raises(
    evidence: Sequence[Evidence],
    run: Any,
    s1: dict[str, list[Explanation]],
    s2: dict[str, list[Explanation]],
    more: Variant,
) -> bool:
    """Where the student's code raised, the explanation must raise too."""
    for e in evidence:
        if e.error is None:
            continue
        hidden, output = e.case.args[4], e.case.args[5]
        # A branch whose answers were all 0, or none, has no explanation of its own: another branch's must do.
        tops = [*s1.get(output, ()), *(one for found in s1.values() for one in found)]
        lower = [*s2.get(hidden, ()), *(one for found in s2.values() for one in found)]
        if not any(
            _fails(run, {**more, **a.change, **b.change}, e)
            for a in tops or [RIGHT]
            for b in lower or [RIGHT]
        ):
            return False
    return True


def _fails(run: Any, change: Variant, e: Evidence) -> bool:
    try:
        run(change, *e.case.args[:6])
    except Exception:
        return True
    return False
