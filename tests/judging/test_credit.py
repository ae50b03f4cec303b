"""What a part that is right earns, and what costs nothing."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.wrong_forms import Forms
from autograder.exercises import EXERCISES
from autograder.feedback.words import check_message
from tests.support.judged import failed, judged
from tests.support.said import said

# ---- partial credit


def test_one_activation_wrong_costs_its_third_of_the_values():
    def g_prime(name, z):
        return recipe.sigmoid(z) * (1 - recipe.sigmoid(z)) if name != "relu" else (z > 0) * 1.0

    def hidden_delta(W_next, delta_next, z, hidden):
        return (W_next.T @ delta_next) * g_prime(hidden, z)

    verdict = judged("hidden_delta", hidden_delta)
    assert verdict.fraction == pytest.approx(2 / 3)
    assert failed(verdict) == ["values: tanh, ordinary numbers", "values: tanh, tiny and large numbers"]


def test_dW_and_db_are_apart():
    def layer_gradients(delta, a_prev):
        return delta @ a_prev.T / delta.shape[1], delta.sum(axis=1, keepdims=True)

    verdict = judged("layer_gradients", layer_gradients)
    assert verdict.fraction == pytest.approx(0.7 + 0.3 / 2)
    assert failed(verdict) == ["values: db"]


def test_no_mistake_is_named_for_a_part_that_it_leaves_right():
    """db is wrong by a hair, and not by a transposed dW, which leaves db right."""

    def layer_gradients(delta, a_prev):
        dW, db = recipe.layer_gradients(delta, a_prev)
        return dW + 1e-15, db + 1e-15

    verdict = judged("layer_gradients", layer_gradients)
    assert (verdict.fraction, verdict.codes) == (0, ())


def test_a_crash_on_some_inputs_fails_those_parts_alone():
    def output_delta(output, z, Y):
        if output == "softmax":
            raise KeyError("softmax")
        return recipe.output_delta(output, z, Y)

    verdict = judged("output_delta", output_delta)
    assert verdict.status == "graded"
    assert verdict.fraction == pytest.approx(2 / 3)
    assert "KeyError" in next(check_message(c) for c in verdict.checks if not c.passed)


def test_a_list_of_right_numbers_loses_shape_and_dtype():
    verdict = judged("affine", lambda W, a, b: (W @ a + b).tolist())
    assert verdict.fraction == pytest.approx(0.8)
    assert failed(verdict) == ["shape and dtype"]


def test_shape_and_purity_count_for_nothing_without_a_right_value():
    verdict = judged("affine", lambda W, a, b: W @ a + b + 1)
    assert verdict.fraction == 0
    assert failed(verdict) == ["values: ordinary numbers", "values: tiny and large numbers"]


def test_a_part_that_agrees_with_another_mistake_by_chance_bears_the_name_of_the_whole():
    """At extremes z has six columns and three rows: m over k is 2 there."""
    verdict = judged("loss", lambda output, z, Y: recipe.loss(output, z, Y) * z.shape[1] / z.shape[0])
    assert verdict.codes == ("K28",)
    assert {check.found.values[2] for check in verdict.checks if not check.passed} == {"K28"}


# ---- 1/m in delta


def test_a_delta_with_1_over_m_earns_three_quarters_and_is_told():
    verdict = judged("output_delta", lambda output, z, Y: recipe.output_delta(output, z, Y) / z.shape[1])
    assert verdict.fraction == pytest.approx(0.75)
    assert verdict.codes == ("K39",)
    assert {check_message(c) for c in verdict.checks if not c.passed} == {
        "three quarters of the points: 1/m before Step 3, K39"
    }


def test_it_is_right_where_only_dW_and_db_are_asked():
    def backprop(W, Z, A, Y, hidden, output):
        m = Y.shape[1]
        delta = {l: d / m for l, d in recipe.all_deltas(W, Z, A, Y, hidden, output).items()}
        dW = {l: delta[l] @ A[l - 1].T for l in delta}
        return dW, {l: delta[l].sum(axis=1, keepdims=True) for l in delta}

    assert judged("backprop", backprop, recipe=recipe).fraction == 1


def test_m_twice_is_not_a_delta_with_1_over_m():
    assert (
        judged("output_delta", lambda o, z, Y: recipe.output_delta(o, z, Y) / z.shape[1] ** 2).fraction == 0
    )


def test_nothing_is_accepted_that_loses_points():
    verdict = judged("sigmoid", lambda z: recipe.sigmoid(z).ravel())
    assert verdict.fraction == 0
    assert not any("accepted" in note for note in said(verdict))


# ---- whole numbers


@pytest.mark.parametrize("output", ["identity", "sigmoid", "softmax"])
def test_whole_numbers_that_stop_code_in_place_cost_nothing(output):
    def in_place(name, z, Y):
        if name != output:
            return recipe.output_delta(name, z, Y)
        d = Y.copy()
        np.negative(d, out=d)
        d += recipe.g(name, z)
        return d

    verdict = judged("output_delta", in_place)
    assert verdict.fraction == 1
    assert any("Y of integers" in note for note in said(verdict))


def test_the_same_error_at_fractions_costs():
    def output_delta(name, z, Y):
        d = recipe.output_delta(name, z, Y)
        if name == "softmax" and Y.dtype.kind == "f":
            counts = np.zeros(z.shape, dtype=int)
            counts += d
        return d

    assert failed(judged("output_delta", output_delta)) == ["values: softmax"]


def test_another_error_at_whole_numbers_costs():
    def output_delta(name, z, Y):
        if Y.dtype.kind == "i":
            raise TypeError("no whole numbers here")
        return recipe.output_delta(name, z, Y)

    assert judged("output_delta", output_delta).fraction < 1


def test_a_form_that_is_gone_lends_its_answers_to_no_other():
    """Some entries make their forms anew: a later one may have the id() of one before it."""
    forms = Forms(EXERCISES["affine"])
    asked = SimpleNamespace(case=SimpleNamespace(args=()), target=SimpleNamespace(template=0))
    assert [forms.give(partial(int, n), asked) for n in range(50)] == list(range(50))
