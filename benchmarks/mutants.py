"""Small mistakes made by a script: every solution's syntax tree with one place changed.

Operators and comparisons swapped, constants and indices shifted, axes swapped, a transpose, a term, a statement
or a call dropped, one name taken for another. Which of them changed nothing is decided by the long-double oracle.
"""

import ast
import copy
from collections.abc import Iterator

OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add, ast.MatMult),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
COMPARISONS = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
CALLS = {
    "sum": ("mean", "max"), "mean": ("sum",), "max": ("min", "sum"), "min": ("max",), "maximum": ("minimum",),
    "minimum": ("maximum",), "exp": ("log1p", "tanh"), "log1p": ("log", "exp"), "log": ("log1p",), "abs": ("sign",),
    "tanh": ("sin", "arctan"), "zeros": ("ones",), "clip": ("maximum",), "all": ("any",), "full": (), "max_": (),
}  # fmt: skip


def _replacements(node: ast.AST, names: list[str]) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in this node's place, each with a few words."""
    if isinstance(node, ast.BinOp):
        for other in OPERATORS.get(type(node.op), ()):
            yield f"{type(node.op).__name__} to {other.__name__}", ast.BinOp(node.left, other(), node.right)
        yield "right operand dropped", node.left
        yield "left operand dropped", node.right
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult):
            yield "operands swapped", ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield (
                f"{type(node.ops[0]).__name__} to {other.__name__}",
                ast.Compare(node.left, [other()], node.comparators),
            )
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield f"{node.value} to {not node.value}", ast.Constant(not node.value)
        elif isinstance(node.value, int):
            for by in (1, -1):
                yield f"{node.value} to {node.value + by}", ast.Constant(node.value + by)
        elif isinstance(node.value, float):
            for factor in (0.5, 2.0, 100.0, 0.01):
                yield f"{node.value} to {node.value * factor}", ast.Constant(node.value * factor)
            yield f"{node.value} plus 1e-6", ast.Constant(node.value + 1e-6)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "minus dropped", node.operand
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose dropped", node.value
    elif isinstance(node, ast.Attribute) and node.attr in CALLS:
        for other in CALLS[node.attr]:
            yield f"{node.attr} to {other}", ast.Attribute(node.value, other, node.ctx)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        index = node.slice
        if isinstance(index, ast.Name):
            for by, sign in ((ast.Add(), "+"), (ast.Sub(), "-")):
                yield (
                    f"[{index.id}] to [{index.id} {sign} 1]",
                    ast.Subscript(node.value, ast.BinOp(index, by, ast.Constant(1)), node.ctx),
                )
    elif isinstance(node, ast.Call):
        if node.args and not isinstance(node.args[0], ast.Starred):
            yield "call dropped", node.args[0]
        if len(node.args) == 2:
            yield "arguments swapped", ast.Call(node.func, node.args[::-1], node.keywords)
        for place in range(len(node.keywords)):
            rest = node.keywords[:place] + node.keywords[place + 1 :]
            yield f"{node.keywords[place].arg}= dropped", ast.Call(node.func, node.args, rest)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) == 2:
        yield "pair swapped", ast.Tuple(node.elts[::-1], node.ctx)
    elif isinstance(node, ast.IfExp):
        yield "branches swapped", ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        for other in names:
            if other != node.id:
                yield f"{node.id} to {other}", ast.Name(other, node.ctx)
        yield f"{node.id} negated", ast.UnaryOp(ast.USub(), node)
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Expr):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield "statement dropped", ast.Pass()
        if isinstance(node, ast.AugAssign):
            yield "= for +=", ast.Assign([node.target], node.value)


def _names(tree: ast.AST) -> list[str]:
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    found |= {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return sorted(found)


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """(what was changed and where, the changed source) for every single change of the source; each source once."""
    tree = ast.parse(source)
    names = _names(tree)
    seen = {ast.unparse(tree)}
    for number, original in enumerate(ast.walk(tree)):
        for words, replacement in _replacements(original, names):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[number]
            mutated = _Put(target, copy.deepcopy(replacement)).visit(changed)
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text in seen:
                continue
            seen.add(text)
            try:
                compile(text, "<mutant>", "exec")
            except (SyntaxError, ValueError):
                continue
            yield f"line {getattr(original, 'lineno', 0)}: {words}", text


class _Put(ast.NodeTransformer):
    """Puts a node in the place of another one."""

    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self.replacement if node is self.target else self.generic_visit(node)
