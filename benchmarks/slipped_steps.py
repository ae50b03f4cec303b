"""Right and wrong answers to the graded set, made when they are asked for: no file holds one.

A traced exercise's tape is gone back through with one line of code for each operation, and one of these lines
is changed at one place: an operand left out, another sign, no transpose, = for +=, another constant or axis.
A given code that is to be rewritten is changed in the same way. These changes are of code, and know nothing of
the slips by which mistakes are named.
"""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import expected_of
from autograder.tracing.lists import like
from autograder.tracing.tape import Node, Tape
from autograder.trees import copy_value, map_leaves

# The gradient that has come for an input so far, and what the operation sends back to it: G is what came for
# its result OUT, X and Y are its inputs.
ADDED = "D + {}"
LINES: Mapping[str, tuple[str, ...]] = {
    "add": ("fit(G, X)", "fit(G, Y)"),
    "subtract": ("fit(G, X)", "fit(-G, Y)"),
    "negative": ("-G",),
    "multiply": ("fit(G * Y, X)", "fit(G * X, Y)"),
    "divide": ("fit(G / Y, X)", "fit(-G * X / Y**2, Y)"),
    "power": ("G * Y * X ** (Y - 1)",),
    "matmul": ("G @ Y.T", "X.T @ G"),
    "transpose": ("G.T",),
    "sum": ("spread(G) * np.ones(np.shape(X))",),
    "mean": ("spread(G) / (np.size(X) / np.size(OUT)) * np.ones(np.shape(X))",),
    "maximum": ("G * (X > Y)", "G * (Y > X)"),
    "where": ("fit(G * CONDITION, X)", "fit(G * (1 - CONDITION), Y)"),
    "tanh": ("G * (1 - OUT**2)",),
    "sigmoid": ("G * OUT * (1 - OUT)",),
    "arctan": ("G / (1 + X**2)",),
    "sqrt": ("G / (2 * OUT)",),
    "exp": ("G * OUT",),
    "log": ("G / X",),
    "absolute": ("G * np.sign(X)",),
    "softplus": ("G / (1 + np.exp(-X))",),
    "softmax": ("OUT * (G - np.sum(G * OUT, axis=AXIS, keepdims=True))",),
    "softmax_cross_entropy": ("spread(G) * (np.exp(X) / np.sum(np.exp(X), axis=AXIS, keepdims=True) - Y)",),
    "getitem": ("put(G)",),
    "entry": ("put(G)",),
}
FAILURES = (ValueError, TypeError, IndexError, KeyError, AttributeError, ZeroDivisionError, NameError)
OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


@dataclass(frozen=True)
class Answer:
    """A function that answers an exercise's probes. what: the change in it, "" for a right one."""

    what: str
    call: Callable[..., Any]


def changed(source: str) -> Iterator[str]:
    """The code with one place changed, each once."""
    tree, seen = ast.parse(source), {ast.unparse(ast.parse(source))}
    for place, node in enumerate(ast.walk(tree)):
        for other in _instead(node):
            again = copy.deepcopy(tree)
            twin = list(ast.walk(again))[place]
            text = ast.unparse(ast.fix_missing_locations(_Put(twin, other).visit(again)))
            if text not in seen:
                seen.add(text)
                yield text


