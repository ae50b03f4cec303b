"""The exercise in the page is the notebook's: before its cell stand the statement and the names that it has.

The text comes from exercises/<page>/<page>.ipynb, so a page and its notebook never say two things.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import basename
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from autograder._language import _
from live_book.directives import exercises

# What every notebook begins with
CHECKING = {"check", "use_language"}
# A cell tagged exercise, with the function that it asks for
CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n:tags: \[[^\]\n]*\bexercise\b[^\]\n]*\]\n(?:(?!^```).*\n)*?def (\w+)\(",
    re.MULTILINE,
)
TAG = re.compile(r"\\tag\{([^}]*)\}")


def notebook_path(config: Config, page: str) -> Path:
    """Where the released notebook of a page lies, if it has one."""
    name = basename(page)
    return exercises(config) / name / f"{name}.ipynb"


def statements(notebook: dict[str, Any]) -> dict[str, str]:
    """The statement of each exercise as Markdown for a page: its heading one level lower, equations without a
    number of their own beside the page's.
    """
    found = {}
    for cell in notebook["cells"]:
        name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        if cell["cell_type"] == "markdown" and name.endswith("_statement"):
            text = re.sub(r"^## ", "### ", "".join(cell["source"]), flags=re.MULTILINE)
            found[name.removesuffix("_statement")] = TAG.sub(r"\\qquad(\\text{\1})", text)
    return found


def given_names(notebook: dict[str, Any]) -> list[str]:
    """What the notebook's own cells define besides its exercises: "np", "g_prime(name, z)"."""
    found: list[str] = []
    for cell in notebook["cells"]:
        role = cell.get("metadata", {}).get("nbgrader", {})
        if cell["cell_type"] == "code" and not role.get("grade") and not role.get("solution"):
            found += _names("".join(cell["source"]))
    return [name for name in dict.fromkeys(found) if name not in CHECKING]


def _names(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.FunctionDef):
            yield f"{node.name}({', '.join(arg.arg for arg in node.args.args)})"
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def names_line(names: list[str], others: list[str]) -> str:
    """What an exercise's cell can use, in a line."""
    said = [f"`{name}`" for name in names]
    own = _(" and your own {names}", names=_listed([f"`{name}`" for name in others])) if others else ""
    return _("*You have* {names}{own}.", names=", ".join(said), own=own)


def _listed(names: list[str]) -> str:
    return _(" and ").join(filter(None, (", ".join(names[:-1]), names[-1])))


def add_statements(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put each statement before the cell of its exercise."""
    path = notebook_path(app.config, docname)
    asked = CELL.findall(source[0])
    if not asked or not path.is_file():
        return
    app.env.note_dependency(str(path))
    notebook = json.loads(path.read_text(encoding="utf-8"))
    texts, names = statements(notebook), given_names(notebook)

    def stated(match: re.Match[str]) -> str:
        name = match[1]
        others = asked[: asked.index(name)]
        return f"{texts.get(name, '')}\n\n{names_line(names, others)}\n\n{match[0]}"

    source[0] = CELL.sub(stated, source[0])


def register(app: Sphinx) -> None:
    """Before the page is parsed."""
    app.connect("source-read", add_statements)
