"""A name only where one mistake, or a pair of them, gives every number."""

import numpy as np
import pytest

import backprop as recipe
from autograder.cases import LocalCaller
from autograder.exercises import EXERCISES
from autograder.judge import judge


def named(exercise, function):
    return judge(EXERCISES[exercise], LocalCaller(function, exercise), b"diagnosis").codes


def test_tanh_for_sigmoid_is_not_called_a_wrong_sign():
    assert named("sigmoid", np.tanh) == ("K72",)
    assert named("sigmoid", lambda z: recipe.sigmoid(-np.asarray(z, dtype=float))) == ("K57",)


def test_nan_from_a_division_is_not_called_an_overflow_of_exp():
    def by_jacobian(output, z, Y):
        a = recipe.g(output, z)
        if output != "softmax":
            return a - Y
        columns = [(np.diag(p) - np.outer(p, p)) @ (-y / p) for p, y in zip(a.T, Y.T, strict=True)]
        return np.array(columns).T

    assert named("output_delta", by_jacobian) == ()

    def unstable(output, z, Y):
        a = np.exp(z) / np.exp(z).sum(axis=0) if output == "softmax" else recipe.g(output, z)
        return a - Y

    assert named("output_delta", unstable) == ("K58",)


def test_a_name_must_explain_every_branch():
    def slope_of_delta(W_next, delta_next, z, hidden):
        back = W_next.T @ delta_next
        return back * recipe.g_prime(hidden, back)

    assert named("hidden_delta", slope_of_delta) == ("K12", "K21")

    def mask_and_something_else(W_next, delta_next, z, hidden):
        back = W_next.T @ delta_next
        return np.maximum(back, 0) if hidden == "relu" else back * np.cos(z)

    assert named("hidden_delta", mask_and_something_else) == ()


def test_two_mistakes_in_one_step_are_both_named():
    def output_delta(output, z, Y):
        a = recipe.g(output, z)
        return (Y - a) * (1 if output == "identity" else a * (1 - a))

    assert named("output_delta", output_delta) == ("K4", "K5")


@pytest.mark.parametrize("exercise", ["all_deltas", "backprop"])
def test_the_hidden_slope_at_the_output_is_an_extra_slope(exercise):
    def all_deltas(W, Z, A, Y, hidden, output):
        N = len(W)
        delta = {N: (A[N] - Y) * recipe.g_prime(hidden, Z[N])}
        for l in range(N - 1, 0, -1):
            delta[l] = recipe.hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
        return delta

    def backprop(W, Z, A, Y, hidden, output):
        pairs = {
            l: recipe.layer_gradients(d, A[l - 1]) for l, d in all_deltas(W, Z, A, Y, hidden, output).items()
        }
        return {l: p[0] for l, p in pairs.items()}, {l: p[1] for l, p in pairs.items()}

    assert named(exercise, {"all_deltas": all_deltas, "backprop": backprop}[exercise]) == ("K4",)


def test_answers_remembered_by_shape_are_found_out():
    seen = {}

    def affine(W, a_prev, b):
        return seen.setdefault((W.shape, a_prev.shape), W @ a_prev + b)

    assert named("affine", affine) == ("K35",)


@pytest.mark.parametrize(("factor", "code"), [(2, "K6"), (0.5, "K6"), (-1, "K71"), (0, "K71")])
def test_the_penalty_twice_is_another_mistake_than_the_penalty_left_out(factor, code):
    def l2_backprop(W, Z, A, Y, hidden, output, lam):
        dW, db = recipe.backprop(W, Z, A, Y, hidden, output)
        return {l: dW[l] + factor * lam * W[l] for l in W}, db

    assert named("l2_backprop", l2_backprop) == (code,)


def test_steps_returned_for_gradients_are_updates():
    def backprop(*args):
        return tuple({l: -0.01 * v for l, v in part.items()} for part in recipe.backprop(*args))

    assert named("backprop", backprop) == ("K36",)
