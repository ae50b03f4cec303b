"""Nonlinearities written in several operations: their slope as a whole, and on one of the paths behind them.

From a variable to the value that all its ways lead to, entry by entry: `z / (1 + np.abs(z))` is one function
to a reader, whose slope is left out, or taken of another function, as that of np.tanh may be.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder._language import N_
from autograder.slips.slip import COMMON, SELDOM, USUAL, Slip, TracedRun, at_sums
from autograder.slips.values import NONLINEARITIES
from autograder.tracing import fused
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.gradient import Contribution, Exchange, add_up, gradients_of_nodes
from autograder.tracing.tape import PRIMITIVES, Node, Tape, replay
from autograder.trees import Array

OF_ENTRIES = {*ELEMENTWISE, "where"}
# Slopes that people write of another function, at z or of its value a
OTHERS: tuple[tuple[int, str, Callable[[Any, Any], Any]], ...] = (
    (COMMON, "1 - a²", lambda z, a: 1 - a * a),
    (USUAL, "1 - tanh(x)²", lambda z, a: 1 - np.tanh(z) ** 2),
    (USUAL, "a * (1 - a)", lambda z, a: a * (1 - a)),
    (USUAL, N_("the slope of relu"), lambda z, a: (np.asarray(z) > 0).astype(float)),
    (USUAL, N_("1/(1 + x²), the slope of arctan"), lambda z, a: 1 / (1 + z * z)),
    (SELDOM, N_("1 - a, without the square"), lambda z, a: 1 - a),
    (SELDOM, N_("the slope of sigmoid"), lambda z, a: fused.sigmoid(z) * (1 - fused.sigmoid(z))),
)


@dataclass(frozen=True)
class Block:
    """The nodes where it starts and ends, how many operations lie between, and whether it bends."""

    start: Node
    end: Node
    operations: int
    bends: bool


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    seen: set[Any] = set()
    for start in run.tape.nodes:
        if start.index not in run.live or not (run.is_named(start) or start.is_input):
            continue
        key = start.site or run.name(start)
        block = block_from(run, start)
        if block is None or key in seen:
            continue
        seen.add(key)
        if block.operations > 1 and block.bends:
            yield from _slopes(run, block)
            yield from _too_many(run, run.text(block.end), _slope_of_block(run, block))
        yield from _one_path_without(run, block)
    for node in run.sites():
        if node.op in NONLINEARITIES:
            yield from _too_many(run, run.text(node), _slope_of_operation(node))
            yield from _too_many(run, run.text(node), _slope_of_operation(node, of_value=True))


def block_from(run: TracedRun, start: Node) -> Block | None:
    """The nearest value that all ways from a node lead to, made of it alone, entry by entry."""
    inside = {start.index}
    for node in run.tape.nodes[start.index + 1 :]:
        parents = [p for p in node.parents if p is not None and p in run.depends]
        if not inside.intersection(parents):
            continue
        if node.op not in OF_ENTRIES or node.out.shape != start.out.shape or set(parents) - inside:
            return None
        inside.add(node.index)
        users = {user.index for i in inside - {node.index} for user, _ in run.taken_in[i]}
        if users & run.live <= inside and (run.is_named(node) or node.index in run.tape.outputs):
            return Block(start, node, len(inside) - 1, _bends(run, inside - {start.index}, inside))
    return None


def _bends(run: TracedRun, nodes: set[int], inside: set[int]) -> bool:
    """Is any of these operations more than a sum, a sign, or a factor that doesn't depend on the start?"""
    for node in (run.tape.nodes[index] for index in nodes):
        mine = [parent in inside for parent in node.parents]
        if node.op in ("add", "subtract", "negative", "positive"):
            continue
        by_a_constant = sum(mine) == 1 if node.op == "multiply" else mine == [True, False]
        if node.op not in ("multiply", "divide") or not by_a_constant:
            return True
    return False


def _slopes(run: TracedRun, block: Block) -> Iterator[Slip]:
    names = {"f": run.text(block.end), "x": run.name(block.start)}

    def exchanged(factor: Callable[[Tape, Node, Node], Any]) -> Callable[[Tape], Exchange]:
        return lambda tape: _with_slope(tape, block, factor)

    def slope(tape: Tape, start: Node, end: Node) -> Any:
        return slope_of(tape, start, end)

    # of cases there are slips of their own
    rank = SELDOM if block.end.op == "where" else COMMON
    yield Slip("block_no_slope", names, exchanged(lambda tape, z, a: 1.0), rank, code="K13")
    yield Slip("block_value", names, exchanged(lambda tape, z, a: a.out), rank, code="K14")
    yield Slip("block_over", names, exchanged(lambda *at: 1 / slope(*at)), SELDOM)
    yield Slip("block_twice", names, exchanged(lambda *at: slope(*at) ** 2), USUAL, code="K18")
    signed = exchanged(lambda tape, z, a: slope(tape, z, a) * np.sign(z.out))
    yield Slip("block_signed_slope", names, signed, SELDOM)
    at_value = exchanged(lambda tape, z, a: slope_at(tape, z, a, a.out))
    yield Slip("block_at_value", names, at_value, USUAL, code="K12")
    for rank_of_it, told, formula in OTHERS:

        def factor(tape: Tape, z: Node, a: Node, formula: Callable[[Any, Any], Any] = formula) -> Any:
            return formula(z.out, a.out)

        yield Slip("block_other_slope", {**names, "told": told}, exchanged(factor), rank_of_it)


