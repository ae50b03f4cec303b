"""What costs purity: a changed argument, state between calls, an answer written into again; what doesn't."""

from collections import Counter

import numpy as np
import pytest

import backprop as recipe
from autograder.exercises import EXERCISES
from autograder.exercises.exercise import asked
from autograder.feedback.words import check_message
from autograder.judging.equality import form
from autograder.judging.purity import AGAIN, SAME_SHAPE_PAIRS, _second_order
from tests.support.judged import failed, judged


def in_place(W, a_prev, b):
    z = W @ a_prev + b
    a_prev[:] = 0
    return z


def added_up(W, a_prev, b):
    return W @ a_prev + b


CALLS = []


def every_other(W, a_prev, b):
    CALLS.append(1)
    return W @ a_prev + b + (len(CALLS) > 20)


CACHE = {}


def remembered(W, a_prev, b):
    return CACHE.setdefault((W.shape, a_prev.shape), W @ a_prev + b)


def test_changing_an_argument_costs_purity():
    verdict = judged("affine", in_place)
    assert verdict.fraction == pytest.approx(0.8)
    assert "changed in place" in next(check_message(c) for c in verdict.checks if c.kind == "purity")


def test_state_between_calls_is_seen():
    CALLS.clear()
    assert "purity" in failed(judged("affine", every_other))


def test_a_cache_by_shape_is_seen():
    CACHE.clear()
    assert judged("affine", remembered).fraction < 1


def test_an_argument_handed_back_is_no_impurity():
    def forward(W, b, X, hidden, output):
        return recipe.forward(W, b, X, hidden, output)  # A[0] is X itself

    assert judged("forward", forward, recipe=recipe).fraction == 1


def test_the_same_function_judged_by_more_seeds_stays_pure():
    assert all(judged("affine", added_up, b"%d" % i).fraction == 1 for i in range(20))


BUFFERS = {}


def affine_into_a_buffer(W, a_prev, b):
    out = BUFFERS.setdefault((W.shape, a_prev.shape), np.empty((W.shape[0], a_prev.shape[1])))
    out[:] = W @ a_prev + b
    return out


def test_an_array_that_the_next_call_writes_into_costs_purity():
    for seed in (b"%d" % i for i in range(10)):
        verdict = judged("affine", affine_into_a_buffer, seed)
        assert verdict.fraction == pytest.approx(0.8)
        assert "written into by the next" in next(
            check_message(c) for c in verdict.checks if c.kind == "purity"
        )
        assert verdict.codes == ("K35",)


DELTAS = {}


def deltas_in_a_dict_of_the_notebook(W, Z, A, Y, hidden, output):
    DELTAS.clear()
    DELTAS.update(recipe.all_deltas(W, Z, A, Y, hidden, output))
    return DELTAS


def test_a_dict_outside_the_function_costs_purity():
    verdict = judged("all_deltas", deltas_in_a_dict_of_the_notebook)
    assert verdict.fraction == pytest.approx(0.8)
    assert failed(verdict) == ["purity"]


@pytest.mark.parametrize("name", ["affine", "hidden_delta", "softmax", "g_prime"])
def test_second_calls_come_in_pairs_of_one_form_first_then_of_all_others(name):
    exercise = EXERCISES[name]
    seed = exercise.seed(b"order")
    cases, _ = asked(exercise, seed)
    order = _second_order(exercise, seed)
    forms = [form(cases[i].args) for i in order]
    several = {f for f, n in Counter(form(case.args) for case in cases).items() if n > 1}
    pairs = min(SAME_SHAPE_PAIRS, len(several))
    assert len(order) == len(set(order)) <= AGAIN
    assert forms[: 2 * pairs : 2] == forms[1 : 2 * pairs : 2]
    assert set(forms[: 2 * pairs]) <= several
    alone = forms[2 * pairs :]
    assert (
        len(alone) == len({form(case.args) for case in cases} - set(forms[: 2 * pairs]))
        or len(order) == AGAIN
    )
    assert not set(alone) & set(forms[: 2 * pairs])
