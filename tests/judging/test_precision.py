import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from autograder.exercises.expected import ExpectedArray, Target
from autograder.judging.comparison import NEARLY, LeafResult, compare
from autograder.judging.precision import (
    NOTE_EPSILON_BELOW,
    NOTE_NUMERIC,
    NOTE_SINGLE,
    NOTE_SINGLE_INPUTS,
    one_epsilon,
    settle,
)
from autograder.judging.systematic_errors import rounded_decimals

RNG = np.random.default_rng(3)


def target(shape=(4, 7), **flags):
    expected = RNG.normal(size=shape)
    return Target(ExpectedArray("a", expected, 10 * np.abs(expected) + 1, "values"), **flags)


def verdict(t, answer):
    """(passed, note, pattern)"""
    return settle(compare(t, answer).leaves)


def test_the_expected_numbers_pass():
    t = target()
    assert verdict(t, t.template.expected) == (True, None, "")


@pytest.mark.parametrize("bias", [1e-12, 1e-9, 1e-6, 1e-3])
def test_a_bias_fails_however_small(bias):
    t = target()
    assert not verdict(t, t.template.expected + bias)[0]


@pytest.mark.parametrize("factor", [1 + 1e-11, 1 + 1e-7, 1.01, -1])
def test_a_factor_fails_however_near_one(factor):
    t = target()
    assert not verdict(t, t.template.expected * factor)[0]


@pytest.mark.parametrize("digits", [3, 5, 7, 9])
def test_rounded_decimals_fail(digits):
    t = target()
    assert not verdict(t, np.round(t.template.expected, digits))[0]


def test_one_row_off_by_a_little_fails():
    t = target((6, 7))
    answer = t.template.expected.copy()
    answer[2] += 1e-8 * RNG.normal(size=7)
    assert not verdict(t, answer)[0]


def test_float32_passes_with_a_note():
    t = target()
    assert verdict(t, t.template.expected.astype(np.float32))[:2] == (True, NOTE_SINGLE)
    assert verdict(t, t.template.expected.astype(np.float32).astype(float))[:2] == (True, NOTE_SINGLE)


def test_float16_does_not_pass():
    t = target()
    assert not verdict(t, t.template.expected.astype(np.float16))[0]


def test_float32_earns_no_slack_where_the_arithmetic_is_exact():
    expected = RNG.integers(-9, 10, (4, 7)).astype(float)
    t = Target(ExpectedArray("a", expected, np.abs(expected), "values"), exact=True)
    assert verdict(t, expected.astype(np.float32))[0]
    assert not verdict(t, (expected + 1e-6).astype(np.float32))[0]


def test_the_noise_of_finite_differences_is_flagged():
    t = target()
    noise = 1e-11 * RNG.normal(size=(4, 7))
    assert verdict(t, t.template.expected + noise)[:2] == (True, NOTE_NUMERIC)


def test_a_small_smooth_error_is_no_rounding():
    expected = RNG.normal(size=(9, 9))
    t = Target(ExpectedArray("a", expected, np.full((9, 9), 10.0), "values", pointwise=expected))
    assert not verdict(t, expected + 1e-7 * np.sin(3 * expected))[0]


@pytest.mark.parametrize("epsilon", [1e-15, 1e-12, 1e-8, 1e-7])
def test_an_epsilon_in_the_logarithm_passes_and_a_bias_of_its_size_does_not(epsilon):
    ps = [RNG.uniform(0.05, 0.9, 5) for _ in range(6)]
    leaves = [
        ExpectedArray(
            "J", np.array(-np.mean(np.log(p))), np.array(8.0), "sigmoid", epsilons={"log": np.mean(1 / p)}
        )
        for p in ps
    ]
    results = [
        compare(Target(leaf), -np.mean(np.log(p + epsilon))).leaves[0]
        for leaf, p in zip(leaves, ps, strict=True)
    ]
    assert settle(results)[0]
    results = [compare(Target(leaf), float(leaf.expected) - 3e-7).leaves[0] for leaf in leaves]
    assert not settle(results)[0]


