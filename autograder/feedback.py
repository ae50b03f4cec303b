"""A judgement in words: a card in HTML, the same as text of 79 columns, and as JSON. `check` makes one."""

import html
import json
import os
import textwrap
from collections.abc import Callable
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from autograder.cases import LocalCaller
from autograder.exercises import EXERCISES
from autograder.judge import Judgement, judge
from autograder.misconceptions import CATALOGUE

WIDTH = 79
CAUTION = "This is advice, not a grade: grading uses other numbers than these."
FOREIGN = ("backprop", "torch", "jax", "tensorflow", "autograd", "scipy", "sympy", "sklearn", "pandas")


class Feedback:
    """What check() returns: shows itself as a card in Jupyter and as text elsewhere."""

    def __init__(self, judgement: Judgement, notes: tuple[str, ...] = ()) -> None:
        self.judgement = judgement
        self.notes = (*judgement.notes, *notes)

    @property
    def headline(self) -> str:
        """One line: how much of the exercise is right."""
        j = self.judgement
        if j.status != "graded":
            reason = j.error.message if j.error is not None else j.status
            if reason.startswith("NotImplementedError"):
                return f"{j.exercise_id}: not written yet"
            return f"{j.exercise_id}: {j.status}: {reason}"
        if j.fraction >= 1:
            return f"✓ {j.exercise_id}: right on every number tried here"
        return (
            f"± {j.exercise_id}: {j.fraction:.0%} of the points"
            if j.fraction
            else f"× {j.exercise_id}: not right yet"
        )

    @property
    def cause(self) -> tuple[str, ...]:
        """The named mistakes, each with its equation and hint, or the pattern of the errors."""
        j = self.judgement
        named = tuple(
            f"{code}, {CATALOGUE[code].name}: {sentence}. See equation ({CATALOGUE[code].equation}). "
            f"Hint: {CATALOGUE[code].hint}"
            for code, sentence in zip(j.codes, j.sentences, strict=False)
        )
        return named or ((j.pattern,) if j.pattern else ())

    @property
    def text(self) -> str:
        """The card as plain text of at most 79 columns."""
        lines = [self.headline]
        if self.judgement.status == "graded":
            lines += [f"  {'✓' if c.passed else '×'} {c.name}: {c.message}" for c in self.judgement.checks]
        lines += [f"  → {sentence}" for sentence in self.cause]
        lines += [f"  note: {note}" for note in self.notes]
        lines.append(CAUTION)
        return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="    ") for line in lines)

    @property
    def html(self) -> str:
        """The card; inline styles only, so that it survives untrusted notebooks and follows a dark theme's colours."""
        escape = html.escape
        checks = "".join(
            f"<li><b aria-hidden='true'>{'✓' if c.passed else '×'}</b> {escape(c.name)}: {escape(c.message)}</li>"
            for c in (self.judgement.checks if self.judgement.status == "graded" else ())
        )
        template = Template((files("autograder") / "templates" / "card.html").read_text(encoding="utf-8"))
        return template.substitute(
            id=escape(self.judgement.exercise_id),
            headline=escape(self.headline),
            checks=checks,
            cause="".join(f'<p style="margin:0.7em 0 0"><b>{escape(s)}</b></p>' for s in self.cause),
            notes="".join(f'<p style="margin:0.7em 0 0">Note: {escape(n)}</p>' for n in self.notes),
            caution=escape(CAUTION),
        )

    def to_json(self) -> dict[str, Any]:
        """Status, share of the points, checks and named mistakes as plain JSON values."""
        j = self.judgement
        return {
            "id": j.exercise_id,
            "status": j.status,
            "fraction": j.fraction,
            "checks": [{"name": c.name, "passed": c.passed, "message": c.message} for c in j.checks],
            "misconceptions": list(j.codes),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        if os.environ.get("NBGRADER_EXECUTION"):
            # nbgrader gives full marks to any text that is no plain number: it must be the points and nothing else.
            return repr(float(points(self.judgement.exercise_id) * self.judgement.fraction))
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        if os.environ.get("NBGRADER_EXECUTION"):
            return {"text/plain": repr(self)}
        return {"text/plain": self.text, "text/html": self.html}


def points(exercise_id: str) -> float:
    """The points of an exercise, from the notebook beside us or else the packaged one; LookupError if none has it."""
    folders = [Path.cwd(), *_packaged(EXERCISES[exercise_id].assignment)]
    for path in (path for folder in folders for path in sorted(folder.glob("*.ipynb"))):
        for cell in json.loads(path.read_text(encoding="utf-8")).get("cells", []):
            meta = cell.get("metadata", {}).get("nbgrader", {})
            if meta.get("grade") and meta.get("grade_id") == exercise_id:
                return float(meta["points"])
    raise LookupError(
        f"counting the points of {exercise_id}: no notebook in {Path.cwd().name}/ has a test cell with that grade_id; "
        "run this in the folder of the released notebook"
    )


def _packaged(assignment: str) -> list[Path]:
    package = Path(str(files("autograder")))
    return [package / "notebooks" / assignment, package.parent / "exercises" / assignment]


def check(function: Callable[..., Any]) -> Feedback:
    """Judge the function with public numbers, here and now. TypeError or ValueError say what was given instead."""
    if not callable(function):
        raise TypeError(
            f"check: given {function!r:.60}; expected a function: write check(hidden_delta), without quotes"
        )
    name = str(getattr(function, "__name__", type(function).__name__))
    if name not in EXERCISES:
        near = get_close_matches(name, EXERCISES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(EXERCISES)}"
        raise ValueError(f"check: given a function named {name}, which is no exercise; {hint}")
    judgement = judge(EXERCISES[name], LocalCaller(function, name), b"public", public=True)
    return Feedback(judgement, _foreign(function))


def _foreign(function: Callable[..., Any]) -> tuple[str, ...]:
    """A warning for each package that the notebook uses and grading does not have."""
    modules = {
        str(getattr(value, "__module__", None) or getattr(value, "__name__", "")).split(".")[0]
        for value in getattr(function, "__globals__", {}).values()
        if getattr(value, "__name__", "") != "check"
    }
    return tuple(
        f"This notebook uses {name}; grading has the standard library and NumPy alone, so it would fail there."
        for name in FOREIGN
        if name in modules
    )
