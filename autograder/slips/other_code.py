"""A given code with one change: what an answer that comes of the changed code is told by.

The code stands in the exercise's statement, so that a sentence may quote it.
"""

import ast
import copy
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

OTHER_OPERATOR: dict[type[ast.operator], tuple[ast.operator, str, str]] = {
    ast.Add: (ast.Sub(), "-", "+"),
    ast.Sub: (ast.Add(), "+", "-"),
    ast.Mult: (ast.Div(), "/", "*"),
    ast.Div: (ast.Mult(), "*", "/"),
}
OTHER_FUNCTION = {
    "sum": ("mean", "max"),
    "mean": ("sum", "max"),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "log": ("exp", "log2", "log10"),
    "log1p": ("log",),
    "zeros": ("ones",),
}
OTHER_COMPARISON: dict[type[ast.cmpop], ast.cmpop] = {ast.Gt: ast.Lt(), ast.Lt: ast.Gt()}


@dataclass(frozen=True, eq=False)
class CodeChange:
    """One change of a given code: in words, as what the code would be, and the code with it."""

    words: str
    function: Callable[..., Any]


@lru_cache(maxsize=64)
def changes_of(function: Callable[..., Any]) -> tuple[CodeChange, ...]:
    """The given code with one place changed, in every way that people get such a place wrong."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    found: dict[str, CodeChange] = {}
    for place, node in enumerate(ast.walk(tree)):
        for words, replacement in _others(node):
            changed = copy.deepcopy(tree)
            twin = list(ast.walk(changed))[place]
            _put(changed, twin, replacement)
            source = ast.unparse(ast.fix_missing_locations(changed))
            if words not in found:
                found[words] = CodeChange(words, _compiled(source, function))
    for words, moved in _added_after(tree):
        source = ast.unparse(ast.fix_missing_locations(moved))
        found[words] = CodeChange(words, _compiled(source, function))
    return tuple(found.values())


def _added_after(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """A term that a line adds, added to what the function returns instead."""
    for place, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            if not isinstance(node.value.op, ast.Add) or "len(" in ast.unparse(node):
                continue
            changed = copy.deepcopy(tree)
            twin = list(ast.walk(changed))[place]
            returned = [item for item in ast.walk(changed) if isinstance(item, ast.Return)]
            if not isinstance(twin, ast.Assign) or not isinstance(twin.value, ast.BinOp):
                continue
            if len(returned) != 1 or returned[0].value is None or isinstance(returned[0].value, ast.Tuple):
                continue
            term, result = twin.value.right, returned[0].value
            twin.value = twin.value.left
            returned[0].value = ast.BinOp(result, ast.Add(), term)
            yield f"`{ast.unparse(term)}` were added to `{ast.unparse(result)}`, not before", changed


def _compiled(source: str, function: Callable[..., Any]) -> Callable[..., Any]:
    space = dict(function.__globals__)
    # Its lines, for whoever reads a function's source
    name = f"<{function.__module__}.{function.__name__}, changed: {hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), space)
    made: Callable[..., Any] = space[function.__name__]
    return made


def _put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """new in the place of old."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                setattr(parent, name, [new if item is old else item for item in value])