def test_an_epsilon_above_1e_7_fails():
    ps = [RNG.uniform(0.05, 0.9, 5) for _ in range(6)]
    leaves = [
        ExpectedArray(
            "J", np.array(-np.mean(np.log(p))), np.array(8.0), "sigmoid", epsilons={"log": np.mean(1 / p)}
        )
        for p in ps
    ]
    results = [
        compare(Target(leaf), -np.mean(np.log(p + 1e-6))).leaves[0]
        for leaf, p in zip(leaves, ps, strict=True)
    ]
    assert not settle(results)[0]


@given(arrays(np.float64, (4, 7)))
def test_no_array_of_the_right_shape_raises(answer):
    verdict(target(), answer)


def test_what_only_float32_inputs_miss_is_a_remark_if_the_rest_is_right_to_the_last_digit():
    double, single = target(), target(single=True)
    lost = compare(single, np.zeros((4, 7))).leaves
    for far, result in ((0.0, (True, NOTE_SINGLE_INPUTS, "")), (1e-11, (False, None, ""))):
        noise = far * RNG.normal(size=(4, 7))
        right = compare(double, double.template.expected + noise).leaves
        assert settle([*right, *lost]) == result
    assert not settle(lost)[0]


@pytest.mark.parametrize("place", ["sum", "sum of others"])
def test_one_epsilon_in_one_place_explains_all_numbers_or_none(place):
    expected, slope = RNG.uniform(0.1, 0.9, (2, 6, 7))
    leaf = ExpectedArray(
        "a", expected, np.full((6, 7), 20.0), "softmax", epsilons={"sum": slope, "sum of others": slope**2}
    )
    lower = expected - 1e-9 * leaf.epsilons[place]
    assert verdict(Target(leaf), lower) == (True, NOTE_EPSILON_BELOW, "")
    lower[0] -= 1e-9
    assert not verdict(Target(leaf), lower)[0]


def test_an_epsilon_is_measured_where_rounding_hides_least_of_it():
    """The second number moves by its own rounding alone, which may be large."""
    epsilon, slopes = 3e-8, np.array([1.0, 1e-3])
    leaf = ExpectedArray("a", np.ones(2), np.array([1.0, 1e7]), "values", epsilons={"log": slopes})
    error = np.array([-epsilon, -epsilon * 1e-3 - 2e-9])
    assert one_epsilon([LeafResult(leaf, "epsilon", error)]) == "log"
    assert one_epsilon([LeafResult(leaf, "epsilon", error - [0, 1e-7])]) is None


def test_the_epsilon_is_not_read_from_the_largest_number_if_rounding_blurs_it():
    epsilon, slopes = 3e-8, np.array([1e-3, 1.0])
    leaf = ExpectedArray("a", np.ones(2), np.array([1e-3, 1e8]), "values", epsilons={"log": slopes})
    assert one_epsilon([LeafResult(leaf, "epsilon", -epsilon * slopes - [0, 2e-9])]) == "log"


@pytest.mark.parametrize(("largest", "note"), [(9.5, NOTE_NUMERIC), (10.5, NOTE_SINGLE)])
def test_up_to_where_errors_are_those_of_differences(largest, note):
    """In multiples of what differences usually leave."""
    t = target()
    units, noise = t.template.error_units, RNG.uniform(-1, 1, (4, 7))
    error = largest * NEARLY * units * noise / np.abs(noise).max()
    assert verdict(t, t.template.expected + error) == (True, note, "")


@pytest.mark.parametrize("digits", range(3, 13))
def test_decimals_rounded_off_are_counted_from_three_to_twelve(digits):
    expected = RNG.uniform(0.1, 0.9, 9)
    leaf = ExpectedArray("a", expected, np.ones(9), "values")
    results = [LeafResult(leaf, "gap", np.round(expected, digits) - expected)]
    assert rounded_decimals(results) == digits
