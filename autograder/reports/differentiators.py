"""A general differentiator in a student's code: said as a fact, for a person to think about.

Numbers that carry their slopes, or a step into the complex numbers, give any gradient right without anybody
having derived it. That earns its points; a teacher who asked for a derivation wants to know.
"""

import ast
import warnings
from collections.abc import Sequence

from autograder._language import N_

# A class with two of these has numbers of its own.
OPERATORS = {"__add__", "__mul__", "__sub__", "__truediv__", "__matmul__", "__pow__", "__array_ufunc__"}

CLASS = N_("a class with operators of its own")
COMPLEX = N_("complex numbers")


def differentiators_in(cells: Sequence[str]) -> list[str]:
    """What in these cells can differentiate any function: in words, each once; [] where nothing can."""
    found: dict[str, None] = {}
    for cell in cells:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and len(_methods(node) & OPERATORS) > 1:
                found[CLASS] = None
            is_number = isinstance(node, ast.Constant) and isinstance(node.value, complex)
            if is_number or (isinstance(node, ast.Name) and node.id == "complex"):
                found[COMPLEX] = None
    return list(found)


def _methods(node: ast.ClassDef) -> set[str]:
    """What a class defines: methods, and names that are given to them."""
    names = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    targets = [target for part in node.body if isinstance(part, ast.Assign) for target in part.targets]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}
