"""The catalogue: wrong formulas that students write, each with its name, in the order of their codes."""

from autograder.misconceptions import step_1, step_2, step_3
from autograder.misconceptions.entry import Misconception

CATALOGUE: dict[str, type[Misconception]] = {
    entry.code: entry for chapter in (step_1, step_2, step_3) for entry in chapter.ENTRIES
}

__all__ = ["CATALOGUE", "Misconception"]
