"""What explains the last layer's dW and db in backprop: a wrong Step 1, a wrong Step 3, or both.

Only dW and db are seen, so each Step 1 is tried with each Step 3: thousands of formulas for a net, looked up
by their last entries (lookup.py).
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.closeness import same
from autograder.diagnosis.lookup import FAILS, ByIdentity, last_entries, may_give
from autograder.diagnosis.matching import RIGHT, Explanation, fewest_mistakes, pairs
from autograder.diagnosis.updates_and_state import NetAnswer
from autograder.misconceptions import Catalogue, SlotChange
from autograder.misconceptions.slots import (
    STEP_1,
    STEP_3_B,
    STEP_3_W,
    LayerContext,
    OutputContext,
    SlotChanges,
    layer_context,
    step_1_at,
    step_3_b,
    step_3_W,
)

Slots: TypeAlias = tuple[SlotChange, ...]
# Catalogues whose plans are kept, and tables of last entries, of some 30 kB: a few for each version of a net.
KEPT_PLANS, KEPT_TABLES = 8, 1_000


@dataclass(frozen=True, eq=False)
class LastLayer:
    """What explains the last layer's dW and db: Step 1 by output, and Step 3 in all nets."""

    step_1: dict[str, list[Explanation]]
    dW: Explanation
    db: Explanation

    @property
    def step_3(self) -> SlotChanges:
        return {**self.dW.changes, **self.db.changes}

    @property
    def step_3_codes(self) -> frozenset[str]:
        return self.dW.codes | self.db.codes


@dataclass(frozen=True, eq=False)
class LastLayerPlan:
    """What is tried together in the last layer's Step 1 and in its dW and db."""

    step_1: Sequence[Explanation]
    dW: Sequence[Explanation]
    db: Sequence[Explanation]


@dataclass(frozen=True)
class LastLayerFit:
    """A Step 1 and a Step 3 that give the last layer's dW and db of some nets."""

    step_1: Explanation
    dW: Explanation
    db: Explanation

    @property
    def step_3(self) -> tuple[Explanation, Explanation]:
        return self.dW, self.db


def _plans(catalogue: Catalogue) -> tuple[LastLayerPlan, ...]:
    """What is tried in the last layer, likelier things first."""
    return _plans_of(*(catalogue.slot_changes(slots, "backprop") for slots in (STEP_1, STEP_3_W, STEP_3_B)))


@lru_cache(maxsize=KEPT_PLANS)
def _plans_of(step_1: Slots, for_dW: Slots, for_db: Slots) -> tuple[LastLayerPlan, ...]:
    # What Step 3 uses for delta is looked for in the layers below: in the last one it shows nothing.
    dW, db = ([c for c in changes if c.slot != "used"] for changes in (for_dW, for_db))
    in_step_1, in_dW, in_db = ([RIGHT, *map(Explanation.of, changes)] for changes in (step_1, dW, db))
    return (
        LastLayerPlan([RIGHT], in_dW, in_db),
        LastLayerPlan(in_step_1, [RIGHT], [RIGHT]),
        LastLayerPlan(in_step_1, in_dW, in_db),
        LastLayerPlan([RIGHT, *pairs(step_1).explanations], [RIGHT], [RIGHT]),
        LastLayerPlan([RIGHT], [*in_dW, *pairs(for_dW).explanations], [*in_db, *pairs(for_db).explanations]),
    )


def last_layers(nets: Sequence[NetAnswer], catalogue: Catalogue, few: bool) -> Iterator[LastLayer]:
    """Explanations of the last layer's dW and db: Step 1 by output, Step 3 for all; fewer mistakes first."""
    by_output: dict[str, list[NetAnswer]] = {}
    for net in nets:
        by_output.setdefault(net.output, []).append(net)
    # What is wrong comes first: it rules nearly everything out.
    by_output = {output: sorted(group, key=_is_right) for output, group in by_output.items()}
    for number, plan in enumerate(_plans(catalogue)):
        if few and number == 2:
            return
        possible = _possible_everywhere(plan, [group[0] for group in by_output.values()])
        if not all(mask.any() for mask in possible):
            continue
        fits: dict[str, list[LastLayerFit]] = {}
        for output, group in by_output.items():
            fits[output] = _fits_of_last_layer(group, plan, possible)
            if not fits[output]:
                break
        common = set.intersection(*({fit.step_3 for fit in found} for found in fits.values()))
        if not common:
            continue
        first = next(iter(fits.values()))
        in_turn = dict.fromkeys(fit.step_3 for fit in first if fit.step_3 in common)
        for dW, db in sorted(in_turn, key=lambda step_3: len(step_3[0].codes | step_3[1].codes)):
            step_1 = {
                output: fewest_mistakes([fit.step_1 for fit in found if fit.step_3 == (dW, db)])
                for output, found in fits.items()
            }
            yield LastLayer(step_1, dW, db)
        # A wrong delta shows in the last layer as a wrong Step 3 may, and only the layers below tell the two
        # apart. What more mistakes would explain, fewer have explained already.
        if number or (RIGHT, RIGHT) in common:
            return


def _is_right(net: NetAnswer) -> bool:
    """Are the last layer's dW and db what is expected?"""
    expected = net.evidence.expected
    return all(same(net.answer[part][net.N], expected[part][net.N]) for part in (0, 1))


