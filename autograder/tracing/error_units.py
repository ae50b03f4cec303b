"""How far rounding may move a gradient: measured, by runs in which every operation is a little off.

Each value, forward and backward, is changed by a random part of NUDGE; what comes of it, over NUDGE, is what
unit errors of every operation come to. It is measured on the tape's own route; a learner's may be worse by a
factor.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.tracing.gradient import Exchange, gradients
from autograder.tracing.tape import PRIMITIVES, Node, Tape, replay
from autograder.trees import Array

# Relative; far above rounding, and so small that only slopes count
NUDGE = 2.0**-24
RUNS = 6
# These round nothing.
EXACT = {
    "absolute",
    "broadcast_to",
    "concatenate",
    "copy",
    "entry",
    "flip",
    "getitem",
    "max",
    "maximum",
    "min",
    "minimum",
}
EXACT |= {
    "negative",
    "pad",
    "relu",
    "repeat",
    "reshape",
    "roll",
    "setitem",
    "stack",
    "tile",
    "transpose",
    "where",
}

# What the formula that people write rounds besides, in units of u: 1 + exp(z), before its logarithm is taken.
OF_THE_PLAIN_FORMULA = {"softplus": 1.0}


def error_units(tape: Tape, upstream: Sequence[Array], wanted: Sequence[str]) -> dict[str, Array]:
    """For each wanted input what one rounding error in every operation moves its gradient by, in units of u.

    Entry by entry the largest of a few runs, and not below half of the array's mean: chance may spare an
    entry.
    """
    rng = np.random.Generator(np.random.PCG64(2))
    right = gradients(tape, upstream, wanted)
    moved = {name: np.zeros(np.shape(right[name])) for name in wanted}
    with np.errstate(all="ignore"):
        for _ in range(RUNS):
            off = replay(
                tape, {node.index: _nudged(node, rng) for node in tape.nodes if node.op not in EXACT}
            )
            found = gradients(off, upstream, wanted, _nudged_rules(off, rng))
            for name in wanted:
                moved[name] = np.fmax(moved[name], np.abs(found[name] - right[name]) / NUDGE)
    return {name: np.maximum(units, np.mean(units) / 2 if units.size else 0) for name, units in moved.items()}


def _nudge(value: Any, rng: np.random.Generator) -> Any:
    return value * (1 + NUDGE * rng.uniform(-1, 1, np.shape(value)))


def _nudged(node: Node, rng: np.random.Generator) -> Callable[..., Any]:
    if node.is_input:
        return lambda **_: _nudge(node.out, rng)
    besides = OF_THE_PLAIN_FORMULA.get(node.op, 0.0) * NUDGE

    def forward(*values: Any, **options: Any) -> Any:
        value = _nudge(PRIMITIVES[node.op].forward(*values, **options), rng)
        return value + besides * rng.uniform(-1, 1, np.shape(value)) if besides else value

    return forward


def _nudged_rules(tape: Tape, rng: np.random.Generator) -> Exchange:
    def rule(node: Node, place: int, g: Array) -> Any:
        value = PRIMITIVES[node.op].backward(node, place, g)
        return None if value is None else _nudge(value, rng)

    edges = {(node.index, place): rule for node in tape.nodes for place in range(len(node.parents))}
    return Exchange(edges=edges)
