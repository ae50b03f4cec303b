"""What is no mistake's pattern is not taken for one, and each test's false alarms are as rare as it says."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from false_alarms import measured

from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.rounding import U32
from autograder.judging.comparison import compare
from autograder.judging.precision import NOTE_SINGLE, settle
from autograder.judging.systematic_errors import TESTS, RoundedDecimals, SmallErrors

RNG = np.random.default_rng(5)


def test_false_alarms_are_as_rare_as_each_test_says():
    asked, alarms = measured([b"as rare as said"])
    total = sum(asked.values())
    assert total > 2000
    assert min(asked.values()) > 20
    for test in TESTS:
        found = sum(alarms[type(test).__name__].values())
        # The number of a rare event: beyond this once in a thousand runs.
        expected = test.false_alarms * total
        assert found <= expected + 3.1 * expected**0.5 + 2, type(test).__name__


def test_one_large_entry_is_no_factor():
    """Its rounding error alone is a multiple of the answer: the others are too small to say anything."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        expected = rng.normal(size=(4, 7))
        expected[0, 0] = 1e6
        target = Target(ExpectedArray("a", expected, 3 * np.abs(expected) + 0.1, "values"))
        answer = expected * (1 + U32 * rng.uniform(-1, 1, expected.shape))
        assert settle(compare(target, answer).leaves) == (True, NOTE_SINGLE, "")


@pytest.mark.parametrize("size", [1e-12, 1e13])
def test_numbers_far_from_a_grid_of_decimals_tell_nothing_of_it(size):
    """The small ones would be 0 on it; floats as large as the others lie on it, whatever they are."""
    expected = RNG.normal(size=(4, 7)) * size
    decimals = RoundedDecimals()
    target = Target(ExpectedArray("a", expected, 3 * np.abs(expected), "values"))
    errors = SmallErrors(compare(target, expected * (1 + U32 * RNG.uniform(-1, 1, (4, 7)))).leaves)
    assert decimals.of(errors) == 0
    beside = np.concatenate([expected, RNG.normal(size=(4, 7))])
    target = Target(ExpectedArray("a", beside, 3 * np.abs(beside) + 1e5, "values"))
    assert decimals.of(SmallErrors(compare(target, np.round(beside, 6)).leaves)) == 6


def test_errors_where_rounding_can_move_nothing_have_no_pattern():
    target = Target(ExpectedArray("a", np.zeros((4, 7)), np.zeros((4, 7)), "values"))
    assert settle(compare(target, RNG.normal(size=(4, 7)) * 1e-40).leaves)[0]
