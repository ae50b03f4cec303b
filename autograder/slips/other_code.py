"""A given code with one change: what an answer that comes of the changed code is told by.

The code stands in the exercise's statement, so that a sentence may quote it.
"""

import ast
import copy
import linecache
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder._language import N_, _
from autograder.tracing.source import parsed

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
# Names of lengths in the given codes
LENGTHS_WRITTEN = ("m", "n", "k")
IN_PLACE, WITHOUT = N_("`{text}` had {one} in place of {other}"), N_("`{text}` were without `{part}`")
# What a lambda is called where its code is changed
LAMBDA = "given"
OTHER_COMPARISON: dict[type[ast.cmpop], ast.cmpop] = {ast.Gt: ast.Lt(), ast.Lt: ast.Gt()}


@dataclass(frozen=True, eq=False)
class CodeChange:
    """One change of a given code, and the code with it. form: what it is, with places for the values."""

    form: str
    values: Mapping[str, str]
    function: Callable[..., Any]

    @property
    def words(self) -> str:
        """What the code would be, in words that go after "if"."""
        return _(self.form, **self.values)


# A sentence's form, and the values in its places
ToldChange = tuple[str, dict[str, str]]


def _told(form: str, **values: str) -> ToldChange:
    return form, values


@lru_cache(maxsize=64)
def changes_of(function: Callable[..., Any]) -> tuple[CodeChange, ...]:
    """The given code with one place changed, in every way that people get such a place wrong; none where its
    text can't be had.
    """
    try:
        tree = _definition(function)
    except (OSError, TypeError, SyntaxError, ValueError):
        return ()
    found: dict[str, CodeChange] = {}
    for place, node in enumerate(ast.walk(tree)):
        for (form, values), replacement in _others(node):
            changed = copy.deepcopy(tree)
            twin = list(ast.walk(changed))[place]
            _put(changed, twin, replacement)
            source = ast.unparse(ast.fix_missing_locations(changed))
            if form.format(**values) not in found:
                found[form.format(**values)] = CodeChange(form, values, _compiled(source, function))
    for (form, values), moved in (*_added_after(tree), *_nowhere_added(tree)):
        source = ast.unparse(ast.fix_missing_locations(moved))
        found[form.format(**values)] = CodeChange(form, values, _compiled(source, function))
    return tuple(found.values())


def _definition(function: Callable[..., Any]) -> ast.Module:
    """The function's text as a program; ValueError if it is one lambda of several in a line."""
    (tree,) = parsed(function)[0]
    if isinstance(tree, ast.Lambda):
        returned = ast.Return(tree.body)
        return ast.Module([ast.FunctionDef(LAMBDA, tree.args, [returned], [], lineno=tree.lineno)], [])
    assert isinstance(tree, ast.Module)
    return tree


def _added_after(tree: ast.Module) -> Iterator[tuple[ToldChange, ast.Module]]:
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
            values = {"term": ast.unparse(term), "result": ast.unparse(result)}
            yield _told(N_("`{term}` were added to `{result}`, not before"), **values), changed


def _nowhere_added(tree: ast.Module) -> Iterator[tuple[ToldChange, ast.Module]]:
    """A list of terms, b[l], that is added in several places, in none of them."""
    places: dict[str, list[int]] = {}
    for place, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            term = node.right
            if isinstance(term, ast.Subscript):
                places.setdefault(_base(term), []).append(place)
    for name, found in places.items():
        if len(found) < 2:
            continue
        changed = copy.deepcopy(tree)
        twins = list(ast.walk(changed))
        for place in found:
            twin = twins[place]
            assert isinstance(twin, ast.BinOp)
            _put(changed, twin, twin.left)
        yield _told(N_("`{name}` were added nowhere"), name=name), changed


def _base(term: ast.Subscript) -> str:
    """ "W[..][0]" of W[l][0]: the term but for its layer's number."""
    inner = term.value
    if isinstance(inner, ast.Subscript):
        return f"{ast.unparse(inner.value)}[l][{ast.unparse(term.slice)}]"
    return f"{ast.unparse(inner)}[l]"


def _compiled(source: str, function: Callable[..., Any]) -> Callable[..., Any]:
    space = dict(function.__globals__)
    # Its lines, for whoever reads a function's source
    name = f"<{function.__module__}.{function.__name__}, changed: {hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), space)
    made: Callable[..., Any] = space[LAMBDA if function.__name__ == "<lambda>" else function.__name__]
    return made


