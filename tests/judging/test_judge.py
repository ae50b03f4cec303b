"""The judge as a whole: credit, statuses.

Follow-through is in test_follow_through.py, right and wrong styles in test_exercises.py.
"""

import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.diagnosis.localisation import LARGE
from autograder.exercises import EXERCISES
from autograder.judging.precision import NOTE_SINGLE_INPUTS
from autograder.sandbox.calls import CallError, LocalCaller, Outcome
from tests.support.one_by_one import OneByOne

SEED = b"judge"


def judged(exercise, function, seed=SEED, **others):
    """The verdict on a function in a namespace of its own with the others beside it."""
    if others:
        source = dict(others)
        code, space = function.__code__, {**function.__globals__, **source}
        function = type(function)(code, space, function.__name__, None, function.__closure__)
    return assess(EXERCISES[exercise], LocalCaller(function, exercise), seed)


def wrong_hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next


def failed(verdict):
    return [check.name for check in verdict.checks if not check.passed]


@pytest.mark.parametrize("exercise", [id for id, e in EXERCISES.items() if e.reference])
def test_the_reference_earns_everything_without_a_remark(exercise):
    for seed in (b"a", b"b", b"c"):
        verdict = judged(exercise, EXERCISES[exercise].reference, seed)
        assert (verdict.status, verdict.fraction, verdict.notes, failed(verdict)) == ("graded", 1, (), [])
        assert sum(check.weight for check in verdict.checks) == pytest.approx(1)


@pytest.mark.parametrize("exercise", list(EXERCISES))
def test_a_stub_earns_nothing(exercise):
    def stub(*args):
        raise NotImplementedError

    verdict = judged(exercise, stub)
    assert (verdict.status, verdict.fraction) == ("crashed", 0)
    assert verdict.error.message.startswith("NotImplementedError")


@pytest.mark.parametrize("exercise", list(EXERCISES))
def test_constant_answers_earn_nothing(exercise):
    first = next(a for a in EXERCISES[exercise].probes(b"other")[0].args if isinstance(a, (np.ndarray, dict)))
    for answer in (
        None,
        0.0,
        "text",
        {},
        (),
        first,
        (True, np.zeros(3)),
        (False, np.zeros(3)),
        np.zeros((2, 2)),
    ):
        assert judged(exercise, lambda *args, answer=answer: answer).fraction == 0


@pytest.mark.parametrize("exercise", list(EXERCISES))
def test_every_part_has_a_name_and_several_cases_or_arrays(exercise):
    verdict = judged(exercise, lambda *args: None)
    parts = [check.part for check in verdict.checks if check.name.startswith("values")]
    assert len(set(parts)) == len(parts) > 0


@settings(max_examples=25)
@given(
    st.recursive(
        st.none() | st.text(max_size=3) | st.floats() | st.integers() | st.booleans() | st.just(np.zeros((2, 2)))
        | st.just(np.array([None])) | st.just(np.array(["x"])) | st.just(np.full((3, 7), np.inf)) | st.just(1j),
        lambda inner: st.dictionaries(st.integers(0, 4) | st.text(max_size=1), inner, max_size=4)
        | st.tuples(inner, inner) | st.lists(inner, max_size=3),
        max_leaves=6,
    )
)  # fmt: skip
@example(({1: 1j, 2: 1j}, {1: 1j, 2: 1j}))
@example(np.array([None]))
def test_no_answer_makes_the_judge_raise(answer):
    for exercise in ("affine", "forward", "loss", "output_delta", "all_deltas", "backprop", "gradient_check"):
        assert judged(exercise, lambda *args: answer).fraction < 1


# ---- partial credit


def test_one_activation_wrong_costs_its_third_of_the_values():
    def g_prime(name, z):
        return recipe.sigmoid(z) * (1 - recipe.sigmoid(z)) if name != "relu" else (z > 0) * 1.0

    def hidden_delta(W_next, delta_next, z, hidden):
        return (W_next.T @ delta_next) * g_prime(hidden, z)

    verdict = judged("hidden_delta", hidden_delta)
    assert verdict.fraction == pytest.approx(0.4 + 0.6 * 2 / 3)
    assert failed(verdict) == ["values: tanh"]


def test_dW_and_db_are_apart():
    def layer_gradients(delta, a_prev):
        return delta @ a_prev.T / delta.shape[1], delta.sum(axis=1, keepdims=True)

    verdict = judged("layer_gradients", layer_gradients)
    assert verdict.fraction == pytest.approx(0.7)
    assert failed(verdict) == ["values: db"]


def test_a_crash_on_some_inputs_fails_those_parts_alone():
    def output_delta(output, z, Y):
        if output == "softmax":
            raise KeyError("softmax")
        return recipe.output_delta(output, z, Y)

    verdict = judged("output_delta", output_delta)
    assert verdict.status == "graded"
    assert verdict.fraction == pytest.approx(0.4 + 0.6 * 2 / 3)
    assert "KeyError" in next(c.message for c in verdict.checks if not c.passed)


