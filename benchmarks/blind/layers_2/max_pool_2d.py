"""A layer of the second blind set: a bias for each channel, ReLU, then the largest of each 2 by 2 square."""

import numpy as np

from autograder.forward import relu


def forward(x, b):
    n, c, h, w = x.shape
    a = relu(x + b[:, None, None])
    squares = a.reshape(n, c, h // 2, 2, w // 2, 2)
    return squares.max(axis=(3, 5))


def shifted(rng, shape, sizes):
    return rng.normal(size=shape) + 0.8


ARGUMENTS = {"x": ("n", "c", "2*h", "2*w"), "b": ("c",)}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "b")
VALUES = {"x": shifted}


def masks(dout, x, b):
    n, c, h, w = x.shape
    z = x + b.reshape(1, c, 1, 1)
    a = np.maximum(z, 0)
    pooled = a.reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))
    up = dout.repeat(2, axis=2).repeat(2, axis=3)
    largest = a == pooled.repeat(2, axis=2).repeat(2, axis=3)
    da = up * largest
    dz = da * (z > 0)
    return dz, dz.sum(axis=(0, 2, 3))


def loops(dout, x, b):
    dx, db = np.zeros(x.shape), np.zeros(b.shape)
    n, c, h, w = x.shape
    for e in range(n):
        for ch in range(c):
            for i in range(0, h, 2):
                for j in range(0, w, 2):
                    square = x[e, ch, i : i + 2, j : j + 2] + b[ch]
                    r, s = divmod(square.argmax(), 2)
                    up = dout[e, ch, i // 2, j // 2]
                    if square[r, s] > 0:
                        dx[e, ch, i + r, j + s] = up
                        db[ch] += up
    return dx, db


def flat(dout, x, b):
    n, c, h, w = x.shape
    cells = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(-1, 4)
    bias = np.repeat(np.tile(b, n), (h // 2) * (w // 2))
    top = cells.argmax(axis=1)
    rows = np.arange(len(cells))
    grad = np.zeros(cells.shape)
    grad[rows, top] = dout.ravel() * (cells[rows, top] + bias > 0)
    dx = grad.reshape(n, c, h // 2, w // 2, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(x.shape)
    return dx, np.einsum("nchw->c", dx)


RIGHT = [masks, loops, flat]
WRONG = [
    ("handed to every cell of the square", masks, {"da = up * largest": "da = up"}),
    ("spread evenly: a quarter to each", masks, {"da = up * largest": "da = up / 4"}),
    ("ReLU's mask left out", masks, {"dz = da * (z > 0)": "dz = da"}),
    ("ReLU's mask left out", loops, {"if square[r, s] > 0:": "if True:"}),
    ("ReLU's mask left out", flat, {"dout.ravel() * (cells[rows, top] + bias > 0)": "dout.ravel()"}),
    ("largest in modulus", loops, {"square.argmax()": "np.abs(square).argmax()"}),
    ("smallest for largest", loops, {"square.argmax()": "square.argmin()"}),
    ("smallest for largest", flat, {"cells.argmax(axis=1)": "cells.argmin(axis=1)"}),
    ("row and column exchanged", loops, {"dx[e, ch, i + r, j + s] = up": "dx[e, ch, i + s, j + r] = up"}),
    ("first cell always", loops, {"r, s = divmod(square.argmax(), 2)": "r, s = 0, 0"}),
    (
        "value of the largest instead of its mask",
        masks,
        {
            "largest = a == pooled.repeat(2, axis=2).repeat(2, axis=3)": "largest = a * (a == pooled.repeat(2, axis=2).repeat(2, axis=3))"
        },
    ),
    ("ReLU's value for its slope", masks, {"dz = da * (z > 0)": "dz = da * np.maximum(z, 0)"}),
    ("mask by x, not by x + b", masks, {"dz = da * (z > 0)": "dz = da * (x > 0)"}),
    ("mask reversed", masks, {"da * (z > 0)": "da * (z <= 0)"}),
    ("db averaged over the batch", masks, {"dz.sum(axis=(0, 2, 3))": "dz.mean(axis=0).sum(axis=(1, 2))"}),
    ("db averaged over all", masks, {"dz.sum(axis=(0, 2, 3))": "dz.mean(axis=(0, 2, 3))"}),
    ("db before ReLU's mask", masks, {"return dz, dz.sum(": "return dz, da.sum("}),
    ("db of the last square", loops, {"db[ch] += up": "db[ch] = up"}),
    ("db from dout", flat, {'np.einsum("nchw->c", dx)': 'np.einsum("nchw->c", dout)'}),
    (
        "every cell and db averaged",
        masks,
        {"da = up * largest": "da = up", "dz.sum(axis=(0, 2, 3))": "dz.mean(axis=0).sum(axis=(1, 2))"},
    ),
    (
        "smallest, and mask left out",
        loops,
        {"square.argmax()": "square.argmin()", "if square[r, s] > 0:": "if True:"},
    ),
]
DOUBLES = ["every cell and db averaged", "smallest, and mask left out"]
