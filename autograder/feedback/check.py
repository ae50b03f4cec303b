"""A judgement in words: a card in HTML, the same as text of 79 columns, and as JSON. `check` makes one."""

import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from autograder.course.own_exercises import BOOK, load, own_source
from autograder.diagnosis.assess import Judgement, assess
from autograder.exercises import EXERCISES
from autograder.feedback.card import card
from autograder.feedback.view import MEANINGS, causes, lines, numbers
from autograder.sandbox.calls import LocalCaller

WIDTH = 79
CAUTION = "This is advice, not a grade: grading uses other numbers than these."
FOREIGN = (
    "backprop",
    "autograder",
    "torch",
    "jax",
    "tensorflow",
    "autograd",
    "scipy",
    "sympy",
    "sklearn",
    "pandas",
    "numba",
)
ENDED = {
    "crashed": "it raises an error",
    "timeout": "it took too long",
    "memory": "it wanted more memory than there is",
    "missing": "no function of this name",
    "not_run": "it was not run",
}


class Feedback:
    """What check() returns: shows itself as a card in Jupyter and as text elsewhere."""

    def __init__(self, judgement: Judgement, notes: tuple[str, ...] = ()) -> None:
        self.judgement = judgement
        self.notes = (*judgement.notes, *notes)

    @property
    def symbol(self) -> str:
        """✓ right, ± in part, × not right, ∅ nothing to judge."""
        j = self.judgement
        if j.status != "graded":
            return "∅"
        return "✓" if j.fraction >= 1 else "±" if j.fraction else "×"

    @property
    def headline(self) -> str:
        """One line: how much of the exercise is right."""
        j = self.judgement
        if j.status != "graded":
            reason = j.error.message if j.error is not None else ""
            stub = j.error.unwritten(_earlier(j.exercise_id)) if j.error is not None else None
            if stub is not None:
                return f"{j.exercise_id}: " + (
                    f"calls {stub}, which is not written yet" if stub else "not written yet"
                )
            return f"{j.exercise_id}: {ENDED.get(j.status, j.status)}" + (f": {reason}" if reason else "")
        if j.fraction >= 1:
            return f"✓ {j.exercise_id}: right on every number tried here"
        if j.fraction:
            return f"± {j.exercise_id}: {j.fraction:.0%} of the points"
        return f"× {j.exercise_id}: not right yet"

    @property
    def text(self) -> str:
        """The card as plain text of at most 79 columns."""
        found = [self.headline]
        for cause in causes(self.judgement):
            if cause.code:
                see = f"; see equation ({cause.equation})" if cause.equation else ""
                found.append(f"→ {cause.sentence}. ({cause.code}, {cause.name}{see}.)")
                found.append(f"  hint: {cause.hint}")
            else:
                found.append(f"→ {cause.sentence}")
        if self.judgement.status == "graded":
            found += [
                f"{'✓' if line.passed else '×'} {line.name}: {line.message}"
                for line in lines(self.judgement.checks)
            ]
        found += [f"note: {note}" for note in self.notes]
        wrapped = [_wrap(self.headline, ""), *(_wrap(line, "  ") for line in found[1:])]
        return "\n".join([*wrapped, *self._table(), _wrap(CAUTION, "")])

    def _table(self) -> Iterator[str]:
        """The student's own numbers with their marks."""
        found = numbers(self.judgement)
        if found is None:
            return
        yield _wrap(f"{found.title}:", "  ")
        width = max(len(number) for row in found.rows for _, number in row)
        fit = (WIDTH - 4) // (width + 4)  # columns of the text; more of them are in the card
        for row in found.rows:
            line = "  ".join(f"{mark} {number:>{width}}" for mark, number in row[:fit])
            yield "    " + line + (" …" if found.more or len(row) > fit else "")
        used = {mark for row in found.rows for mark, _ in row}
        legend = ", ".join(f"{symbol} {meaning}" for symbol, meaning in MEANINGS.items() if symbol in used)
        yield _wrap(f"{found.gap} ({legend}.)", "  ")

    @property
    def html(self) -> str:
        """The card; inline styles only, so that it survives untrusted notebooks and follows a dark theme's colours."""
        j = self.judgement
        return card(
            j.exercise_id,
            self.headline,
            self.symbol,
            causes(j),
            lines(j.checks) if j.status == "graded" else [],
            numbers(j),
            self.notes,
            j.error.detail if j.error is not None and "not written yet" not in self.headline else "",
            CAUTION,
        )

    def to_json(self) -> dict[str, Any]:
        """Status, share of the points, checks and named mistakes as plain JSON values."""
        j = self.judgement
        return {
            "id": j.exercise_id,
            "status": j.status,
            "fraction": j.fraction,
            "headline": self.headline,
            "checks": [{"name": c.name, "passed": c.passed, "message": c.message} for c in j.checks],
            "misconceptions": list(j.codes),
            "sentences": list(j.sentences),
            "pattern": j.pattern,
            "notes": list(self.notes),
            "advice_only": CAUTION,
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


def _wrap(line: str, indent: str) -> str:
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + ("  " if indent else "    "),
        break_on_hyphens=False,
    )