def test_a_list_of_right_numbers_loses_shape_and_dtype():
    verdict = judged("affine", lambda W, a, b: (W @ a + b).tolist())
    assert verdict.fraction == pytest.approx(0.8)
    assert failed(verdict) == ["shape and dtype"]


def test_shape_and_purity_count_for_nothing_without_a_right_value():
    verdict = judged("affine", lambda W, a, b: W @ a + b + 1)
    assert verdict.fraction == 0
    assert failed(verdict) == ["values: z"]


# ---- 1/m in delta


def test_a_delta_with_1_over_m_earns_three_quarters_and_is_told():
    verdict = judged("output_delta", lambda output, z, Y: recipe.output_delta(output, z, Y) / z.shape[1])
    assert verdict.fraction == pytest.approx(0.75)
    assert any("1/m" in note for note in verdict.notes)


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


# ---- statuses


@pytest.mark.parametrize(
    ("kind", "status"),
    [("missing", "missing"), ("timeout", "timeout"), ("memory", "memory"), ("crashed", "crashed")],
)
def test_a_call_that_ends_the_child_ends_the_exercise(kind, status):
    calls = []

    def caller(name, args):
        calls.append(name)
        return Outcome(None, CallError(kind, "it ended"), None)

    verdict = assess(EXERCISES["affine"], OneByOne(caller), SEED)
    assert (verdict.status, verdict.fraction, len(calls)) == (status, 0, 1)


def test_an_answer_that_cannot_cross_the_wall_is_a_wrong_type_not_a_crash():
    def caller(name, args):
        return Outcome(None, CallError("protocol", "returned a module where an array was expected"), args)

    verdict = assess(EXERCISES["affine"], OneByOne(caller), SEED)
    assert (verdict.status, verdict.fraction) == ("graded", 0)


def test_a_hang_on_the_second_call_is_a_timeout():
    seen = []

    def caller(name, args):
        seen.append(1)
        if len(seen) > len(EXERCISES["affine"].probes(SEED)):
            return Outcome(None, CallError("timeout", "it took more than 5 seconds"), None)
        W, a, b = args
        return Outcome(W @ a + b, None, args)

    assert assess(EXERCISES["affine"], OneByOne(caller), SEED).status == "timeout"


def test_public_judging_shows_its_cases_and_graded_judging_shows_none():
    exercise = EXERCISES["affine"]
    caller = LocalCaller(exercise.reference, "affine")
    assert assess(exercise, caller, SEED).visible == ()
    shown = assess(exercise, caller, b"ignored", public=True).visible
    assert [e.case.name for e in shown] == [c.name for c in exercise.probes(b"", public=True)]


def test_the_same_seed_gives_the_same_verdict():
    wrong = EXERCISES["hidden_delta"]
    first, second = (assess(wrong, LocalCaller(wrong_hidden_delta, "hidden_delta"), b"s") for _ in range(2))
    assert (first.checks, first.fraction, first.codes, first.notes) == (
        second.checks, second.fraction, second.codes, second.notes,
    )  # fmt: skip


def test_no_notebook_takes_long():
    """30 ms on a quiet machine (benchmarks/judges.py measures it); here only that nothing has gone astray."""
    spent = {}
    for id, exercise in EXERCISES.items():
        if exercise.reference is None:
            continue
        times = []
        for i in range(3):
            start = time.process_time()
            judged(id, exercise.reference, b"time %d" % i)
            times.append(time.process_time() - start)
        spent[exercise.assignment] = spent.get(exercise.assignment, 0) + min(times)
    assert max(spent.values()) < 0.2, spent


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
    assert any("Y of integers" in note for note in verdict.notes)


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


# ---- differences


@pytest.mark.parametrize("h", [1e-4, 1e-5])
def test_differences_are_told_even_where_float32_leaves_them_no_digits(h):
    def output_delta(output, z, Y):
        d = np.zeros(z.shape)
        for i in np.ndindex(z.shape):
            step = np.zeros(z.shape, dtype=z.dtype)
            step[i] = h
            d[i] = (recipe.losses(output, z + step, Y) - recipe.losses(output, z - step, Y)).sum() / (2 * h)
        return d

    for seed in (b"1", b"2", b"3"):
        verdict = judged("output_delta", output_delta, seed)
        assert verdict.fraction < 1
        assert any("numerically differentiated" in note for note in verdict.notes)
        assert any("float32" in check.message for check in verdict.checks)