def _possible_everywhere(plan: LastLayerPlan, nets: Sequence[NetAnswer]) -> tuple[np.ndarray, np.ndarray]:
    """Which forms of Step 3 may give the last dW, and which the last db, of all these nets, each with some
    Step 1: masks of plan.dW and plan.db.
    """
    everywhere = np.ones(len(plan.dW), bool), np.ones(len(plan.db), bool)
    for net in nets:
        dW, db = _looked_up(plan, net)
        both = dW.any(axis=1) & db.any(axis=1)
        everywhere[0][:] &= dW[both].any(axis=0)
        everywhere[1][:] &= db[both].any(axis=0)
    return everywhere


def _fits_of_last_layer(
    nets: Sequence[NetAnswer], plan: LastLayerPlan, possible: tuple[np.ndarray, np.ndarray]
) -> list[LastLayerFit]:
    """Everything of the plan that is possible and gives these nets' last dW and db."""
    fits = []
    # Many forms of Step 1 give the same delta in a net: what follows from it is tried once.
    tried: dict[Hashable, _StepsTried] = {}
    may_dW, may_db = (mask & found for mask, found in zip(possible, _looked_up(plan, nets[0]), strict=True))
    for place in np.flatnonzero(may_dW.any(axis=1) & may_db.any(axis=1)):
        step_1 = plan.step_1[int(place)]
        dW, db = _chosen(plan.dW, may_dW[place]), _chosen(plan.db, may_db[place])
        for net in nets:
            if not dW or not db:
                break
            try:
                delta = step_1_at(step_1.changes, net.output_context)
            except Exception:
                # This wrong Step 1 fails here.
                dW = []
                break
            key = id(net), _contents(delta)
            seen = tried[key] = tried.get(key) or _StepsTried(net, delta)
            dW = [e for e in dW if seen.give(e, 0)]
            if dW:
                db = [e for e in db if seen.give(e, 1)]
        fits += [LastLayerFit(step_1, w, b) for w in dW for b in db]
    return fits


def _chosen(options: Sequence[Explanation], mask: np.ndarray) -> list[Explanation]:
    return [options[int(place)] for place in np.flatnonzero(mask)]


def _looked_up(plan: LastLayerPlan, net: NetAnswer) -> tuple[np.ndarray, np.ndarray]:
    """Which forms of Step 3 may, after which Step 1, give this net's last dW and which its last db: masks,
    (forms of Step 1, forms of dW) and (forms of Step 1, forms of db).
    """
    deltas = _last_deltas(plan, ByIdentity(net.args))
    masks = []
    for part in (0, 1):
        entries = _last_layer_entries(plan, ByIdentity(net.args), part)
        masks.append(may_give(entries, net.answer[part][net.N], net.tolerance[part][net.N])[deltas.rows])
    return masks[0], masks[1]


@dataclass(frozen=True, eq=False)
class LastDeltas:
    """What the forms of Step 1 give in a net, each array once, as most of them are the same in one branch.

    rows: of each form the place of its delta, (forms,), which is that behind the last where the form fails.
    """

    deltas: Sequence[Any]
    rows: np.ndarray


@lru_cache(maxsize=KEPT_TABLES)
def _last_deltas(plan: LastLayerPlan, net: ByIdentity) -> LastDeltas:
    _, Z, _, Y, hidden, output = net.arguments
    context = OutputContext(output, Z[max(Z)], Y, hidden)
    places: dict[Any, int] = {}
    deltas: list[Any] = []
    rows = []
    for step_1 in plan.step_1:
        try:
            delta = step_1_at(step_1.changes, context)
        except Exception:
            rows.append(-1)
            continue
        key = _contents(delta)
        if key not in places:
            places[key] = len(deltas)
            deltas.append(delta)
        rows.append(places[key])
    return LastDeltas(deltas, np.array(rows))


@lru_cache(maxsize=KEPT_TABLES)
def _last_layer_entries(plan: LastLayerPlan, net: ByIdentity, part: int) -> np.ndarray:
    """The last entries of what the plan's forms of Step 3 make of each delta: (deltas and one, forms).

    The last row is that of a Step 1 that fails.
    """
    W, Z, A, _, hidden, output = net.arguments
    run, options = (step_3_b, plan.db) if part else (step_3_W, plan.dW)
    rows = []
    for delta in _last_deltas(plan, net).deltas:
        c = layer_context(W, Z, A, hidden, output, max(W), delta=delta)
        rows.append(last_entries(partial(run, e.changes, c) for e in options))
    return np.array([*rows, np.full(len(options), FAILS)])


class _StepsTried:
    """A delta of a net's last layer, and which forms of Step 3 give the answers with it, each tried once."""

    def __init__(self, net: NetAnswer, delta: Any) -> None:
        self._net = net
        self._context = net.layer(net.N, delta=delta)
        self._given: dict[tuple[Explanation, int], bool] = {}

    def give(self, e: Explanation, part: int) -> bool:
        """Does this Step 3 give the last layer's dW (part 0) or db (part 1)?"""
        if (e, part) not in self._given:
            run = step_3_b if part else step_3_W
            self._given[e, part] = _gives_answer(run, e, self._context, self._net, part)
        return self._given[e, part]


def _contents(delta: Any) -> Hashable:
    """What tells a delta from others: an array's numbers; else the object, which the caller must keep."""
    if isinstance(delta, np.ndarray) and delta.dtype.kind in "fiub":
        return delta.shape, delta.dtype.str, delta.tobytes()
    return id(delta)


def _gives_answer(
    run: Callable[..., Any], e: Explanation, c: LayerContext, net: NetAnswer, part: int
) -> bool:
    """Does this Step 3 give the last layer's dW (part 0) or db (part 1)?"""
    try:
        return same(net.answer[part][net.N], run(e.changes, c), net.tolerance[part][net.N])
    except Exception:
        # A wrong formula may fail on these shapes.
        return False
