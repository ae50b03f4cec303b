"""For one kind of error the points never rise with its size: clips, epsilons, decimals, sizes of floats."""

from itertools import pairwise

import numpy as np
import pytest

import backprop as recipe
from autograder.exercises import EXERCISES
from autograder.exercises.expected import expected_of
from autograder.judging.judge import judge
from autograder.misconceptions import residual_layer
from autograder.misconceptions.slots import l2_gradients
from autograder.sandbox.calls import LocalCaller
from autograder.trees import leaves
from tests.support.judged import judged

# From coarse to fine.
CLIPS_OF_Z = (5, 10, 20, 30, 36, 50, 700)
CLIPS_OF_P = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9, 1e-12, 1e-15)
CLIPS_OF_ANSWERS = (0.01, 0.1, 0.5, 1, 2, 3, 4, 5, 7, 10, 30, 100, 1e3, 1e12)
EPSILONS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-7, 1e-8, 1e-10, 1e-12, 1e-15)
DECIMALS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
FLOATS = (np.float16, np.float32, np.float64)
SEEDS = (b"monotone 1", b"monotone 2")
RIGHT = {id: exercise.reference for id, exercise in EXERCISES.items() if exercise.reference} | {
    "huber_output_delta": lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa),
    "residual_delta": residual_layer.right_delta,
    "l2_backprop": lambda *args: l2_gradients({}, *args),
}


def looked_up(id, seed=SEEDS[0]):
    """A right function for the probes of a seed, of an exercise whose answer nobody wrote."""

    def place(args):
        return tuple(
            value if isinstance(value, str) else np.asarray(value).tobytes() for value in leaves(args)
        )

    exercise = EXERCISES[id]
    answers = {place(c.args): expected_of(t.template) for c, t in zip(*exercise.asked(seed), strict=True)}
    return lambda *args: answers[place(args)]


DERIVED = [id for id, exercise in EXERCISES.items() if id not in RIGHT and exercise.compared_as == "values"]
RIGHT |= {id: looked_up(id) for id in DERIVED}
COMPARED = [id for id in RIGHT if EXERCISES[id].compared_as == "values"]


def each(value, change):
    if isinstance(value, dict):
        return {key: each(item, change) for key, item in value.items()}
    return tuple(each(item, change) for item in value) if isinstance(value, tuple) else change(value)


def of_answer(id, change):
    """The right answer with every array changed."""
    return lambda *args: each(RIGHT[id](*args), change)


def points(id, functions, seed):
    if id in DERIVED:
        # What the values alone earn: to look for names in a recurrent step takes a minute.
        callers = [LocalCaller(function, id) for function in functions]
        return [judge(EXERCISES[id], caller, seed).score.fraction for caller in callers]
    return [judged(id, function, seed).fraction for function in functions]


def rises(found):
    """Do finer errors never earn less?"""
    return all(coarse <= fine + 1e-9 for coarse, fine in pairwise(found))


@pytest.mark.parametrize("id", COMPARED)
def test_decimals_rounded_off(id):
    rounded = [
        of_answer(id, lambda a, d=d: np.round(a, d) if np.ndim(a) else round(float(a), d)) for d in DECIMALS
    ]
    found = points(id, rounded, SEEDS[0])
    assert rises(found), found


@pytest.mark.parametrize("id", COMPARED)
def test_an_epsilon_added(id):
    added = [of_answer(id, lambda a, e=e: a + e) for e in (*EPSILONS, 1e-18)]
    found = points(id, added, SEEDS[0])
    assert rises(found), found


@pytest.mark.parametrize("id", COMPARED)
def test_sizes_of_floats(id):
    made = [of_answer(id, lambda a, t=t: np.asarray(a, dtype=t) if np.ndim(a) else t(a)) for t in FLOATS]
    with np.errstate(all="ignore"):
        found = points(id, made, SEEDS[0])
    assert rises(found), found
    assert found[-1] == 1


@pytest.mark.parametrize("id", COMPARED)
def test_an_answer_clipped(id):
    cut = [of_answer(id, lambda a, c=c: np.clip(a, -c, c)) for c in CLIPS_OF_ANSWERS]
    found = points(id, cut, SEEDS[0])
    assert rises(found), found
    assert found[-1] == 1


def test_every_exercise_is_asked_for_decimals_epsilons_floats_and_clips():
    assert set(EXERCISES) - set(COMPARED) == {"gradient_check"}
    assert {id for id in DERIVED if EXERCISES[id].assignment < "10"} == set()


def test_every_exercise_of_the_chapters_1_to_9_is_asked_for_each_kind():
    chapters = {id for id, exercise in EXERCISES.items() if exercise.assignment[:2] <= "09"}
    assert chapters - set(COMPARED) == {"gradient_check"}
    with_z = {id for id in chapters if {"z", "Z"} & {a.name for a in EXERCISES[id].arguments}}
    assert set(clipped(1)) == with_z
    with_predictions = {id for id in chapters if "output" in {a.name for a in EXERCISES[id].arguments}}
    # forward gives the predictions themselves: an answer clipped.
    assert set(by_probabilities(0)) == with_predictions - {"forward"}


def checker(ok=lambda errors, gap, noise: bool(np.all((errors < 1e-5) | (gap < noise))), of=lambda e: e):
    """gradient_check with another verdict, or with its errors changed."""

    def gradient_check(f, theta, grad, h):
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        numeric = recipe.central_difference(f, theta, h)
        gap = np.abs(numeric - grad)
        errors = gap / np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
        return ok(errors, gap, 8 * np.finfo(float).eps * abs(f(theta)) / h), of(errors)

    return gradient_check


