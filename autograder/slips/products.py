"""Matrix products: a transpose forgotten or too many, the factors in the other order, another matrix."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.slips.factors import last_alone, right_rule
from autograder.slips.slip import COMMON, FAR_FETCHED, SELDOM, USUAL, Slip, TracedRun, at_edges, saved_value
from autograder.tracing.gradient import Exchange
from autograder.tracing.products import letters
from autograder.tracing.tape import Node, Tape
from autograder.trees import Array


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        for place in run.places(node):
            if node.op == "matmul":
                yield from _matrix_product(run, node, place)
            elif node.op in ("einsum", "outer"):
                yield from _other_operands(run, node, place)
                yield from _transposed(run, node, place)
            elif node.op == "transpose" and node.out.ndim == 2:
                names = {"text": run.text(node), "of": run.operand(node, 0)}
                yield Slip("not_transposed_back", names, at_edges(node.site, 0, lambda n, p, g: g), USUAL)


# (g, the other factor, its own value) -> a gradient
ProductRule = Callable[[Any, Any, Any], Any]


def _t(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _matrix_product(run: TracedRun, node: Node, place: int) -> Iterator[Slip]:
    mine, theirs = run.operand(node, place), run.operand(node, 1 - place)
    names = {"text": run.text(node), "of": mine, "factor": theirs}
    ndims = {np.ndim(value) for value in node.values}
    if min(ndims) >= 2:
        forms: tuple[tuple[int, str, str, ProductRule], ...]
        if place == 0:
            # The right one is g @ b.T.
            forms = (
                (COMMON, "factor_not_transposed", "K10", lambda g, b, a: g @ b),
                (COMMON, "factors_swapped", "", lambda g, b, a: _t(b) @ g),
                (USUAL, "factors_swapped_untransposed", "", lambda g, b, a: b @ g),
                (USUAL, "transposed_result", "K24", lambda g, b, a: _t(g @ _t(b))),
                (USUAL, "upstream_transposed", "", lambda g, b, a: _t(g) @ b),
                (SELDOM, "upstream_transposed", "", lambda g, b, a: _t(g) @ _t(b)),
                (SELDOM, "entry_by_entry", "K25", lambda g, b, a: g * b),
                (SELDOM, "entry_by_entry", "K25", lambda g, b, a: g * a),
                (USUAL, "sizes_of_factor", "K17", lambda g, b, a: g @ np.abs(_t(b))),
                (FAR_FETCHED, "own_value", "", lambda g, b, a: g @ _t(a)),
            )
        else:
            # The right one is a.T @ g.
            forms = (
                (COMMON, "factor_not_transposed", "K10", lambda g, a, b: a @ g),
                (COMMON, "factors_swapped", "", lambda g, a, b: g @ _t(a)),
                (USUAL, "factors_swapped_untransposed", "", lambda g, a, b: g @ a),
                (COMMON, "transposed_result", "K24", lambda g, a, b: _t(_t(a) @ g)),
                (USUAL, "upstream_transposed", "", lambda g, a, b: a @ _t(g)),
                (SELDOM, "upstream_transposed", "", lambda g, a, b: _t(a) @ _t(g)),
                (SELDOM, "entry_by_entry", "K25", lambda g, a, b: a * g),
                (SELDOM, "entry_by_entry", "K25", lambda g, a, b: g * b),
                (USUAL, "sizes_of_factor", "K17", lambda g, a, b: np.abs(_t(a)) @ g),
                (FAR_FETCHED, "own_value", "", lambda g, a, b: _t(b) @ g),
            )
        for rank, kind, code, formula in forms:
            yield Slip(kind, names, at_edges(node.site, place, _formula(formula)), rank, code=code)
    over = _contracted(node, place)
    if over is not None:
        told = {"text": names["text"], "of": mine, "over": run.length(node.out.shape[over])}
        yield Slip("last_only", told, at_edges(node.site, place, _of_the_last(over)), USUAL, code="K29")
    yield Slip("no_matrix", names, at_edges(node.site, place, _without), SELDOM)
    yield from _other_operands(run, node, place)


def _contracted(node: Node, place: int) -> int | None:
    """The axis of the result over which the gradient in one factor adds up, None where it adds up nothing."""
    own, other = np.ndim(node.values[place]), np.ndim(node.values[1 - place])
    if other == 1:
        return None
    return -1 if place == 0 or own == 1 else -2


def _of_the_last(axis: int) -> Callable[[Node, int, Array], Any]:
    """The gradient with what comes back for the last entry along an axis alone."""

    def rule(node: Node, place: int, g: Array) -> Any:
        return right_rule(node, place, last_alone(g, axis))

    return rule


def _formula(formula: ProductRule) -> Callable[[Node, int, Array], Any]:
    def rule(node: Node, place: int, g: Array) -> Any:
        return formula(g, np.asarray(node.values[1 - place]), np.asarray(node.values[place]))

    return rule


def _without(node: Node, place: int, g: Array) -> Any:
    """The upstream gradient handed on as it is."""
    return g


def _other_operands(run: TracedRun, node: Node, place: int) -> Iterator[Slip]:
    """Another value of the same shape where one of the other factors belongs."""
    for at, value in enumerate(node.values):
        if at == place or np.shape(value) == ():
            continue
        taken = {p for p in (node.parents[at],) if p is not None}
        if any(
            not run.tape.nodes[here.parents[at] or 0].is_input
            for here in run.tape.nodes
            if here.site == node.site and run.turns(node.site) > 1
        ):
            names = {"text": run.text(node), "of": run.operand(node, place), "factor": run.operand(node, at)}
            yield Slip("other_turn", names, _of_next_turn(node, place, at), USUAL)
        for saved in run.alike(np.shape(value), taken):
            names = {
                "text": run.text(node),
                "of": run.operand(node, place),
                "factor": run.operand(node, at),
                "other": run.name(saved),
            }
            yield Slip("other_matrix", names, _with_saved(node, place, at, saved), USUAL)


def _with_saved(node: Node, place: int, at: int, saved: Node) -> Callable[[Tape], Exchange]:
    def exchange(tape: Tape) -> Exchange:
        def rule(here: Node, place: int, g: Array) -> Any:
            value = tape.nodes[saved.index].out if saved.is_input else saved_value(tape, saved.site, here)
            values = list(here.values)
            values[at] = value
            other = Node(here.index, here.op, here.parents, tuple(values), here.out, here.options, here.site)
            return right_rule(other, place, g)

        return Exchange(edges={(n.index, place): rule for n in tape.nodes if n.site == node.site})

    return exchange


def _of_next_turn(node: Node, place: int, at: int) -> Callable[[Tape], Exchange]:
    """The factor as the turn leaves it, not as it found it."""

    def exchange(tape: Tape) -> Exchange:
        def rule(here: Node, place: int, g: Array) -> Any:
            parent = tape.nodes[here.parents[at] or 0]
            later = [n for n in tape.nodes if n.index > here.index and n.out.shape == parent.out.shape]
            same = [n for n in later if n.site == factor_site] or [parent]
            values = list(here.values)
            values[at] = same[0].out
            other = Node(here.index, here.op, here.parents, tuple(values), here.out, here.options, here.site)
            return right_rule(other, place, g)

        nodes = [n for n in tape.nodes if n.site == node.site]
        sites = [tape.nodes[n.parents[at] or 0].site for n in nodes if n.parents[at] is not None]
        factor_site = sites[-1] if sites else ()
        return Exchange(edges={(n.index, place): rule for n in nodes})

    return exchange


def _transposed(run: TracedRun, node: Node, place: int) -> Iterator[Slip]:
    if np.ndim(node.values[place]) < 2:
        return
    names = {"text": run.text(node), "of": run.operand(node, place)}

    def rule(node: Node, place: int, g: Array) -> Any:
        return _t(right_rule(node, place, g))

    yield Slip("transposed_result", names, at_edges(node.site, place, rule), USUAL, code="K24")
    if node.op == "einsum" and len(node.values) == 2:
        given, _ = letters(node)
        if len(given[1 - place]) == 2:

            def untransposed(node: Node, place: int, g: Array) -> Any:
                values = list(node.values)
                values[1 - place] = _t(values[1 - place])
                other = Node(
                    node.index, node.op, node.parents, tuple(values), node.out, node.options, node.site
                )
                return right_rule(other, place, g)

            more = {**names, "factor": run.operand(node, 1 - place + 1)}
            yield Slip(
                "factor_not_transposed", more, at_edges(node.site, place, untransposed), COMMON, code="K10"
            )
