"""A notebook in another language than its released one: which it is in, and the released one with its words.

Its text cells are translated, and so are docstrings and comments in its code; what the code does is the same.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.notebooks.assignment import Assignment, has_role
from autograder.notebooks.notebook import Cell

SPEAKS = re.compile(r'^use_language\("(\w+)"\)$', re.MULTILINE)


def language_of(cells: Sequence[Cell]) -> str:
    """The code of the language that a cell asks for by `use_language("es")`; "" if none does."""
    found = (SPEAKS.search(cell.source) for cell in cells if cell.cell_type == "code")
    return next((match[1] for match in found if match), "")


def in_its_words(assignment: Assignment, cells: Sequence[Cell]) -> Assignment:
    """The released notebook with the words of one in another language: its texts, and of its code what
    differs in docstrings and comments alone.
    """
    own = {cell.grade_id: cell for cell in cells if cell.grade_id is not None}

    def said(cell: Cell) -> Cell:
        given = own.get(cell.grade_id or "")
        if given is None or given.cell_type != cell.cell_type:
            return cell
        if cell.cell_type == "code":
            same = without_words(given.source) == without_words(cell.source)
        else:
            same = not has_role(cell, "solution")
        return replace(cell, source=given.source) if same else cell

    return replace(assignment, cells=tuple(map(said, assignment.cells)))


def without_words(source: str) -> str:
    """Code as a tree without docstrings and comments; the text itself where it is no Python."""
    try:
        tree = ast.parse(SPEAKS.sub("", source).replace("import check, use_language", "import check"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:]
    return ast.dump(tree)
