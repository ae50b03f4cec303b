"""Products and quotients entry by entry, and signs: a factor left out, another factor, the minus of a
difference.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.slips.slip import COMMON, FAR_FETCHED, SELDOM, USUAL, Slip, TracedRun, at_edges, saved_value
from autograder.tracing.elementwise import unbroadcast
from autograder.tracing.gradient import Exchange
from autograder.tracing.tape import PRIMITIVES, Node, Tape
from autograder.trees import Array

Factor = Callable[[Node], Any]


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        for place in run.places(node):
            if node.op == "multiply":
                yield from _product(run, node, place)
            elif node.op == "divide":
                yield from _quotient(run, node, place)
            elif (node.op, place) == ("subtract", 1) or node.op == "negative":
                names = {"text": run.text(node), "of": run.operand(node, place)}
                yield Slip("no_minus", names, with_factor(node, place, lambda node: 1.0), COMMON)


def with_factor(node: Node, place: int, factor: Factor) -> Callable[[Tape], Exchange]:
    """This input's gradient worked out with another factor in the place of the operation's slope."""

    def rule(node: Node, place: int, g: Array) -> Any:
        return unbroadcast(g * factor(node), np.shape(node.values[place]))

    return at_edges(node.site, place, rule)


def _value(place: int) -> Factor:
    return lambda node: np.asarray(node.values[place], dtype=float)


def _product(run: TracedRun, node: Node, place: int) -> Iterator[Slip]:
    other, text = 1 - place, run.text(node)
    mine, theirs = run.operand(node, place), run.operand(node, other)
    square = node.parents[0] == node.parents[1]
    names = {"text": text, "of": mine, "factor": theirs}
    if not square:
        yield Slip("no_factor", names, with_factor(node, place, lambda node: 1.0), COMMON)
        yield Slip("own_factor", names, with_factor(node, place, _value(place)), COMMON)
        yield Slip("result_for_factor", names, with_factor(node, place, lambda node: node.out), SELDOM)
    yield Slip("over_factor", names, with_factor(node, place, lambda node: 1 / _value(other)(node)), USUAL)
    yield Slip(
        "factor_twice",
        names,
        with_factor(node, place, lambda node: _value(other)(node) ** 2),
        USUAL,
    )
    yield Slip("minus_factor", names, with_factor(node, place, lambda node: -_value(other)(node)), USUAL)
    made = node.parents[other]
    if made is not None and run.tape.nodes[made].op == "multiply":
        yield from _part_of_factor(run, node, place, run.tape.nodes[made])
    if made is not None and run.tape.nodes[made].op == "negative":
        named = {**names, "left_out": run.operand(run.tape.nodes[made], 0)}
        yield Slip("part_of_factor", named, with_factor(node, place, lambda node: -1.0), COMMON)
    if made is None and theirs.startswith("-"):
        named = {**names, "left_out": theirs.removeprefix("-")}
        yield Slip("part_of_factor", named, with_factor(node, place, lambda node: -1.0), COMMON)
    if made is not None and run.tape.nodes[made].op in ("power", "square"):
        yield _base_for_factor(run, node, place, run.tape.nodes[made])
    shape = np.shape(node.values[other])
    if shape == ():
        return
    taken = {p for p in node.parents if p is not None}
    for saved in run.alike(shape, taken):
        names_of_other = {"text": text, "of": mine, "factor": theirs, "other": run.name(saved)}
        yield Slip("other_factor", names_of_other, _with_saved(node, place, saved), USUAL)


def _part_of_factor(run: TracedRun, node: Node, place: int, factor: Node) -> Iterator[Slip]:
    """The other factor is a product itself, and one of its factors is left out."""
    for kept in (0, 1):
        names = {
            "text": run.text(node),
            "of": run.operand(node, place),
            "factor": run.operand(node, 1 - place),
            "left_out": run.operand(factor, 1 - kept),
        }

        def part(tape: Tape, kept: int = kept) -> Any:
            def rule(at: Node, place: int, g: Array) -> Any:
                made = tape.nodes[at.parents[1 - place] or 0]
                return unbroadcast(g * np.asarray(made.values[kept]), np.shape(at.values[place]))

            return Exchange(edges={(n.index, place): rule for n in tape.nodes if n.site == node.site})

        yield Slip("part_of_factor", names, part, USUAL)


def _base_for_factor(run: TracedRun, node: Node, place: int, factor: Node) -> Slip:
    """The other factor is a power, and its base stands there."""
    names = {
        "text": run.text(node),
        "of": run.operand(node, place),
        "factor": run.operand(node, 1 - place),
        "other": run.operand(factor, 0),
    }

    def exchange(tape: Tape) -> Exchange:
        def rule(at: Node, place: int, g: Array) -> Any:
            made = tape.nodes[at.parents[1 - place] or 0]
            return unbroadcast(g * np.asarray(made.values[0]), np.shape(at.values[place]))

        return Exchange(edges={(n.index, place): rule for n in tape.nodes if n.site == node.site})

    return Slip("base_for_factor", names, exchange, USUAL)


def _with_saved(node: Node, place: int, saved: Node) -> Any:
    """The factor taken from another node."""

    def exchange(tape: Tape) -> Exchange:
        def rule(at: Node, place: int, g: Array) -> Any:
            value = tape.nodes[saved.index].out if saved.is_input else saved_value(tape, saved.site, at)
            return unbroadcast(g * value, np.shape(at.values[place]))

        return Exchange(edges={(n.index, place): rule for n in tape.nodes if n.site == node.site})

    return exchange


def _quotient(run: TracedRun, node: Node, place: int) -> Iterator[Slip]:
    text, above, below = run.text(node), run.operand(node, 0), run.operand(node, 1)
    names = {"text": text, "above": above, "below": below}

    def a(node: Node) -> Any:
        return np.asarray(node.values[0], dtype=float)

    def b(node: Node) -> Any:
        return np.asarray(node.values[1], dtype=float)

    forms: tuple[tuple[int, str, Factor], ...]
    if place == 0:
        forms = (
            (COMMON, "no_denominator", lambda n: 1.0),
            (COMMON, "times_denominator", b),
            (USUAL, "denominator_twice", lambda n: 1 / b(n) ** 2),
            (USUAL, "minus_quotient", lambda n: -1 / b(n)),
            (USUAL, "value_of_quotient", lambda n: n.out),
            (SELDOM, "root_of_denominator", lambda n: 1 / np.sqrt(np.abs(b(n)))),
        )
    else:
        forms = (
            (COMMON, "no_minus_of_quotient", lambda n: a(n) / b(n) ** 2),
            (COMMON, "denominator_not_squared", lambda n: -a(n) / b(n)),
            (COMMON, "no_numerator", lambda n: -1 / b(n) ** 2 + 0 * a(n)),
            (USUAL, "denominator_left_out", lambda n: -a(n) + 0 * b(n)),
            (USUAL, "denominator_cubed", lambda n: -a(n) / b(n) ** 3),
            (USUAL, "one_over_denominator", lambda n: 1 / b(n) + 0 * a(n)),
            (SELDOM, "minus_one_over_denominator", lambda n: -1 / b(n) + 0 * a(n)),
            (FAR_FETCHED, "quotient_unsigned", lambda n: a(n) / b(n)),
        )
    for rank, kind, factor in forms:
        yield Slip(kind, names, with_factor(node, place, factor), rank)


def right_rule(node: Node, place: int, g: Array) -> Any:
    """The tape's own rule."""
    return PRIMITIVES[node.op].backward(node, place, g)


def last_alone(g: Array, axis: int) -> Array:
    """An array whose entries are 0 but for the last along an axis."""
    found = np.zeros_like(g)
    key = [slice(None)] * np.ndim(g)
    key[axis] = slice(-1, None)
    found[tuple(key)] = g[tuple(key)]
    return found