def test_differences_for_a_slope_lose_the_same():
    def g_prime(name, z):
        return (
            (z > 0) * 1.0 if name == "relu" else (recipe.g(name, z + 1e-5) - recipe.g(name, z - 1e-5)) / 2e-5
        )

    def hidden_delta(W_next, delta_next, z, hidden):
        return (W_next.T @ delta_next) * g_prime(hidden, z)

    assert failed(judged("g_prime", g_prime)) == ["values: sigmoid", "values: tanh"]
    assert (
        {"values: tanh"}
        <= set(failed(judged("hidden_delta", hidden_delta)))
        <= {"values: sigmoid", "values: tanh"}
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


# ---- probes between the ordinary and the extreme


@pytest.mark.parametrize("edge", [-16, -18, -25])
def test_a_sigmoid_cut_off_early_is_seen(edge):
    verdict = judged("sigmoid", lambda z: np.where(z < edge, 0.0, recipe.sigmoid(z)))
    assert "values: ordinary z" in failed(verdict)


@pytest.mark.parametrize("id", ["layer_gradients", "hidden_delta", "all_deltas", "backprop"])
def test_two_examples_are_asked_for(id):
    def wrong(*args):
        last = [a for a in args if isinstance(a, (np.ndarray, dict))][-1]
        z = last if isinstance(last, np.ndarray) else last[max(last)]
        answer = EXERCISES[id].reference(*args)
        return answer if z.shape[1] != 2 else _doubled(answer)

    assert judged(id, wrong).fraction < 1


def _doubled(answer):
    if isinstance(answer, dict):
        return {key: _doubled(value) for key, value in answer.items()}
    return tuple(map(_doubled, answer)) if isinstance(answer, tuple) else 2 * answer


def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z + delta_a


def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = recipe.backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * W[l] for l in dW}, db


RIGHT = {id: e.reference for id, e in EXERCISES.items() if e.reference} | {
    "residual_delta": residual_delta, "l2_backprop": l2_backprop,
    "huber_output_delta": lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa),
}  # fmt: skip


def width(args):
    return max(
        n for a in args for x in (a.values() if isinstance(a, dict) else [a]) for n in np.shape(x) or [0]
    )


def depth(args):
    return max((len(a) for a in args if isinstance(a, dict)), default=0)


@pytest.mark.parametrize("id", list(RIGHT))
@pytest.mark.parametrize(("size", "most"), [(width, 8), (depth, 6)])
def test_what_is_right_only_up_to_some_size_is_seen(id, size, most):
    if size is depth and not any(isinstance(a, dict) for a in EXERCISES[id].probes(SEED)[0].args):
        assert id not in ("forward", "all_deltas", "backprop", "l2_backprop")
        return

    def capped(*args):
        answer = RIGHT[id](*args)
        return _doubled(answer) if size(args) > most else answer

    if id == "gradient_check":
        capped = lambda f, theta, grad, h: (theta.size <= 12 and RIGHT[id](f, theta, grad, h)[0], RIGHT[id](f, theta, grad, h)[1])  # noqa: E731  # fmt: skip
    verdict = judged(id, capped)
    assert verdict.fraction < 1
    assert (verdict.pattern or "").startswith(LARGE) or id == "gradient_check"


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


@pytest.mark.parametrize("nothing", [0.0, np.nan])
@pytest.mark.parametrize("blank", ["sigmoid", "softmax"])
def test_zeros_or_nan_are_no_pair_of_mistakes(blank, nothing):
    """Probabilities rounded to 0 and 1 and then multiplied by a (1 - a) give zeros too."""

    def output_delta(output, z, Y):
        return np.full_like(z, nothing) if output == blank else recipe.output_delta(output, z, Y)

    found = assess(EXERCISES["output_delta"], LocalCaller(output_delta, "output_delta"), b"blank")
    assert 0 < found.fraction < 1
    assert found.codes == ()
    assert found.pattern.startswith(f"Right except with {blank}.")


def test_nothing_is_accepted_that_loses_points():
    verdict = judged("sigmoid", lambda z: recipe.sigmoid(z).ravel())
    assert verdict.fraction == 0
    assert not any("accepted" in note for note in verdict.notes)


@pytest.mark.parametrize("seed", [b"%d" % i for i in range(12)])
def test_no_whole_numbers_hide_a_mistake_by_chance(seed):
    def softmax(z):
        shift = z.max(axis=1, keepdims=True)
        return np.exp(z - shift) / np.exp(z - shift).sum(axis=0, keepdims=True)

    def g_prime(name, z):
        return np.maximum(z, 0) if name == "relu" else recipe.g_prime(name, z)

    assert "values: z of integers" in failed(judged("softmax", softmax, seed))
    assert "values: z of integers" in failed(judged("g_prime", g_prime, seed))


def test_a_loss_in_float32_is_not_called_differentiated():
    def loss(output, z, Y):
        return float(recipe.loss(output, z.astype(np.float32), Y.astype(np.float32)))

    for seed in (b"%d" % i for i in range(8)):
        verdict = judged("loss", loss, seed)
        assert not any("differentiated" in note or "epsilon" in note for note in verdict.notes), verdict.notes
