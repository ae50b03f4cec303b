"""Networks explained step by step: from what an answer itself has, and only where errors are
explained too.
"""

import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.sandbox.calls import LocalCaller


def named(exercise, function):
    return assess(EXERCISES[exercise], LocalCaller(function, exercise), b"steps").codes


def deltas_by(step_2, W, Z, A, Y, hidden):
    N = max(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = step_2(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta


def without_slope(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next


def all_deltas(W, Z, A, Y, hidden, output):
    return deltas_by(without_slope, W, Z, A, Y, hidden)


def backprop(W, Z, A, Y, hidden, output):
    delta, m = all_deltas(W, Z, A, Y, hidden, output), Y.shape[1]
    dW = {l: delta[l] @ A[l - 1].T / m for l in W}
    return dW, {l: delta[l].sum(axis=1, keepdims=True) / m for l in W}


@pytest.mark.parametrize("function", [all_deltas, backprop])
def test_a_mistake_that_explains_all_answers_explains_no_error(function):
    name = function.__name__
    assert named(name, function) == ("K13",)

    def raising(W, Z, A, Y, hidden, output):
        if Y.shape[1] == 1:
            raise ValueError("one example")
        return function(W, Z, A, Y, hidden, output)

    assert named(name, raising) == ()


@pytest.mark.parametrize("function", [recipe.all_deltas, recipe.backprop])
def test_the_first_layer_left_out_is_named_where_only_that_is_missing(function):
    name = function.__name__

    def without(places):
        def answer(*args):
            found = function(*args)
            for part in found if isinstance(found, tuple) else (found,):
                for place in places(len(args[0])):
                    part.pop(place, None)
            return found

        return answer

    assert named(name, without(lambda N: [1] if N > 1 else [])) == ("K34",)
    assert "K34" not in named(name, without(lambda N: [1, 2] if N > 2 else []))
    assert "K34" not in named(name, without(lambda N: [1] if N > 2 else []))
    assert named(name, without(lambda N: [N])) == ()


def test_weights_that_did_not_step_are_no_update():
    def returned(W, Z, A, Y, hidden, output):
        return {l: W[l].copy() for l in W}, recipe.backprop(W, Z, A, Y, hidden, output)[1]

    assert "K36" not in named("backprop", returned)

    def stepped(W, Z, A, Y, hidden, output):
        dW, db = recipe.backprop(W, Z, A, Y, hidden, output)
        return {l: W[l] - 0.1 * dW[l] for l in W}, db

    assert named("backprop", stepped) == ("K36",)


def test_a_pass_forward_without_its_input_is_explained_layer_by_layer():
    def forward(W, b, X, hidden, output):
        Z, A = {}, {0: X}
        for l in W:
            Z[l] = W[l] @ A[l - 1] + b[l]
            A[l] = recipe.g(output if l == max(W) else hidden, Z[l] + 0.0)
        return Z, {l: a for l, a in A.items() if l > 0}

    assert named("forward", forward) == ("K121",)

    def bias_left_out(W, b, X, hidden, output):
        Z, A = {}, {}
        for l in W:
            Z[l] = W[l] @ A.get(l - 1, X)
            A[l] = recipe.g(output if l == max(W) else hidden, Z[l])
        return Z, {0: X, **A}

    right = named("forward", bias_left_out)

    def and_without_input(*args):
        Z, A = bias_left_out(*args)
        del A[0]
        return Z, A

    assert right
    assert named("forward", and_without_input) in (right, ())
