"""Exercises whose loss has kinks: at one every slope in between is right, beside it only the one there."""

import numpy as np
import pytest

from autograder.diagnosis.assess import assess
from autograder.exercises import stated_loss_exercise
from autograder.exercises.from_loss import gradient_with_units, is_analytic
from autograder.exercises.kinks import one_sided_slopes, slopes_on_both_sides
from autograder.sandbox.calls import LocalCaller

SHAPES = {"z": ("k", "m"), "Y": ("k", "m")}


def relu_sum(z, Y):
    return np.sum(np.maximum(z - Y, 0))


def relu_sum_delta(at_kink):
    return lambda z, Y: np.where(z == Y, at_kink, np.where(z > Y, 1.0, 0.0))


@pytest.mark.parametrize("at_kink", [0.0, 0.25, 0.5, 1.0])
def test_a_right_answer_may_give_any_slope_in_between_at_a_kink(at_kink):
    exercise = stated_loss_exercise(
        "relu_sum_delta", "13-own", loss=relu_sum, arguments=SHAPES, gradients=("z",)
    )
    call = LocalCaller(relu_sum_delta(at_kink), "relu_sum_delta")
    assert assess(exercise, call, b"1").fraction == 1


@pytest.mark.parametrize("at_kink", [-0.1, 1.1])
def test_a_slope_that_is_not_in_between_is_wrong(at_kink):
    exercise = stated_loss_exercise(
        "relu_sum_delta", "13-own", loss=relu_sum, arguments=SHAPES, gradients=("z",)
    )
    call = LocalCaller(relu_sum_delta(at_kink), "relu_sum_delta")
    assert assess(exercise, call, b"1").fraction < 1


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_two_gradients_of_a_difference_are_asked_apart(sign):
    """Along one direction for both z and Y the difference z - Y stands still: every gradient would pass."""

    def loss(z, Y):
        return np.sum(np.maximum(sign * (z - Y), 0))

    def deltas(at_kink):
        def delta(z, Y):
            slope = np.where(z == Y, at_kink, np.where(sign * (z - Y) > 0, 1.0, 0.0))
            return sign * slope, -sign * slope

        return LocalCaller(delta, "both")

    exercise = stated_loss_exercise("both", "13-own", loss=loss, arguments=SHAPES, gradients=("z", "Y"))
    for at_kink in (0.0, 0.5, 1.0):
        assert assess(exercise, deltas(at_kink), b"1").fraction == 1


def test_the_kink_is_given_entry_by_entry():
    z, Y = np.array([0.0, 2.0, -3.0]), np.zeros(3)
    for analytic in (True, False):
        found = gradient_with_units(lambda x: relu_sum(x, Y), z, analytic)
        assert np.allclose(found.gradient, [0, 1, 0], atol=1e-12)
        assert np.allclose(found.kink, [1, 0, 0], atol=1e-12)


def test_where_there_is_no_kink_none_is_found():
    z = np.random.default_rng(0).normal(size=(3, 4))
    found = gradient_with_units(lambda x: np.sum(np.abs(x) ** 3), z, analytic=False)
    assert found.kink is None
    assert np.allclose(found.gradient, 3 * z * np.abs(z), atol=1e-9)


@pytest.mark.parametrize("theta", [1e-9, 1e-5, 1e-4])
def test_close_to_a_kink_there_is_no_verdict(theta):
    assert gradient_with_units(lambda x: relu_sum(x, 0), np.array([theta]), analytic=False) is None


def test_one_sided_slopes_and_their_estimated_errors():
    at = np.array([0.0, 0.5, -1.2])
    for side in (-1, 1):
        slopes, error = one_sided_slopes(lambda x: np.sum(np.exp(x) + np.abs(x)), at, side)
        assert np.allclose(slopes, np.exp(at) + np.array([side, 1, -1]), atol=1e-9)
        assert np.all(error < 1e-8)
    below, jump, _ = slopes_on_both_sides(lambda x: np.sum(np.exp(x) + np.abs(x)), at)
    assert np.allclose(below, np.exp(at) + np.array([-1, 1, -1]), atol=1e-9)
    assert np.allclose(jump, [2, 0, 0], atol=1e-9)


def test_the_loss_of_the_example_looks_analytic_away_from_its_kinks():
    assert is_analytic(lambda x: relu_sum(x, 0), np.array([0.7, -0.4]))
