"""What is expected of one call: the right numbers, how far rounding may move each, and their part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from autograder import trees
from autograder.trees import Array


# Not frozen: hundreds are made a submission, and a frozen one takes five times as long.
@dataclass(slots=True, eq=False)
class ExpectedArray:
    """One array (or number) of the expected answer.

    rounding: error units, entry by entry, in units of u (see rounding.py), or a function that gives them:
    most right answers are right to the last bit, and then nobody asks. kink: what would be added if ReLU'(0)
    were 1 instead of 0. epsilons: how much a small constant takes off the answer, per unit, one entry for
    each place where students put one: "log", inside the loss's logarithms; "sum", below softmax's fraction.
    detour: what is allowed beyond the error units in the inputs' own precision (see rounding.detour).
    pointwise: the input z of which each entry is a function by itself; rounding errors of neighbours along
    it are strangers to each other. regions: where entries of one array belong to several parts, each part's
    entries as a mask; `part` is not used then.
    """

    name: str
    expected: Array
    rounding: Array | Callable[[], Array]
    part: str
    kink: Array | None = None
    epsilons: Mapping[str, Array] = field(default_factory=dict)
    pointwise: Array | None = None
    detour: Callable[[], Array] | None = None
    regions: Mapping[str, Array] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the credit that its entries belong to."""
        return tuple(self.regions) or (self.part,)

    @property
    def error_units(self) -> Array:
        """Rounding errors allowed, entry by entry, in units of u."""
        if callable(self.rounding):
            self.rounding = self.rounding()
        return self.rounding


# ExpectedArray | dict[int, ExpectedArray] | tuple[Template, ...]
Template: TypeAlias = Any


@dataclass(slots=True, eq=False)
class Target:
    """The expected answer of one case.

    exact: the arithmetic is exact in float32 and float64, so float32 earns no tolerance. single: the inputs
    are float32, so their rounding is nobody's fault (and see precision.settle). strict: no tolerance beyond
    float64's.
    small_apart: small numbers are asked in a part of their own, so that decimals rounded off cost that one
    alone.
    joint: one unit sits on ReLU's kink and its one slope c must explain the whole answer; otherwise each
    entry may choose its own.
    """

    template: Template
    exact: bool = False
    single: bool = False
    strict: bool = False
    joint: bool = False
    small_apart: bool = False
    # the partial-credit groups of its arrays
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = tuple(dict.fromkeys(part for leaf in leaves_of(self.template) for part in leaf.parts))


def expected_of(template: Template) -> Any:
    """The template's expected values, in the answer's structure."""
    return trees.map_leaves(lambda leaf: leaf.expected, template)


def error_units_of(template: Template) -> Any:
    """The template's error units, in the answer's structure."""
    return trees.map_leaves(lambda leaf: leaf.error_units, template)


def leaves_of(template: Template) -> list[ExpectedArray]:
    """The template's arrays; a dict's in the order of its keys."""
    return list(trees.leaves(template))
