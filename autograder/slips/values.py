"""Values that the backward pass works out anew, wrongly: a term left out, another operation or function."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.slips.slip import NO_OPERATION, SELDOM, USUAL, Slip, TracedRun, at_values
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.gradient import Exchange
from autograder.tracing.tape import PRIMITIVES, Node, Tape
from autograder.trees import Array

# What is done, what is done in its place, and how both are written.
OTHER_OPERATIONS = {
    "divide": (np.multiply, "/", "*"),
    "multiply": (np.divide, "*", "/"),
    "add": (np.subtract, "+", "-"),
    "subtract": (np.add, "-", "+"),
}

NONLINEARITIES = ("exp", "sigmoid", "softplus", "tanh", "arctan", "relu")


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        if len(node.parents) == 2 and node.op in OTHER_OPERATIONS:
            yield from _of_two(run, node)
        yield from _as_another_function(run, node)
        if node.op == "negative":
            names = {"text": run.text(node)}
            yield Slip("value_no_minus", names, at_values(node.site, lambda x: x), USUAL)
    yield from _functions_too_many(run)
    yield from _left_out_everywhere(run)


def _left_out_everywhere(run: TracedRun) -> Iterator[Slip]:
    """A list's arrays, b[l], that are added in several places, in none of them."""
    places: dict[str, dict[Any, int]] = {}
    for node in run.sites():
        for place in range(2) if node.op == "add" else ():
            text = run.operand(node, place)
            if "[" in text and "@" not in text and text.endswith("]"):
                places.setdefault(re.sub(r"\[[^]]*\]", "[l]", text, count=1), {})[node.site] = 1 - place
    for term, kept in places.items():
        if len(kept) > 1:

            def exchange(tape: Tape, kept: Mapping[Any, int] = kept) -> Exchange:
                return Exchange(values={n.index: _only(kept[n.site]) for n in tape.nodes if n.site in kept})

            yield Slip("added_nowhere", {"term": term}, exchange, USUAL)


def _of_two(run: TracedRun, node: Node) -> Iterator[Slip]:
    other, sign, wrong = OTHER_OPERATIONS[node.op]
    live = [parent is not None and parent in run.depends for parent in node.parents]
    names = {"text": run.text(node), "sign": sign, "wrong": wrong}
    if len(set(live)) == 2:
        yield Slip("other_operation", names, at_values(node.site, other), SELDOM)
        if node.op in ("multiply", "divide") and run.operand(node, live.index(False)).startswith("-"):
            lost = {"text": run.text(node)}
            yield Slip("value_no_minus", lost, at_values(node.site, _without_minus(node.op)), USUAL)
            kept = {**lost, "constant": run.operand(node, live.index(False)).removeprefix("-")}
            yield Slip("constant_left_out", kept, at_values(node.site, _minus(live.index(True))), USUAL)
        if node.op == "multiply" and live == [False, True]:
            swapped = at_values(node.site, lambda x, y: np.divide(y, x))
            yield Slip("other_operation", names, swapped, SELDOM)
    for place, depends in enumerate(live):
        # A bias is an argument; what is worked out before is not forgotten so easily.
        parent = node.parents[place]
        bias = node.op == "add" and parent is not None and run.tape.nodes[parent].op in NO_OPERATION
        if bias or (not depends and any(live)):
            left_out = {"text": run.text(node), "constant": run.operand(node, place)}
            rank = USUAL if node.op in ("add", "subtract") else SELDOM
            yield Slip("constant_left_out", left_out, at_values(node.site, _only(1 - place)), rank)


def _only(kept: int) -> Any:
    def forward(x: Any, y: Any) -> Any:
        return np.broadcast_to((x, y)[kept], np.broadcast_shapes(np.shape(x), np.shape(y)))

    return forward


def _without_minus(op: str) -> Callable[..., Any]:
    return lambda x, y: -PRIMITIVES[op].forward(x, y)


def _minus(place: int) -> Callable[..., Any]:
    return lambda *values: -np.broadcast_to(values[place], np.broadcast_shapes(*map(np.shape, values)))


def _as_another_function(run: TracedRun, node: Node) -> Iterator[Slip]:
    """A nonlinearity worked out as another one, its slope taken as it is."""
    if node.op in NONLINEARITIES:
        for op in NONLINEARITIES:
            if op != node.op:
                names = {"text": run.text(node), "other": op}
                yield Slip("other_function", names, at_values(node.site, PRIMITIVES[op].forward), SELDOM)
        yield Slip("function_left_out", {"text": run.text(node)}, _left_out(node), USUAL)
    if node.op in ("power", "square"):
        names = {"text": run.text(node)}
        without = at_values(node.site, lambda x, *_exponent: x)
        yield Slip("power_left_out", names, without, SELDOM)
        size = at_values(node.site, lambda x, *_exponent: np.abs(x))
        yield Slip("size_for_power", names, size, SELDOM)


def _left_out(node: Node) -> Callable[[Tape], Exchange]:
    """The function left out of the forward pass, its slope taken as it is."""

    def rule(at: Node, place: int, g: Array) -> Any:
        rule = ELEMENTWISE[at.op]
        return g * rule.slopes[0](*at.values, rule.forward(*at.values, **at.options))

    def exchange(tape: Tape) -> Exchange:
        nodes = [n.index for n in tape.nodes if n.site == node.site]
        return Exchange(values=dict.fromkeys(nodes, lambda x: x), edges={(i, 0): rule for i in nodes})

    return exchange


def _functions_too_many(run: TracedRun) -> Iterator[Slip]:
    """A nonlinearity that the pass has elsewhere, taken of a named sum or product too: of the output, say."""
    functions = {
        n.op: n for n in run.sites() if n.op in ELEMENTWISE and len(n.parents) == 1 and n.op != "negative"
    }
    for node in run.sites():
        after = {user.op for user, _ in run.taken_in[node.index]}
        if node.op not in ("add", "matmul") or not run.is_named(node):
            continue
        for op, example in functions.items():
            if op not in after:
                names = {"of": run.name(node), "f": run.text(example)}
                yield Slip("function_too_many", names, at_values(node.site, _through(op, node.op)), SELDOM)


def _through(op: str, of: str) -> Callable[..., Any]:
    def forward(*values: Any, **options: Any) -> Any:
        return PRIMITIVES[op].forward(PRIMITIVES[of].forward(*values, **options))

    return forward
