"""Tests that tell a mistake's small errors from rounding's, each with thresholds and a rate of false alarms.

Rounding goes up and down and knows no neighbours. What is added, left out or cut off shows as a bias, a
factor, a curve, as decimals, or in few entries only. The tests look at a group of answers whose errors lie
between float64's bound and float32's.

false_alarms is the share of groups of right answers, computed in float32 in whole or in part, that a test
alone takes for a mistake's: measured by `python benchmarks/false_alarms.py`. None did in 52,808 groups of 20
seeds, so the rates are below 0.0001.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from autograder._language import N_, _
from autograder.exercises.rounding import ROUTES, U32, U64
from autograder.judging.comparison import NEARLY, LeafResult
from autograder.trees import Array

SEVENTH = N_("right to six or seven digits only, and not by rounding: something small is added, or left out")


class SmallErrors:
    """A group of answers with errors between float64's bound and float32's, laid end to end.

    error: answer minus expected. units: rounding errors allowed, in units of u. All are (n,), without the
    entries that no rounding can move. narrow: are most of the answers float32, or numbers that float32
    holds?
    """

    def __init__(self, results: Sequence[LeafResult]) -> None:
        self.results = results
        self.narrow = sum(r.narrow for r in results) * 2 >= len(results)
        error = np.concatenate([error_of(r).ravel() for r in results])
        expected = np.concatenate([r.leaf.expected.ravel() for r in results])
        units = np.concatenate([r.leaf.error_units.ravel() for r in results])
        moved = units > 0
        self.answer = (expected + error)[moved]
        self.error, self.expected, self.units = error[moved], expected[moved], units[moved]

    @cached_property
    def beyond(self) -> Array:
        """Which entries are beyond float64's bound?"""
        return np.abs(self.error) > ROUTES * U64 * self.units

    @cached_property
    def weight(self) -> Array:
        """What makes every error as large as rounding makes any other."""
        return 1 / np.maximum(self.units, 1e-100)

    @cached_property
    def relative(self) -> Array:
        """The sizes of the errors, in error units."""
        return np.abs(self.error) * self.weight

    @cached_property
    def partly_float32(self) -> bool:
        """float64 numbers with float32's errors, larger than differences leave.

        A part was computed in float32 (small, at random), or a small amount was added inside a formula
        (larger, or a smooth function of the answer).
        """
        return not self.narrow and float(self.relative.max(initial=0)) > NEARLY


class ErrorTest(Protocol):
    """One question about small errors: why they are no rounding, "" if they may be."""

    @property
    def false_alarms(self) -> float: ...

    def __call__(self, errors: SmallErrors) -> str: ...


@dataclass(frozen=True)
class FewEntriesOff:
    """Rounding to float32 leaves 0, 1 and saturated entries alone; of the others it spares few."""

    fewest_entries: int = 8
    # Of the entries that float32 can't hold, how many must be off.
    least_share: float = 0.25
    # Of an entry's error units: smaller entries are drowned by the rounding of what they are made of.
    least_size: float = 1e-6
    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        if errors.narrow or errors.beyond.size < self.fewest_entries:
            return ""
        expected = errors.expected
        rounds = (expected != expected.astype(np.float32)) & (
            np.abs(expected) > self.least_size * errors.units
        )
        off = errors.beyond[rounds].sum()
        few = off == 0 or off < self.least_share * rounds.sum()
        return _("only a few entries are off, by a little") if few else ""


@dataclass(frozen=True)
class CutOff:
    """What is off has one or two values, where many are expected: z, or a probability, stops at a limit."""

    fewest_off: int = 4
    most_values: int = 2
    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        answers, expected = errors.answer[errors.beyond], errors.expected[errors.beyond]
        if errors.narrow or answers.size < self.fewest_off:
            return ""
        # expected + (answer - expected) may have lost the answer's last digit.
        values = np.unique(np.round(answers, 14)).size
        cut = values <= self.most_values and np.unique(expected).size > 2 * values
        return _("the numbers stop at a limit: something is cut off") if cut else ""


