"""Marks every code cell for the page's scripts; without JavaScript a cell is its code and its saved output."""

import ast
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

HIDDEN = {"remove-input", "remove-cell", "remove_input", "remove_cell"}


class live_cell(nodes.General, nodes.Element):
    """One code cell: `name`, `exercise` (a function's name or ""), `tags`."""


class live_output(nodes.General, nodes.Element):
    """The saved output of a cell, which a run replaces."""


def exercise_name(source: str) -> str:
    """The function an exercise cell is about: the last one it defines."""
    try:
        names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        names = []
    return names[-1] if names else ""


def wrap_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Put a live_cell around each cell's container and a live_output around its outputs."""
    number = 0
    for cell in list(doctree.findall(nodes.container)):
        if cell.get("nb_element") != "cell_code":
            continue
        tags = {c.removeprefix("tag_") for c in cell["classes"] if c.startswith("tag_")}
        code = next(iter(cell.findall(nodes.literal_block)), None)
        if (
            tags & HIDDEN
            or code is None
            or code.get("language") not in (None, "ipython3", "ipython", "python", "python3")
        ):
            continue
        number += 1
        exercise = exercise_name(code.astext()) if "exercise" in tags else ""
        name = exercise or f"cell-{number}"
        wrapper = live_cell(name=name, exercise=exercise, tags=" ".join(sorted(tags)))
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


def visit_cell(self: Any, node: live_cell) -> None:
    """<div data-live-cell=...>."""
    attributes = {"data-live-cell": node["name"], "data-live-state": "saved", "data-tags": node["tags"]}
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
    app.connect("doctree-read", wrap_cells, priority=900)
