"""Each test of systematic_errors.py by itself: what it finds, and what stays just below its thresholds."""

import numpy as np
import pytest

from autograder.exercises.expected import ExpectedArray
from autograder.exercises.rounding import U32
from autograder.judging.comparison import NEARLY, LeafResult
from autograder.judging.systematic_errors import (
    SEVENTH,
    TESTS,
    CutOff,
    FewEntriesOff,
    OneSided,
    Quadratic,
    RoundedDecimals,
    SameAmountAdded,
    SameFactor,
    SmallErrors,
    Smooth,
    TooLarge,
)

# Between float64's rounding and float32's, of numbers of size 1.
SMALL = 1e-8


def errors(expected, error, units=1.0, narrow=False, pointwise=None):
    """One array's errors, error_units alike for all entries; narrow: the answer is float32."""
    expected = np.asarray(expected, dtype=float)
    units = np.full(expected.shape, units)
    leaf = ExpectedArray("a", expected, units, "values", pointwise=pointwise)
    return SmallErrors([LeafResult(leaf, "gap", error + np.zeros(expected.shape), narrow)])


def numbers(count):
    """Numbers that no float32 holds, in no order."""
    return np.random.default_rng(count).permutation(np.linspace(0.3, 0.9, count)) + 1e-9


def cut_at(expected, *limits):
    """Errors of SMALL's size: the entries lie closely, the highest stop at the first limit, the
    lowest at the second.
    """
    answer = np.minimum(expected, limits[0])
    answer = np.maximum(answer, limits[1]) if len(limits) > 1 else answer
    return errors(expected, answer - expected)


CLOSELY = 0.5 + SMALL * np.arange(12.0)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (cut_at(CLOSELY, CLOSELY[7]), True),
        (cut_at(CLOSELY, CLOSELY[8]), False),
        (cut_at(CLOSELY, CLOSELY[8], CLOSELY[3]), True),
        (errors(CLOSELY[:6], [1e-7, 1e-7 - SMALL, 1e-7 - 2 * SMALL, 1e-7 - 3 * SMALL, 0, 0]), True),
        (errors(CLOSELY[[0, 0, 1, 1, 1]], 1e-7 - CLOSELY[[0, 0, 1, 1, 1]] + 0.5), False),
        (errors(CLOSELY, SMALL * np.cos(np.arange(12.0))), False),
        (errors(CLOSELY, CLOSELY[0] - CLOSELY, narrow=True), False),
    ],
    ids=["four", "three", "both sides", "one value for four", "few expected", "many values", "float32"],
)
def test_a_limit(given, found):
    assert bool(CutOff()(given)) == found


def off_at(count, *places):
    error = np.zeros(count)
    error[list(places)] = SMALL
    return error


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (errors(numbers(8), off_at(8, 3)), True),
        (errors(numbers(8), off_at(8, 3, 4)), False),
        (errors(numbers(7), off_at(7, 3)), False),
        (errors(numbers(8), off_at(8, 3), narrow=True), False),
        (errors([*numbers(8), 1.0], off_at(9, 8)), True),
        (errors([*numbers(2), *numbers(6) * 1e-7], off_at(8, 0)), False),
        (errors(np.arange(1.0, 9.0), off_at(8, *range(8))), True),
    ],
    ids=[
        "one of eight",
        "two of eight",
        "seven",
        "float32",
        "one that float32 holds",
        "small ones don't count",
        "all that float32 holds",
    ],
)
def test_few_entries(given, found):
    assert bool(FewEntriesOff()(given)) == found


def rounded(expected, digits):
    return errors(expected, np.round(expected, digits) - expected)


@pytest.mark.parametrize(
    ("given", "digits"),
    [
        (rounded(numbers(9) / 7, 6), 6),
        (rounded(numbers(4) / 7, 9), 9),
        (rounded(numbers(3) / 7, 6), 0),
        (rounded(numbers(9) / 7, 2), 3),
        (rounded([*numbers(9) / 7, 3e-7], 6), 6),
        (rounded([*numbers(9) / 7, 1.2e-6], 6), 6),
        (rounded(1e11 * numbers(9) / 7, 3), 3),
        (rounded(1e11 * numbers(9) / 7, 4), 0),
        (errors([*numbers(9) / 7, np.pi * 1e-7], [*rounded(numbers(9) / 7, 6).error, 0.0]), 0),
    ],
    ids=[
        "six",
        "nine",
        "three numbers",
        "on finer grids too",
        "one is rounded to 0",
        "one to the least number that isn't 0",
        "large",
        "floats are as coarse",
        "one is not rounded",
    ],
)
def test_decimals(given, digits):
    assert RoundedDecimals().of(given) == digits


@pytest.mark.parametrize("digits", range(3, 10))
def test_every_number_of_decimals_from_three_to_nine_is_known(digits):
    assert RoundedDecimals().of(rounded(numbers(9) / 7, digits)) == digits