@dataclass(frozen=True)
class RoundedDecimals:
    """All numbers lie on a grid of decimals.

    A number so large that floats are hardly closer together than the grid lies on it anyway, and tells
    nothing. One so small that rounding it would give 0 is on the grid as 0 alone.
    """

    fewest_entries: int = 4
    digits: tuple[int, ...] = (3, 4, 5, 6, 7, 8, 9)
    # How far off the grid, of its spacing.
    distance: float = 1e-5
    # Of the grid's spacing, the rounding of a number that still tells whether it lies on the grid.
    most_rounding: float = 1e-2
    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        digits = self.of(errors)
        return _("the numbers were rounded to {digits} decimals", digits=digits) if digits else ""

    def of(self, errors: SmallErrors) -> int:
        """To how many decimals the numbers were rounded; 0 if they are on no grid."""
        for digits in self.digits:
            grid = errors.answer * 10.0**digits
            rounding = 4 * U64 * np.abs(grid)
            grid, rounding = grid[rounding < self.most_rounding], rounding[rounding < self.most_rounding]
            if np.count_nonzero(grid) < self.fewest_entries:
                continue
            lost = (np.abs(grid) < 0.5) & (grid != 0)
            on = np.abs(grid - np.rint(grid)) < np.maximum(self.distance, rounding)
            if (on & ~lost).all():
                return digits
        return 0


@dataclass(frozen=True)
class Multiple:
    """The errors are a multiple of something, by a correlation near 1."""

    fewest_entries: int = 3
    # The square of the correlation.
    least_correlation: float = 0.98
    # Over so many entries, or this share of them, the multiple must be spread: where one entry is far
    # larger than the others, its error alone is a multiple of it.
    least_spread: float = 5.0
    least_spread_share: float = 0.7
    # In float32, errors may share so many rounding errors (1/m rounded once, a bias of a few units), not
    # more.
    spared: float = 8 * U32

    def of(self, errors: SmallErrors, shape: Array, unit: float) -> bool:
        """Are the errors c times shape, with c beyond what float32 is spared in multiples of unit?"""
        if errors.error.size < self.fewest_entries:
            return False
        spared = self.spared * unit if errors.narrow else 0.0
        return any(
            self._of(errors.error * w, shape * w, spared) for w in (np.ones(shape.shape), errors.weight)
        )

    def _of(self, x: Array, y: Array, spared: float) -> bool:
        top, bottom = float(x @ y), float((x @ x) * (y @ y))
        spread = float(y @ y) ** 2 / max(float((y * y) @ (y * y)), 1e-290)
        return (
            spread >= min(self.least_spread, self.least_spread_share * y.size)
            and bottom > 0
            and top * top > self.least_correlation * bottom
            and abs(top / float(y @ y)) > spared
        )


@dataclass(frozen=True)
class SameAmountAdded(Multiple):
    """The errors are all the same."""

    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        if not errors.units.size:
            return ""
        unit = float(np.median(errors.units)) / 8
        added = self.of(errors, np.ones(errors.error.shape), unit)
        return _("the same amount is added everywhere") if added else ""


@dataclass(frozen=True)
class SameFactor(Multiple):
    """The errors are a multiple of the answer."""

    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        return (
            _("every entry is off by the same tiny factor") if self.of(errors, errors.expected, 1.0) else ""
        )


@dataclass(frozen=True)
class OneSided:
    """Rounding goes up and down: so many errors of one sign are no chance. Equal numbers round alike."""

    fewest_different: int = 20
    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        seen = errors.beyond & (errors.expected != 0)
        signs = np.sign(errors.error * errors.expected)[seen]
        if errors.narrow or not signs.size or abs(float(signs.sum())) < signs.size:
            return ""
        if np.unique(errors.expected[seen]).size < self.fewest_different:
            return ""
        return (
            _("every number is a little too large")
            if signs[0] > 0
            else _("every number is a little too small")
        )


