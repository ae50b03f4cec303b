"""The recipe taken apart into slots, so that a mistake is one slot exchanged, and two mistakes are two.

Step 1: yhat(output, z) -> first(output, yhat, z, Y) -> scale_1(delta, top). Step 2: weights(c) -> back(c) -> slope(c) -> join(back, slope, c)
-> scale_2(delta, c). Step 3: used(c) and input(c) -> outer(delta, a) divided by divide_dW(c); total(delta) divided by
divide_db(c). c is the Layer at hand: what a student's code has within reach at that point.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.misconceptions.misconception import Variant, WrongFormula
from backprop import g, g_prime

Array: TypeAlias = NDArray
Layers: TypeAlias = Mapping[int, Array]


@dataclass(slots=True, eq=False)
class Layer:
    """What stands around layer l. Where an exercise gives only part of it, the rest is None and raises when used."""

    hidden: str = ""
    z: Any = None  # z[l]
    W_next: Any = None
    delta_next: Any = None
    delta: Any = None  # delta[l], in Step 3
    a_prev: Any = None
    W: Any = None  # the net's, for a wrong index
    Z: Any = None
    A: Any = None
    l: int = 0
    N: int = 0
    output: str = ""
    memo: dict[tuple[int, ...], Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(slots=True, eq=False)
class Top:
    """What stands around the last layer's Step 1."""

    output: str
    z: Any
    Y: Any
    hidden: str = ""
    memo: dict[tuple[int, ...], Any] = field(default_factory=dict, compare=False, repr=False)


def _once(memo: dict[tuple[int, ...], Any], key: tuple[WrongFormula, ...], f: Callable[[], Any]) -> Any:
    """f(), computed once for these formulas: hundreds of combinations share their parts. An error is kept as well."""
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


def _back(c: Layer) -> Any:
    return c.W_next.T @ c.delta_next


def _total(delta: Any) -> Any:
    return np.sum(delta, axis=1, keepdims=True)


RIGHT: dict[str, WrongFormula] = {
    "yhat": g,
    "first": lambda output, yhat, z, Y: yhat - Y,
    "scale_1": lambda delta, top: delta,
    "weights": lambda c: c.W_next,
    "back": _back,
    "slope": lambda c: g_prime(c.hidden, c.z),
    "join": lambda back, slope, c: back * slope,
    "scale_2": lambda delta, c: delta,
    "used": lambda c: c.delta,
    "input": lambda c: c.a_prev,
    "outer": lambda delta, a: delta @ a.T,
    "divide_dW": lambda c: c.delta.shape[1],
    "total": _total,
    "divide_db": lambda c: c.delta.shape[1],
}
STEP_1 = ("yhat", "first", "scale_1")
STEP_2 = ("weights", "back", "slope", "join", "scale_2")
STEP_3_W = ("used", "input", "outer", "divide_dW")
STEP_3_B = ("used", "total", "divide_db")
STEP_3 = ("used", "input", "outer", "divide_dW", "total", "divide_db")
NET_ONLY = ("used", "input")  # slots whose mistakes need the net around the layer


def _formulas(change: Variant, *slots: str) -> Iterator[WrongFormula]:
    """What stands in each of these slots."""
    return (change.get(slot) or RIGHT[slot] for slot in slots)


def step_1_at(change: Variant, top: Top) -> Any:
    """delta[N] with these slots exchanged; what combinations share is computed once."""
    yhat, first, scale = _formulas(change, *STEP_1)
    a = _once(top.memo, (yhat,), lambda: yhat(top.output, top.z))
    delta = _once(top.memo, (yhat, first), lambda: first(top.output, a, top.z, top.Y))
    return scale(delta, top)


def step_1(change: Variant, output: str, z: Any, Y: Any, hidden: str = "") -> Any:
    """delta[N] with these slots exchanged."""
    return step_1_at(change, Top(output, z, Y, hidden))


def step_2(change: Variant, c: Layer) -> Any:
    """delta[l] with these slots exchanged."""
    weights, back, slope, join, scale = _formulas(change, *STEP_2)
    if weights is not RIGHT["weights"]:  # another matrix, and all that follows is done with it
        c = _once(c.memo, (weights,), lambda: replace(c, W_next=weights(c), memo={}))
    s = _once(c.memo, (back,), lambda: back(c))
    gp = _once(c.memo, (slope,), lambda: slope(c))
    return scale(join(s, gp, c), c)


