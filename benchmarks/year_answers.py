"""What students of the year hand in: right, wrong and untouched answers, and what each is worth."""

import functools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.grading.grade_submission import grade
from autograder.notebooks.submission import load_assignment
from tests.support.in_process import InProcess

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("right", "wrong", "blank")
# Mistakes with a name where one is at hand; elsewhere a function that has no answer.
WRONG = {
    "hidden_delta": "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n",
    "layer_gradients": (
        "def layer_gradients(delta, a_prev):\n    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)\n"
    ),
    "affine": "def affine(W, b, a):\n    return W @ a\n",
    "sigmoid": "def sigmoid(z):\n    return 1 / (1 + np.exp(-z)) ** 2\n",
}
# A solution's cell in solutions/*.md: its exercise, its code
SOLUTION = re.compile(r'"grade_id": "(\w+)_solution"[^\n]*\n\n(.*?)\n```', re.DOTALL)
Content = dict[str, Any]


def _cells(content: Content) -> dict[str, Content]:
    """Cells by their grade_id."""
    cells = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), cell) for cell in content["cells"])
    return {name: cell for name, cell in cells if name}


def exercises_of(name: str) -> dict[str, float]:
    """The assignment's exercises with their points."""
    content = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_bytes())
    roles = [cell["metadata"]["nbgrader"] for cell in _cells(content).values()]
    return {role["grade_id"]: float(role["points"]) for role in roles if role["grade"]}


class Answers:
    """Notebooks by what stands in them, and each exercise's share of its points, asked once."""

    def __init__(self, names: Sequence[str]) -> None:
        texts = {
            name: (ROOT / "solutions" / name / f"{name}.md").read_text(encoding="utf-8") for name in names
        }
        self._right = {name: dict(SOLUTION.findall(text)) for name, text in texts.items()}

    def notebook(self, name: str, kinds: Mapping[str, str]) -> bytes:
        """The assignment with an answer of that kind for each exercise."""
        content = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_bytes())
        cells = _cells(content)
        for exercise, kind in kinds.items():
            cell = cells.get(f"{exercise}_solution", cells[exercise])
            if kind != "blank":
                cell["source"] = self._answer(name, exercise, kind, cell["cell_type"])
        return json.dumps(content).encode()

    def _answer(self, name: str, exercise: str, kind: str, cell_type: str) -> str:
        if cell_type == "markdown":
            return f"The target decides the output's g: a {kind} text."
        if kind == "right":
            return self._right[name][exercise]
        return WRONG.get(exercise, f"def {exercise}(*arguments):\n    return None\n")

    @functools.cache  # noqa: B019 -- one Answers a run
    def _shares(self, name: str, kinds: frozenset[tuple[str, str]]) -> dict[str, float]:
        report, _ = grade(
            load_assignment(None, name),
            self.notebook(name, dict(kinds)),
            student="somebody",
            seed="another seed than the course's",
            zygote=InProcess(),
        )
        return {e.id: e.score / e.max_score for e in report.exercises if e.status != "manual"}

    def fraction(self, name: str, kinds: Mapping[str, str], exercise: str) -> float | None:
        """What share of the exercise's points a notebook with these answers earns, by another seed than the
        course's; None where a person has to say.
        """
        return self._shares(name, frozenset(kinds.items())).get(exercise)
