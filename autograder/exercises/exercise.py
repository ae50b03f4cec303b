"""What an exercise is, declared: arguments and results by name, probes, how it is judged and explained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise_help import NO_HELP, ExerciseHelp
from autograder.exercises.expected import Target
from autograder.exercises.forward_pass import ForwardPass
from autograder.exercises.given_code import GivenCode
from autograder.exercises.versions import VERSIONS, Seed, seed_of
from autograder.trees import Array

# versions of exercises whose probes are kept, for the next student who has the same
KEPT = 16 * VERSIONS
# The letter of the number of examples. Sentences speak of "one example" only where a shape has this letter.
EXAMPLES = "m"

Size: TypeAlias = str | int


@dataclass(frozen=True)
class Argument:
    """An argument of the student's function, or a result of it (an alias, Result, says so where it is read).

    shape: its sizes as letters or numbers, ("...",) for any shape, () for a number, a name or a function.
    layered: a dict of such arrays, keyed by the layer; sizes that differ from layer to layer have an [l]:
    "n[l]". listed: a list of them instead, layer 1 at place 0.
    branch: a name that chooses a branch of the code: "relu", "softmax".
    """

    name: str
    shape: tuple[Size, ...] = ()
    layered: bool = False
    branch: bool = False
    listed: bool = False

    @property
    def symbol(self) -> str:
        """How a sentence calls it."""
        return f"{self.name}[l]" if self.layered else self.name

    def key(self, layer: int) -> int:
        """Where a layer's array stands in the dict or list."""
        return layer - 1 if self.listed else layer


Result: TypeAlias = Argument


@dataclass(frozen=True)
class Step:
    """A result that is one step of the recipe: its slots, and what comes with some of them exchanged."""

    slots: tuple[str, ...]
    run: Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Oracle:
    """An independent way to the expected answer, None where it has none; error: how far off it may be."""

    answer: Callable[[Case], Any]
    error: float = 0.0


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function a student writes. No points here: they live in the notebooks alone.

    arguments, results: by name, in order. What is declared of them is all that the diagnosis knows of them.
    square: what the probes tagged "square" have in common, "" if there are none.
    letters: what some letters of the shapes stand for, in words.

    parts: what the points are divided over: each part's name, and its share of 1. Empty: the parts that the
    targets name, evenly.

    reference: a right solution; None where only a loss is stated.
    small_answer: the right answer to a small case, read off the stated loss, where there is no reference.
    oracle: what `autograder verify` holds it against.
    depends_on: earlier exercises of its notebook, or functions given there, that an answer may call: their
    mistakes cost nothing here (see follow_through.py). per_example: a factor 1/m too many is the mistake of
    dividing too early, K39. compared_as: entry by entry, or an ok with its errors (gradient_check.py).
    restores: it works in place and restores, so a last-digit change of its inputs is no impurity.

    explained_as: which formulas are replayed on the answers: whole ones, or the recipe's steps with slots
    exchanged: one step alone (steps, one for each result, run on surroundings(**arguments)), a forward
    pass, all deltas, the gradients of a network, the same with a penalty.
    one_by_one: results that a whole formula must give each by itself, () for all at once.
    averaged: the result is a mean over the examples, which a student may leave out beside another mistake.
    forward: the forward pass whose gradients are asked; mistakes in deriving them are named by it too.
    given_code: the code that the statement prints, where its results are asked, or what went into it.
    terms: what an answer may be a sum of, in a case: one or several choices of terms by name, no weights.
    help: words, equations and lines for who is stuck.
    """

    id: str
    assignment: str
    draw: Callable[[bytes], list[Case]]
    target: Callable[[Case], Target]
    reference: Callable[..., Any] | None = None
    small_answer: Callable[..., Any] | None = None
    arguments: tuple[Argument, ...] = field(kw_only=True)
    results: tuple[Result, ...] = field(kw_only=True)
    square: str = "all layers have one width"
    letters: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, float] = field(default_factory=dict)
    oracle: Oracle | None = None
    depends_on: tuple[str, ...] = ()
    per_example: bool = False
    bonus: bool = False
    compared_as: Literal["values", "verdict"] = "values"
    restores: bool = False
    explained_as: Literal["formulas", "steps", "forward", "deltas", "gradients", "penalised gradients"] = (
        "formulas"
    )
    steps: tuple[Step, ...] = ()
    surroundings: Callable[..., Any] | None = None
    one_by_one: tuple[str, ...] = ()
    averaged: bool = False
    forward: ForwardPass | None = None
    given_code: GivenCode | None = None
    terms: Callable[[Case], Sequence[Mapping[str, Array]]] | None = None
    help: ExerciseHelp = NO_HELP

    @property
    def function(self) -> str:
        """The name of the student's function: the exercise's id."""
        return self.id

    @property
    def right_answer(self) -> Callable[..., Any] | None:
        """What gives the right answer to a small case, None where nothing does."""
        return self.reference or self.small_answer

    def result(self, place: int) -> Result:
        """The result at this place of the answer; one that was not declared is called by its number."""
        return self.results[place] if place < len(self.results) else Result(f"result {place + 1}")

    def given(self, case: Case) -> dict[str, Any]:
        """The arguments of a case by their names."""
        return {argument.name: value for argument, value in zip(self.arguments, case.args, strict=True)}

    def sizes(self, args: tuple[Any, ...]) -> dict[str, int]:
        """What the letters stand for in these arguments, without those that differ from layer to layer."""
        found: dict[str, int] = {}
        for argument, value in zip(self.arguments, args, strict=True):
            array = _first(value) if argument.layered else value
            if argument.shape in ((), ("...",)):
                continue
            for letter, size in zip(argument.shape, np.shape(array), strict=True):
                if isinstance(letter, str) and letter.isidentifier():
                    found[letter] = size
        return found

    def layers(self, case: Case) -> int:
        """How many layers a case has; 0 without layered arguments."""
        pairs = zip(self.arguments, case.args, strict=True)
        layered = [(argument, value) for argument, value in pairs if argument.layered]
        return max((len(value) if argument.listed else max(value) for argument, value in layered), default=0)

    def branches(self, case: Case) -> dict[str, str]:
        """The names that choose a branch of the code, by argument."""
        pairs = zip(self.arguments, case.args, strict=True)
        return {argument.name: value for argument, value in pairs if argument.branch}

    def seed(self, seed: Seed, public: bool = False) -> bytes:
        """What this exercise's probes are drawn from (see versions.py)."""
        return seed_of(self.id, seed, public)

    def probes(self, seed: Seed, public: bool = False) -> list[Case]:
        """The calls that judge this exercise: a function of seed and exercise, or of the public seed."""
        return list(self.asked(seed, public)[0])

    def asked(self, seed: Seed, public: bool = False) -> tuple[tuple[Case, ...], tuple[Target, ...]]:
        """The same, and what is expected of each."""
        return asked(self, self.seed(seed, public))


def _first(layers: Any) -> Any:
    """The first array of a dict or list of them."""
    return layers[0] if isinstance(layers, (list, tuple)) else next(iter(layers.values()))


@lru_cache(maxsize=KEPT)
def asked(exercise: Exercise, seed: bytes) -> tuple[tuple[Case, ...], tuple[Target, ...]]:
    """The probes of exactly this seed, and what is expected of each."""
    cases = tuple(exercise.draw(seed))
    return cases, tuple(map(exercise.target, cases))
