"""Sentences about unnamed mistakes: true of every wrong number, or not said."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.sandbox.calls import LocalCaller


def said(exercise, function):
    verdict = assess(EXERCISES[exercise], LocalCaller(function, exercise), b"patterns")
    assert verdict.fraction < 1
    assert not verdict.codes
    return verdict.pattern or ""


def test_what_is_said_of_one_example_needs_enough_of_them():
    def four_units(W_next, delta_next, z, hidden):
        delta = recipe.hidden_delta(W_next, delta_next, z, hidden)
        delta[4:] = 0
        return delta

    assert "one example is right" not in said("hidden_delta", four_units)

    def first_slope(W_next, delta_next, z, hidden):
        return (W_next.T @ delta_next) * recipe.g_prime(hidden, z[:, :1])

    assert said("hidden_delta", first_slope) == "Only wrong for m > 1: one example is right."


def test_single_numbers_are_no_evidence_of_a_factor():
    def loss(output, z, Y):
        J = recipe.loss(output, z, Y)
        return np.sqrt(J) if output == "identity" else J

    assert said("loss", loss) == "Right except with identity."


@pytest.mark.parametrize(
    ("factor", "words"), [(3.0, "Off by the same factor everywhere: 3."), (1 + 1e-6, "very near to 1")]
)
def test_a_constant_factor_is_told(factor, words):
    assert words in said("affine", lambda W, a, b: factor * recipe.affine(W, a, b))


def test_one_branch_or_one_part_is_told():
    def backprop(*args):
        dW, db = recipe.backprop(*args)
        return {l: w + 1e-3 * args[0][l] for l, w in dW.items()}, db

    assert said("backprop", backprop) == "db is right, dW is not."


def test_one_number_is_no_evidence_of_a_factor():
    def one(z):
        return recipe.sigmoid(z) * (1.5 if z.size == 1 else 1)

    assert "factor" not in said("sigmoid", one)


def test_m_is_told_where_several_were_asked_for():
    def summed(output, z, Y):
        return recipe.loss(output, z, Y) * z.shape[1]

    def of_five(output, z, Y):
        return recipe.loss(output, z, Y) * (5 if z.shape[1] == 5 else 1)

    assert "K26" in assess(EXERCISES["loss"], LocalCaller(summed, "loss"), b"patterns").codes
    assert "factor: m" not in said("loss", of_five)


@pytest.mark.parametrize("always", [True, False])
def test_a_checker_that_always_says_the_same_is_told(always):
    verdict = assess(
        EXERCISES["gradient_check"],
        LocalCaller(lambda f, theta, grad, h: (always, np.zeros(theta.shape)), "gradient_check"),
        b"1",
    )
    assert (
        verdict.pattern == f"ok is {always} for every gradient, right or wrong: it must depend on the errors."
    )
