"""Right numbers in another arrangement are told, by name, and keep three quarters of what they hit."""

import numpy as np
import pytest

import backprop as recipe
from autograder.exercises import EXERCISES
from autograder.misconceptions import CATALOGUE
from tests.support.judged import judged


@pytest.mark.parametrize(
    ("code", "id"),
    [(code, id) for code in ("K120", "K121", "K122") for id in CATALOGUE[code].rules],
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
