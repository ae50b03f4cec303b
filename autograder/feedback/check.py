"""A judgement in words: a card in HTML, the same as text of 79 columns, and as JSON. `check` makes one."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from autograder._language import _
from autograder.course.own_exercises import BOOK, Course, load, own_source
from autograder.diagnosis.assess import Judgement, assess
from autograder.exercises import ALL_EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.facts import Fact
from autograder.feedback.card import card_html
from autograder.feedback.card_text import card_text, step_text
from autograder.feedback.case_view import case_view
from autograder.feedback.done import RIGHT_SO_FAR, NextExercise, next_exercise
from autograder.feedback.first_prints import FirstPrints
from autograder.feedback.ladder import LINE, HelpFor, HelpStep, steps_for
from autograder.feedback.small_case import SmallCase, smallest_failing_case
from autograder.feedback.view import Card, causes_of, check_lines, symbol_of, wrong_numbers
from autograder.feedback.words import (
    CAUTION,
    check_message,
    check_name,
    error_words,
    headline,
    next_words,
    note_words,
)

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

    def __init__(
        self,
        judgement: Judgement,
        notes: tuple[Fact, ...] = (),
        exercise: Exercise | None = None,
        case: SmallCase | None = None,
        printed: str = "",
        after: NextExercise | None = None,
    ) -> None:
        self.judgement = judgement
        self.notes = tuple(map(note_words, (*judgement.notes, *notes)))
        self.exercise = exercise or ALL_EXERCISES.get(judgement.exercise_id)
        self.case = case
        self.printed = printed
        self.after = after

    @property
    def headline(self) -> str:
        """One line: how much of the exercise is right."""
        return headline(self.judgement)

    @property
    def card(self) -> Card:
        """All that is shown."""
        j = self.judgement
        graded = j.status == "graded"
        right = graded and j.fraction >= 1
        # The headline has it.
        told = error_words(j.error) if j.error is not None else ""
        return Card(
            id=j.exercise_id,
            headline=self.headline,
            symbol=symbol_of(graded, j.fraction),
            causes=causes_of(j, self.exercise, self.case),
            checks=check_lines(j.checks) if graded else [],
            notes=self.notes,
            numbers=wrong_numbers(j) if self.case is None else None,
            case=case_view(self.case, told) if self.case is not None else None,
            steps=self._silent_steps() if not right else (),
            printed=self.printed,
            praise=_(self.exercise.help.right) if right and self.exercise is not None else "",
            next=next_words(self.after) if right and self.after is not None else "",
            # The traceback of a stub says nothing that the headline doesn't.
            detail=j.error.detail if j.error is not None and (graded or j.unwritten is None) else "",
            caution=_(CAUTION),
        )

    def _silent_steps(self) -> tuple[HelpStep, ...]:
        """Help where no mistake has a name."""
        if self.judgement.mistakes or self.exercise is None:
            return ()
        return steps_for(self.exercise, HelpFor(None, self.judgement, self.case))

    @property
    def text(self) -> str:
        """The card as plain text of at most 79 columns."""
        return card_text(self.card)

    def help(self, most: int = LINE) -> None:
        """Print the steps of help one below the other, up to this level, 1 to 4."""
        for cause in self.card.causes:
            _print_steps(cause.steps, most)
        _print_steps(self.card.steps, most)

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
            "help": [
                {"level": step.level, "text": step_text(step)}
                for steps in (*(cause.steps for cause in self.card.causes), self.card.steps)
                for step in steps
            ],
            "advice_only": _(CAUTION),
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


def _print_steps(steps: Iterable[HelpStep], most: int) -> None:
    for step in steps:
        if step.level <= most:
            print(step_text(step))


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
        _(
            "counting the points of {exercise_id}: no notebook in {name}/ has a test cell with "
            "that grade_id; run this in the folder of the released notebook",
            exercise_id=exercise_id,
            name=Path.cwd().name,
        )
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
            _(
                "check: given {function!r:.60}; expected a function: write check(hidden_delta), "
                "without quotes and without calling it",
                function=function,
            )
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
        hint = (
            _("did you mean {name}?", name=near[0])
            if near
            else _("expected one of {names}", names=", ".join(course.exercises))
        )
        raise ValueError(
            _("check: given a function named {name}, which is no exercise; {hint}", name=name, hint=hint)
        )
    return feedback_on(course, course.exercises[name], FirstPrints(function, name), _foreign(function))


def feedback_on(
    course: Course, exercise: Exercise, call: FirstPrints, notes: tuple[Fact, ...] = ()
) -> Feedback:
    """Judge with public numbers, and look for the smallest case that is wrong."""
    judgement = assess(exercise, call, b"public", public=True, course=course)
    case = smallest_failing_case(exercise, call, judgement)
    right = judgement.status == "graded" and judgement.fraction >= 1
    after = next_exercise(exercise, course.exercises) if right else None
    RIGHT_SO_FAR.discard(exercise.id)
    RIGHT_SO_FAR.update([exercise.id] if right else [])
    return Feedback(judgement, notes, exercise, case, call.printed, after)


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
