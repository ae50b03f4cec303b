"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np

from autograder.forward import log_softmax


def forward(x, W, b, Y):
    z = x @ W + b
    target = 0.9 * Y + 0.1 / Y.shape[1]
    loss = -(target * log_softmax(z, axis=1)).sum(axis=1)
    return loss.mean() + 0.5 * (W**2).sum()


def labels(rng, shape, sizes):
    return np.eye(shape[1])[rng.integers(0, shape[1], size=shape[0])]


ARGUMENTS = {"x": ("n", "d"), "W": ("d", "k"), "b": ("k",), "Y": ("n", "k")}
UPSTREAM = ()
GRADIENTS = ("x", "W", "b")
VALUES = {"Y": labels}


def usual(x, W, b, Y):
    n, k = Y.shape
    z = x @ W + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    target = 0.9 * Y + 0.1 / k
    dz = (p - target) / n
    dW = x.T @ dz + W
    db = dz.sum(axis=0)
    return dz @ W.T, dW, db


def examples(x, W, b, Y):
    n, k = Y.shape
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i in range(n):
        p = np.exp(x[i] @ W + b)
        p = p / p.sum()
        delta = p - 0.9 * Y[i] - 0.1 / k
        dx[i] = W @ delta / n
        dW += np.outer(x[i], delta) / n
        db += delta / n
    dW += W
    return dx, dW, db


def through_log(x, W, b, Y):
    n, k = Y.shape
    z = x @ W + b
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    dlogp = -(0.9 * Y + 0.1 / k) / n
    dz = dlogp - np.exp(logp) * dlogp.sum(axis=1, keepdims=True)
    return np.einsum("nk,dk->nd", dz, W), np.einsum("nd,nk->dk", x, dz) + 1.0 * W, np.einsum("nk->k", dz)


RIGHT = [usual, examples, through_log]
WRONG = [
    ("mean over examples forgotten", usual, {"(p - target) / n": "p - target"}),
    ("mean over examples forgotten", through_log, {"0.1 / k) / n": "0.1 / k)"}),
    ("mean over examples forgotten in dx", examples, {"W @ delta / n": "W @ delta"}),
    ("labels not smoothed", usual, {"0.9 * Y + 0.1 / k": "Y"}),
    ("labels not smoothed", examples, {"p - 0.9 * Y[i] - 0.1 / k": "p - Y[i]"}),
    ("0.1 not shared among the classes", usual, {"0.1 / k": "0.1"}),
    ("sign of the error", usual, {"(p - target) / n": "(target - p) / n"}),
    ("penalty forgotten", usual, {"x.T @ dz + W": "x.T @ dz"}),
    ("penalty forgotten", examples, {"    dW += W\n": ""}),
    ("penalty doubled", usual, {"x.T @ dz + W": "x.T @ dz + 2 * W"}),
    ("penalty halved", usual, {"x.T @ dz + W": "x.T @ dz + 0.5 * W"}),
    ("penalty divided by n", usual, {"x.T @ dz + W": "x.T @ dz + W / n"}),
    ("z for p", usual, {"(p - target) / n": "(z - target) / n"}),
    ("softmax over the examples", usual, {"e / e.sum(axis=1": "e / e.sum(axis=0"}),
    (
        "sigmoid instead of softmax",
        usual,
        {"p = e / e.sum(axis=1, keepdims=True)": "p = 1 / (1 + np.exp(-z))"},
    ),
    ("times p(1 - p) on top", usual, {"(p - target) / n": "(p - target) * p * (1 - p) / n"}),
    ("penalty on b too", usual, {"dz.sum(axis=0)": "dz.sum(axis=0) + b"}),
    (
        "normaliser's path left out",
        through_log,
        {"dlogp - np.exp(logp) * dlogp.sum(axis=1, keepdims=True)": "dlogp"},
    ),
    ("one example's db only", examples, {"db += delta": "db = delta"}),
    ("divided by the classes too", usual, {"(p - target) / n": "(p - target) / n / k"}),
    ("mean and penalty forgotten", usual, {"(p - target) / n": "p - target", "x.T @ dz + W": "x.T @ dz"}),
    (
        "not smoothed and penalty doubled",
        usual,
        {"0.9 * Y + 0.1 / k": "Y", "x.T @ dz + W": "x.T @ dz + 2 * W"},
    ),
]
DOUBLES = ["mean and penalty forgotten", "not smoothed and penalty doubled"]