UNEVEN = np.array([1.0, 2.0, -1.5, 0.8, 1.5, -1.9, 1.2, -1.1])


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (errors(UNEVEN, SMALL), True),
        (errors(UNEVEN, -SMALL), True),
        (errors(UNEVEN[:3], SMALL), True),
        (errors(UNEVEN[:2], SMALL), False),
        (errors(UNEVEN, SMALL * np.array([1, 1, 1, 1, 1, 1, 1, 2.0])), False),
        (errors(UNEVEN, 1.1 * U32, narrow=True), True),
        (errors(UNEVEN, 0.9 * U32, narrow=True), False),
        (errors(UNEVEN, SMALL, units=0.0), False),
    ],
    ids=["more", "less", "three", "two", "one is another", "beyond float32", "float32's own", "no room"],
)
def test_the_same_amount(given, found):
    assert bool(SameAmountAdded()(given)) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (errors(UNEVEN, SMALL * UNEVEN), True),
        (errors(UNEVEN, SMALL * np.abs(UNEVEN)), False),
        (errors(UNEVEN, 9 * U32 * UNEVEN, narrow=True), True),
        (errors(UNEVEN, 7 * U32 * UNEVEN, narrow=True), False),
        (errors([1.0, 1e-6, 1e-6, 1e-6], SMALL * np.array([1.0, 1, -1, 1])), False),
        (errors([1.0, 1.0, 1.0, 1e-6], SMALL * np.array([1, 1, 1, 1e-6])), True),
    ],
    ids=["factor", "signs", "beyond float32", "float32's own", "one large entry", "three of four"],
)
def test_the_same_factor(given, found):
    assert bool(SameFactor()(given)) == found


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (errors(numbers(20), SMALL * np.linspace(1, 9, 20)), "every number is a little too large"),
        (errors(-numbers(20), SMALL * np.linspace(1, 9, 20)), "every number is a little too small"),
        (errors(numbers(20), -SMALL * np.linspace(1, 9, 20)), "every number is a little too small"),
        (errors(numbers(19), SMALL * np.linspace(1, 9, 19)), ""),
        (errors(np.repeat(numbers(19), 2), SMALL * np.linspace(1, 9, 38)), ""),
        (errors(numbers(24), SMALL * np.array([-1.0] + 23 * [1.0])), ""),
        (
            errors([*numbers(20), 0.0], SMALL * np.array([*20 * [1.0], -1.0])),
            "every number is a little too large",
        ),
        (errors(numbers(20), SMALL, narrow=True), ""),
        (errors(numbers(20), 0.0), ""),
    ],
)
def test_one_side(given, said):
    assert OneSided()(given) == said


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (errors(numbers(9), off_at(9, 2) / SMALL * 1.1 * U32), True),
        (errors(numbers(9), off_at(9, 2) / SMALL * 0.9 * U32), False),
        (errors(numbers(9), 0.3 * U32), True),
        (errors(numbers(9), 0.2 * U32), False),
        (errors(numbers(9), 2 * U32, narrow=True), False),
        (errors(numbers(9), 2 * U32, units=10.0), False),
    ],
    ids=["one", "one smaller", "most", "most smaller", "float32", "in units"],
)
def test_too_large(given, found):
    assert TooLarge()(given) == (SEVENTH if found else "")


def bent(expected, by=0.0):
    noise = np.cos(np.arange(expected.size) ** 2)
    return SMALL * (1 + expected - 3 * expected**2 + by * noise)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (errors(numbers(8), bent(numbers(8))), True),
        (errors(numbers(7), bent(numbers(7))), False),
        (errors(numbers(20), bent(numbers(20), 0.05)), True),
        (errors(numbers(20), bent(numbers(20), 2.0)), False),
        (errors(numbers(8), bent(numbers(8)), narrow=True), False),
        (errors(numbers(8), bent(numbers(8)) * 1e-3 * NEARLY / SMALL), False),
    ],
    ids=["parabola", "seven numbers", "nearly", "noise", "float32", "as differences leave"],
)
def test_a_parabola(given, found):
    assert Quadratic()(given) == (SEVENTH if found else "")


def wave(at):
    return SMALL * np.sin(6 * at)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (errors(numbers(30), wave(numbers(30)), pointwise=numbers(30)), True),
        (errors(numbers(29), wave(numbers(29)), pointwise=numbers(29)), False),
        (errors(numbers(30), wave(numbers(30))), False),
        (errors(numbers(40), wave(numbers(40)[::-1]), pointwise=numbers(40)[::-1]), True),
        (errors(numbers(40), wave(7.7e3 * numbers(40)), pointwise=numbers(40)), False),
        (errors(numbers(30), wave(numbers(30)), narrow=True, pointwise=numbers(30)), False),
    ],
    ids=["along the answer", "29", "no inputs", "along z", "noise", "float32"],
)
def test_a_curve(given, found):
    assert Smooth()(given) == (SEVENTH if found else "")


def test_no_test_is_said_to_be_wrong_more_often_than_once_in_ten_thousand():
    assert all(0 <= test.false_alarms < 1e-4 for test in TESTS)
