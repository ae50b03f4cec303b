"""A student's request for a second look: a cell of their own with the tag "regrade", under the exercise."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder._language import _
from autograder._text import one_line
from autograder.notebooks.assignment import GradedCell
from autograder.notebooks.notebook import Cell

REGRADE_TAG = "regrade"
# Characters of all that is asked for one exercise.
MOST_ASKED = 600


@dataclass(frozen=True)
class RegradeRequest:
    """What a student asks about an exercise, as one line of text."""

    exercise: str
    text: str


def is_regrade_cell(cell: Cell) -> bool:
    """Is it a request, and nothing to be run? A cell of ours is none, whatever its tags."""
    return cell.grade_id is None and REGRADE_TAG in cell.tags


def regrade_requests(exercises: Sequence[GradedCell], cells: Sequence[Cell]) -> tuple[RegradeRequest, ...]:
    """The requests in a submission's cells, each of the exercise whose cells stand above it, or of the first
    one. What is asked for one exercise in several cells is one request.
    """
    ids = [exercise.id for exercise in exercises]
    if not ids:
        return ()
    asked: dict[str, list[str]] = {}
    current = ids[0]
    for cell in cells:
        if is_regrade_cell(cell):
            asked.setdefault(current, []).append(cell.source)
        name = (cell.grade_id or "").removesuffix("_solution").removesuffix("_statement")
        current = name if name in ids else current
    found = []
    for exercise, texts in asked.items():
        text = one_line("\n".join(texts), MOST_ASKED).strip()
        found.append(RegradeRequest(exercise, text or _("no reason was written")))
    return tuple(found)