def _put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """new in the place of old."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                setattr(parent, name, [new if item is old else item for item in value])


def _others(node: ast.AST) -> Iterator[tuple[ToldChange, ast.AST]]:
    """What may stand in the place of a node, each with what is told of it."""
    if isinstance(node, ast.BinOp):
        yield from _of_two(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _told(N_("`{text}` had no minus"), text=ast.unparse(node)), node.operand
    elif isinstance(node, ast.Call):
        yield from _of_a_call(node)
    elif isinstance(node, ast.AugAssign):
        values = {"text": ast.unparse(node), "one": "=", "other": f"{_sign(node)}="}
        yield (
            _told(IN_PLACE, **values),
            ast.Assign([node.target], node.value, lineno=0),
        )
        yield _told(N_("`{text}` were left out"), text=ast.unparse(node)), ast.Pass()
    elif isinstance(node, ast.IfExp):
        one, other = ast.unparse(node.body), ast.unparse(node.orelse)
        always = N_("`{one}` stood there always, never `{other}`")
        yield _told(always, one=other, other=one), node.orelse
        yield _told(always, one=one, other=other), node.body
        for function in ("np.tanh", "np.exp"):
            call = ast.Call(ast.parse(function, mode="eval").body, [node.body], [])
            values = {"text": other, "other": ast.unparse(call)}
            yield (
                _told(N_("`{text}` were `{other}`"), **values),
                ast.IfExp(node.test, node.body, call),
            )
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OTHER_COMPARISON:
        other_way = ast.Compare(node.left, [OTHER_COMPARISON[type(node.ops[0])]], node.comparators)
        yield _told(N_("`{text}` were the other way round"), text=ast.unparse(node)), other_way


def _sign(node: ast.AugAssign) -> str:
    return {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}.get(type(node.op), "")


def _of_two(node: ast.BinOp) -> Iterator[tuple[ToldChange, ast.AST]]:
    text, left, right = (ast.unparse(part) for part in (node, node.left, node.right))
    op = type(node.op)
    # Which turn of a loop is the last is told by its condition
    if op in (ast.Add, ast.Sub) and "len(" in text:
        return
    if op is ast.Sub:
        yield _told(WITHOUT, text=text, part=left), ast.UnaryOp(ast.USub(), node.right)
        told = _told(N_("`{text}` had its terms in the other order"), text=text)
        yield told, ast.BinOp(node.right, ast.Sub(), node.left)
    elif op is not ast.Div and op is not ast.Pow:
        yield _told(WITHOUT, text=text, part=left), node.right
    first = _first_factor(node)
    if first is not node and first is not node.left:
        told = _told(N_("`{text}` were `{part}` alone"), text=text, part=ast.unparse(first))
        yield told, first
    without_power = _told(N_("`{text}` were without its power"), text=text)
    yield without_power if op is ast.Pow else _told(WITHOUT, text=text, part=right), node.left
    if op is ast.Div and right in LENGTHS_WRITTEN:
        for other_sign, length in (("-", ast.Sub()), ("+", ast.Add())):
            other_length = ast.BinOp(node.right, length, ast.Constant(1))
            told = _told(N_("`{text}` divided by `{n}`"), text=text, n=f"{right} {other_sign} 1")
            yield told, ast.BinOp(node.left, ast.Div(), other_length)
    if op in (ast.Mult, ast.Div):
        yield from _taken_inside(node)
    if op is ast.Mult:
        told = _told(N_("`{text}` were `{right}` divided by `{left}`"), text=text, left=left, right=right)
        yield told, ast.BinOp(node.right, ast.Div(), node.left)
    if op is ast.Add and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.MatMult):
        product = node.left
        shifted = ast.BinOp(product.right, ast.Add(), node.right)
        values = {"text": text, "right": right, "other": ast.unparse(product.right)}
        before = N_("`{text}` added `{right}` to `{other}`, before the product")
        yield _told(before, **values), ast.BinOp(product.left, ast.MatMult(), shifted)
        shifted = ast.BinOp(product.left, ast.Add(), node.right)
        told = _told(before, **{**values, "other": ast.unparse(product.left)})
        yield told, ast.BinOp(shifted, ast.MatMult(), product.right)
    if op in OTHER_OPERATOR:
        other, written, sign = OTHER_OPERATOR[op]
        yield _told(IN_PLACE, text=text, one=written, other=sign), ast.BinOp(node.left, other, node.right)
    if op is ast.Add:
        twice = ast.BinOp(node.right, ast.Add(), node.right)
        yield (
            _told(N_("`{text}` had `{right}` twice"), text=text, right=right),
            ast.BinOp(node.left, ast.Add(), twice),
        )
    if op is ast.MatMult:
        told = _told(N_("`{text}` had its factors in the other order"), text=text)
        yield told, ast.BinOp(node.right, node.op, node.left)
        transposed = N_("`{text}` had `{part}` transposed")
        told = _told(transposed, text=text, part=left)
        yield told, ast.BinOp(_transposed(node.left), node.op, node.right)
        told = _told(transposed, text=text, part=right)
        yield told, ast.BinOp(node.left, node.op, _transposed(node.right))
        for part in (node.left, node.right):
            for form, turned in (
                (N_("`{text}` had the inverse of `{part}`"), part),
                (N_("`{text}` had the inverse of `{part}`, transposed"), _transposed(part)),
            ):
                inverse = ast.Call(ast.parse("np.linalg.inv", mode="eval").body, [turned], [])
                factors = (inverse, node.right) if part is node.left else (node.left, inverse)
                told = _told(form, text=text, part=ast.unparse(part))
                yield told, ast.BinOp(factors[0], node.op, factors[1])


def _taken_inside(node: ast.BinOp) -> Iterator[tuple[ToldChange, ast.AST]]:
    """A factor of a function's value that stands at its argument instead."""
    call, factor = (node.left, node.right) if isinstance(node.left, ast.Call) else (node.right, node.left)
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords or call is factor:
        return
    if isinstance(node.op, ast.Div) and call is node.right:
        return
    scaled = ast.BinOp(factor, ast.Mult(), call.args[0])
    if isinstance(node.op, ast.Div):
        scaled = ast.BinOp(call.args[0], ast.Div(), factor)
    other = ast.Call(call.func, [scaled], [])
    yield _told(N_("`{text}` were `{other}`"), text=ast.unparse(node), other=ast.unparse(other)), other


