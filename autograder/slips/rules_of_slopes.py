"""Rules of differentiation mixed up: (f g)' as f' g', (f / g)' as f' / g', a slope that is added, f'(x) for
f'(x + b).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.slips.blocks import OF_ENTRIES, Block, block_from, ends_of, slope_of
from autograder.slips.slip import SELDOM, Slip, TracedRun
from autograder.slips.slopes import LINEAR
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.gradient import Contribution, EdgeRule, Exchange, add_up
from autograder.tracing.tape import Node, Tape
from autograder.trees import Array

# The slope of one operation, by its values a, b and their slopes
SlopeRule = Callable[[Array, Array], Any]
MIXED_UP: Mapping[str, SlopeRule] = {
    "multiply": lambda da, db: da * db,
    "divide": lambda da, db: da / db,
}
KINDS_MIXED_UP = {"multiply": "slopes_multiplied", "divide": "slopes_divided"}


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        if node.op in ELEMENTWISE and node.op not in LINEAR and 0 in run.places(node):
            yield from _at_parts(run, node)
    for start in run.tape.nodes:
        if start.index not in run.live or not (run.is_named(start) or start.is_input):
            continue
        block = block_from(run, start)
        if block is None:
            continue
        if block.bends:
            names = {"f": run.text(block.end)}
            yield Slip("slope_added", names, partial(_added, block), SELDOM)
        for node in run.tape.nodes[start.index + 1 : block.end.index + 1]:
            if node.op in MIXED_UP and _both_depend(run, start, node):
                names = {"text": run.text(node)}
                mixed = _mixed_up(block, node)
                # Of two mistakes none is so far-reaching as this one
                yield Slip(KINDS_MIXED_UP[node.op], names, mixed, SELDOM)


def _at_parts(run: TracedRun, node: Node) -> Iterator[Slip]:
    """The slope taken at one term of a sum that the function is of."""
    whole = run.tape.nodes[node.parents[0] or 0]
    for place in {"add": (0, 1), "subtract": (0,)}.get(whole.op, ()):
        if whole.parents[place] is None:
            continue
        names = {"f": run.text(node), "x": run.operand(node, 0), "part": run.operand(whole, place)}
        yield Slip("slope_at_part", names, _at_part(node, place), SELDOM)


def _at_part(at: Node, place: int) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        rules: dict[tuple[int, int], EdgeRule] = {}
        for here in tape.nodes:
            if here.site == at.site:
                whole = tape.nodes[here.parents[0] or 0]
                part = np.broadcast_to(whole.values[place], whole.out.shape)

                def rule(node: Node, at: int, g: Array, part: Array = part) -> Any:
                    entries = ELEMENTWISE[node.op]
                    value = entries.forward(part, *node.values[1:], **node.options)
                    return g * entries.slopes[0](part, *node.values[1:], value)

                rules[here.index, 0] = rule
        return Exchange(edges=rules)

    return exchange


def _both_depend(run: TracedRun, start: Node, node: Node) -> bool:
    """Are both operands made of the start, entry by entry, and not one and the same?"""
    depends = {start.index}
    for other in run.tape.nodes[start.index + 1 : node.index]:
        if other.op in OF_ENTRIES and depends.intersection(p for p in other.parents if p is not None):
            depends.add(other.index)
    return set(node.parents) <= depends and len(set(node.parents)) == 2


def _added(block: Block, tape: Tape) -> Exchange:
    rules = {}
    for start, end in ends_of(tape, block):

        def rule(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any], end: Node = end) -> Any:
            return later[end.index] + slope_of(tape, node, end)

        rules[start.index] = rule
    return Exchange(sums=rules)


def _mixed_up(block: Block, at: Node) -> Callable[[Tape], Exchange]:
    """What comes back through one operation by the wrong rule, and what comes on other paths as it is."""

    def exchange(tape: Tape) -> Exchange:
        nodes = [node for node in tape.nodes if node.site == at.site]
        rules = {}
        for (start, _end), node in zip(ends_of(tape, block), nodes, strict=True):

            def rule(
                first: Node, parts: Sequence[Contribution], later: Mapping[int, Any], node: Node = node
            ) -> Any:
                one, other = (_slope(tape, first, tape.nodes[parent or 0]) for parent in node.parents)
                wrong = MIXED_UP[node.op](one, other) - slope_of(tape, first, node)
                return add_up(first, parts, later) + later[node.index] * wrong

            rules[start.index] = rule
        return Exchange(sums=rules)

    return exchange


def _slope(tape: Tape, start: Node, end: Node) -> Array:
    return np.ones(start.out.shape) if start.index == end.index else slope_of(tape, start, end)
