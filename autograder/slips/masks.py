"""Masks: relu, maximum, where, clip. Forgotten, inverted, taken by the sign of what comes back."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.slips.factors import right_rule
from autograder.slips.slip import COMMON, SELDOM, USUAL, Slip, TracedRun, at_edges
from autograder.slips.sums import all_that_tie
from autograder.tracing.elementwise import ELEMENTWISE, unbroadcast
from autograder.tracing.gradient import Exchange
from autograder.tracing.tape import PRIMITIVES, Node, Tape
from autograder.trees import Array

# Too little to be seen in any answer, and enough to tell which of two equal numbers came from the larger one
LEAK = 1e-9
MASKED = ("maximum", "minimum", "where", "relu", "absolute")


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        if node.op not in MASKED:
            continue
        places = list(run.places(node))
        names = {"text": run.text(node), "of": run.path(node)}
        for place in places:
            named = {**names, "of": run.operand(node, place)}
            code = "K13" if node.op in ("relu", "maximum") else ""
            # A sign left out or turned round is a slope's mistake.
            if node.op != "absolute":
                nowhere = at_edges(node.site, place, _mask(lambda n, p, g: 1.0))
                yield Slip("no_mask", named, nowhere, COMMON, code=code)
                yield Slip("mask_inverted", named, at_edges(node.site, place, _mask(_inverse)), COMMON)
            yield from _before_a_maximum(run, node, place, named)
            yield from _of_an_operand(run, node, place, named)
            yield Slip(
                "mask_of_upstream",
                named,
                at_edges(node.site, place, _mask(lambda n, p, g: np.asarray(g) > 0)),
                COMMON,
                code="K21",
            )
            yield Slip("mask_of_both", named, at_edges(node.site, place, _both), USUAL)
            yield Slip(
                "mask_by_sign",
                named,
                at_edges(node.site, place, _mask(lambda n, p, g: np.sign(n.values[p]))),
                SELDOM,
            )
            if node.op != "absolute":
                yield Slip(
                    "mask_of_value",
                    named,
                    at_edges(node.site, place, _mask(lambda n, p, g: np.asarray(n.values[p]) > 0)),
                    USUAL,
                )
                yield Slip(
                    "value_for_mask",
                    named,
                    at_edges(node.site, place, _mask(lambda n, p, g: n.out)),
                    USUAL,
                    code="K14",
                )
                input_itself = _mask(lambda n, p, g: np.asarray(n.values[p]))
                yield Slip("input_for_mask", named, at_edges(node.site, place, input_itself), USUAL)
                yield Slip("tie_all", named, at_edges(node.site, place, _ties(1.0)), SELDOM)
                yield Slip("tie_none", named, at_edges(node.site, place, _ties(0.0)), SELDOM)
        if node.op == "where" and len(places) == 2:
            yield Slip("branches_exchanged", names, _exchanged(node), COMMON)
            yield Slip("both_branches", names, _no_masks(node), USUAL)
            named = {**names, "of": run.operand(node, 0)}
            yield Slip("mask_of_upstream", named, _by_upstream(node), USUAL, code="K21")


def _before_a_maximum(run: TracedRun, node: Node, place: int, names: dict[str, str]) -> Iterator[Slip]:
    """Behind a mask that cuts many entries to one number, a maximum has ties: people break them otherwise."""
    maxima = [site.site for site in run.sites() if site.op in ("max", "min") and site.index > node.index]
    if node.op not in ("relu", "maximum") or not maxima:
        return
    masks: tuple[tuple[str, Mask], ...] = (("no_mask", lambda n, p, g: 1.0), ("mask_inverted", _inverse))
    for kind, mask in masks:

        def each(tape: Tape, mask: Mask = mask) -> Exchange:
            edges = {(n.index, place): _mask(mask) for n in tape.nodes if n.site == node.site}
            edges |= {(n.index, 0): all_that_tie for n in tape.nodes if n.site in maxima}
            return Exchange(edges=edges)

        def by_input(tape: Tape, mask: Mask = mask) -> Exchange:
            edges = {(n.index, place): _mask(mask) for n in tape.nodes if n.site == node.site}
            forward = PRIMITIVES[node.op].forward
            return Exchange(
                edges=edges,
                values={
                    n.index: lambda *values: forward(*values) + LEAK * values[place]
                    for n in tape.nodes
                    if n.site == node.site
                },
            )

        code = "K13" if kind == "no_mask" else ""
        yield Slip(kind, names, each, SELDOM, code=code)
        yield Slip(kind, names, by_input, SELDOM, code=code)


def _of_an_operand(run: TracedRun, node: Node, place: int, names: dict[str, str]) -> Iterator[Slip]:
    """The mask asks one operand of the sum that it is to ask."""
    parent = node.parents[place]
    made = run.tape.nodes[parent] if parent is not None else node
    if node.op not in ("relu", "maximum") or made.op not in ("add", "subtract"):
        return
    for at in (0, 1):
        if np.shape(made.values[at]) != made.out.shape:
            continue

        def exchange(tape: Tape, at: int = at) -> Exchange:
            def asks(n: Node, p: int, g: Array) -> Any:
                return np.asarray(tape.nodes[n.parents[p] or 0].values[at]) > 0

            return Exchange(edges={(n.index, place): _mask(asks) for n in tape.nodes if n.site == node.site})

        yield Slip("mask_of_operand", {**names, "other": run.operand(made, at)}, exchange, USUAL)


Mask = Callable[[Node, int, Array], Any]


def _mask(mask: Mask) -> Callable[[Node, int, Array], Any]:
    def rule(node: Node, place: int, g: Array) -> Any:
        full = np.broadcast_to(g * np.asarray(mask(node, place, g), dtype=float), node.out.shape)
        return unbroadcast(full, np.shape(node.values[place]))

    return rule


def _slope(node: Node, place: int) -> Any:
    if node.op == "where":
        mask = np.asarray(node.options["condition"], dtype=bool)
        return (mask if place == 0 else ~mask).astype(float)
    return ELEMENTWISE[node.op].slope(node, place)


def _inverse(node: Node, place: int, g: Array) -> Any:
    return 1 - np.asarray(_slope(node, place), dtype=float)


def _both(node: Node, place: int, g: Array) -> Any:
    return right_rule(node, place, np.asarray(g) * (np.asarray(g) > 0))


def _ties(share: float) -> Callable[[Node, int, Array], Any]:
    def mask(node: Node, place: int, g: Array) -> Any:
        slope = np.asarray(_slope(node, place), dtype=float)
        return np.where(slope == 0.5, share, slope)

    return _mask(mask)


def _exchanged(node: Node) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        nodes = [n for n in tape.nodes if n.site == node.site]
        rule = _mask(_inverse)
        return Exchange(edges={(n.index, place): rule for n in nodes for place in (0, 1)})

    return exchange


def _by_upstream(node: Node) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        nodes = [n for n in tape.nodes if n.site == node.site]
        rule = _mask(lambda n, p, g: (np.asarray(g) > 0) == (p == 0))
        return Exchange(edges={(n.index, place): rule for n in nodes for place in (0, 1)})

    return exchange


def _no_masks(node: Node) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        nodes = [n for n in tape.nodes if n.site == node.site]
        rule = _mask(lambda n, p, g: 1.0)
        return Exchange(edges={(n.index, place): rule for n in nodes for place in (0, 1)})

    return exchange
