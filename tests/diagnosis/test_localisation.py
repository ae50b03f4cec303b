"""A sentence on where an answer is wrong is said only if the other kind was asked for, in number,
and right.
"""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.answer_arrays import AnswerArray, Inputs
from autograder.diagnosis.assess import assess
from autograder.diagnosis.localisation import ENOUGH, ONE_EXAMPLE_RIGHT, _wrong_sides, only, where
from autograder.exercises import EXERCISES
from autograder.exercises.exercise import Result
from autograder.sandbox.calls import LocalCaller


def leaf(right, m=3, name="tanh", tags=(), size=ENOUGH):
    inputs = Inputs(frozenset(tags), {"m": m}, 0, {"hidden": name})
    return AnswerArray(inputs, Result("delta", ("n", "m")), None, *np.zeros((2, size)), right, np.zeros(size))


def said(exercise, function):
    verdict = assess(EXERCISES[exercise], LocalCaller(function, exercise), b"where")
    assert verdict.fraction < 1
    return verdict.pattern or ""


def test_one_example_is_right_only_if_one_was_asked_for_and_right():
    many, one = leaf(False, m=4), leaf(True, m=1)
    assert where([many, one]) == ONE_EXAMPLE_RIGHT
    assert where([many]) is None
    assert where([many, leaf(True, m=1, size=ENOUGH - 1)]) is None
    assert where([many, leaf(False, m=1)]) is None
    assert where([many, one, leaf(False, m=1)]) is None


@pytest.mark.parametrize("tag", ["extreme", "integer", "square", "poisoned", "large"])
def test_a_tag_is_blamed_only_beside_right_cases_without_it(tag):
    wrong, right = leaf(False, tags=[tag]), leaf(True)
    assert where([wrong, right])
    assert where([wrong]) is None
    assert where([wrong, right, leaf(False), leaf(False, m=1), leaf(False, name="relu")]) is None


def test_only_counts_numbers_not_arrays():
    assert not only([leaf(False, name="relu"), *[leaf(True, size=1)] * (ENOUGH - 1)], lambda x: not x.right)
    assert only([leaf(False, name="relu"), *[leaf(True, size=1)] * ENOUGH], lambda x: not x.right)


def raises(*args):
    raise ValueError("no")


@pytest.mark.parametrize("broken", [raises, lambda *args: None, lambda *args: {}, lambda *args: np.zeros(3)])
def test_what_never_came_is_not_right(broken):
    def output_delta(output, z, Y):
        right = recipe.output_delta(output, z, Y)
        return broken() if output == "softmax" else right + 0.1 * (output == "sigmoid")

    assert said("output_delta", output_delta).startswith("Right with identity alone.")

    def hidden_delta(W_next, delta_next, z, hidden):
        return broken() if z.shape[1] == 1 else recipe.hidden_delta(W_next, delta_next, z, hidden) + 0.1

    assert "one example is right" not in said("hidden_delta", hidden_delta)

    def layer_gradients(delta, a_prev):
        dW, db = recipe.layer_gradients(delta, a_prev)
        return (dW, db + 0.1) if delta.shape[0] > 2 else broken()

    assert "dW is right" not in said("layer_gradients", layer_gradients)


def test_one_side_of_zero_is_right_only_if_numbers_there_are():
    def left(z):
        return np.where(z > 0, recipe.sigmoid(z), recipe.sigmoid(z) + 0.1)

    assert said("sigmoid", left).startswith("Right except where z ≤ 0.")
    assert "z" not in said("sigmoid", lambda z: recipe.sigmoid(z) + 0.1)


def test_the_last_delta_for_every_layer_is_right_for_one_or_two():
    def all_deltas(W, Z, A, Y, hidden, output):
        last = recipe.output_delta(output, Z[len(W)], Y)
        return {l: last if l == len(W) else (W[l + 1].T @ last) * recipe.g_prime(hidden, Z[l]) for l in W}

    assert said("all_deltas", all_deltas) == "Right for networks of one or two layers, not for more."


def test_a_mistake_of_a_few_batches_is_not_blamed_on_batches():
    """Half of the batches are right, whatever the number of examples."""
    few = [leaf(False, m=7), leaf(True, m=7), leaf(True, m=4), leaf(True, m=1)]
    assert where(few) is None
    assert where([leaf(False, m=7), leaf(False, m=4), leaf(True, m=1)]) == ONE_EXAMPLE_RIGHT


@pytest.mark.parametrize(
    ("wrong", "relation"),
    [
        ({1}, ">"),
        ({-1}, "<"),
        ({0}, "="),
        ({0, 1}, "≥"),
        ({-1, 0}, "≤"),
        ({-1, 1}, None),
        ({-1, 0, 1}, None),
        (set(), None),
    ],
)
def test_the_signs_where_entries_are_wrong_have_a_relation(wrong, relation):
    assert _wrong_sides({sign: (9 if sign in wrong else 0, ENOUGH) for sign in (-1, 0, 1)}) == relation


@pytest.mark.parametrize(
    ("off", "asked", "relation"), [(6, ENOUGH, ">"), (5, ENOUGH, None), (9, ENOUGH - 1, None)]
)
def test_a_relation_needs_most_of_its_side_wrong_and_enough_right_ones(off, asked, relation):
    assert _wrong_sides({-1: (0, asked), 0: (0, 0), 1: (off, ENOUGH)}) == relation
