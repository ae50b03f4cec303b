"""One mistake costs once: an earlier function's costs its caller nothing, and earns it nothing."""

from dataclasses import replace

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.exercises.expected import ExpectedArray, Target
from autograder.judging.follow_through import HelperAnswers, Trial, _moved, _sensible
from autograder.judging.judge import judge
from autograder.judging.precision import NOTE_SINGLE
from autograder.sandbox.calls import LocalCaller
from tests.support.judged import SEED, beside, judged, wrong_hidden_delta
from tests.support.said import said


def all_deltas(W, Z, A, Y, hidden, output):
    N = max(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)  # noqa: F821
    return delta


def test_a_mistake_costs_once():
    verdict = judged("all_deltas", all_deltas, hidden_delta=wrong_hidden_delta)
    assert verdict.fraction == 1
    assert any("Right given your own hidden_delta" in note for note in said(verdict))


def test_an_earlier_function_that_returns_lists_costs_the_same_where_it_was_judged_and_where_not():
    def lists(W_next, delta_next, z, hidden):
        return recipe.hidden_delta(np.asarray(W_next), np.asarray(delta_next), z, hidden).tolist()

    call = LocalCaller(beside(all_deltas, hidden_delta=lists), "all_deltas")
    before = judge(EXERCISES["hidden_delta"], LocalCaller(lists, "hidden_delta"), SEED)
    assert before.score.fraction == 0.8
    earlier = {"hidden_delta": before.helper_answers}
    graded = judge(EXERCISES["all_deltas"], call, SEED, earlier=earlier)
    alone = judge(EXERCISES["all_deltas"], call, SEED)
    assert graded.score.fraction == alone.score.fraction == 1
    assert graded.notes == alone.notes != ()


def test_zeros_and_stubs_are_nothing_to_follow():
    def zeros(W_next, delta_next, z, hidden):
        return np.zeros(z.shape)

    def stub(W_next, delta_next, z, hidden):
        raise NotImplementedError

    assert judged("all_deltas", all_deltas, hidden_delta=zeros).fraction < 0.6
    assert judged("all_deltas", all_deltas, hidden_delta=stub).fraction < 0.6


@pytest.mark.parametrize("constant", [1e-300, 1.0, 1e30])
def test_a_constant_is_nothing_to_follow(constant):
    def same(W_next, delta_next, z, hidden):
        return np.full(z.shape, constant)

    def everywhere(W, Z, A, Y, hidden, output):
        return {l: A[l] - Y if l == max(W) else np.full(Z[l].shape, constant) for l in W}

    # The output layers are right, by a line of their own.
    assert judged("all_deltas", everywhere, hidden_delta=same).fraction == pytest.approx(0.3)


def test_numbers_that_drown_the_penalty_are_nothing_to_follow():
    def huge(W, Z, A, Y, hidden, output):
        dW, db = recipe.backprop(W, Z, A, Y, hidden, output)
        return {l: 1e30 * (dW[l] + 1) for l in dW}, {l: 1e30 * (db[l] + 1) for l in db}

    def no_penalty(W, Z, A, Y, hidden, output, lam):
        return backprop(W, Z, A, Y, hidden, output)  # noqa: F821

    assert judged("l2_backprop", no_penalty, backprop=huge).fraction == 0


def backwards(W, Z, A, Y, hidden, output):
    N = max(W)
    delta = {N: Y - A[N]}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)  # noqa: F821
    return delta


def test_a_mistake_of_its_own_is_not_followed():
    assert judged("all_deltas", backwards, hidden_delta=wrong_hidden_delta).fraction == 0.5


def test_forward_follows_affine():
    def no_bias(W, a_prev, b):
        return W @ a_prev

    verdict = judged("forward", forward_by_affine, affine=no_bias, g=recipe.g)
    assert verdict.fraction == 1
    assert any("your own affine" in note for note in said(verdict))


