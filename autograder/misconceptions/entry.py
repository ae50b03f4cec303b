"""What an entry of the catalogue is: a wrong formula with a name."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

WrongFormula = Callable[..., Any]


class Misconception:
    """A mistake that students make. Subclasses give every field; their docstring is their page in the book."""

    code: ClassVar[str]
    name: ClassVar[str]
    sentence: ClassVar[str]
    hint: ClassVar[str]
    equation: ClassVar[str]
    chapter: ClassVar[str]
    formulas: ClassVar[Mapping[str, tuple[WrongFormula, ...]]]  # exercise id -> its wrong forms
    applies_to: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        cls.applies_to = tuple(cls.formulas)

    @classmethod
    def wrong(cls, exercise_id: str, *args: Any) -> Any:
        """What the first wrong form answers to these arguments, in the exercise's own shapes."""
        return cls.formulas[exercise_id][0](*args)
