"""What is said of a course's own exercise is what its author declared, in its own names, and true."""

import numpy as np
import pytest

from autograder.diagnosis.assess import assess
from autograder.exercises.from_loss import stated_loss_exercise
from autograder.exercises.from_solution import worked_exercise
from autograder.sandbox.calls import LocalCaller


def said(exercise, function):
    verdict = assess(exercise, LocalCaller(function, exercise.id), b"declared")
    assert verdict.fraction < 1
    return verdict.pattern or ""


LOG_COSH = stated_loss_exercise(
    "log_cosh_delta",
    "13-own",
    loss=lambda z, Y: np.sum(np.log(np.cosh(z - Y))),
    arguments={"z": ("k", "m"), "Y": ("k", "m")},
    gradients=("z",),
)


def test_the_argument_whose_sign_matters_is_called_by_its_own_name():
    def log_cosh_delta(z, Y):
        delta = np.tanh(z - Y)
        return np.where(Y > 0, 2 * delta, delta)

    assert said(LOG_COSH, log_cosh_delta) == "Right except where Y > 0."


def test_nothing_is_said_of_a_sign_where_most_of_that_side_is_right():
    def log_cosh_delta(z, Y):
        delta = np.tanh(z - Y)
        return np.where((Y > 0) & (Y.max() == Y), 2 * delta, delta)

    assert "> 0" not in said(LOG_COSH, log_cosh_delta)


GATED = worked_exercise(
    "gated",
    "13-own",
    lambda x, w: x * w,
    arguments={"x": ("n", "m"), "w": ("n", 1)},
    results={"y": ("n", "m")},
)


def test_the_number_of_examples_is_the_letter_m_wherever_it_stands():
    """w comes last and has one column in every batch."""
    assert said(GATED, lambda x, w: x * w * x.shape[1]) == "Off by a constant factor: m."
    stacked = worked_exercise(
        "stacked",
        "13-own",
        lambda x, w: x * w,
        arguments={"x": ("n", "p", "m"), "w": ("p", 1)},
        results={"y": ("n", "p", "m")},
    )
    assert said(stacked, lambda x, w: x * w * (3 if x.shape[2] > 1 else 1)) == (
        "Only wrong for m > 1: one example is right. Off by the same factor there: 3."
    )


@pytest.mark.parametrize("wrong_where", [lambda x: x.shape[1] > 1, lambda x: x.shape[0] == 5])
def test_everywhere_is_said_only_where_nothing_is_right(wrong_where):
    assert said(GATED, lambda x, w: 3 * x * w) == "Off by the same factor everywhere: 3."
    assert said(GATED, lambda x, w: x * w * (3 if wrong_where(x) else 1)) == (
        "Off by the same factor where it is off: 3."
    )


def test_without_the_letter_m_nothing_is_said_of_examples():
    rows = worked_exercise(
        "rows", "13-own", lambda x: x * x, arguments={"x": ("a", "d")}, results={"y": ("a", "d")}
    )
    assert (
        said(rows, lambda x: x * x + (x.shape[1] > 1))
        == "In each answer every entry is off by the same amount."
    )
    assert said(rows, lambda x: x * x * x.shape[1]) == "Off by a constant factor: d."


def layer_norm_backward(dout, x):
    centred = x - x.mean(axis=0)
    return dout * centred, dout.sum(axis=1, keepdims=True), centred


def layer_norm(results=None):
    arguments = {"dout": ("n", "m"), "x": ("n", "m")}
    return worked_exercise("layer_norm", "13-own", layer_norm_backward, arguments=arguments, results=results)


@pytest.mark.parametrize(
    ("results", "name"),
    [({"dx": ("n", "m"), "dgamma": ("n", 1), "dbeta": ("n", "m")}, "dbeta"), (None, "result 3")],
)
def test_several_results_are_no_layers_and_have_their_own_names(results, name):
    def wrong(dout, x):
        dx, dgamma, dbeta = layer_norm_backward(dout, x)
        return dx, dgamma, dbeta + 1

    pattern = said(layer_norm(results), wrong)
    assert pattern.startswith(f"Right except {name}.")
    assert "layer" not in pattern


def test_two_results_in_their_own_names():
    pair = worked_exercise(
        "pair",
        "13-own",
        lambda x: (x, x * x),
        arguments={"x": ("n", "m")},
        results={"dx": ("n", "m"), "ds": ("n", "m")},
    )
    assert said(pair, lambda x: (x, x * x + 1)).startswith("dx is right, ds is not.")


def test_sizes_that_are_alike_are_called_by_their_letters():
    def wrong(x, w):
        return x * w + (x.shape[0] == x.shape[1])

    assert said(GATED, wrong).startswith("Only wrong where m = n.")


def test_a_declaration_that_does_not_fit_the_solution_is_refused():
    with pytest.raises(ValueError, match="results names 1, the solution gives 2"):
        worked_exercise(
            "pair", "13-own", lambda x: (x, x), arguments={"x": ("n",)}, results={"dx": ("n",)}
        ).asked(b"")