def forward_by_affine(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in W:
        Z[l] = affine(W[l], A[l - 1], b[l])  # noqa: F821
        A[l] = g(output if l == len(W) else hidden, Z[l])  # noqa: F821
    return Z, A


def l2_by_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)  # noqa: F821
    return {l: dW[l] + lam * W[l] for l in W}, db


def test_l2_follows_backprop():
    def sums(W, Z, A, Y, hidden, output):
        dW, db = recipe.backprop(W, Z, A, Y, hidden, output)
        return {l: dW[l] * Y.shape[1] for l in dW}, {l: db[l] * Y.shape[1] for l in db}

    verdict = judged("l2_backprop", l2_by_backprop, backprop=sums)
    assert verdict.fraction == 1
    assert any("your own backprop" in note for note in said(verdict))


def in_steps(W, Z, A, Y, hidden, output):
    N = max(W)
    delta = {N: output_delta(output, Z[N], Y)}  # noqa: F821
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)  # noqa: F821
    return delta


def clipped_step(W_next, delta_next, z, hidden):
    back = W_next.T @ delta_next
    return np.maximum(back, 0) if hidden == "relu" else back * recipe.g_prime(hidden, z)


def spoiling_step(W_next, delta_next, z, hidden):
    delta_next *= 0.5
    return (W_next.T @ delta_next) * recipe.g_prime(hidden, z)


def raising_step(W_next, delta_next, z, hidden):
    return W_next.T @ delta_nxt  # noqa: F821


def untransposed_step(W_next, delta_next, z, hidden):
    return (W_next @ delta_next) * recipe.g_prime(hidden, z)


BUFFERS = {}


def step_into_a_buffer(W_next, delta_next, z, hidden):
    out = BUFFERS.setdefault(z.shape, np.empty(z.shape))
    out[:] = (W_next.T @ delta_next) * recipe.g_prime(hidden, z)
    return out


@pytest.mark.parametrize(
    "step",
    [wrong_hidden_delta, clipped_step, spoiling_step, raising_step, untransposed_step, step_into_a_buffer],
)
@pytest.mark.parametrize("seed", [b"1", b"2", b"3"])
def test_whatever_an_earlier_function_does_it_costs_its_caller_nothing(step, seed):
    verdict = judged("all_deltas", in_steps, seed, hidden_delta=step, output_delta=recipe.output_delta)
    assert (verdict.status, verdict.fraction, verdict.codes) == ("graded", 1, ())
    assert said(verdict) == ("Right given your own hidden_delta: the mistake there costs nothing here.",)


@pytest.mark.parametrize("top", [lambda output, z, Y: Y - recipe.g(output, z), recipe.output_delta])
def test_every_earlier_function_that_is_wrong_is_named(top):
    """output_delta is no exercise of this notebook: it is asked where the last layer's delta is wrong too."""
    space = {**in_steps.__globals__, "hidden_delta": wrong_hidden_delta, "output_delta": top}
    call = LocalCaller(type(in_steps)(in_steps.__code__, space), "all_deltas")
    earlier = {"hidden_delta": judge(EXERCISES["hidden_delta"], call, SEED).helper_answers}
    verdict = assess(EXERCISES["all_deltas"], call, SEED, earlier=earlier)
    both = "hidden_delta" if top is recipe.output_delta else "hidden_delta and output_delta"
    assert verdict.fraction == 1
    assert said(verdict) == (f"Right given your own {both}: the mistake there costs nothing here.",)


