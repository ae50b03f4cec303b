"""What an entry of the catalogue is: a wrong formula with a name, written as a change to one slot of the recipe."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, TypeAlias

WrongFormula: TypeAlias = Callable[..., Any]
Variant: TypeAlias = Mapping[str, WrongFormula]  # slot of the recipe -> what stands there instead

Formulas: TypeAlias = Mapping[str, tuple[WrongFormula, ...]]  # exercise id -> its wrong forms
Rules: TypeAlias = Mapping[str, WrongFormula]


class Misconception:
    """A mistake that students make. Subclasses give every field; their docstring is their page in the book.

    variants change slots of the recipe (see recipe.py), so one variant serves every exercise that runs through its
    slot; formulas answer an exercise by themselves. The first of each is the typical one, which the book shows
    running. rules are the exercises where the diagnosis knows the entry by other means than a formula's numbers.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    sentence: ClassVar[str]
    hint: ClassVar[str]
    equation: ClassVar[str]
    chapter: ClassVar[str]
    snippet: ClassVar[str]  # the wrong code as a student writes it
    variants: ClassVar[tuple[Variant, ...]] = ()
    formulas: ClassVar[Formulas] = {}
    rules: ClassVar[Rules] = {}
    within: ClassVar[tuple[str, ...]] = ()  # if given, the only exercises where the variants bear this name
    applies_to: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        from autograder.misconceptions.slots import exercises_of

        found = [*cls.formulas, *cls.rules]
        for variant in cls.variants[:1]:
            found += [id for id in exercises_of(variant) if not cls.within or id in cls.within]
        cls.applies_to = tuple(dict.fromkeys(found))

    @classmethod
    def also(cls, exercise_id: str, formulas: tuple[WrongFormula, ...]) -> None:
        """More wrong formulas, for one more exercise."""
        cls.formulas = {**cls.formulas, exercise_id: formulas}
        cls.applies_to = tuple(dict.fromkeys((*cls.applies_to, exercise_id)))

    @classmethod
    def forms(cls, exercise_id: str) -> list[WrongFormula]:
        """Every wrong form of it in this exercise, the typical one first, each in the exercise's own shapes."""
        from autograder.misconceptions.slots import exercises_of, replay

        found = [*cls.formulas.get(exercise_id, ())]
        if exercise_id in cls.rules:
            found.append(cls.rules[exercise_id])
        if not cls.within or exercise_id in cls.within:
            found += [
                partial(replay, exercise_id, variant)
                for variant in cls.variants
                if exercise_id in exercises_of(variant)
            ]
        return found

    @classmethod
    def wrong(cls, exercise_id: str, *args: Any) -> Any:
        """What the typical wrong form answers to these arguments."""
        return cls.forms(exercise_id)[0](*args)


@dataclass(frozen=True)
class Atom:
    """One slot exchanged, and the code of the mistake that is."""

    code: str
    slot: str
    formula: WrongFormula
    rank: int = 0  # how many of the entry's other forms in this slot are likelier
