"""Masks: relu, maximum, where, clip. Forgotten, inverted, taken by the sign of what comes back."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.slips.factors import right_rule
from autograder.slips.slip import COMMON, SELDOM, USUAL, Slip, TracedRun, at_edges
from autograder.tracing.elementwise import ELEMENTWISE, unbroadcast
from autograder.tracing.gradient import Exchange
from autograder.tracing.tape import Node, Tape
from autograder.trees import Array

MASKED = ("maximum", "minimum", "where", "relu", "absolute")


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        if node.op not in MASKED:
            continue
        places = list(run.places(node))
        names = {"text": run.text(node), "of": run.path(node)}
        for place in places:
            named = {**names, "of": run.operand(node, place + (node.op == "where"))}
            code = "K13" if node.op in ("relu", "maximum") else ""
            yield Slip(
                "no_mask", named, at_edges(node.site, place, _mask(lambda n, p, g: 1.0)), COMMON, code=code
            )
            yield Slip("mask_inverted", named, at_edges(node.site, place, _mask(_inverse)), COMMON)
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
            named = {**names, "of": run.operand(node, 1)}
            yield Slip("mask_of_upstream", named, _by_upstream(node), USUAL, code="K21")


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
    slope = np.asarray(_slope(node, place), dtype=float)
    return -slope if node.op == "absolute" else 1 - slope


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
