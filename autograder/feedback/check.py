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
from autograder.exercises import ALL_EXERCISES
from autograder.facts import Fact
from autograder.feedback.card import card_html
from autograder.feedback.view import Card, NumberTable, causes_of, check_lines, symbol_of, wrong_numbers
from autograder.feedback.words import CAUTION, check_message, check_name, headline, note_words
from autograder.sandbox.calls import LocalCaller

WIDTH = 79
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


class Feedback:
    """What check() returns: shows itself as a card in Jupyter and as text elsewhere."""

    def __init__(self, judgement: Judgement, notes: tuple[Fact, ...] = ()) -> None:
        self.judgement = judgement
        self.notes = tuple(map(note_words, (*judgement.notes, *notes)))

    @property
    def headline(self) -> str:
        """One line: how much of the exercise is right."""
        return headline(self.judgement)

    @property
    def card(self) -> Card:
        """All that is shown."""
        j = self.judgement
        graded = j.status == "graded"
        return Card(
            id=j.exercise_id,
            headline=self.headline,
            symbol=symbol_of(graded, j.fraction),
            causes=causes_of(j),
            checks=check_lines(j.checks) if graded else [],
            notes=self.notes,
            numbers=wrong_numbers(j),
            # The traceback of a stub says nothing that the headline doesn't.
            detail=j.error.detail if j.error is not None and (graded or j.unwritten is None) else "",
            caution=CAUTION,
        )

    @property
    def text(self) -> str:
        """The card as plain text of at most 79 columns."""
        card = self.card
        found = []
        for cause in card.causes:
            if not cause.code:
                found.append(f"→ {cause.sentence}")
                continue
            where = f"; see equation ({cause.equation})" if cause.equation else ""
            found.append(f"→ {cause.sentence}. ({cause.code}, {cause.name}{where}.)")
            found += [f"  hint: {cause.hint}"] if cause.hint else []
        found += [f"{'✓' if line.passed else '×'} {line.name}: {line.message}" for line in card.checks]
        found += [f"note: {note}" for note in card.notes]
        wrapped = [_wrap(card.headline, ""), *(_wrap(line, "  ") for line in found)]
        table = list(_table(card.numbers)) if card.numbers is not None else []
        return "\n".join([*wrapped, *table, _wrap(card.caution, "")])

    @property
    def html(self) -> str:
        """The card; inline styles only, so that it survives untrusted notebooks and follows a dark theme's
        colours.
        """
        return str(card_html(self.card))

    def to_json(self) -> dict[str, Any]:
        """Status, share of the points, checks and named mistakes as plain JSON values."""
        j = self.judgement
        return {
            "id": j.exercise_id,
            "status": j.status,
            "fraction": j.fraction,
            "headline": self.headline,
            "checks": [
                {"name": check_name(check), "passed": check.passed, "message": check_message(check)}
                for check in j.checks
            ],
            "misconceptions": list(j.codes),
            "sentences": list(j.sentences),
            "pattern": j.pattern,
            "notes": list(self.notes),
            "advice_only": CAUTION,
        }

    def __repr__(self) -> str:
        if os.environ.get("NBGRADER_EXECUTION"):
            # Nbgrader gives full marks to any text that is no plain number: it must be the points and
            # nothing else.
            return repr(float(points(self.judgement.exercise_id) * self.judgement.fraction))
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        if os.environ.get("NBGRADER_EXECUTION"):
            return {"text/plain": repr(self)}
        return {"text/plain": self.text, "text/html": self.html}


def _table(table: NumberTable) -> Iterator[str]:
    """The student's own numbers with their marks, as lines of text."""
    yield _wrap(f"{table.title}:", "  ")
    width = max(len(number) for row in table.rows for _, number in row)
    # So many columns fit into the text; more of them are in the card.
    fit = (WIDTH - 4) // (width + 4)
    for row in table.rows:
        line = "  ".join(f"{mark} {number:>{width}}" for mark, number in row[:fit])
        yield "    " + line + (" …" if table.more or len(row) > fit else "")
    yield _wrap(f"{table.gap} ({table.legend}.)", "  ")


def _wrap(line: str, indent: str) -> str:
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + ("  " if indent else "    "),
        break_on_hyphens=False,
    )


def points(exercise_id: str) -> float:
    """The points of an exercise, from the notebook beside us or else the packaged one; LookupError if none
    has it.
    """
    packaged = _packaged(ALL_EXERCISES[exercise_id].assignment) if exercise_id in ALL_EXERCISES else []
    folders = [Path.cwd(), *packaged]
    for path in (path for folder in folders for path in sorted(folder.glob("*.ipynb"))):
        try:
            cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
        except (ValueError, AttributeError):
            # Another file in the student's folder, that is no notebook
            continue
        for cell in cells:
            meta = cell.get("metadata", {}).get("nbgrader", {})
            if meta.get("grade") and meta.get("grade_id") == exercise_id:
                return float(meta["points"])
    raise LookupError(
        f"counting the points of {exercise_id}: no notebook in {Path.cwd().name}/ has a test cell with "
        "that grade_id; run this in the folder of the released notebook"
    )


def _packaged(assignment: str) -> list[Path]:
    package = Path(str(files("autograder")))
    return [package / "notebooks" / assignment, package.parent / "exercises" / assignment]


def check(function: Callable[..., Any]) -> Feedback:
    """Judge the function with public numbers, here and now. TypeError or ValueError say what was given
    instead.
    """
    if not callable(function):
        raise TypeError(
            f"check: given {function!r:.60}; expected a function: write check(hidden_delta), without quotes "
            "and without calling it"
        )
    name = str(getattr(function, "__name__", type(function).__name__))
    course = BOOK
    if name not in course.exercises:
        # A course's own exercises lie beside its notebooks.
        course = load(own_source(Path.cwd()))
    # A lambda, an object, a decorator's: what does the notebook call it?
    if name not in course.exercises:
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


def _foreign(function: Callable[..., Any]) -> tuple[Fact, ...]:
    """A note for each package that the function's code uses and grading does not have."""
    found = {str(module).split(".")[0] for module in _modules(function, set())}
    return tuple(Fact("foreign", (name,)) for name in FOREIGN if name in found)


def _modules(function: Any, seen: set[int]) -> Iterator[str]:
    """The modules behind every name that a function's code mentions, helper functions of the notebook
    included.
    """
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    for name in _names(function.__code__):
        if name in FOREIGN:
            # Import torch inside the function
            yield name
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
