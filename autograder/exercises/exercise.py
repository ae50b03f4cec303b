"""What an exercise is to the judge: inputs drawn from a seed, and the expected numbers with their bounds."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.cases import Case
from autograder.misconceptions import CATALOGUE

Array: TypeAlias = NDArray
PUBLIC_SEED = b"public"
VERSIONS = 8  # of an exercise's probes in a course
KEPT = 16 * VERSIONS  # versions of exercises whose probes are kept, for the next student who has the same


@dataclass(frozen=True)
class Sheet:
    """A student's question paper: of each exercise one of the versions that the course has, which one being secret.

    A version's networks, and what is expected of them, are worked out once for all who have it.
    """

    course: bytes
    student: bytes

    def version(self, exercise: str) -> bytes:
        """The seed of the version that this student has of the exercise."""
        number = hashlib.sha256(self.student + b"\0" + exercise.encode()).digest()[0] % VERSIONS
        return hashlib.sha256(self.course + bytes([number])).digest()


Seed: TypeAlias = bytes | Sheet


# Not frozen: hundreds are made a submission, and a frozen one takes five times as long.
@dataclass(slots=True, eq=False)
class Leaf:
    """One array (or number) of an answer.

    bounds: rounding errors allowed, entry by entry, in units of u (see rounding.py), or a function that gives them:
    most right answers are right to the last bit, and then nobody asks. kink: what would be added if
    ReLU'(0) were 1 instead of 0. epsilons: how much a small constant takes off the answer, per unit, one entry for each
    place where students put one: "log", inside the loss's logarithms; "sum", below softmax's fraction.
    detour: what is allowed beyond bounds in the inputs' own precision (see rounding.detour).
    pointwise: the input z of which each entry is a function by itself; rounding errors of neighbours along it
    are strangers to each other.
    """

    name: str
    expected: Array
    bounds: Array | Callable[[], Array]
    part: str
    kink: Array | None = None
    epsilons: Mapping[str, Array] = field(default_factory=dict)
    pointwise: Array | None = None
    detour: Callable[[], Array] | None = None

    @property
    def units(self) -> Array:
        """Rounding errors allowed, entry by entry, in units of u."""
        if callable(self.bounds):
            self.bounds = self.bounds()
        return self.bounds


Template: TypeAlias = Any  # Leaf | dict[int, Leaf] | tuple[Template, ...]


@dataclass(slots=True, eq=False)
class Target:
    """The expected answer of one case.

    exact: the arithmetic is exact in float32 and float64, so float32 earns no slack. single: the inputs are
    float32, so their rounding is nobody's fault (and see small_errors.settle). strict: no slack beyond float64's bound. joint: one unit sits
    on ReLU's kink and its one slope c must explain the whole answer; otherwise each entry may choose its own.
    """

    template: Template
    exact: bool = False
    single: bool = False
    strict: bool = False
    joint: bool = False
    parts: tuple[str, ...] = field(init=False)  # the partial-credit groups of its leaves

    def __post_init__(self) -> None:
        self.parts = tuple(dict.fromkeys(leaf.part for leaf in leaves_of(self.template)))


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
        return tuple(code for code, entry in CATALOGUE.items() if self.id in entry.applies_to)

    def seed(self, seed: Seed, public: bool = False) -> bytes:
        """What this exercise's probes are drawn from.

        Exercises that are judged in one process share no numbers: one's inputs may be another's answers.
        """
        if public:
            return PUBLIC_SEED
        version = seed.version(self.id) if isinstance(seed, Sheet) else seed
        return hashlib.sha256(self.id.encode() + b"\0" + version).digest()

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


def generator(seed: bytes, label: str) -> np.random.Generator:
    """Random numbers that depend on seed and label and nothing else."""
    digest = hashlib.sha256(seed + b"\0" + label.encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def expected_of(template: Template) -> Any:
    """The template's expected values, in the answer's structure."""
    return _map(template, lambda leaf: leaf.expected)


def units_of(template: Template) -> Any:
    """The template's error units, in the answer's structure."""
    return _map(template, lambda leaf: leaf.units)


def leaves_of(template: Template) -> list[Leaf]:
    """The template's leaves; a dict's in the order of its keys."""
    if isinstance(template, Leaf):
        return [template]
    items = [template[key] for key in sorted(template)] if isinstance(template, dict) else template
    return [leaf for item in items for leaf in leaves_of(item)]


def _map(template: Template, f: Callable[[Leaf], Any]) -> Any:
    if isinstance(template, Leaf):
        return f(template)
    if isinstance(template, dict):
        return {key: _map(item, f) for key, item in template.items()}
    return tuple(_map(item, f) for item in template)
