"""The recipe taken apart into slots, so that a mistake is one slot exchanged, and two mistakes are two.

Step 1: yhat(output, z) -> first(output, yhat, z, Y) -> scale_1(delta, output_context).
Step 2: weights(c) -> back(c) -> slope(c) -> join(back, slope, c) -> scale_2(delta, c).
Step 3: used(c) and input(c) -> outer(delta, a) divided by divide_dW(c); summed(delta, c) -> total(...)
divided by divide_db(c). The way forward has slots of its own, see forward_slots.py.
c is the LayerContext at hand: what a student's code has within reach at that point.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from autograder.misconceptions.forward_slots import (
    AFFINE,
    FORWARD_ONLY,
    ForwardContext,
    affine_at,
    forward_by,
)
from autograder.trees import Array
from backprop import g, g_prime

WrongFormula: TypeAlias = Callable[..., Any]
# Slot of the recipe -> what stands there instead.
SlotChanges: TypeAlias = Mapping[str, WrongFormula]
Layers: TypeAlias = Mapping[int, Array]


@dataclass(slots=True, eq=False)
class LayerContext:
    """What stands around layer l: z[l], W[l+1], delta[l+1], and in Step 3 delta[l] and a[l-1].

    W, Z and A are the whole net's, for a wrong index. Where an exercise gives only part of all this, the rest
    is None and raises when used.
    """

    hidden: str = ""
    z: Any = None
    W_next: Any = None
    delta_next: Any = None
    delta: Any = None
    a_prev: Any = None
    W: Any = None
    Z: Any = None
    A: Any = None
    l: int = 0
    output: str = ""
    memo: dict[tuple[int, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def N(self) -> int:
        return max(self.W)


@dataclass(slots=True, eq=False)
class OutputContext:
    """What stands around the last layer's Step 1."""

    output: str
    z: Any
    Y: Any
    hidden: str = ""
    memo: dict[tuple[int, ...], Any] = field(default_factory=dict, compare=False, repr=False)


def _once(memo: dict[tuple[int, ...], Any], key: tuple[WrongFormula, ...], f: Callable[[], Any]) -> Any:
    """f(), computed once for these formulas: hundreds of combinations share their parts."""
    ids = tuple(map(id, key))
    if ids not in memo:
        try:
            memo[ids] = f()
        except Exception as error:
            memo[ids] = error
    found = memo[ids]
    if isinstance(found, Exception):
        raise found
    return found


RIGHT_FORMULAS: dict[str, WrongFormula] = {
    "yhat": g,
    "first": lambda output, yhat, z, Y: yhat - Y,
    "scale_1": lambda delta, context: delta,
    "weights": lambda c: c.W_next,
    "back": lambda c: c.W_next.T @ c.delta_next,
    "slope": lambda c: g_prime(c.hidden, c.z),
    "join": lambda back, slope, c: back * slope,
    "scale_2": lambda delta, c: delta,
    "used": lambda c: c.delta,
    "input": lambda c: c.a_prev,
    "outer": lambda delta, a: delta @ a.T,
    "divide_dW": lambda c: c.delta.shape[1],
    "summed": lambda delta, c: delta,
    "total": lambda delta: np.sum(delta, axis=1, keepdims=True),
    "divide_db": lambda c: c.delta.shape[1],
}
STEP_1 = ("yhat", "first", "scale_1")
STEP_2 = ("weights", "back", "slope", "join", "scale_2")
STEP_3_W = ("used", "input", "outer", "divide_dW")
STEP_3_B = ("used", "summed", "total", "divide_db")
STEP_3 = ("used", "input", "outer", "divide_dW", "summed", "total", "divide_db")
# Slots whose mistakes need the net around the layer.
NET_ONLY = ("used", "input")


def _formulas(changes: SlotChanges, *slots: str) -> Iterator[WrongFormula]:
    """What stands in each of these slots."""
    return (changes.get(slot) or RIGHT_FORMULAS[slot] for slot in slots)


def step_1_at(changes: SlotChanges, context: OutputContext) -> Any:
    """delta[N] with these slots exchanged; what combinations share is computed once."""
    yhat, first, scale = _formulas(changes, *STEP_1)
    a = _once(context.memo, (yhat,), lambda: yhat(context.output, context.z))
    delta = _once(context.memo, (yhat, first), lambda: first(context.output, a, context.z, context.Y))
    return scale(delta, context)


def step_1(changes: SlotChanges, output: str, z: Any, Y: Any, hidden: str = "") -> Any:
    """delta[N] with these slots exchanged."""
    return step_1_at(changes, OutputContext(output, z, Y, hidden))


def step_2(changes: SlotChanges, c: LayerContext) -> Any:
    """delta[l] with these slots exchanged."""
    weights, back, slope, join, scale = _formulas(changes, *STEP_2)
    if weights is not RIGHT_FORMULAS["weights"]:
        # Another matrix, and all that follows is done with it.
        c = _once(c.memo, (weights,), lambda: replace(c, W_next=weights(c), memo={}))
    s = _once(c.memo, (back,), lambda: back(c))
    gp = _once(c.memo, (slope,), lambda: slope(c))
    return scale(join(s, gp, c), c)


