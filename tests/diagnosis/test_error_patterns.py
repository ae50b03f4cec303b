"""Sentences about unnamed mistakes: true of every wrong number, or not said."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import _evidence, assess
from autograder.diagnosis.error_patterns import pattern
from autograder.exercises import EXERCISES
from autograder.exercises.chapters.gradient_checking import textbook_check
from autograder.exercises.from_solution import worked_exercise
from autograder.judging.judge import judge
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

    def slopes_turned_round(W_next, delta_next, z, hidden):
        return (W_next.T @ delta_next) * recipe.g_prime(hidden, z[:, ::-1])

    assert said("hidden_delta", slopes_turned_round) == "Only wrong for m > 1: one example is right."


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


def pattern_of(exercise, function):
    """What is said where no mistake had a name."""
    verdict = judge(exercise, LocalCaller(function, exercise.function), b"patterns")
    return pattern(exercise, [_evidence(exercise, j) for j in verdict.run.judged])


GATED = worked_exercise(
    "gated",
    "13-own",
    lambda x, w: x * w,
    arguments={"x": ("n", "m"), "w": ("n", 1)},
    results={"y": ("n", "m")},
)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda y, x: y * np.nan, "The answer holds nan or inf."),
        (lambda y, x: y.T, "The numbers are right, but transposed."),
        (lambda y, x: y * 0, "All wrong answers are 0 throughout."),
        (lambda y, x: -y, "The sign is flipped."),
        (lambda y, x: np.abs(y), "The sizes are right, some signs are not."),
        (lambda y, x: y + (y.size > 1) * x.max(), "In each answer every entry is off by the same amount."),
        (lambda y, x: y * x.shape[1], "Off by a constant factor: m."),
        (lambda y, x: y / x.shape[1], "Off by a constant factor: 1/m."),
        (lambda y, x: y * x.shape[0], "Off by a constant factor: the number of rows."),
        (lambda y, x: y / x.shape[0], "Off by a constant factor: 1 over the number of rows."),
        (lambda y, x: y / y.size, "Off by a constant factor: 1/(n m)."),
        (
            lambda y, x: y * (2 + np.abs(x).max()),
            "Each answer is off by one constant factor, but it is not the same for all inputs.",
        ),
        (lambda y, x: np.clip(y, -0.9, 0.8), "Right up to a size, and cut off there: does your code clip?"),
        (lambda y, x: y + x**2, None),
    ],
)
def test_by_how_much_the_numbers_are_off_is_told(answer, sentence):
    assert pattern_of(GATED, lambda x, w: answer(x * w, x)) == sentence


def raising_where(condition, wrong=0.0):
    def gated(x, w):
        if condition(x):
            raise ValueError("shapes")
        return x * w + wrong * x**2

    return gated


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (
            raising_where(lambda x: x.shape[0] != x.shape[1]),
            "It runs only where m = n: write the shapes of both factors side by side.",
        ),
        (
            raising_where(lambda x: x.shape[0] != x.shape[1], 1.0),
            "It runs only where m = n, and is wrong there: write the shapes of both factors side by side.",
        ),
        (raising_where(lambda x: x.shape[1] == 1), "Only a batch of one example raises."),
        (raising_where(lambda x: x.shape[0] > 4), None),
    ],
)
def test_which_calls_raise_is_told(function, sentence):
    assert pattern_of(GATED, function) == sentence


@pytest.mark.parametrize(
    ("raises", "sentence"),
    [
        (lambda z: z.dtype.kind == "i", "Only inputs of whole numbers (dtype int) raise."),
        (
            lambda z: z.shape[1] > 1,
            "Only wrong for m > 1: one example is right, more raise. "
            "Has each array a column for each example?",
        ),
    ],
)
def test_that_whole_numbers_or_batches_raise_is_told(raises, sentence):
    def hidden_delta(W_next, delta_next, z, hidden):
        if raises(z):
            raise ValueError("shapes")
        return recipe.hidden_delta(W_next, delta_next, z, hidden)

    assert pattern_of(EXERCISES["hidden_delta"], hidden_delta) == sentence


def test_that_deep_networks_raise_is_told():
    def all_deltas(W, Z, A, Y, hidden, output):
        if len(W) > 1:
            raise KeyError(0)
        return recipe.all_deltas(W, Z, A, Y, hidden, output)

    assert pattern_of(EXERCISES["all_deltas"], all_deltas) == (
        "Networks of more than one layer raise: which keys do the dicts have?"
    )


def verdict_where(ok):
    """A gradient_check with the right errors; ok says True or False by the case and the right verdict."""

    def gradient_check(f, theta, grad, h):
        right, errors = textbook_check(f, theta, grad, h)
        return ok(right, theta, grad), errors

    return gradient_check


def of_thetas_shape(theta, grad):
    return np.shape(grad) == theta.shape


@pytest.mark.parametrize(
    ("ok", "start"),
    [
        (lambda right, theta, grad: True, "ok is True for every gradient, right or wrong"),
        (lambda right, theta, grad: of_thetas_shape(theta, grad), "ok is True for every gradient of theta's"),
        (lambda right, theta, grad: not right, "ok accepts wrong gradients and rejects right ones"),
        (
            lambda right, theta, grad: right and bool(grad.all()),
            "ok rejects right gradients with an entry of 0",
        ),
        (lambda right, theta, grad: right and grad.size < 5, "ok rejects right gradients: the threshold"),
        (
            lambda right, theta, grad: right or (of_thetas_shape(theta, grad) and grad.size > 4),
            "ok accepts wrong gradients: the threshold",
        ),
        (
            lambda right, theta, grad: right or not of_thetas_shape(theta, grad),
            "ok accepts a gradient of another",
        ),
        (lambda right, theta, grad: right or bool(np.isnan(grad).any()), "nan in a gradient passes"),
        (lambda right, theta, grad: right, "None"),
    ],
)
def test_what_a_checkers_verdict_gets_wrong_is_told(ok, start):
    assert str(pattern_of(EXERCISES["gradient_check"], verdict_where(ok))).startswith(start)


def test_a_checker_that_raises_for_another_shape_alone_is_told_so():
    def raises(f, theta, grad, h):
        return textbook_check(f, theta, grad + 0 * theta, h)

    assert str(pattern_of(EXERCISES["gradient_check"], raises)).startswith(
        "A gradient of another shape raises"
    )

    def raises_always(f, theta, grad, h):
        raise ValueError

    assert pattern_of(EXERCISES["gradient_check"], raises_always) is None
    assert pattern_of(EXERCISES["gradient_check"], lambda f, theta, grad, h: None) is None
