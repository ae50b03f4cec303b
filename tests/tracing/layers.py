"""Forward passes as an author may write them, for the tests of tracing and of slips."""

import numpy as np

from autograder.forward import (
    binary_cross_entropy,
    log_softmax,
    log_sum_exp,
    normalise,
    relu,
    sigmoid,
    softmax,
    softmax_cross_entropy,
    softplus,
)


def layer_norm(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    centred = x - mean
    var = (centred**2).mean(axis=-1, keepdims=True)
    norm = centred / np.sqrt(var + eps)
    return norm * gamma + beta


def attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    weights = softmax(scores, axis=1)
    return weights @ V


def rnn(x, h0, Wx, Wh, b):
    h = h0
    out = np.zeros((x.shape[0], *h0.shape))
    for t in range(x.shape[0]):
        h = np.tanh(x[t] @ Wx + h @ Wh + b)
        out[t] = h
    return out


def convolution(x, w):
    n = len(x) - len(w) + 1
    y = np.zeros(n)
    for i in range(n):
        y[i] = np.sum(x[i : i + len(w)] * w)
    return y


def max_pool(x):
    n, m = x.shape
    return x.reshape(n // 2, 2, m // 2, 2).max(axis=(1, 3))


def embedding(E, W, ids):
    e = E[ids]
    return e.mean(axis=1) @ W


def two_layers(x, W1, b1, W2, b2, Y):
    z1 = x @ W1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2 + b2
    losses = softmax_cross_entropy(z2, Y, axis=1)
    return losses.mean()


def huber(r):
    return np.where(np.abs(r) <= 1, r**2 / 2, np.abs(r) - 0.5).sum()


def gated(x, W, V):
    gate = sigmoid(x @ W)
    return gate * np.tanh(x @ V)


def lstm_cell(x, h, c, W, U):
    z = x @ W + h @ U
    i, f, o, g = np.split(z, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h_next = sigmoid(o) * np.tanh(c_next)
    return h_next, c_next


def odds_and_ends(x, y):
    a = np.concatenate([x, y], axis=0)
    b = np.stack([a, 2 * a], axis=1).swapaxes(0, 1)
    c = np.pad(b[0], ((1, 0), (0, 2)))
    d = np.roll(np.flip(c, axis=0), 1, axis=1).cumsum(axis=0)
    e = np.repeat(d, 2, axis=0) - np.tile(d, (2, 1))
    return np.einsum("ij,kj->ik", e, d), np.clip(e, -0.5, 0.7), np.linalg.norm(d, axis=1)


def fused(z, Y):
    return (
        log_softmax(z, axis=0),
        log_sum_exp(z, axis=1),
        normalise(z, axis=0),
        relu(z) + softplus(z) + binary_cross_entropy(z, Y),
    )


def statistics(x):
    return x.var(axis=0), x.std(axis=1, ddof=1), x.min(axis=0), np.prod(x, axis=1), np.logaddexp(x, 0.3).sum()


R = np.random.default_rng(5).normal
EXAMPLES = {
    "layer_norm": (layer_norm, {"x": R(size=(4, 6)), "gamma": R(size=6), "beta": R(size=6)}),
    "attention": (attention, {"Q": R(size=(3, 4)), "K": R(size=(5, 4)), "V": R(size=(5, 2))}),
    "rnn": (
        rnn,
        {
            "x": R(size=(3, 2, 4)),
            "h0": R(size=(2, 5)),
            "Wx": R(size=(4, 5)),
            "Wh": R(size=(5, 5)),
            "b": R(size=5),
        },
    ),
    "convolution": (convolution, {"x": R(size=8), "w": R(size=3)}),
    "max_pool": (max_pool, {"x": R(size=(4, 6))}),
    "embedding": (
        embedding,
        {"E": R(size=(7, 3)), "W": R(size=(3, 2)), "ids": np.array([[0, 1, 1], [2, 0, 5]])},
    ),
    "two_layers": (
        two_layers,
        {
            "x": R(size=(5, 3)),
            "W1": R(size=(3, 4)),
            "b1": R(size=4),
            "W2": R(size=(4, 2)),
            "b2": R(size=2),
            "Y": np.eye(2)[[0, 1, 1, 0, 1]],
        },
    ),
    "huber": (huber, {"r": 2 * R(size=(4, 3))}),
    "gated": (gated, {"x": R(size=(4, 3)), "W": R(size=(3, 5)), "V": R(size=(3, 5))}),
    "lstm_cell": (
        lstm_cell,
        {
            "x": R(size=(2, 3)),
            "h": R(size=(2, 4)),
            "c": R(size=(2, 4)),
            "W": R(size=(3, 16)),
            "U": R(size=(4, 16)),
        },
    ),
    "odds_and_ends": (odds_and_ends, {"x": R(size=(2, 3)), "y": R(size=(1, 3))}),
    "fused": (fused, {"z": R(size=(3, 4)), "Y": np.full((3, 4), 0.3)}),
    "statistics": (statistics, {"x": R(size=(4, 3))}),
}


def floats(arguments):
    return [name for name, value in arguments.items() if np.asarray(value).dtype.kind == "f"]
