"""For one kind of error the points never rise with its size: clips, epsilons, decimals, sizes of floats."""

from itertools import pairwise

import numpy as np
import pytest

import backprop as recipe
from autograder.exercises import EXERCISES
from tests.support.judged import judged

# From coarse to fine.
CLIPS_OF_Z = (5, 10, 20, 30, 36, 50, 700)
CLIPS_OF_P = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9, 1e-12, 1e-15)
EPSILONS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-7, 1e-8, 1e-10, 1e-12, 1e-15)
DECIMALS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
FLOATS = (np.float16, np.float32, np.float64)
SEEDS = (b"monotone 1", b"monotone 2")
COMPARED = [id for id in EXERCISES if EXERCISES[id].compared_as == "values" and EXERCISES[id].reference]


def each(value, change):
    if isinstance(value, dict):
        return {key: each(item, change) for key, item in value.items()}
    return tuple(each(item, change) for item in value) if isinstance(value, tuple) else change(value)


def of_answer(id, change):
    """The right answer with every array changed."""
    return lambda *args: each(EXERCISES[id].reference(*args), change)


def points(id, functions, seed):
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


def clipped(c):
    """Functions of z clipped at c."""

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

    return locals()


@pytest.mark.parametrize("id", [name for name in clipped(1) if name != "c"])
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

    return {"loss": loss, "output_delta": output_delta, "all_deltas": all_deltas, "backprop": backprop}


@pytest.mark.parametrize("id", by_probabilities(0))
def test_probabilities_clipped(id):
    asked_at_extremes = 1 / 6 if id == "loss" else 0
    for seed in SEEDS:
        found = points(id, [by_probabilities(low)[id] for low in CLIPS_OF_P], seed)
        assert rises(found), found
        # As published code clips: right wherever the statement asks no more.
        assert min(found[CLIPS_OF_P.index(1e-7) :]) == pytest.approx(1 - asked_at_extremes)
