"""Marks every code cell for the page's scripts; without JavaScript a cell is its code and its saved
output.
"""

import ast
import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
REMOVED = re.compile(r"tags:.*\bremove[-_](?:cell|input)\b")
PYTHON = (None, "ipython3", "ipython", "python", "python3")


class live_cell(nodes.General, nodes.Element):
    """One code cell: `name`, `number`, `exercise` (a function's name or ""), `tags`, `fold` (the function of
    an exercise that it gives away, or "").
    """


class live_output(nodes.General, nodes.Element):
    """The saved output of a cell, which a run replaces."""


def defined_in(source: str) -> list[str]:
    """The functions that a cell defines."""
    try:
        return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return []


def exercise_name(source: str) -> str:
    """The function an exercise cell is about: the last one it defines."""
    names = defined_in(source)
    return names[-1] if names else ""


def refuse_removed(_app: Sphinx, docname: str, source: list[str]) -> None:
    """A page can run only the code that stands on it: cells may be folded, not removed."""
    if REMOVED.search(source[0]):
        logger.warning(
            "a cell is tagged remove-cell or remove-input, so the page's other cells could not be run in a "
            "browser; hide-input folds it instead",
            location=docname,
        )


def versions() -> Callable[[str], str]:
    """A name for each text of a page's cells: its hash, and a number where the same text comes again."""
    seen: dict[str, int] = {}

    def version(text: str) -> str:
        name = hashlib.sha256(text.encode()).hexdigest()[:10]
        seen[name] = seen.get(name, 0) + 1
        return name if seen[name] == 1 else f"{name}-{seen[name]}"

    return version


def wrap_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Put a live_cell around each cell's container and a live_output around its outputs."""
    version = versions()
    found = list(_python_cells(doctree))
    asked = {exercise_name(code.astext()) for _, code, tags in found if "exercise" in tags}
    for number, (cell, code, tags) in enumerate(found, start=1):
        exercise = exercise_name(code.astext()) if "exercise" in tags else ""
        name = exercise or f"cell-{number}"
        given_away = [] if tags & {"exercise", "mistake"} else defined_in(code.astext())
        wrapper = live_cell(
            ids=[f"exercise-{exercise}" if exercise else f"live-cell-{number}"],
            name=name,
            number=number,
            exercise=exercise,
            tags=" ".join(sorted(tags)),
            version=version(code.astext()),
            fold=next((function for function in given_away if function in asked), ""),
        )
        parent, at = cell.parent, cell.parent.index(cell)
        outputs = [
            c
            for c in cell.children
            if isinstance(c, nodes.container) and c.get("nb_element") == "cell_code_output"
        ]
        holder = live_output()
        for output in outputs:
            cell.remove(output)
            holder += output
        parent.remove(cell)
        wrapper += cell
        wrapper += holder
        parent.insert(at, wrapper)


def _python_cells(doctree: nodes.document) -> Iterator[tuple[nodes.container, nodes.literal_block, set[str]]]:
    """Each cell of Python, with its code and its tags."""
    for cell in list(doctree.findall(nodes.container)):
        if cell.get("nb_element") != "cell_code":
            continue
        code = next(iter(cell.findall(nodes.literal_block)), None)
        if code is not None and code.get("language") in PYTHON:
            yield cell, code, {c.removeprefix("tag_") for c in cell["classes"] if c.startswith("tag_")}


def visit_cell(self: Any, node: live_cell) -> None:
    """<div data-live-cell=...>."""
    attributes = {
        "data-live-cell": node["name"],
        "data-live-state": "saved",
        "data-live-version": node["version"],
        "data-live-number": "" if node["exercise"] else str(node["number"]),
        "data-tags": node["tags"],
    }
    if node["fold"]:
        attributes |= {"data-fold": node["fold"], "data-fold-state": "open"}
    if node["exercise"]:
        attributes["data-exercise"] = node["exercise"]
    self.body.append(self.starttag(node, "div", CLASS="live-cell", **attributes))


def visit_output(self: Any, node: live_output) -> None:
    """<div data-live-output>."""
    self.body.append(self.starttag(node, "div", CLASS="live-output", **{"data-live-output": ""}))


def depart(self: Any, _node: nodes.Element) -> None:
    """Close the div."""
    self.body.append("</div>\n")


def nothing(_self: Any, _node: nodes.Element) -> None:
    """In LaTeX or text a live cell is a cell."""


def register(app: Sphinx) -> None:
    """The two nodes, and the pass that places them."""
    others = {"latex": (nothing, nothing), "text": (nothing, nothing)}
    app.add_node(live_cell, html=(visit_cell, depart), **others)
    app.add_node(live_output, html=(visit_output, depart), **others)
    app.connect("source-read", refuse_removed)
    app.connect("doctree-read", wrap_cells, priority=900)
