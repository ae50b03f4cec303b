"""Differences, float32 and leaks: what is right to how many digits."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.feedback.words import check_message
from autograder.judging.precision import NOTE_SINGLE_INPUTS
from autograder.sandbox.calls import LocalCaller
from tests.support.judged import failed, judged
from tests.support.said import said


@pytest.mark.parametrize("h", [1e-4, 1e-5])
def test_differences_are_told_even_where_float32_leaves_them_no_digits(h):
    def output_delta(output, z, Y):
        d = np.zeros(z.shape)
        for i in np.ndindex(z.shape):
            step = np.zeros(z.shape, dtype=np.result_type(z, np.float32))
            step[i] = h
            d[i] = (recipe.losses(output, z + step, Y) - recipe.losses(output, z - step, Y)).sum() / (2 * h)
        return d

    for seed in (b"1", b"2", b"3"):
        verdict = judged("output_delta", output_delta, seed)
        assert verdict.fraction < 1
        assert any("numerically differentiated" in note for note in said(verdict))
        assert any("float32" in check_message(check) for check in verdict.checks)


def test_differences_for_a_slope_lose_the_same():
    def g_prime(name, z):
        return (
            (z > 0) * 1.0 if name == "relu" else (recipe.g(name, z + 1e-5) - recipe.g(name, z - 1e-5)) / 2e-5
        )

    def hidden_delta(W_next, delta_next, z, hidden):
        return (W_next.T @ delta_next) * g_prime(hidden, z)

    assert failed(judged("g_prime", g_prime)) == ["values: sigmoid, ordinary z", "values: tanh, ordinary z"]
    assert (
        {"values: tanh, ordinary numbers"}
        <= set(failed(judged("hidden_delta", hidden_delta)))
        <= {"values: sigmoid, ordinary numbers", "values: tanh, ordinary numbers"}
    )


def test_what_is_right_to_the_last_digit_may_miss_float32():
    def hidden_delta(W_next, delta_next, z, hidden):
        """The complex step: in complex64 it is 0."""
        slope = (z > 0) if hidden == "relu" else recipe_g(hidden, z + 1e-200j).imag / 1e-200
        return (W_next.T @ delta_next) * slope

    def recipe_g(name, z):
        return np.tanh(z) if name == "tanh" else 1 / (1 + np.exp(-z))

    verdict = judged("hidden_delta", hidden_delta)
    assert (verdict.fraction, verdict.notes) == (1, (NOTE_SINGLE_INPUTS,))


@pytest.mark.parametrize("leak", [1e-13, 1e-10, 1e-8])
def test_what_leaks_into_zeros_is_no_detour(leak):
    def layer_gradients(delta, a_prev):
        m = delta.shape[1]
        size = np.abs(delta).mean(axis=1, keepdims=True) @ np.abs(a_prev).mean(axis=1, keepdims=True).T
        return delta @ a_prev.T / m + leak * size, delta.mean(axis=1, keepdims=True)

    for seed in (b"leak 1", b"leak 2", b"leak 3"):
        assert failed(judged("layer_gradients", layer_gradients, seed)) == ["values: dW"]


@pytest.mark.parametrize("number", [117, 158])
def test_float32_on_a_handful_of_whole_numbers_is_no_pattern(number):
    """Three or four different numbers lie on a parabola whatever rounding does."""

    def sigmoid(z):
        return 1 / (1.0 + np.exp(-z.astype(np.float32)).astype(float))

    assert assess(EXERCISES["sigmoid"], LocalCaller(sigmoid, "sigmoid"), b"%d" % number).fraction == 1


def test_a_loss_in_float32_is_not_called_differentiated():
    def loss(output, z, Y):
        return float(recipe.loss(output, z.astype(np.float32), Y.astype(np.float32)))

    for seed in (b"%d" % i for i in range(8)):
        verdict = judged("loss", loss, seed)
        assert not any("differentiated" in note or "epsilon" in note for note in said(verdict)), verdict.notes
