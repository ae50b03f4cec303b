"""The smallest case that is wrong: looked for in whole numbers, shown with inputs, and runnable."""

import contextlib
import io
from itertools import product

import numpy as np
import pytest

from autograder import check
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.exercises.tiny_cases import tiny_cases
from autograder.feedback.as_code import code, number, rows
from autograder.feedback.case_view import case_view
from autograder.feedback.done import RIGHT_SO_FAR
from autograder.feedback.small_case import smallest_failing_case
from autograder.misconceptions import CATALOGUE
from autograder.sandbox.calls import LocalCaller
from backprop import HIDDEN, OUTPUTS, backprop, g_prime
from backprop import hidden_delta as right

# Right numbers from changed inputs
SHOWN_NOWHERE = {("K35", "hidden_delta")}


def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next


def test_a_case_is_whole_numbers_one_by_one_and_runs_as_it_is_shown():
    feedback = check(hidden_delta)
    view = case_view(feedback.case)
    space = {"np": np, "hidden_delta": hidden_delta}
    *lines, call = view.code.split("\n")
    exec("\n".join(lines), space)
    assert all(space[name].shape == (1, 1) for name in ("W_next", "delta_next", "z"))
    answer = eval(call, space)
    space["hidden_delta"] = right
    expected = eval(call, space)
    (compared,) = view.compared
    assert compared.yours == ((("×", number(answer.item())),),)
    assert compared.expected == ((("", number(expected.item())),),)
    assert not np.allclose(answer, expected)


def test_a_case_needs_two_rows_where_one_hides_the_mistake():
    def hidden_delta(W_next, delta_next, z, hidden):
        return (W_next @ delta_next) * g_prime(hidden, z)

    case = check(hidden_delta).case
    assert case.inputs["W_next"].shape == (2, 2)
    marks = {mark for row in case_view(case).compared[0].yours for mark, _ in row}
    assert "×" in marks


@pytest.mark.parametrize("id", EXERCISES)
def test_every_mistake_of_the_catalogue_has_a_small_case(id):
    exercise = EXERCISES[id]
    for code_ in CATALOGUE.codes_of(id):
        call = LocalCaller(lambda *args, code_=code_: CATALOGUE[code_].wrong(id, *args), id)
        verdict = assess(exercise, call, b"public", public=True)
        if verdict.fraction == 1:
            continue
        found = smallest_failing_case(exercise, call, verdict)
        assert (found is None) == ((code_, id) in SHOWN_NOWHERE), code_
        if found is not None:
            lines = case_view(found).code.split("\n")
            assert len(lines) == len(exercise.arguments) + 1 + lines[0].startswith("from ")


def test_the_penalty_s_small_answers_are_those_of_its_loss():
    exercise = EXERCISES["l2_backprop"]
    cases = list(tiny_cases(exercise))
    assert {case.args[4:6] for case in cases} == set(product(HIDDEN, OUTPUTS))
    for case in cases:
        *args, lam = case.args
        dW, db = exercise.right_answer(*case.args)
        by_hand = backprop(*args)
        for l, W in args[0].items():
            np.testing.assert_allclose(dW[l], by_hand[0][l] + lam * W, rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(db[l], by_hand[1][l], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("id", [id for id, e in EXERCISES.items() if e.reference is not None])
def test_a_right_answer_is_right_in_every_tiny_case(id):
    exercise = EXERCISES[id]
    call = LocalCaller(exercise.reference, id)
    for case in tiny_cases(exercise):
        assert call(id, case.args).error is None
    verdict = assess(exercise, call, b"public", public=True)
    assert smallest_failing_case(exercise, call, verdict) is None


def test_a_right_answer_an_unwritten_one_and_a_missing_one_have_no_case():
    def stub(W_next, delta_next, z, hidden):
        raise NotImplementedError

    for function in (right, stub):
        call = LocalCaller(function, "hidden_delta")
        verdict = assess(EXERCISES["hidden_delta"], call, b"public", public=True)
        assert smallest_failing_case(EXERCISES["hidden_delta"], call, verdict) is None


def test_an_error_and_an_answer_of_another_form_are_told_in_the_case():
    def hidden_delta(W_next, delta_next, z, hidden):
        return None

    assert "yours: None (is a return missing?)" in check(hidden_delta).text

    def all_deltas(W, Z, A, Y, hidden, output):
        return {0: Z[1]}

    text = check(all_deltas).text
    assert "yours: a dict with keys 0" in text
    assert "expected: a dict with keys" in text

    def layer_gradients(delta, a_prev):
        raise ValueError("no idea")

    text = check(layer_gradients).text
    assert "yours: the error above" in text
    assert text.count("ValueError: no idea") == 1


def test_what_the_case_shows_is_not_said_again():
    """With the case no table of other numbers, and no praise of what is no matter now."""
    text = check(hidden_delta).text
    assert "Your answer for" not in text
    assert "inputs unchanged" not in text
    lines = [line.strip() for line in text.splitlines()]
    assert len(lines) == len(set(lines))


def test_prints_are_kept_from_the_first_call_and_come_after_the_verdict():
    calls = []

    def hidden_delta(W_next, delta_next, z, hidden):
        calls.append(1)
        print("call", len(calls))
        return W_next.T @ delta_next

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        feedback = check(hidden_delta)
    assert out.getvalue() == ""
    assert len(calls) > 10
    assert feedback.printed == "call 1\n"
    places = [feedback.html.index(words) for words in ("not right yet", "What it printed", "call 1")]
    assert places == sorted(places)
    assert "What it printed in its first call:\n    call 1\n" in feedback.text

    def sigmoid(z):
        print("x" * 5000)
        return z

    assert len(check(sigmoid).printed) < 2100


def test_what_comes_next_is_said_when_all_is_right():
    RIGHT_SO_FAR.clear()

    def hidden_delta(W_next, delta_next, z, hidden):
        return right(W_next, delta_next, z, hidden)

    feedback = check(hidden_delta)
    assert "next: all_deltas (1 of 3 done)" in feedback.text
    assert EXERCISES["hidden_delta"].help.right in feedback.text
    assert "next: all_deltas (1 of 3 done)" in feedback.html


def test_values_as_code():
    assert code(np.array([[1.0, 2], [3, -4]])) == "np.array([[1.0, 2], [3, -4]])"
    assert code(np.array([[0.51234567, np.nan]])) == "np.array([[0.5123, np.nan]])"
    layers = {1: np.array([[3.0]]), 2: np.array([[np.inf]])}
    assert code(layers) == "{1: np.array([[3.0]]), 2: np.array([[np.inf]])}"
    assert code("relu") == "'relu'"
    assert eval(code(np.array([[10.0, 1]])), {"np": np}).tolist() == [[10, 1]]
    assert rows(np.array([-0.0, 1e-9])) == "[0, 1e-09]"


def test_numbers_that_look_alike_are_shown_with_the_digits_that_tell_them_apart():
    def sigmoid(z):
        return np.round(1 / (1 + np.exp(-z)), 4)

    feedback = check(sigmoid)
    assert "× 0.8808    0.880797" in feedback.text
    assert "has 0.8808 in row 1, column 1, and 0.880797 is expected" in feedback.html


def test_the_labels_of_tiny_cases_sum_to_1_where_the_statement_says_so():
    labels = [case.args[1] for case in tiny_cases(EXERCISES["softmax_atoms"])]
    assert labels
    assert all((Y.sum(axis=0) == 1).all() for Y in labels)