@dataclass(frozen=True)
class TooLarge:
    """Larger than a part computed in float32 makes them: a rounding error is seldom as large as its bound."""

    largest: float = U32
    largest_median: float = 0.25 * U32
    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        if not errors.partly_float32:
            return ""
        relative = errors.relative
        large = float(relative.max()) > self.largest or float(np.median(relative)) > self.largest_median
        return SEVENTH if large else ""


@dataclass(frozen=True)
class Quadratic:
    """The errors are a quadratic function of the answer, but for a share of their energy."""

    # On a handful of different numbers there is a parabola whatever rounding does.
    fewest_different: int = 8
    most_unexplained: float = 0.02
    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        expected, weight = errors.expected, errors.weight
        if not errors.partly_float32 or np.unique(expected).size < self.fewest_different:
            return ""
        error = errors.error * weight
        r = expected / max(float(np.max(np.abs(expected))), 1e-290)
        basis = np.stack([weight, r * weight, r * r * weight], axis=1)
        fit = basis @ np.linalg.lstsq(basis, error, rcond=None)[0]
        unexplained = float(np.sum((error - fit) ** 2))
        return SEVENTH if unexplained < self.most_unexplained * float(np.sum(error**2)) else ""


@dataclass(frozen=True)
class Smooth:
    """The errors are a smooth function of the answer, or of z.

    Rounding's are not: neighbours differ like strangers.

    Not so in a product such as dW, where a whole row shares the rounding of its delta: only what is
    computed entry by entry is looked at.
    """

    fewest_off: int = 30
    # von Neumann's ratio of neighbours' differences: 1 for noise, 0 for a curve.
    largest_ratio: float = 0.2
    false_alarms: float = 0.0

    def __call__(self, errors: SmallErrors) -> str:
        if not errors.partly_float32:
            return ""
        results = errors.results
        inputs = [r.leaf.pointwise.ravel() for r in results if r.leaf.pointwise is not None]
        if len(inputs) < len(results):
            return ""
        expected = np.concatenate([r.leaf.expected.ravel() for r in results])
        units = np.concatenate([r.leaf.error_units.ravel() for r in results])
        error = np.concatenate([error_of(r).ravel() for r in results]) / np.maximum(units, 1e-100)
        if np.count_nonzero(error) < self.fewest_off:
            return ""
        along = (expected, np.concatenate(inputs))
        return SEVENTH if min(_ratio(error, a) for a in along) < self.largest_ratio else ""


def _ratio(error: Array, along: Array) -> float:
    energy = float(np.sum(error**2))
    return float(np.sum(np.diff(error[np.argsort(along, kind="stable")]) ** 2)) / (2 * energy)


# In the order in which they are asked: the first that finds something says it.
TESTS: tuple[ErrorTest, ...] = (
    CutOff(),
    FewEntriesOff(),
    RoundedDecimals(),
    SameAmountAdded(),
    SameFactor(),
    OneSided(),
    TooLarge(),
    Quadratic(),
    Smooth(),
)


def systematic(results: Sequence[LeafResult]) -> str:
    """Why errors below float32's bound are no rounding: a bias, a factor, few entries, decimals.

    "" if they may be.
    """
    errors = SmallErrors([r for r in results if r.state == "gap"])
    return next(filter(None, (test(errors) for test in TESTS)), "")


def rounded_decimals(results: Sequence[LeafResult]) -> int:
    """To how many decimals the numbers were rounded whose errors lie between the bounds; 0 if to none."""
    return RoundedDecimals(digits=tuple(range(3, 13))).of(
        SmallErrors([r for r in results if r.state == "gap"])
    )


def error_of(result: LeafResult) -> Array:
    """Answer minus expected, in the expected shape; 0 where it could not be formed."""
    return result.error if result.error is not None else np.zeros(result.leaf.expected.shape)