def step_3_W(changes: SlotChanges, c: LayerContext) -> Any:
    """dW[l] with these slots exchanged."""
    used, given, outer, divisor = _formulas(changes, *STEP_3_W)
    product = _once(c.memo, (used, given, outer), lambda: outer(used(c), given(c)))
    return product / divisor(c)


def step_3_b(changes: SlotChanges, c: LayerContext) -> Any:
    """db[l] with these slots exchanged."""
    used, summed, total, divisor = _formulas(changes, *STEP_3_B)
    added = _once(c.memo, (used, summed, total), lambda: total(summed(used(c), c)))
    return added / divisor(c)


def layer_context(
    W: Layers, Z: Layers, A: Layers, hidden: str, output: str, l: int, **deltas: Any
) -> LayerContext:
    """What stands around layer l of a net; deltas are delta_next and, for Step 3, delta."""
    around = LayerContext(hidden, z=Z[l], W_next=W.get(l + 1), a_prev=A[l - 1], **deltas)
    around.W, around.Z, around.A, around.l, around.output = W, Z, A, l, output
    return around


def deltas(
    changes: SlotChanges, W: Layers, Z: Layers, A: Layers, Y: Any, hidden: str, output: str
) -> dict[int, Any]:
    """all_deltas with these slots exchanged."""
    N = max(W)
    delta = {N: step_1(changes, output, Z[N], Y, hidden)}
    for l in range(N - 1, 0, -1):
        delta[l] = step_2(changes, layer_context(W, Z, A, hidden, output, l, delta_next=delta[l + 1]))
    return delta


def recipe_gradients(
    changes: SlotChanges, W: Layers, Z: Layers, A: Layers, Y: Any, hidden: str, output: str
) -> tuple[dict[int, Any], dict[int, Any]]:
    """backprop with these slots exchanged."""
    delta = deltas(changes, W, Z, A, Y, hidden, output)
    dW, db = {}, {}
    for l in delta:
        c = layer_context(W, Z, A, hidden, output, l, delta=delta[l], delta_next=delta.get(l + 1))
        dW[l], db[l] = step_3_W(changes, c), step_3_b(changes, c)
    return dW, db


def _lambda_W(W: Any, lam: float, m: int) -> Any:
    return lam * W


def l2_gradients(changes: SlotChanges, *args: Any, penalty: WrongFormula = _lambda_W) -> tuple[Any, Any]:
    """l2_backprop with these slots exchanged; penalty(W[l], lam, m) is what each dW[l] gets added."""
    *net, lam = args
    dW, db = recipe_gradients(changes, *net)
    W, m = args[0], args[3].shape[1]
    return {l: dW[l] + penalty(W[l], lam, m) for l in dW}, db


def replay_recipe(exercise_id: str, changes: SlotChanges, *args: Any) -> Any:
    """What the exercise's function answers with these slots exchanged; LookupError outside the recipe."""
    if exercise_id == "output_delta":
        return step_1(changes, *args)
    if exercise_id == "hidden_delta":
        W_next, delta_next, z, hidden = args
        return step_2(changes, LayerContext(hidden=hidden, z=z, W_next=W_next, delta_next=delta_next))
    if exercise_id == "layer_gradients":
        c = LayerContext(delta=args[0], a_prev=args[1])
        return step_3_W(changes, c), step_3_b(changes, c)
    if exercise_id == "affine":
        return affine_at(changes, ForwardContext(*args))
    whole: dict[str, WrongFormula] = {
        "forward": forward_by,
        "all_deltas": deltas,
        "backprop": recipe_gradients,
        "l2_backprop": l2_gradients,
    }
    if exercise_id not in whole:
        raise LookupError(
            f"replay: {exercise_id} is not made of the recipe's slots; expected one of {', '.join(whole)}"
        )
    return whole[exercise_id](changes, *args)


def exercises_of(changes: SlotChanges) -> list[str]:
    """The exercises in which a change of these slots shows."""
    found = []
    slots = set(changes)
    net = bool(slots & set(NET_ONLY)) or any(getattr(f, "needs_net", False) for f in changes.values())
    if slots & set(AFFINE):
        found += ["forward"] if net else ["affine", "forward"]
    elif slots & set(FORWARD_ONLY):
        found += ["forward"]
    if slots & set(STEP_1):
        found += ["all_deltas"] if net else ["output_delta", "all_deltas"]
    if slots & set(STEP_2):
        found += ["all_deltas"] if net else ["hidden_delta", "all_deltas"]
    if slots & set(STEP_3) and not net:
        found += ["layer_gradients"]
    backward = slots & {*STEP_1, *STEP_2, *STEP_3}
    found += ["backprop", "l2_backprop"] if backward else []
    return [*found, "forward"] if "yhat" in slots else found


def needs_net(formula: WrongFormula) -> WrongFormula:
    """Marks a formula that reaches for another layer's W, z or a."""
    formula.needs_net = True  # type: ignore[attr-defined]
    return formula


def in_every_branch(formula: WrongFormula) -> WrongFormula:
    """Marks a formula that would show with every nonlinearity and output: with one alone it is unlikely."""
    formula.in_every_branch = True  # type: ignore[attr-defined]
    return formula