def points(exercise_id: str) -> float:
    """The points of an exercise, from the notebook beside us or else the packaged one; LookupError if none has it."""
    folders = [
        Path.cwd(),
        *(_packaged(EXERCISES[exercise_id].assignment) if exercise_id in EXERCISES else ()),
    ]
    for path in (path for folder in folders for path in sorted(folder.glob("*.ipynb"))):
        try:
            cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
        except (ValueError, AttributeError):  # another file in the student's folder, that is no notebook
            continue
        for cell in cells:
            meta = cell.get("metadata", {}).get("nbgrader", {})
            if meta.get("grade") and meta.get("grade_id") == exercise_id:
                return float(meta["points"])
    raise LookupError(
        f"counting the points of {exercise_id}: no notebook in {Path.cwd().name}/ has a test cell with that grade_id; "
        "run this in the folder of the released notebook"
    )


def _earlier(exercise_id: str) -> tuple[str, ...]:
    """The functions that an answer may call; one of a course's own exercises calls none."""
    return EXERCISES[exercise_id].depends_on if exercise_id in EXERCISES else ()


def _packaged(assignment: str) -> list[Path]:
    package = Path(str(files("autograder")))
    return [package / "notebooks" / assignment, package.parent / "exercises" / assignment]


def check(function: Callable[..., Any]) -> Feedback:
    """Judge the function with public numbers, here and now. TypeError or ValueError say what was given instead."""
    if not callable(function):
        raise TypeError(
            f"check: given {function!r:.60}; expected a function: write check(hidden_delta), without quotes and without "
            "calling it"
        )
    name = str(getattr(function, "__name__", type(function).__name__))
    course = BOOK
    if name not in course.exercises:
        # a course's own exercises lie beside its notebooks
        course = load(own_source(Path.cwd()))
    if name not in course.exercises:  # a lambda, an object, a decorator's: what does the notebook call it?
        bound = sys._getframe(1).f_globals
        name = next((other for other in course.exercises if bound.get(other) is function), name)
    if name not in course.exercises:
        near = get_close_matches(name, course.exercises, n=1)
        hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(course.exercises)}"
        raise ValueError(f"check: given a function named {name}, which is no exercise; {hint}")
    judgement = assess(
        course.exercises[name], LocalCaller(function, name), b"public", public=True, course=course
    )
    return Feedback(judgement, _foreign(function))


def _foreign(function: Callable[..., Any]) -> tuple[str, ...]:
    """A warning for each package that the function's code uses and grading does not have."""
    found = {str(module).split(".")[0] for module in _modules(function, set())}
    return tuple(
        f"This code uses {name}; grading has the standard library and NumPy alone, so it would fail there."
        for name in FOREIGN
        if name in found
    )


def _modules(function: Any, seen: set[int]) -> Iterator[str]:
    """The modules behind every name that a function's code mentions, helper functions of the notebook included."""
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    for name in _names(function.__code__):
        if name in FOREIGN:
            yield name  # import torch inside the function
        value = function.__globals__.get(name)
        if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
            yield from _modules(value, seen)
        elif value is not None:
            yield str(getattr(value, "__module__", None) or getattr(value, "__name__", ""))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
