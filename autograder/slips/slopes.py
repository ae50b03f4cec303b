"""Slopes of functions of one number: left out, taken twice, of another function, at another place."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder._language import N_
from autograder.slips.factors import Factor, with_factor
from autograder.slips.slip import COMMON, FAR_FETCHED, SELDOM, USUAL, Slip, TracedRun
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.gradient import Exchange
from autograder.tracing.tape import Node, Tape
from autograder.trees import Array

LINEAR = {"add", "subtract", "negative", "positive", "multiply", "divide", "maximum", "minimum", "where"}

# What people write for the slope of a function f at x, with a = f(x): (rank, what is told, formula).
OTHER_SLOPES: dict[str, tuple[tuple[int, str, Callable[[Any, Any], Any]], ...]] = {
    "tanh": (
        (COMMON, "a * (1 - a), the slope of sigmoid", lambda x, a: a * (1 - a)),
        (COMMON, "1 - a, without the square", lambda x, a: 1 - a),
        (USUAL, "1 - tanh(a)², the slope at a", lambda x, a: 1 - np.tanh(a) ** 2),
        (USUAL, "1 - x², with the input in place of the value", lambda x, a: 1 - x * x),
        (USUAL, "a² - 1, with the sign flipped", lambda x, a: a * a - 1),
        (USUAL, "1 + a²", lambda x, a: 1 + a * a),
        (SELDOM, "(1 - a)²", lambda x, a: (1 - a) ** 2),
        (SELDOM, "the slope of relu", lambda x, a: (np.asarray(x) > 0).astype(float)),
        (SELDOM, "a²", lambda x, a: a * a),
    ),
    "sigmoid": (
        (COMMON, "1 - a², the slope of tanh", lambda x, a: 1 - a * a),
        (COMMON, "1 - a, one factor of two", lambda x, a: 1 - a),
        (USUAL, "x * (1 - x), with the input in place of the value", lambda x, a: x * (1 - x)),
        (USUAL, "the slope at a", lambda x, a: _sigmoid(a) * (1 - _sigmoid(a))),
        (USUAL, "a * (a - 1), with the sign flipped", lambda x, a: a * (a - 1)),
        (USUAL, "a * (1 + a)", lambda x, a: a * (1 + a)),
        (SELDOM, "the slope of relu", lambda x, a: (np.asarray(x) > 0).astype(float)),
        (SELDOM, "a²", lambda x, a: a * a),
    ),
    "softplus": (
        (
            COMMON,
            "a sigmoid's slope in place of sigmoid itself",
            lambda x, a: _sigmoid(x) * (1 - _sigmoid(x)),
        ),
        (USUAL, "1 - sigmoid(x)", lambda x, a: 1 - _sigmoid(x)),
        (USUAL, "sigmoid of the value", lambda x, a: _sigmoid(a)),
        (USUAL, "the slope of relu", lambda x, a: (np.asarray(x) > 0).astype(float)),
    ),
    "exp": (
        (COMMON, "exp at the value, or its input", lambda x, a: x),
        (USUAL, "x * exp(x)", lambda x, a: x * a),
        (SELDOM, "exp of the value", lambda x, a: np.exp(a)),
    ),
    "log": (
        (COMMON, "x in place of 1/x", lambda x, a: x),
        (USUAL, "1/x²", lambda x, a: 1 / (x * x)),
        (USUAL, "-1/x", lambda x, a: -1 / x),
        (USUAL, "1/log(x)", lambda x, a: 1 / a),
    ),
    "log1p": ((COMMON, "1/x in place of 1/(1 + x)", lambda x, a: 1 / x),),
    "sqrt": (
        (COMMON, "without the factor ½", lambda x, a: 1 / a),
        (COMMON, "with the root above the line", lambda x, a: 0.5 * a),
        (USUAL, "with a factor 2 in place of ½", lambda x, a: 2 / a),
        (USUAL, "½ and no root", lambda x, a: 0.5 + 0 * a),
        (USUAL, "½ / x, without the root", lambda x, a: 0.5 / x),
        (USUAL, "with the sign flipped", lambda x, a: -0.5 / a),
        (SELDOM, "the power -3/2 in place of -1/2", lambda x, a: 0.5 / (a * x)),
        (SELDOM, "-½ and the power -3/2", lambda x, a: -0.5 / (a * x)),
        (SELDOM, "2 times the root", lambda x, a: 2 * a),
    ),
    "square": (
        (COMMON, "without the factor 2", lambda x, a: x),
        (COMMON, "2, without x", lambda x, a: 2 + 0 * x),
        (USUAL, "2 x², the power not lowered", lambda x, a: 2 * a),
    ),
    "reciprocal": (
        (COMMON, "without its minus", lambda x, a: a * a),
        (COMMON, "-1/x, without the square", lambda x, a: -a),
        (USUAL, "1/x", lambda x, a: a),
    ),
    "absolute": (
        (COMMON, "the value in place of its sign", lambda x, a: a),
        (COMMON, "the input in place of its sign", lambda x, a: x),
        (USUAL, "1 where x > 0 and 0 elsewhere", lambda x, a: (np.asarray(x) > 0).astype(float)),
        (USUAL, "the sign flipped", lambda x, a: -np.sign(x)),
    ),
    "arctan": (
        (COMMON, "1 - a², the slope of tanh", lambda x, a: 1 - a * a),
        (COMMON, "1 - tanh(x)², the slope of tanh", lambda x, a: 1 - np.tanh(x) ** 2),
        (USUAL, "1/(1 - x²)", lambda x, a: 1 / (1 - x * x)),
        (USUAL, "1/(1 + x), without the square", lambda x, a: 1 / (1 + x)),
        (USUAL, "1/(1 + |x|)", lambda x, a: 1 / (1 + np.abs(x))),
        (USUAL, "1/sqrt(1 + x²), the slope of arcsinh", lambda x, a: 1 / np.sqrt(1 + x * x)),
        (USUAL, "1/sqrt(1 - x²), the slope of arcsin", lambda x, a: 1 / np.sqrt(1 - x * x)),
        (SELDOM, "a * (1 - a), the slope of sigmoid", lambda x, a: a * (1 - a)),
    ),
    "sin": ((COMMON, "-cos(x)", lambda x, a: -np.cos(x)),),
    "cos": ((COMMON, "sin(x), without the minus", lambda x, a: np.sin(x)),),
    "relu": (
        (USUAL, "the inverse mask", lambda x, a: (np.asarray(x) <= 0).astype(float)),
        (USUAL, "the sign of x", lambda x, a: np.sign(x)),
    ),
}


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        rule = ELEMENTWISE.get(node.op)
        if rule is None or node.op in LINEAR or 0 not in run.places(node):
            continue
        f, x = run.text(node), run.operand(node, 0)
        for kind, rank, code, factor in _general(node):
            yield Slip(kind, {"f": f, "x": x}, with_factor(node, 0, factor), rank, code=code)
        if node.op == "power":
            yield from _powers(run, node)
        users = [user for user, _ in run.taken_in[node.index] if user.index in run.live]
        if len(users) == 1 and users[0].op in ("add", "subtract") and users[0].out.shape == node.out.shape:
            names = {"f": f, "x": x, "user": run.name(users[0])}
            yield Slip("value_of_user", names, _value_at(node, users[0]), USUAL, code="K14")
        for rank, told, formula in OTHER_SLOPES.get(node.op, ()):
            names = {"f": f, "x": x, "told": told}
            yield Slip("other_slope", names, with_factor(node, 0, _formula(formula)), rank)


def _value_at(node: Node, user: Node) -> Callable[[Tape], Exchange]:
    """The slope of one operation exchanged for the value of the next."""

    def exchange(tape: Tape) -> Exchange:
        users = {n.parents[0]: n for n in tape.nodes if n.site == user.site}
        users |= {n.parents[1]: n for n in tape.nodes if n.site == user.site and len(n.parents) == 2}

        def rule(at: Node, place: int, g: Array) -> Any:
            return g * users[at.index].out

        return Exchange(edges={(n.index, 0): rule for n in tape.nodes if n.site == node.site})

    return exchange


def _formula(formula: Callable[[Any, Any], Any]) -> Factor:
    return lambda node: formula(np.asarray(node.values[0], dtype=float), node.out)


def _slope(node: Node) -> Any:
    return ELEMENTWISE[node.op].slope(node, 0)


def _slope_at_value(node: Node) -> Any:
    rule = ELEMENTWISE[node.op]
    return rule.slopes[0](
        node.out, *node.values[1:], rule.forward(node.out, *node.values[1:], **node.options)
    )


def _general(node: Node) -> Iterator[tuple[str, int, str, Factor]]:
    yield "no_slope", COMMON, "K13", lambda node: 1.0
    yield "slope_twice", USUAL, "K18", lambda node: _slope(node) ** 2
    yield "value_for_slope", USUAL, "K14", lambda node: node.out
    yield "over_slope", SELDOM, "", lambda node: 1 / _slope(node)
    yield "minus_slope", USUAL, "", lambda node: -_slope(node)
    if node.op not in ("tanh", "sigmoid"):
        yield "slope_at_value", USUAL, "K12", _slope_at_value


def _powers(run: TracedRun, node: Node) -> Iterator[Slip]:
    """x ** p: the factor p, the power p - 1."""
    f, x = run.text(node), run.operand(node, 0)

    def power(node: Node) -> tuple[Any, Any]:
        return np.asarray(node.values[0], dtype=float), np.asarray(node.values[1], dtype=float)

    forms: tuple[tuple[int, str, Callable[[Any, Any], Any]], ...] = (
        (COMMON, N_("without the factor that the exponent gives"), lambda x, p: x ** (p - 1)),
        (COMMON, N_("with the exponent not lowered by one"), lambda x, p: p * x**p),
        (COMMON, N_("without the power of the base"), lambda x, p: p + 0 * x),
        (USUAL, N_("with the sign flipped"), lambda x, p: -p * x ** (p - 1)),
        (USUAL, N_("with the exponent raised by one instead of lowered"), lambda x, p: p * x ** (p + 1)),
        (USUAL, N_("with the exponent lowered by two"), lambda x, p: p * x ** (p - 2)),
        (SELDOM, N_("with the factor p - 1"), lambda x, p: (p - 1) * x ** (p - 1)),
        (SELDOM, N_("with the factor 1/p"), lambda x, p: x ** (p - 1) / p),
        (FAR_FETCHED, N_("with the factor 2"), lambda x, p: 2 * x ** (p - 1)),
    )
    for rank, told, formula in forms:

        def factor(node: Node, formula: Callable[[Any, Any], Any] = formula) -> Any:
            return formula(*power(node))

        yield Slip("other_slope", {"f": f, "x": x, "told": told}, with_factor(node, 0, factor), rank)
