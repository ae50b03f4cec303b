"""Right numbers in another arrangement are told, by name, and keep three quarters of what they hit."""

import numpy as np
import pytest

import backprop as recipe
from autograder.exercises import EXERCISES
from autograder.misconceptions import CATALOGUE
from tests.support.judged import judged


@pytest.mark.parametrize(
    ("code", "id"),
    [(code, id) for code in ("K120", "K121", "K122", "K129") for id in CATALOGUE[code].rules],
)
def test_each_is_named_and_keeps_three_quarters_of_what_it_hits(code, id):
    if EXERCISES[id].reference is None:
        function = CATALOGUE[code].rules[id]
    else:

        def function(*args):
            return CATALOGUE[code].rules[id](*args)

    verdict = judged(id, function)
    assert verdict.codes == (code,)
    lost = {check.credit for check in verdict.checks if check.kind == "values" and not check.passed}
    assert lost == {0.75}
    hit = sum(check.weight for check in verdict.checks if not check.passed)
    assert verdict.fraction == pytest.approx(1 - hit / 4)


def test_the_keys_one_too_high_are_told_too():
    def all_deltas(*args):
        return {l + 1: d for l, d in recipe.all_deltas(*args).items()}

    assert judged("all_deltas", all_deltas).codes == ("K122",)


def test_wrong_numbers_in_another_arrangement_are_no_mere_arrangement():
    def layer_gradients(delta, a_prev):
        dW, db = recipe.layer_gradients(delta, a_prev)
        return db, dW + 1

    verdict = judged("layer_gradients", layer_gradients)
    assert "K120" not in verdict.codes
    assert verdict.fraction == 0


def test_an_empty_answer_is_no_arrangement():
    assert judged("all_deltas", lambda *args: {}).fraction == 0
    assert judged("forward", lambda *args: ({}, {})).fraction == 0
    assert judged("layer_gradients", lambda delta, a: (np.zeros(1), np.zeros(1))).fraction == 0


SEVERAL = [id for id, exercise in EXERCISES.items() if len(exercise.results) > 1 and exercise.reference]


@pytest.mark.parametrize("id", SEVERAL)
def test_results_in_another_order_keep_three_quarters_in_every_exercise_that_returns_several(id):
    def turned(*args):
        first, *others = EXERCISES[id].reference(*args)
        return (*others, first)

    verdict = judged(id, turned)
    assert verdict.codes == (("K120",) if len(EXERCISES[id].results) == 2 else ("K129",))
    assert verdict.fraction == pytest.approx(0.75)


def test_two_results_exchanged_cost_the_others_nothing():
    def softmax_atoms(z, Y):
        U_bar, S_bar, E_bar, z_bar = EXERCISES["softmax_atoms"].reference(z, Y)
        return U_bar, S_bar, z_bar, E_bar

    verdict = judged("softmax_atoms", softmax_atoms)
    assert verdict.codes == ("K129",)
    assert verdict.fraction == pytest.approx(0.5 + 0.5 * 0.75)


def test_a_sum_for_the_mean_in_the_other_order_earns_no_more_than_in_the_right_one():
    def layer_gradients(delta, a_prev):
        return delta.sum(axis=1, keepdims=True), delta @ a_prev.T

    verdict = judged("layer_gradients", layer_gradients)
    assert verdict.codes == ("K26", "K120")
    assert verdict.fraction == 0


def test_a_checker_in_the_other_order_is_one_mistake_and_a_checker_that_accepts_all_another():
    def accepts_all(*args):
        _, errors = EXERCISES["gradient_check"].reference(*args)
        return errors, bool(np.isfinite(errors).all())

    verdict = judged("gradient_check", accepts_all)
    assert "K120" not in verdict.codes
    assert verdict.fraction == 0
