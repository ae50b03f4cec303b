"""What an exercise is to the judge: inputs drawn from a seed, and the expected numbers with their bounds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from autograder.exercises.cases import Case
from autograder.exercises.expected import Target
from autograder.exercises.versions import VERSIONS, Seed, seed_of
from autograder.misconceptions import CATALOGUE

# versions of exercises whose probes are kept, for the next student who has the same
KEPT = 16 * VERSIONS


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function a student writes. No points here: they live in the notebooks alone.

    depends_on: earlier exercises of its notebook, or functions given there, that an answer may call: their mistakes
    cost nothing here (see follow_through.py). per_example: an answer that is right but for a factor 1/m earns three
    quarters.
    """

    id: str
    assignment: str
    draw: Callable[[bytes], list[Case]]
    target: Callable[[Case], Target]
    reference: Callable[..., Any] | None = None  # a right solution; None where only a loss is stated
    depends_on: tuple[str, ...] = ()
    per_example: bool = False
    bonus: bool = False
    # "verdict": an ok and its errors (judging/gradient_check.py); else entry by entry.
    compared_as: Literal["values", "verdict"] = "values"
    restores: bool = field(
        default=False
    )  # works in place and restores: a last-digit change of inputs is no impurity

    @property
    def function(self) -> str:
        """The name of the student's function: the exercise's id."""
        return self.id

    @property
    def codes(self) -> tuple[str, ...]:
        """The catalogue's codes that apply here."""
        return tuple(code for code, entry in CATALOGUE.items() if self.id in entry.exercises())

    def seed(self, seed: Seed, public: bool = False) -> bytes:
        """What this exercise's probes are drawn from (see versions.py)."""
        return seed_of(self.id, seed, public)

    def probes(self, seed: Seed, public: bool = False) -> list[Case]:
        """The calls that judge this exercise, a function of seed and exercise; public ones from the public seed."""
        return list(self.asked(seed, public)[0])

    def asked(self, seed: Seed, public: bool = False) -> tuple[tuple[Case, ...], tuple[Target, ...]]:
        """The same, and what is expected of each."""
        return asked(self, self.seed(seed, public))


@lru_cache(maxsize=KEPT)
def asked(exercise: Exercise, seed: bytes) -> tuple[tuple[Case, ...], tuple[Target, ...]]:
    """The probes of exactly this seed, and what is expected of each."""
    cases = tuple(exercise.draw(seed))
    return cases, tuple(map(exercise.target, cases))
