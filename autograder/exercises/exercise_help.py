"""What an exercise brings to the help that is given with it (see feedback/ladder.py)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ExerciseHelp:
    """Words for who has not begun, the equations that the answer is made of, and lines of it.

    question, compare: the first two steps where nothing is written yet: the shapes, and what is made of what.
    equations: numbers of the book's, or texts with their terms as in misconceptions/equations.py, the most
    important one first. lines: what a right answer has for each of them, in the exercise's own names.
    right: what a right answer has got right, in one sentence. helped_as: (a mistake's code, the parts of the
    answer that are wrong) -> the code of the entry whose steps fit there: one name may be for two places.
    of_parts: what names of parts begin with -> the equation that these parts are made by, where it isn't the
    first.
    """

    question: str = ""
    compare: str = ""
    equations: tuple[str, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    right: str = ""
    helped_as: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    of_parts: Mapping[str, str] = field(default_factory=dict)

    def equation_for(self, number: str) -> str:
        """The equation of this number if it is one of these, else the first; "" where there is none."""
        return number if number in self.equations else next(iter(self.equations), "")

    def equation_of_parts(self, parts: Collection[str]) -> str:
        """The equation that makes all of these parts; "" where there is no one equation of their own."""
        found = {
            next((number for start, number in self.of_parts.items() if part.startswith(start)), "")
            for part in parts
        }
        return found.pop() if len(found) == 1 else ""

    def line_for(self, equation: str) -> str:
        """The line for an equation, else for the first; "" where there is none."""
        return self.lines.get(equation) or next(iter(self.lines.values()), "")


NO_HELP = ExerciseHelp()