def _taken_outside(node: ast.Call) -> Iterator[tuple[ToldChange, ast.AST]]:
    """A factor at a function's argument that stands at its value instead."""
    inner = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, (ast.Mult, ast.Div)):
        pairs = [(inner.left, inner.right)] if isinstance(inner.op, ast.Mult) else []
        for factor, kept in (*pairs, (inner.right, inner.left)):
            call = ast.Call(node.func, [kept], [])
            other = ast.BinOp(factor, ast.Mult(), call)
            if isinstance(inner.op, ast.Div):
                other = ast.BinOp(call, ast.Div(), factor)
            told = _told(N_("`{text}` were `{other}`"), text=ast.unparse(node), other=ast.unparse(other))
            yield told, other


def _first_factor(node: ast.expr) -> ast.expr:
    """The first of all that is multiplied and divided, the node itself where nothing is."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        node = node.left
    return node


def _transposed(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


def _of_a_call(node: ast.Call) -> Iterator[tuple[ToldChange, ast.AST]]:
    text = ast.unparse(node)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "where" and len(node.args) == 3:
        condition, one, other = node.args
        zero = ast.Constant(0.0)
        everywhere = N_("`{text}` were `{part}` everywhere")
        yield _told(everywhere, text=text, part=ast.unparse(one)), one
        yield _told(everywhere, text=text, part=ast.unparse(other)), other
        swapped = [condition, other, one]
        yield _told(N_("`{text}` had its branches exchanged"), text=text), ast.Call(node.func, swapped, [])
        told = _told(N_("`{text}` had 0 for `{part}`"), text=text, part=ast.unparse(other))
        yield told, ast.Call(node.func, [condition, one, zero], [])
        told = _told(N_("`{text}` had a minus before `{part}`"), text=text, part=ast.unparse(other))
        yield told, ast.Call(node.func, [condition, one, ast.UnaryOp(ast.USub(), other)], [])
        yield from _where_other(node, condition, one, other)
        return
    if node.args and name not in ("zeros", "ones", "full", "len", "range", "zip", "append", "enumerate"):
        told = _told(N_("`{text}` were `{part}`"), text=text, part=ast.unparse(node.args[0]))
        yield told, node.args[0]
        yield _told(N_("`{text}` were 1"), text=text), ast.Constant(1.0)
        yield from _taken_outside(node)
    for other_name in OTHER_FUNCTION.get(name, ()):
        function = (
            ast.Attribute(node.func.value, other_name, ast.Load())
            if isinstance(node.func, ast.Attribute)
            else ast.Name(other_name, ast.Load())
        )
        told = _told(IN_PLACE, text=text, one=other_name, other=name)
        yield told, ast.Call(function, node.args, node.keywords)
    for at, keyword in enumerate(node.keywords):
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            other_axis = ast.Constant(1 - keyword.value.value if keyword.value.value in (0, 1) else 0)
            keywords = [*node.keywords[:at], ast.keyword("axis", other_axis), *node.keywords[at + 1 :]]
            yield (
                _told(N_("`{text}` went over the other axis"), text=text),
                ast.Call(node.func, node.args, keywords),
            )


def _where_other(
    node: ast.Call, condition: ast.expr, one: ast.expr, other: ast.expr
) -> Iterator[tuple[ToldChange, ast.AST]]:
    """A branch that is a product: without one factor, divided by it, in both branches."""
    if isinstance(other, ast.BinOp) and isinstance(other.op, ast.Mult):
        both = ast.Call(node.func, [condition, ast.BinOp(other.left, ast.Mult(), one), other], [])
        values = {"text": ast.unparse(node), "factor": ast.unparse(other.left)}
        yield _told(N_("`{text}` had the factor `{factor}` in both branches"), **values), both