@pytest.mark.parametrize("step", [lambda W, d, z, h: W.T @ d, raising_step])
@pytest.mark.parametrize("z", [lambda Z, A, l: Z[l + 1], lambda Z, A, l: A[l]])
def test_an_earlier_function_hides_no_mistake_of_its_caller(step, z):
    """A Step 2 without g' gives the same at any z: all_deltas hands it the wrong one all the same."""

    def all_deltas(W, Z, A, Y, hidden, output):
        N = max(W)
        delta = {N: A[N] - Y}
        for l in range(N - 1, 0, -1):
            delta[l] = hidden_delta(W[l + 1], delta[l + 1], given(Z, A, l), hidden)  # noqa: F821
        return delta

    verdict = judged("all_deltas", all_deltas, hidden_delta=step, given=z)
    alone = judged("all_deltas", all_deltas, hidden_delta=recipe.hidden_delta, given=z)
    assert alone.fraction < 1
    # Where a right helper raises, the student's own may leave the output layers standing, which are right.
    earned = {c.part for c in verdict.checks if c.passed} - {c.part for c in alone.checks if c.passed}
    assert all(part.endswith("output layer") for part in earned)
    assert verdict.codes in (alone.codes, ())
    assert not any("Right given" in note for note in said(verdict))


def test_a_callers_own_mistake_is_named_apart_from_that_of_its_helper():
    assert judged("all_deltas", backwards, hidden_delta=wrong_hidden_delta).codes == ("K5",)


def test_a_caller_that_is_right_in_part_earns_that_part():
    def all_deltas(W, Z, A, Y, hidden, output):
        N = max(W)
        delta = {N: (A[N] - Y) * (2 if output == "softmax" else 1)}
        for l in range(N - 1, 0, -1):
            delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)  # noqa: F821
        return delta

    verdict = judged("all_deltas", all_deltas, hidden_delta=wrong_hidden_delta)
    assert verdict.fraction == pytest.approx(2 / 3 + 1 / 6)
    assert (
        "Judged with a right hidden_delta in place of your own: the mistake there costs nothing here."
        in said(verdict)
    )


@pytest.mark.parametrize(
    "affine",
    [
        lambda W, a, b: W @ a,
        lambda W, a, b: W @ a - b,
        lambda W, a, b: 2 * (W @ a) + b,
        lambda W, a, b: W.T @ a + b,
    ],
)
def test_forward_follows_any_affine(affine):
    verdict = judged("forward", forward_by_affine, affine=affine, g=recipe.g)
    assert verdict.fraction == 1
    assert said(verdict) == ("Right given your own affine: the mistake there costs nothing here.",)


def slope(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))  # noqa: F821
    return 1 - np.tanh(z) ** 2 if name == "tanh" else (z > 0) * 1.0


def test_g_prime_follows_sigmoid():
    verdict = judged("g_prime", slope, sigmoid=lambda z: 1 / (1 + np.exp(z)) + 0.01)
    assert verdict.fraction == 1
    assert said(verdict)[-1] == "Right given your own sigmoid: the mistake there costs nothing here."


def test_only_what_the_notebook_judges_or_gives_is_followed():
    """Chapter 8 gives no all_deltas: one that is wrong there is the answer's own mistake."""

    def backprop(W, Z, A, Y, hidden, output):
        delta = all_deltas(W, Z, A, Y, hidden, output)
        steps = {l: recipe.layer_gradients(delta[l], A[l - 1]) for l in delta}
        return {l: pair[0] for l, pair in steps.items()}, {l: pair[1] for l, pair in steps.items()}

    def no_slope(W, Z, A, Y, hidden, output):
        return in_place_of(wrong_hidden_delta, W, Z, A, Y)

    def in_place_of(step, W, Z, A, Y):
        delta = {max(W): A[max(W)] - Y}
        for l in range(max(W) - 1, 0, -1):
            delta[l] = step(W[l + 1], delta[l + 1], Z[l], "")
        return delta

    verdict = judged("backprop", backprop, all_deltas=no_slope, recipe=recipe)
    assert verdict.fraction < 0.6
    assert verdict.codes == ("K13",)


def test_the_students_own_functions_are_in_place_again_afterwards():
    space = {"np": np, "hidden_delta": wrong_hidden_delta}
    function = type(all_deltas)(all_deltas.__code__, space, "all_deltas")
    assert assess(EXERCISES["all_deltas"], LocalCaller(function), SEED).fraction == 1
    assert space["hidden_delta"] is wrong_hidden_delta


