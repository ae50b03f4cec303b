"""How many of a student's functions are the book's line for line: a fact, and no accusation.

The book prints its own functions, and asks its readers to write them again.
"""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import backprop


@dataclass(frozen=True)
class BookLines:
    """One student's functions that have the name of one of the book's: of so many, and alike, those whose
    lines are the book's too.
    """

    student: str
    alike: tuple[str, ...]
    of: int


def book_lines(sources: Mapping[str, Mapping[str, str]]) -> dict[str, BookLines]:
    """By student. sources: assignment -> student -> code."""
    theirs: dict[str, dict[str, str]] = {}
    for by_student in sources.values():
        for student, source in by_student.items():
            theirs.setdefault(student, {}).update(functions_in(source))
    book = _functions_of_the_book()
    return {
        student: BookLines(
            student,
            tuple(sorted(name for name, lines in found.items() if lines == book.get(name))),
            len(found.keys() & book.keys()),
        )
        for student, found in theirs.items()
    }


def functions_in(source: str) -> dict[str, str]:
    """A source's functions by name, as lines without comments, docstring and annotations; {} if no Python."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {node.name: _lines(node) for node in body if isinstance(node, ast.FunctionDef)}


@cache
def _functions_of_the_book() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in backprop.__all__:
        part = getattr(backprop, name)
        if inspect.isfunction(part):
            found |= functions_in(inspect.getsource(part))
    return found


def _lines(node: ast.FunctionDef) -> str:
    """What of a function is run, on one line each."""
    body = node.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
    lines = [f"def {node.name}({', '.join(names)}):"]
    for statement in body:
        lines.append(ast.unparse(_bare(statement)))
    return "\n".join(lines)


def _bare(statement: ast.stmt) -> ast.stmt:
    """A statement without the annotation of what it assigns."""
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        assigned = ast.Assign([statement.target], statement.value)
        return ast.fix_missing_locations(ast.copy_location(assigned, statement))
    return statement