def _others(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in the place of a node, each with words that go after "if"."""
    if isinstance(node, ast.BinOp):
        yield from _of_two(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield f"`{ast.unparse(node)}` had no minus", node.operand
    elif isinstance(node, ast.Call):
        yield from _of_a_call(node)
    elif isinstance(node, ast.AugAssign):
        text = ast.unparse(node)
        yield (
            f"`{text}` had = in place of {_sign(node)}=",
            ast.Assign([node.target], node.value, lineno=0),
        )
    elif isinstance(node, ast.IfExp):
        one, other = ast.unparse(node.body), ast.unparse(node.orelse)
        yield f"`{other}` stood there always, never `{one}`", node.orelse
        yield f"`{one}` stood there always, never `{other}`", node.body
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OTHER_COMPARISON:
        other_way = ast.Compare(node.left, [OTHER_COMPARISON[type(node.ops[0])]], node.comparators)
        yield f"`{ast.unparse(node)}` were the other way round", other_way


def _sign(node: ast.AugAssign) -> str:
    return {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}.get(type(node.op), "")


def _of_two(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    text, left, right = (ast.unparse(part) for part in (node, node.left, node.right))
    op = type(node.op)
    # Which turn of a loop is the last is told by its condition
    if op in (ast.Add, ast.Sub) and "len(" in text:
        return
    if op is ast.Sub:
        yield f"`{text}` were without `{left}`", ast.UnaryOp(ast.USub(), node.right)
        yield f"`{text}` had its terms in the other order", ast.BinOp(node.right, ast.Sub(), node.left)
    elif op is not ast.Div and op is not ast.Pow:
        yield f"`{text}` were without `{left}`", node.right
    words = "its power" if op is ast.Pow else f"`{right}`"
    yield f"`{text}` were without {words}", node.left
    if op is ast.Mult:
        yield f"`{text}` were `{right}` divided by `{left}`", ast.BinOp(node.right, ast.Div(), node.left)
    if op is ast.Add and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.MatMult):
        product = node.left
        shifted = ast.BinOp(product.right, ast.Add(), node.right)
        words = f"`{text}` added `{right}` to `{ast.unparse(product.right)}`, before the product"
        yield words, ast.BinOp(product.left, ast.MatMult(), shifted)
    if op in OTHER_OPERATOR:
        other, written, sign = OTHER_OPERATOR[op]
        yield f"`{text}` had {written} in place of {sign}", ast.BinOp(node.left, other, node.right)
    if op is ast.Add:
        twice = ast.BinOp(node.right, ast.Add(), node.right)
        yield f"`{text}` had `{right}` twice", ast.BinOp(node.left, ast.Add(), twice)
    if op is ast.MatMult:
        yield f"`{text}` had its factors in the other order", ast.BinOp(node.right, node.op, node.left)
        yield f"`{text}` had `{left}` transposed", ast.BinOp(_transposed(node.left), node.op, node.right)
        yield f"`{text}` had `{right}` transposed", ast.BinOp(node.left, node.op, _transposed(node.right))
        inverse = ast.Call(ast.parse("np.linalg.inv", mode="eval").body, [node.left], [])
        yield f"`{text}` had the inverse of `{left}`", ast.BinOp(inverse, node.op, node.right)
        back = ast.Call(ast.parse("np.linalg.inv", mode="eval").body, [_transposed(node.left)], [])
        yield f"`{text}` had the inverse of `{left}`, transposed", ast.BinOp(back, node.op, node.right)


def _transposed(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


def _of_a_call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    text = ast.unparse(node)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "where" and len(node.args) == 3:
        condition, one, other = node.args
        zero = ast.Constant(0.0)
        yield f"`{text}` were `{ast.unparse(one)}` everywhere", one
        yield f"`{text}` were `{ast.unparse(other)}` everywhere", other
        swapped = [condition, other, one]
        yield f"`{text}` had its branches exchanged", ast.Call(node.func, swapped, [])
        yield f"`{text}` had 0 for `{ast.unparse(other)}`", ast.Call(node.func, [condition, one, zero], [])
        yield from _where_other(node, condition, one, other)
        return
    if node.args and name not in ("zeros", "ones", "full", "len", "range", "zip", "append", "enumerate"):
        yield f"`{text}` were `{ast.unparse(node.args[0])}`", node.args[0]
        yield f"`{text}` were 1", ast.Constant(1.0)
    for other_name in OTHER_FUNCTION.get(name, ()):
        function = (
            ast.Attribute(node.func.value, other_name, ast.Load())
            if isinstance(node.func, ast.Attribute)
            else ast.Name(other_name, ast.Load())
        )
        yield f"`{text}` had {other_name} in place of {name}", ast.Call(function, node.args, node.keywords)
    for at, keyword in enumerate(node.keywords):
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            other_axis = ast.Constant(1 - keyword.value.value if keyword.value.value in (0, 1) else 0)
            keywords = [*node.keywords[:at], ast.keyword("axis", other_axis), *node.keywords[at + 1 :]]
            yield f"`{text}` went over the other axis", ast.Call(node.func, node.args, keywords)


def _where_other(
    node: ast.Call, condition: ast.expr, one: ast.expr, other: ast.expr
) -> Iterator[tuple[str, ast.AST]]:
    """A branch that is a product: without one factor, divided by it, in both branches."""
    if isinstance(other, ast.BinOp) and isinstance(other.op, ast.Mult):
        both = ast.Call(node.func, [condition, ast.BinOp(other.left, ast.Mult(), one), other], [])
        words = f"`{ast.unparse(node)}` had the factor `{ast.unparse(other.left)}` in both branches"
        yield words, both