def test_a_1_over_m_of_output_delta_costs_a_right_all_deltas_nothing():
    def over_m(output, z, Y):
        return recipe.output_delta(output, z, Y) / z.shape[1]

    verdict = judged("all_deltas", in_steps, output_delta=over_m, hidden_delta=recipe.hidden_delta)
    assert verdict.fraction == 1
    assert not verdict.codes
    assert said(verdict) == ("Right given your own output_delta: the mistake there costs nothing here.",)


def in_float32(W, Z, A, Y, hidden, output):
    W, Z, A = ({l: v.astype(np.float32) for l, v in d.items()} for d in (W, Z, A))
    return recipe.all_deltas(W, Z, A, Y.astype(np.float32), hidden, output)


def after_hidden_delta(function, step):
    """all_deltas judged after the notebook's own hidden_delta."""
    space = {**function.__globals__, "hidden_delta": step, "output_delta": recipe.output_delta}
    call = LocalCaller(type(function)(function.__code__, space, "all_deltas"), "all_deltas")
    earlier = {"hidden_delta": judge(EXERCISES["hidden_delta"], call, SEED).helper_answers}
    return assess(EXERCISES["all_deltas"], call, SEED, earlier=earlier)


def test_what_calls_no_helper_is_not_right_given_one():
    assert after_hidden_delta(in_float32, wrong_hidden_delta).notes == (NOTE_SINGLE,)


def test_what_earns_no_more_with_right_helpers_has_no_note_of_them():
    for function in (backwards, in_float32_and_backwards):
        verdict = after_hidden_delta(function, wrong_hidden_delta)
        assert (verdict.fraction, verdict.notes) == (0.5, ())


def in_float32_and_backwards(W, Z, A, Y, hidden, output):
    return {l: -delta for l, delta in in_float32(W, Z, A, Y, hidden, output).items()}


def test_a_helper_that_is_wrong_on_few_calls_costs_a_caller_in_float32_nothing():
    """The first call of each part is off by rounding alone, with the helper as it is and with a right one."""

    def all_deltas(W, Z, A, Y, hidden, output):
        N = max(W)
        delta = {N: np.float32(A[N] - Y)}
        for l in range(N - 1, 0, -1):
            delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)  # noqa: F821
        return delta

    def wrong_for_one_example(W_next, delta_next, z, hidden):
        return recipe.hidden_delta(W_next, delta_next, z, hidden) * (2 if z.shape[1] == 1 else 1)

    verdict = after_hidden_delta(all_deltas, wrong_for_one_example)
    assert verdict.fraction == 1
    assert "Right given your own hidden_delta: the mistake there costs nothing here." in said(verdict)


@pytest.mark.parametrize(("trace", "followed"), [(1e-5, False), (0.1, True)])
def test_a_constant_with_a_trace_of_the_answer_is_nothing_to_follow(trace, followed):
    def nearly_constant(W_next, delta_next, z, hidden):
        return 1 + trace * np.tanh(recipe.hidden_delta(W_next, delta_next, z, hidden))

    verdict = judged("all_deltas", all_deltas, hidden_delta=nearly_constant)
    assert (verdict.fraction == 1) is followed
    assert verdict.fraction == 1 or verdict.fraction < 0.6


def test_answers_are_handed_on_and_no_argument_is_changed():
    earlier = {}
    call = LocalCaller(EXERCISES["hidden_delta"].reference, "hidden_delta")
    found = judge(EXERCISES["hidden_delta"], call, SEED, earlier=earlier)
    assert found.helper_answers.flawless
    assert len(found.helper_answers.answers) == len(found.run.graded)
    assert earlier == {}


