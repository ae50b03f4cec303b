"""Reverse mode: the gradient of a traced run, by the tape's own rules or with some of them exchanged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from autograder.tracing.tape import PRIMITIVES, Node, Tape, replay
from autograder.trees import Array

# What an upstream gradient g is worth to an input of a node; None for nothing at all.
EdgeRule: TypeAlias = Callable[[Node, int, Array], Any]


@dataclass(frozen=True)
class Contribution:
    """What one consumer of a node adds to its gradient."""

    consumer: int
    place: int
    value: Any
    site: Any = ()


# What becomes of a node's contributions, given the gradients of later nodes.
SumRule: TypeAlias = Callable[[Node, Sequence[Contribution], Mapping[int, Any]], Any]


@dataclass(frozen=True)
class Exchange:
    """Rules that stand in place of the tape's: by (node, place) for an edge, by node for the sum of its
    contributions.

    upstream: for an edge the node whose gradient is taken in place of the right one.
    after: what is done with the finished gradients, input by input.
    values: operations of the forward pass that are done otherwise (see tape.replay).
    """

    edges: Mapping[tuple[int, int], EdgeRule] = field(default_factory=dict)
    sums: Mapping[int, SumRule] = field(default_factory=dict)
    values: Mapping[int, Callable[..., Any]] = field(default_factory=dict)
    upstream: Mapping[tuple[int, int], int] = field(default_factory=dict)
    after: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()

    def and_also(self, other: "Exchange") -> "Exchange | None":
        """Both exchanges together; None where they touch the same rule."""
        changed: dict[str, Any] = {}
        for name in ("edges", "sums", "values", "upstream"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if set(mine) & set(theirs):
                return None
            changed[name] = {**mine, **theirs}
        return Exchange(**changed, after=(*self.after, *other.after))


NOTHING = Exchange()


def add_up(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
    """The sum of a node's contributions: paths add."""
    total = parts[0].value
    for part in parts[1:]:
        total = total + part.value
    return total


def gradients_of_nodes(tape: Tape, upstream: Sequence[Array], exchange: Exchange = NOTHING) -> dict[int, Any]:
    """The gradient of sum(upstream * output) in every node that the outputs depend on, by node."""
    received: dict[int, list[Contribution]] = {}
    for place, (output, g) in enumerate(zip(tape.outputs, upstream, strict=True)):
        received.setdefault(output, []).append(Contribution(-1, place, g))
    found: dict[int, Any] = {}
    for node in reversed(tape.nodes):
        parts = received.get(node.index)
        if not parts:
            continue
        total: SumRule = exchange.sums.get(node.index, add_up)
        g = total(node, parts, found)
        if g is None:
            continue
        found[node.index] = g
        for place, parent in enumerate(node.parents):
            if parent is None:
                continue
            rule: EdgeRule = exchange.edges.get((node.index, place), PRIMITIVES[node.op].backward)
            other = exchange.upstream.get((node.index, place)) if exchange.upstream else None
            value = rule(node, place, g if other is None else found[other])
            if value is not None:
                received.setdefault(parent, []).append(Contribution(node.index, place, value, node.site))
    return found


def gradients(
    tape: Tape, upstream: Sequence[Array], wanted: Sequence[str], exchange: Exchange = NOTHING
) -> dict[str, Any]:
    """The gradient in each of the wanted inputs, in its shape; 0 where the outputs don't depend on it."""
    run = replay(tape, exchange.values) if exchange.values else tape
    found = gradients_of_nodes(run, upstream, exchange)
    result = {}
    for name in wanted:
        index = run.inputs[name]
        result[name] = found[index] if index in found else np.zeros(run.nodes[index].out.shape)
    for change in exchange.after:
        result = change(result)
    return result