class _Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else super().visit(node)


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    if isinstance(node, ast.BinOp):
        yield node.left
        if not isinstance(node.op, (ast.Div, ast.Pow)):
            yield node.right
        if type(node.op) in OTHER:
            yield ast.BinOp(node.left, OTHER[type(node.op)](), node.right)
        if isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div)):
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Compare):
        yield ast.Compare(node.left, [ast.LtE()], node.comparators)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
        yield node.args[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in ("X", "Y", "OUT"):
        for name in {"X", "Y", "OUT"} - {node.id}:
            yield ast.Name(name, ast.Load())


def _same(one: Any, other: Any) -> bool:
    return all(
        len(a) == len(b) and all(map(np.array_equal, a, b)) if isinstance(a, list) else np.array_equal(a, b)
        for a, b in zip(one, other, strict=True)
    )


def _answering(cases: list[Case], of: Callable[[Case], Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return of(next(case for case in cases if _same(case.args, args)))

    return call


@cache
def _compiled(text: str) -> Any:
    return compile(text, "<a step back>", "eval")


def gone_back(exercise: Exercise, case: Case, at: Any = None, place: int = 0, line: str = "") -> Any:
    """The gradients by one line for each operation; at, place: where another line stands."""
    passed, run = exercise.forward, case.hidden["solved"].run
    tape, found = run.tape, dict(zip(run.tape.outputs, run.upstream, strict=True))
    made_of = _made_of(tape, passed.gradients)
    for node in reversed(tape.nodes):
        for i, parent in enumerate(node.parents):
            if parent not in made_of or node.index not in found:
                continue
            text = ADDED.format(LINES[node.op][i])
            if (node.op, node.site) == at and i == place:
                text = line
            with np.errstate(all="ignore"):
                found[parent] = eval(
                    _compiled(text), _names(node, found[node.index], found.get(parent, 0.0), i)
                )
    given = exercise.given(case)
    results = []
    for name in passed.gradients:
        value = np.asarray(found.get(tape.inputs[name], 0.0))
        results.append(like(given[name], value) if name in passed.layered else value)
    return tuple(results) if len(results) > 1 else results[0]


def _made_of(tape: Tape, wanted: Sequence[str]) -> set[int]:
    """The nodes that depend on the arguments whose gradients are asked."""
    found = {tape.inputs[name] for name in wanted}
    for node in tape.nodes:
        if found.intersection(node.parents):
            found.add(node.index)
    return found


def _names(node: Node, g: Any, d: Any, place: int) -> dict[str, Any]:
    """What a line may use."""

    def fit(value: Any, x: Any) -> Any:
        value = np.asarray(value)
        value = value.sum(axis=tuple(range(max(value.ndim - np.ndim(x), 0))))
        repeated = tuple(i for i, n in enumerate(np.shape(x)) if n == 1 and value.shape[i] != 1)
        return value.sum(axis=repeated, keepdims=True) if repeated else value

    def spread(value: Any) -> Any:
        axis, keepdims = node.options["axis"], node.options.get("keepdims", False)
        return value if axis is None or keepdims else np.expand_dims(value, axis)

    def put(value: Any) -> Any:
        whole = np.zeros(np.shape(node.values[0]))
        if node.op == "getitem":
            whole[node.options["key"]] = value
        else:
            start = node.options["start"]
            whole[start : start + np.size(value)] = np.ravel(value)
        return whole

    values = [np.asarray(value) for value in node.values]
    return {
        "np": np,
        "fit": fit,
        "spread": spread,
        "put": put,
        "G": g,
        "D": d,
        "OUT": node.out,
        "X": values[0],
        "Y": values[1] if len(values) > 1 else values[0],
        "AXIS": node.options.get("axis"),
        "CONDITION": np.asarray(node.options.get("condition", 0), dtype=float),
    }


def slipped(exercise: Exercise, cases: list[Case]) -> Iterator[Answer]:
    """Wrong answers to a traced exercise: one line changed, in every turn of its loops."""
    ordinary = [case for case in cases if case.hidden["solved"].run is not None]
    if len(ordinary) < len(cases):
        return
    tape = max((case.hidden["solved"].run.tape for case in cases), key=lambda tape: len(tape.nodes))
    author, made_of = cases[0].hidden["solved"].run.author, _made_of(tape, exercise.forward.gradients)
    seen = set()
    for node in tape.nodes:
        for place, parent in enumerate(node.parents):
            key = (node.op, node.site, place)
            if parent not in made_of or key in seen or node.op == "entry":
                continue
            seen.add(key)
            before = ADDED.format(LINES[node.op][place])
            for line in changed(before):

                def of(case: Case, at: Any = key[:2], place: int = place, line: str = line) -> Any:
                    return gone_back(exercise, case, at, place, line)

                yield Answer(f"{author.place(node.site).text}: {line}", _answering(cases, of))


def rewritten(exercise: Exercise, cases: list[Case]) -> Iterator[Answer]:
    """Wrong answers to an exercise whose given code is to be written otherwise: its code changed."""
    given = exercise.given_code
    assert given is not None
    before = textwrap.dedent(inspect.getsource(given.function))
    lines = ast.unparse(ast.parse(before)).splitlines()
    for text in changed(before):
        space = dict(given.function.__globals__)
        exec(compile(text, "<a given code>", "exec"), space)
        code = given.used(space[given.function.__name__])

        def of(case: Case, code: Callable[..., Any] = code) -> Any:
            wide = map_leaves(_widened, dict(case.hidden["at"]))
            with np.errstate(all="ignore"):
                found = code(**copy_value(wide))
            return map_leaves(lambda v: np.asarray(v, dtype=float), found)

        what = [new for old, new in zip(lines, text.splitlines(), strict=False) if old != new]
        yield Answer(what[0].strip() if what else text, _answering(cases, of))


def _widened(value: Any) -> Any:
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(np.longdouble) if is_float else value


def right(exercise: Exercise, cases: list[Case]) -> Iterator[Answer]:
    """Right answers: what is expected, and, of a traced exercise, the steps gone back."""
    yield Answer("", _answering(cases, lambda case: expected_of(exercise.target(case).template)))
    if exercise.forward is not None and all(case.hidden["solved"].run is not None for case in cases):
        yield Answer("", _answering(cases, lambda case: gone_back(exercise, case)))


def wrong(exercise: Exercise, cases: list[Case]) -> Iterator[Answer]:
    """Wrong answers, each of which gives other numbers than are right."""
    made = (
        slipped(exercise, cases)
        if exercise.forward is not None
        else rewritten(exercise, cases)
        if exercise.given_code is not None and not exercise.given_code.unknown
        else ()
    )
    for answer in made:
        if _differs(exercise, cases, answer):
            yield answer


def _differs(exercise: Exercise, cases: list[Case], answer: Answer) -> bool:
    """Does it answer, and is any answer far from what is right?"""
    answered = different = False
    for case in cases:
        if case.advisory or case.tags & {"single"}:
            continue
        expected = _arrays(expected_of(exercise.target(case).template))
        try:
            found = _arrays(answer.call(*case.args))
        except FAILURES:
            different = True
            continue
        answered = True
        if [x.shape for x in found] != [x.shape for x in expected]:
            different = True
            continue
        size = max((float(np.max(np.abs(x), initial=0)) for x in expected), default=0.0)
        off = [np.max(np.abs(x - y), initial=0) for x, y in zip(found, expected, strict=True)]
        # nan differs too
        different = different or not all(gap <= 1e-5 * size + 1e-300 for gap in off)
    return answered and different


def _arrays(value: Any) -> list[Any]:
    found: list[Any] = []

    def keep(leaf: Any) -> Any:
        found.append(np.asarray(leaf, dtype=float))
        return leaf

    map_leaves(keep, list(value) if isinstance(value, tuple) else value)
    return found