def _with_slope(tape: Tape, block: Block, factor: Callable[[Tape, Node, Node], Any]) -> Exchange:
    rules = {}
    for start, end in ends_of(tape, block):

        def rule(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any], end: Node = end) -> Any:
            return later[end.index] * factor(tape, tape.nodes[node.index], end)

        rules[start.index] = rule
    return Exchange(sums=rules)


def ends_of(tape: Tape, block: Block) -> list[tuple[Node, Node]]:
    """The block in every turn of its loops."""
    ends = [node for node in tape.nodes if node.site == block.end.site]
    if block.start.is_input:
        return [(tape.nodes[tape.inputs[str(block.start.options["name"])]], ends[0])]
    starts = [node for node in tape.nodes if node.site == block.start.site]
    if len(starts) != len(ends):
        raise ValueError("the block is not passed as often as its start")
    return list(zip(starts, ends, strict=True))


def slope_of(tape: Tape, start: Node, end: Node) -> Array:
    """The derivative of one value by another, entry by entry."""
    part = Tape(tape.nodes[: end.index + 1], tape.inputs, (end.index,), tape.lengths)
    arrived: list[Any] = []

    def stop(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> None:
        # What lies before the start has no part in it, and at another point other shapes
        arrived.append(add_up(node, parts, later))

    gradients_of_nodes(part, [np.ones(end.out.shape)], Exchange(sums={start.index: stop}))
    return np.asarray(arrived[0])


def _slope_of_block(run: TracedRun, block: Block) -> Callable[[Array], Any]:
    return lambda x: slope_at(run.tape, block.start, block.end, x)


def _slope_of_operation(node: Node, of_value: bool = False) -> Callable[[Array], Any]:
    """of_value: from the value, as 1 - a² is, which the output itself is taken for."""
    rule = ELEMENTWISE[node.op]
    return lambda x: rule.slopes[0](x, x if of_value else rule.forward(x, **node.options))


def _too_many(run: TracedRun, f: str, slope: Callable[[Array], Any]) -> Iterator[Slip]:
    """The slope of a hidden layer's nonlinearity taken at the output too, which has none."""
    for node in run.sites():
        users = {user.op for user, _ in run.taken_in[node.index]}
        between_matrices = node.op == "matmul" and users == {"matmul"}
        if node.op not in ("add", "matmul") or not (run.is_named(node) or between_matrices):
            continue
        if users & (OF_ENTRIES - {"subtract"}):
            continue

        def rule(at: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
            return add_up(at, parts, later) * slope(at.out)

        names = {"f": f, "of": run.name(node)}
        yield Slip("block_too_many", names, at_sums(node.site, rule), USUAL, code="K4")


def slope_at(tape: Tape, start: Node, end: Node, x: Array) -> Array:
    """The derivative of a block at another point."""
    part = Tape(tape.nodes[: end.index + 1], tape.inputs, (end.index,), tape.lengths)
    again = replay(part, {start.index: lambda *values, **options: x})
    return slope_of(again, again.nodes[start.index], again.nodes[end.index])


def _one_path_without(run: TracedRun, block: Block) -> Iterator[Slip]:
    """What a value gets from one of its users goes past the slope."""
    taken_in = [(user, place) for user, place in run.taken_in[block.end.index] if user.index in run.live]
    users = {user.site: (user, place) for user, place in taken_in}
    if len(users) < 2:
        return
    for user, place in users.values():
        names = {"f": run.text(block.end), "path": run.path(user)}

        def exchange(tape: Tape, user: Node = user, place: int = place) -> Exchange:
            rules = {}
            for start, end in ends_of(tape, block):
                at = [n for n in tape.nodes if n.site == user.site and n.parents[place] == end.index]

                def rule(
                    node: Node,
                    parts: Sequence[Contribution],
                    later: Mapping[int, Any],
                    end: Node = end,
                    at: Sequence[Node] = at,
                ) -> Any:
                    past = sum(PRIMITIVES[n.op].backward(n, place, later[n.index]) for n in at)
                    return add_up(node, parts, later) + past * (1 - slope_of(tape, node, end))

                rules[start.index] = rule
            return Exchange(sums=rules)

        yield Slip("block_past_on_path", names, exchange, USUAL)