def test_after_a_helper_that_never_gave_a_value_only_what_is_right_throughout_earns():
    """Whether such a caller was ever run by its author, nothing shows: part of it may be right by chance."""

    def all_deltas(W, Z, A, Y, hidden, output):
        delta = in_steps(W, Z, A, Y, hidden, output)
        return {l: delta[l] * (2 if output == "softmax" else 1) for l in delta}

    own = in_steps.__code__
    steps = {"hidden_delta": raising_step, "output_delta": recipe.output_delta}
    space = {**in_steps.__globals__, **steps}
    space["in_steps"] = type(in_steps)(own, space)
    call = LocalCaller(type(all_deltas)(all_deltas.__code__, space), "all_deltas")
    assert assess(EXERCISES["all_deltas"], call, SEED).fraction == 0
    call = LocalCaller(space["in_steps"], "all_deltas")
    assert assess(EXERCISES["all_deltas"], call, SEED).fraction == 1


def test_other_inputs_are_of_the_same_form_and_as_likely():
    value = np.array([[4.0, 8.0], [-2.0, 1.0]])
    assert _moved(value).tolist() == [[-1.5, 0.75], [3.0, 6.0]]
    assert _moved(value.astype(np.float32)).dtype == np.float32
    assert _moved(np.zeros((2, 1))).tolist() == [[1.0], [1.0]]
    whole = np.array([1, 2])
    assert _moved(whole) is whole
    assert _moved("tanh") == "tanh"
    assert {l: a.tolist() for l, a in _moved({1: value, 2: np.zeros(1)}).items()} == {
        1: [[-1.5, 0.75], [3.0, 6.0]],
        2: [1.0],
    }


@pytest.mark.parametrize(
    ("size", "sensible"),
    [(1.0, True), (1e-19, True), (1e-21, False), (0.0, False), (9e3, True), (2e4, False)],
)
def test_an_answer_of_no_sensible_size_is_nothing_to_follow(size, sensible):
    expected = np.array([[1.0, -3.0]])
    assert _sensible(Target(ExpectedArray("a", expected, expected, "a")), size * expected) == sensible


def test_where_an_earlier_function_is_known_to_be_worth_nothing_its_caller_is_judged_as_written():
    """The few calls that are tried first show the mistake, and there is nothing to put in its place."""

    def zeros(W_next, delta_next, z, hidden):
        return np.zeros(z.shape)

    helper = EXERCISES["hidden_delta"]
    caller = LocalCaller(beside(all_deltas, hidden_delta=zeros), "all_deltas")
    answers = [
        (case, target, caller("hidden_delta", case.args))
        for case, target in zip(*helper.asked(SEED), strict=True)
    ]
    known = {"hidden_delta": HelperAnswers(answers, False)}
    verdict = judge(EXERCISES["all_deltas"], caller, SEED, earlier=known)
    assert verdict.notes == ()
    assert 0 < verdict.score.fraction < 0.6


def test_a_mistaken_function_beside_one_that_is_worth_nothing_is_nothing_to_follow():
    def deltas(W, Z, A, Y, hidden, output):
        N = max(W)
        delta = {N: output_delta(output, Z[N], Y)}  # noqa: F821
        for l in range(N - 1, 0, -1):
            delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)  # noqa: F821
        return delta

    def zeros(output, z, Y):
        return np.zeros(z.shape)

    wrong = judged("all_deltas", deltas, hidden_delta=wrong_hidden_delta, output_delta=recipe.output_delta)
    assert wrong.fraction == 1
    both = judged("all_deltas", deltas, hidden_delta=wrong_hidden_delta, output_delta=zeros)
    assert both.fraction == 0


@pytest.mark.parametrize(("flawless", "follows"), [(True, False), (False, True)])
def test_a_helper_that_was_wrong_before_is_known(flawless, follows):
    earlier = {"sigmoid": HelperAnswers([], flawless)}
    trial = Trial(EXERCISES["g_prime"], LocalCaller(recipe.g_prime), SEED, False, earlier, EXERCISES)
    assert trial.follows_a_mistake == follows
    assert not replace(trial, earlier={}).follows_a_mistake
