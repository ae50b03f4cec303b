"""Functions by cases, np.where(x > 0, f(x), g(x)): one case's slope for all, no slope, the value for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.slips.slip import SELDOM, USUAL, Slip, TracedRun, at_edges
from autograder.tracing.elementwise import unbroadcast
from autograder.tracing.gradient import Contribution, Exchange
from autograder.tracing.tape import Node, Tape
from autograder.trees import Array


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        if node.op != "where" or len(list(run.places(node))) < 2:
            continue
        x = argument_of(run.tape, node)
        if x is None:
            continue
        text = run.text(node)
        for place in (0, 1):
            names = {"text": text, "branch": run.operand(node, place)}
            yield Slip("one_branch", names, _one_branch(node, place), USUAL)
            if node.parents[place] == x.index:
                yield Slip("branch_value", names, at_edges(node.site, place, _by_the_value), USUAL)
        whole = {"text": text}
        yield Slip("branches_no_slope", whole, _by_factor(node, lambda where: 1.0), USUAL, code="K13")
        yield Slip("branches_value", whole, _by_factor(node, lambda where: where.out), SELDOM, code="K14")


def _by_the_value(node: Node, place: int, g: Array) -> Any:
    """x for the slope 1 of a case that is x itself."""
    mask = np.asarray(node.options["condition"], dtype=bool) == (place == 0)
    return np.where(mask, g * node.values[place], 0.0)


def argument_of(tape: Tape, where: Node) -> Node | None:
    """The x of which all cases are made and nothing else is; None where there is no such one."""
    ways = [parent for parent in where.parents if parent is not None]
    for index in sorted(_ancestors(tape, ways, None), reverse=True):
        x = tape.nodes[index]
        inside = _ancestors(tape, ways, index)
        leaves = [i for i in inside if i != index and not any(p is not None for p in tape.nodes[i].parents)]
        users = {node.index for node in tape.nodes if index in node.parents}
        if not leaves and x.out.shape == where.out.shape and users <= inside | {where.index}:
            return x
    return None


def _ancestors(tape: Tape, nodes: Sequence[int], stop: int | None) -> set[int]:
    """These nodes and what they are made of, no further than stop."""
    found: set[int] = set()
    todo = list(nodes)
    while todo:
        index = todo.pop()
        if index not in found:
            found.add(index)
            if index != stop:
                todo += [parent for parent in tape.nodes[index].parents if parent is not None]
    return found


def _one_branch(node: Node, place: int) -> Callable[[Tape], Exchange]:
    def rule(at: Node, here: int, g: Array) -> Any:
        if here != place:
            return None
        return unbroadcast(np.broadcast_to(g, at.out.shape), np.shape(at.values[here]))

    def exchange(tape: Tape) -> Exchange:
        nodes = [n.index for n in tape.nodes if n.site == node.site]
        return Exchange(edges={(index, here): rule for index in nodes for here in (0, 1)})

    return exchange


def _by_factor(node: Node, factor: Callable[[Node], Any]) -> Callable[[Tape], Exchange]:
    """What comes back to x is what comes to the cases, times a factor."""

    def exchange(tape: Tape) -> Exchange:
        rules = {}
        for where in (n for n in tape.nodes if n.site == node.site):
            x = argument_of(tape, where)
            if x is None:
                raise ValueError("the cases have no common argument")

            def rule(
                at: Node, parts: Sequence[Contribution], later: Mapping[int, Any], where: Node = where
            ) -> Any:
                return later[where.index] * factor(where)

            rules[x.index] = rule
        return Exchange(sums=rules)

    return exchange
