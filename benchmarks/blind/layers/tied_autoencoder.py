"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(x, W, b, c):
    code = np.tanh(x @ W + b)
    out = code @ W.T + c
    return ((out - x) ** 2).sum() / (2 * x.shape[0])


ARGUMENTS = {"x": ("n", "d"), "W": ("d", "k"), "b": ("k",), "c": ("d",)}
UPSTREAM = ()
GRADIENTS = ("W", "b", "c")


def usual(x, W, b, c):
    n = x.shape[0]
    code = np.tanh(x @ W + b)
    out = code @ W.T + c
    dout = (out - x) / n
    dc = dout.sum(axis=0)
    dcode = dout @ W
    dz = dcode * (1 - code**2)
    dW = x.T @ dz + dout.T @ code
    db = dz.sum(axis=0)
    return dW, db, dc


def two_weights(x, W, b, c):
    code = np.tanh(x @ W + b)
    decoder = W.T
    error = (code @ decoder + c - x) / len(x)
    ddecoder = code.T @ error
    dz = (error @ decoder.T) * (1 - code * code)
    dencoder = x.T @ dz
    return dencoder + ddecoder.T, dz.sum(0), error.sum(0)


def examples(x, W, b, c):
    n = len(x)
    dW, db, dc = np.zeros(W.shape), np.zeros(b.shape), np.zeros(c.shape)
    for row in x:
        h = np.tanh(W.T @ row + b)
        e = W @ h + c - row
        d = W.T @ e / np.cosh(W.T @ row + b) ** 2
        dW += np.outer(e, h) / n
        dW += np.outer(row, d) / n
        db += d / n
        dc += e / n
    return dW, db, dc


def columns(x, W, b, c):
    X = x.T
    H = np.tanh(W.T @ X + b[:, None])
    delta2 = W @ H + c[:, None] - X
    delta1 = (W.T @ delta2) * (1 - H**2)
    m = X.shape[1]
    return (delta2 @ H.T + X @ delta1.T) / m, delta1.mean(axis=1), delta2.mean(axis=1)


RIGHT = [usual, two_weights, examples, columns]
WRONG = [
    ("dW of the encoder only", usual, {"x.T @ dz + dout.T @ code": "x.T @ dz"}),
    ("dW of the encoder only", two_weights, {"dencoder + ddecoder.T": "dencoder"}),
    ("dW of the encoder only", examples, {"        dW += np.outer(e, h) / n\n": ""}),
    ("dW of the decoder only", usual, {"x.T @ dz + dout.T @ code": "dout.T @ code"}),
    ("dW of the decoder only", two_weights, {"dencoder + ddecoder.T": "ddecoder.T"}),
    ("tanh's slope left out", usual, {"dcode * (1 - code**2)": "dcode"}),
    ("tanh's slope left out", columns, {"(W.T @ delta2) * (1 - H**2)": "W.T @ delta2"}),
    ("tanh's slope at the code", usual, {"(1 - code**2)": "(1 - np.tanh(code) ** 2)"}),
    ("mean over examples forgotten", usual, {"(out - x) / n": "out - x"}),
    ("mean over examples forgotten", two_weights, {"c - x) / len(x)": "c - x)"}),
    ("factor 2 left", usual, {"(out - x) / n": "2 * (out - x) / n"}),
    ("sign of the error", usual, {"(out - x) / n": "(x - out) / n"}),
    ("only W's mean forgotten", columns, {"X @ delta1.T) / m": "X @ delta1.T)"}),
    ("code left out of the decoder's share", usual, {"dout.T @ code": "dout.T @ np.ones_like(code)"}),
    ("the decoder's share twice", usual, {"x.T @ dz + dout.T @ code": "x.T @ dz + 2 * dout.T @ code"}),
    ("encoder's share with dcode, before the slope", usual, {"x.T @ dz +": "x.T @ dcode +"}),
    ("dc averaged twice", usual, {"dc = dout.sum(axis=0)": "dc = dout.mean(axis=0)"}),
    ("the error taken for out", usual, {"(out - x) / n": "out / n"}),
    ("db without tanh's slope", usual, {"db = dz.sum": "db = dcode.sum"}),
    ("last example only in db", examples, {"db += d": "db = d"}),
    (
        "encoder only and slope left out",
        usual,
        {"x.T @ dz + dout.T @ code": "x.T @ dz", "dcode * (1 - code**2)": "dcode"},
    ),
    (
        "decoder only and dc averaged twice",
        usual,
        {"x.T @ dz + dout.T @ code": "dout.T @ code", "dc = dout.sum(axis=0)": "dc = dout.mean(axis=0)"},
    ),
]
DOUBLES = ["encoder only and slope left out", "decoder only and dc averaged twice"]