def step_3_W(change: Variant, c: Layer) -> Any:
    """dW[l] with these slots exchanged."""
    used, given, outer, divisor = _formulas(change, *STEP_3_W)
    product = _once(c.memo, (used, given, outer), lambda: outer(used(c), given(c)))
    return product / divisor(c)


def step_3_b(change: Variant, c: Layer) -> Any:
    """db[l] with these slots exchanged."""
    used, total, divisor = _formulas(change, *STEP_3_B)
    added = _once(c.memo, (used, total), lambda: total(used(c)))
    return added / divisor(c)


def layer(W: Layers, Z: Layers, A: Layers, hidden: str, output: str, l: int, **more: Any) -> Layer:
    """The surroundings of layer l of a net."""
    N = max(W)
    return Layer(
        hidden=hidden, z=Z[l], W_next=W.get(l + 1), a_prev=A[l - 1], W=W, Z=Z, A=A, l=l, N=N, output=output, **more
    )  # fmt: skip


def deltas(
    change: Variant, W: Layers, Z: Layers, A: Layers, Y: Any, hidden: str, output: str
) -> dict[int, Any]:
    """all_deltas with these slots exchanged."""
    N = max(W)
    delta = {N: step_1(change, output, Z[N], Y, hidden)}
    for l in range(N - 1, 0, -1):
        delta[l] = step_2(change, layer(W, Z, A, hidden, output, l, delta_next=delta[l + 1]))
    return delta


def gradients(
    change: Variant, W: Layers, Z: Layers, A: Layers, Y: Any, hidden: str, output: str
) -> tuple[Any, Any]:
    """backprop with these slots exchanged."""
    delta = deltas(change, W, Z, A, Y, hidden, output)
    dW, db = {}, {}
    for l in delta:
        c = layer(W, Z, A, hidden, output, l, delta=delta[l], delta_next=delta.get(l + 1))
        dW[l], db[l] = step_3_W(change, c), step_3_b(change, c)
    return dW, db


def _l2(
    change: Variant, W: Layers, Z: Layers, A: Layers, Y: Any, hidden: str, output: str, lam: float
) -> Any:
    dW, db = gradients(change, W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * W[l] for l in dW}, db


def replay(exercise_id: str, change: Variant, *args: Any) -> Any:
    """What the exercise's function answers with these slots exchanged; LookupError for one outside the recipe."""
    if exercise_id == "output_delta":
        return step_1(change, *args)
    if exercise_id == "hidden_delta":
        W_next, delta_next, z, hidden = args
        return step_2(change, Layer(hidden=hidden, z=z, W_next=W_next, delta_next=delta_next))
    if exercise_id == "layer_gradients":
        c = Layer(delta=args[0], a_prev=args[1])
        return step_3_W(change, c), step_3_b(change, c)
    whole: dict[str, WrongFormula] = {"all_deltas": deltas, "backprop": gradients, "l2_backprop": _l2}
    if exercise_id not in whole:
        raise LookupError(
            f"replay: {exercise_id} is not made of the recipe's slots; expected one of {', '.join(whole)}"
        )
    return whole[exercise_id](change, *args)


def exercises_of(change: Variant) -> list[str]:
    """The exercises in which a change of these slots shows."""
    found = []
    slots = set(change)
    net = bool(slots & set(NET_ONLY)) or any(getattr(f, "needs_net", False) for f in change.values())
    if slots & set(STEP_1):
        found += ["all_deltas"] if net else ["output_delta", "all_deltas"]
    if slots & set(STEP_2):
        found += ["all_deltas"] if net else ["hidden_delta", "all_deltas"]
    if slots & set(STEP_3) and not net:
        found += ["layer_gradients"]
    return [*found, "backprop", "l2_backprop"]


def needs_net(formula: WrongFormula) -> WrongFormula:
    """Marks a formula that reaches for another layer's W, z or a."""
    formula.needs_net = True  # type: ignore[attr-defined]
    return formula
