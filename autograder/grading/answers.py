"""Which answer a person has graded: a digest of what was handed in for each exercise.

A score that a person gave holds as long as the answer under it is the same.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from autograder.notebooks.assignment import has_role
from autograder.notebooks.notebook import Cell, NotebookError, read_notebook
from autograder.notebooks.regrade_cells import is_regrade_cell


def answer_digests(cells: Iterable[Cell]) -> dict[str, str]:
    """Exercise -> digest of its solution cell and of every other cell of the student's that defines its name.
    An essay's is that of its text.
    """
    cells = list(cells)
    answers: dict[str, list[str]] = {}
    for cell in cells:
        if has_role(cell, "solution") and cell.grade_id is not None:
            answers.setdefault(cell.grade_id.removesuffix("_solution"), []).append(cell.source)
    for cell in cells:
        if cell.cell_type == "code" and cell.grade_id is None and not is_regrade_cell(cell):
            for name in answers:
                if re.search(rf"^(?:async +def|def|class)? *{re.escape(name)}\b", cell.source, re.MULTILINE):
                    answers[name].append(cell.source)
    return {name: _digest(sources) for name, sources in answers.items()}


def digests_on_disk(autograded: Path) -> dict[str, str]:
    """The same of a notebook in autograded/, which is what a person has seen; none if it can't be read."""
    try:
        return answer_digests(read_notebook(autograded.read_bytes()).cells)
    except (OSError, NotebookError):
        return {}


def _digest(sources: list[str]) -> str:
    text = "\0".join("\n".join(line.rstrip() for line in source.strip().split("\n")) for source in sources)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
