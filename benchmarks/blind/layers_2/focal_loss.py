"""A layer of the second blind set: cross-entropy that counts hard examples more, from a linear score."""

import numpy as np

from autograder.forward import sigmoid


def forward(x, w, b, y):
    z = x @ w + b
    p = sigmoid(z)
    pt = np.where(y == 1, p, 1 - p)
    weight = (1 - pt) ** 2
    return -(weight * np.log(pt)).mean()


def labels(rng, shape, sizes):
    return rng.integers(0, 2, size=shape)


ARGUMENTS = {"x": ("n", "d"), "w": ("d",), "b": (), "y": ("n",)}
UPSTREAM = ()
GRADIENTS = ("x", "w", "b")
VALUES = {"y": labels}


def chain(x, w, b, y):
    n = len(y)
    p = 1 / (1 + np.exp(-(x @ w + b)))
    pt = np.where(y == 1, p, 1 - p)
    dpt = (2 * (1 - pt) * np.log(pt) - (1 - pt) ** 2 / pt) / n
    dp = np.where(y == 1, dpt, -dpt)
    dz = dp * p * (1 - p)
    return np.outer(dz, w), x.T @ dz, dz.sum()


def signs(x, w, b, y):
    s = 2 * y - 1
    pt = 1 / (1 + np.exp(-s * (x @ w + b)))
    dz = s * (2 * pt * (1 - pt) ** 2 * np.log(pt) - (1 - pt) ** 3) / len(s)
    return dz[:, None] * w, dz @ x, np.sum(dz)


def loops(x, w, b, y):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), 0.0
    for i in range(len(x)):
        p = 1 / (1 + np.exp(-(x[i] @ w + b)))
        pt = p if y[i] == 1 else 1 - p
        sign = 1 if y[i] == 1 else -1
        slope = 2 * (1 - pt) * np.log(pt)
        slope -= (1 - pt) ** 2 * (1 / pt)
        up = sign * slope * p * (1 - p) / len(x)
        dx[i] = up * w
        dw += up * x[i]
        db += up
    return dx, dw, db


def products(x, w, b, y):
    p = 1 / (1 + np.exp(-(x @ w + b)))
    pt = y * p + (1 - y) * (1 - p)
    weight, log = (1 - pt) ** 2, np.log(pt)
    up = -np.ones(len(y)) / len(y)
    dweight, dlog = up * log, up * weight
    dpt = dlog / pt
    dpt = dpt + dweight * 2 * (1 - pt) * -1
    dz = dpt * (2 * y - 1) * (p - p**2)
    return dz.reshape(-1, 1) @ w.reshape(1, -1), np.einsum("n,nd->d", dz, x), np.einsum("n->", dz)


RIGHT = [chain, signs, loops, products]
WRONG = [
    ("weight treated as constant", chain, {"2 * (1 - pt) * np.log(pt) - (1": "-(1"}),
    ("weight treated as constant", products, {"    dpt = dpt + dweight * 2 * (1 - pt) * -1\n": ""}),
    ("log's path left out", chain, {" - (1 - pt) ** 2 / pt)": ")"}),
    ("log's path left out", loops, {"        slope -= (1 - pt) ** 2 * (1 / pt)\n": ""}),
    ("1/n forgotten", chain, {"/ pt) / n": "/ pt)"}),
    ("1/n forgotten", signs, {" / len(s)": ""}),
    ("sign of the other class forgotten", chain, {"np.where(y == 1, dpt, -dpt)": "dpt"}),
    ("sign of the other class forgotten", products, {"dpt * (2 * y - 1) *": "dpt *"}),
    ("sigmoid's slope left out", chain, {"dp * p * (1 - p)": "dp"}),
    ("sigmoid's slope left out", loops, {"slope * p * (1 - p) / len": "slope / len"}),
    ("pt's slope for p's, squared away: p alone", chain, {"dp * p * (1 - p)": "dp * p"}),
    ("2 of the square forgotten", chain, {"(2 * (1 - pt) * np.log": "((1 - pt) * np.log"}),
    ("minus of 1 - pt forgotten", products, {"(1 - pt) * -1": "(1 - pt)"}),
    ("1/pt forgotten", chain, {"(1 - pt) ** 2 / pt": "(1 - pt) ** 2"}),
    ("1/pt forgotten", loops, {" * (1 / pt)": ""}),
    ("weight not squared in log's path", chain, {"(1 - pt) ** 2 / pt": "(1 - pt) / pt"}),
    ("minus in front of the loss forgotten", products, {"-np.ones": "np.ones"}),
    ("plain cross-entropy's p - y", chain, {"dz = dp * p * (1 - p)": "dz = (p - y) / n"}),
    ("db averaged", chain, {"dz.sum()": "dz.mean()"}),
    ("w left out of dx", signs, {"dz[:, None] * w": "dz[:, None] * np.ones(w.shape)"}),
    ("dx with x for w", loops, {"dx[i] = up * w": "dx[i] = up * x[i]"}),
    (
        "weight constant and 1/n forgotten",
        chain,
        {"2 * (1 - pt) * np.log(pt) - (1": "-(1", "/ pt) / n": "/ pt)"},
    ),
    ("slope left out, db averaged", chain, {"dp * p * (1 - p)": "dp", "dz.sum()": "dz.mean()"}),
]
DOUBLES = ["weight constant and 1/n forgotten", "slope left out, db averaged"]
