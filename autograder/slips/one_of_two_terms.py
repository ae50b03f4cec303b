"""A factor inside a closed form that stands with one of its two terms: ŷ/T − Y, s (g/T − Σ g s)."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.slips.slip import SELDOM, USUAL, Slip, TracedRun
from autograder.tracing import fused
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.gradient import EdgeRule, Exchange
from autograder.tracing.tape import Node, Tape
from autograder.trees import Array

# The rule of an operation with logits u, given what comes in and d, the slope of u that is multiplied later
ScaledFormula = Callable[[Node, Array, Any], Any]


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        inner = node.parents[0] if node.op in ONE_TERM else None
        if inner is None or inner not in run.live:
            continue
        place = _scaled_place(run, run.tape.nodes[inner])
        for formula in ONE_TERM[node.op] if place is not None else ():
            names = {"inner": run.operand(node, 0)}
            yield Slip("slope_at_one_term", names, _exchanged(node, place or 0, formula), USUAL)
        if place is not None and node.op == "softmax_cross_entropy":
            # The way back is left before the factor, and before softmax
            early = _exchanged(node, place, lambda n, g, d: _expanded(n, g) * -n.values[1] / _softmax(n) / d)
            yield Slip("gradient_of_yhat", {"text": run.name(node)}, early, SELDOM, code="K1")


def _scaled_place(run: TracedRun, inner: Node) -> int | None:
    """Where the logits stand in a product or above a fraction line, None where they aren't scaled."""
    places = list(run.places(inner))
    if inner.op not in ("multiply", "divide") or len(places) != 1:
        return None
    return None if inner.op == "divide" and places[0] == 1 else places[0]


def _exchanged(node: Node, place: int, formula: ScaledFormula) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        rules: dict[tuple[int, int], EdgeRule] = {}
        for here in tape.nodes:
            if here.site == node.site:
                inner = tape.nodes[here.parents[0] or 0]
                slope = ELEMENTWISE[inner.op].slope(inner, place)

                def rule(n: Node, p: int, g: Array, d: Any = slope) -> Any:
                    return formula(n, g, d)

                rules[here.index, 0] = rule
        return Exchange(edges=rules)

    return exchange


def _softmax(node: Node) -> Array:
    return fused.softmax(np.asarray(node.values[0], dtype=float), axis=node.options["axis"])


def _expanded(node: Node, g: Array) -> Array:
    return np.expand_dims(g, node.options["axis"])


def _sum(node: Node, x: Any) -> Any:
    return np.sum(x, axis=node.options["axis"], keepdims=True)


ONE_TERM: dict[str, tuple[ScaledFormula, ...]] = {
    "softmax_cross_entropy": (
        lambda n, g, d: _expanded(n, g) * (_softmax(n) / d - n.values[1]),
        lambda n, g, d: _expanded(n, g) * (_softmax(n) - n.values[1] / d),
    ),
    "binary_cross_entropy": (
        lambda n, g, d: g * (fused.sigmoid(n.values[0]) / d - n.values[1]),
        lambda n, g, d: g * (fused.sigmoid(n.values[0]) - n.values[1] / d),
    ),
    "softmax": (
        lambda n, g, d: n.out * (g / d - _sum(n, g * n.out)),
        lambda n, g, d: n.out * (g - _sum(n, g * n.out) / d),
    ),
    "log_softmax": (
        lambda n, g, d: g / d - np.exp(n.out) * _sum(n, g),
        lambda n, g, d: g - np.exp(n.out) * _sum(n, g) / d,
    ),
}