THRESHOLDS = (10.0, 1.0, 1e-1, 1e-2, 1e-3, 2e-4, 4e-5, 1e-5)
CHECKERS = {
    "too wide a threshold": [
        checker(lambda e, gap, noise, t=t: bool(np.all((e < t) | (gap < noise)))) for t in THRESHOLDS
    ],
    "too strict a threshold": [
        checker(lambda e, gap, noise, t=t: bool(np.all(e < t))) for t in (0.0, 1e-15, 1e-12, 1e-7, 1e-5)
    ],
    "decimals of the errors": [checker(of=lambda e, d=d: np.round(e, d)) for d in DECIMALS],
    "an epsilon in the errors": [checker(of=lambda e, x=x: e + x) for x in EPSILONS],
    "sizes of floats": [checker(of=lambda e, t=t: e.astype(t)) for t in FLOATS],
    "errors clipped": [checker(of=lambda e, c=c: np.minimum(e, c)) for c in (1e-4, 0.1, 1.0)],
}


@pytest.mark.parametrize("kind", CHECKERS)
def test_a_checker_that_is_less_wrong_never_earns_less(kind):
    for seed in SEEDS:
        found = points("gradient_check", CHECKERS[kind], seed)
        assert rises(found), found


def clipped(c):
    """Functions of z clipped at c, by their exercises."""
    found = _clipped(c)
    del found["c"], found["cut"]
    return found


def _clipped(c):
    def cut(layers):
        return {l: np.clip(z, -c, c) for l, z in layers.items()}

    def sigmoid(z):
        return 1 / (1 + np.exp(-np.clip(z, -c, c)))

    def softmax(z):
        return recipe.softmax(np.clip(z - z.max(axis=0), -c, c))

    def g_prime(name, z):
        return recipe.g_prime(name, z if name == "relu" else np.clip(z, -c, c))

    def loss(output, z, Y):
        return recipe.loss(output, z if output == "identity" else np.clip(z, -c, c), Y)

    def output_delta(output, z, Y):
        return recipe.output_delta(output, z if output == "identity" else np.clip(z, -c, c), Y)

    def hidden_delta(W_next, delta_next, z, hidden):
        return recipe.hidden_delta(W_next, delta_next, z if hidden == "relu" else np.clip(z, -c, c), hidden)

    def numerical_delta(loss_of_z, z, h):
        return recipe.central_difference(lambda point: loss_of_z(np.clip(point, -c, c)), z, h)

    def huber_output_delta(z, Y, kappa):
        return np.clip(np.clip(z, -c, c) - Y, -kappa, kappa)

    def residual_delta(W, z, delta_a):
        delta_z = delta_a * (1 - np.tanh(np.clip(z, -c, c)) ** 2)
        return delta_z, W.T @ delta_z + delta_a

    def all_deltas(W, Z, A, Y, hidden, output):
        return recipe.all_deltas(W, cut(Z), A, Y, hidden, output)

    def backprop(W, Z, A, Y, hidden, output):
        return recipe.backprop(W, cut(Z), A, Y, hidden, output)

    def l2_backprop(W, Z, A, Y, hidden, output, lam):
        dW, db = recipe.backprop(W, cut(Z), A, Y, hidden, output)
        return {l: dW[l] + lam * W[l] for l in dW}, db

    return locals()


@pytest.mark.parametrize("id", clipped(1))
def test_z_clipped(id):
    for seed in SEEDS:
        found = points(id, [clipped(c)[id] for c in CLIPS_OF_Z], seed)
        assert rises(found), found


def by_probabilities(low):
    """Functions whose predictions are clipped at low, as published code clips them."""

    def predicted(output, a):
        return a if output == "identity" else np.clip(a, low, 1 - low)

    def loss(output, z, Y):
        a, m = predicted(output, recipe.g(output, z)), z.shape[1]
        if output == "identity":
            return recipe.loss(output, z, Y)
        if output == "softmax":
            return -np.sum(Y * np.log(a)) / m
        return -np.sum(Y * np.log(a) + (1 - Y) * np.log(1 - a)) / m

    def output_delta(output, z, Y):
        return predicted(output, recipe.g(output, z)) - Y

    def all_deltas(W, Z, A, Y, hidden, output):
        N = max(W)
        delta = {N: predicted(output, A[N]) - Y}
        for l in range(N - 1, 0, -1):
            delta[l] = recipe.hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
        return delta

    def backprop(W, Z, A, Y, hidden, output):
        delta = all_deltas(W, Z, A, Y, hidden, output)
        pairs = {l: recipe.layer_gradients(delta[l], A[l - 1]) for l in delta}
        return {l: pair[0] for l, pair in pairs.items()}, {l: pair[1] for l, pair in pairs.items()}

    def l2_backprop(W, Z, A, Y, hidden, output, lam):
        dW, db = backprop(W, Z, A, Y, hidden, output)
        return {l: dW[l] + lam * W[l] for l in dW}, db

    return {
        "loss": loss,
        "output_delta": output_delta,
        "all_deltas": all_deltas,
        "backprop": backprop,
        "l2_backprop": l2_backprop,
    }


@pytest.mark.parametrize("id", by_probabilities(0))
def test_probabilities_clipped(id):
    asked_at_extremes = 1 / 6 if id == "loss" else 0
    for seed in SEEDS:
        found = points(id, [by_probabilities(low)[id] for low in CLIPS_OF_P], seed)
        assert rises(found), found
        # As published code clips: right wherever the statement asks no more.
        assert min(found[CLIPS_OF_P.index(1e-7) :]) == pytest.approx(1 - asked_at_extremes)
