"""What an entry of the catalogue is: a wrong formula with a name, mostly one slot of the recipe exchanged."""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, TypeAlias

from autograder.misconceptions.comparisons import COMPARISONS, Comparison
from autograder.misconceptions.slots import SlotChanges, WrongFormula, exercises_of, replay_recipe

# Exercise id -> its wrong forms.
Formulas: TypeAlias = Mapping[str, tuple[WrongFormula, ...]]
Rules: TypeAlias = Mapping[str, WrongFormula]


# Variants of one slot that are looked for beside another mistake, if an entry doesn't say otherwise.
IN_PAIRS = 3


class Misconception:
    """A mistake that students make. Subclasses give every field; their docstring is their page in the book.

    snippet is the wrong code as a student writes it. variants change slots of the recipe (see slots.py), so
    one variant serves every exercise that runs through its slot; within, if given, names the only exercises
    where they bear this name. in_pairs is how many of the variants of one slot are looked for beside another
    mistake, which costs time with every answer that has no name. formulas answer an exercise by themselves;
    elsewhere are those of other chapters' exercises. The first of each is the typical one, which the book
    shows running. rules are the exercises where the diagnosis knows the entry by other means than a formula's
    numbers.

    terms, compare, equation_of_help, line: the steps of help after the hint: the terms of the equation that
    the mistake is in, two things to hold side by side, the equation and the line where they are others than
    the exercise's. The book's own stand in comparisons/.

    credit: what is kept of a part of the points where this mistake alone gives just the part's numbers, 0 to
    1; credit_only, if given, the tag of the only cases where it may show for that.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    sentence: ClassVar[str]
    hint: ClassVar[str]
    equation: ClassVar[str] = ""
    chapter: ClassVar[str]
    snippet: ClassVar[str]
    variants: ClassVar[tuple[SlotChanges, ...]] = ()
    within: ClassVar[tuple[str, ...]] = ()
    in_pairs: ClassVar[int] = IN_PAIRS
    formulas: ClassVar[Formulas] = {}
    elsewhere: ClassVar[Formulas] = {}
    rules: ClassVar[Rules] = {}
    terms: ClassVar[tuple[str, ...]] = ()
    compare: ClassVar[str] = ""
    equation_of_help: ClassVar[str] = ""
    line: ClassVar[str] = ""
    credit: ClassVar[float] = 0.0
    credit_only: ClassVar[str] = ""

    @classmethod
    def explanation(cls) -> str:
        """What its docstring says, in one line: its page in the book."""
        return inspect.cleandoc(cls.__doc__ or "").replace("\n", " ")

    @classmethod
    def comparison(cls) -> Comparison:
        """The steps of help that come after the hint."""
        own = Comparison(cls.terms, cls.compare, cls.equation_of_help, cls.line)
        return own if any(own) else COMPARISONS.get(cls.code, own)

    @classmethod
    def exercises(cls) -> tuple[str, ...]:
        """The ids of the exercises in which it shows, those of its own chapter first."""
        through_slots = [
            id for variant in cls.variants[:1] for id in exercises_of(variant) if cls._bears_name(id)
        ]
        return tuple(dict.fromkeys((*cls.formulas, *cls.rules, *through_slots, *cls.elsewhere)))

    @classmethod
    def one_step(cls) -> bool:
        """Does it hit one step of the recipe alone?"""
        return bool(cls.variants)

    @classmethod
    def formulas_of(cls, exercise_id: str) -> tuple[WrongFormula, ...]:
        """The formulas that answer this exercise by themselves."""
        return (*cls.formulas.get(exercise_id, ()), *cls.elsewhere.get(exercise_id, ()))

    @classmethod
    def forms(cls, exercise_id: str) -> list[Callable[..., Any]]:
        """Every wrong form of it in this exercise, the typical one first: functions like the student's."""
        found = [*cls.formulas_of(exercise_id)]
        if exercise_id in cls.rules:
            found.append(cls.rules[exercise_id])
        if cls._bears_name(exercise_id):
            found += [
                partial(replay_recipe, exercise_id, v) for v in cls.variants if exercise_id in exercises_of(v)
            ]
        return found

    @classmethod
    def wrong(cls, exercise_id: str, *args: Any) -> Any:
        """What the typical wrong form answers to these arguments."""
        return cls.forms(exercise_id)[0](*args)

    @classmethod
    def _bears_name(cls, exercise_id: str) -> bool:
        """Are the variants called by this entry's name in this exercise?"""
        return not cls.within or exercise_id in cls.within
