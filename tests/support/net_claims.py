"""Claims about a wrong form in a whole network: which layer it hits, and by what."""

import numpy as np

import backprop as recipe
from tests.support.claims import any_of, same


def last_layer_right(told):
    """The last layer is right, the others are off: it happens on the way back."""
    parts = told.wrong if isinstance(told.wrong, tuple) else (told.wrong,)
    right = told.right if isinstance(told.right, tuple) else (told.right,)
    N = max(told["W"])
    return all(same(w[N], r[N]) for w, r in zip(parts, right, strict=True))


def two_layers(told):
    """W, Z, A of a network's two last layers and δ[N]."""
    W, Z, A, N = told["W"], told["Z"], told["A"], max(told["W"])
    return W, Z, A, N, recipe.all_deltas(W, Z, A, told["Y"], told["hidden"], told["output"])


def layer_below_top(delta_of):
    """The claim that the layer below the last has dW and db of the δ delta_of(W, Z, A, N, δ[N], hidden)."""

    def claim(told):
        W, Z, A, N, delta = two_layers(told)
        if N == 1:
            return False
        d = delta_of(W, Z, A, N, delta[N], told["hidden"])
        dW, db = recipe.layer_gradients(d, A[N - 2])
        return same(told.wrong[0][N - 1], dW) and same(told.wrong[1][N - 1], db)

    return claim


def as_well_where_steep(told):
    """With relu, and all units on, every slope is 1 and nothing is missing."""
    on = {l: np.abs(z) + 1 for l, z in told["Z"].items()}
    given = told.given | {"Z": on, "hidden": "relu"}
    return last_layer_right(told) and same(told.again(**given), recipe.backprop(*given.values()))


def last_layer_shrunk(told):
    """The output layer's db is made of ŷ - y times numbers from 0 to 1: no larger than all of it."""
    N = max(told["W"])
    delta = told["A"][N] - told["Y"]
    wrong = told.wrong[1][N]
    most = np.abs(delta).mean(axis=1, keepdims=True)
    return not same(wrong, told.right[1][N]) and bool((np.abs(wrong) <= most * (1 + 1e-9)).all())


def slope_elsewhere(told):
    """Another layer's z, or a, is where the slope below the last layer is taken."""
    by_a = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: (a > 0) * 1.0}
    places = (
        lambda Z, A, N, g: recipe.g_prime(g, Z[N]),
        lambda Z, A, N, g: by_a[g](A[N]),
        lambda Z, A, N, g: by_a[g](A[N - 2]),
        lambda Z, A, N, g: recipe.g_prime(g, Z.get(N - 2, A[0])),
    )
    claims = [
        layer_below_top(lambda W, Z, A, N, d, g, slope=slope: (W[N].T @ d) * slope(Z, A, N, g))
        for slope in places
    ]
    lower = [l for l in told["W"] if l < max(told["W"]) - 1]
    return last_layer_right(told) and (any_of(*map(without_error, claims))(told) or bool(lower))


def without_error(claim):
    """False where the claim's shapes don't fit."""

    def safe(told):
        try:
            return claim(told)
        except ValueError:
            return False

    return safe


def by_stepped_weights(told):
    """Below the last layer δ is off by what W's step brings back: a multiple of dW[N]ᵀ δ[N] ∘ g'."""
    if isinstance(told.wrong, dict):
        wrong, right = told.wrong, told.right
    else:
        wrong, right = told.wrong[1], told.right[1]
    _, Z, A, N, delta = two_layers(told)
    step = recipe.layer_gradients(delta[N], A[N - 1])[0]
    off = (step.T @ delta[N]) * recipe.g_prime(told["hidden"], Z[N - 1])
    off = off if isinstance(told.wrong, dict) else off.mean(axis=1, keepdims=True)
    gap = wrong[N - 1] - right[N - 1]
    k = float(np.sum(gap * off)) / max(float(np.sum(off * off)), 1e-300)
    return last_layer_right(told) and np.allclose(gap, k * off, rtol=1e-6, atol=1e-10)
