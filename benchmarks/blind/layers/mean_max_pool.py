"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(x, w):
    mean = x.mean(axis=1)
    top = x.max(axis=1)
    return mean * w + top


ARGUMENTS = {"x": ("n", "t", "d"), "w": ("d",)}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "w")


def mask(dout, x, w):
    n, t, d = x.shape
    is_max = x == x.max(axis=1, keepdims=True)
    dx = np.zeros((n, t, d))
    dx += (dout * w)[:, None, :] / t + is_max * dout[:, None, :]
    dw = (dout * x.mean(axis=1)).sum(axis=0)
    return dx, dw


def indices(dout, x, w):
    n, t, d = x.shape
    dx = np.repeat((dout * w / t)[:, None, :], t, axis=1)
    i, j = np.meshgrid(np.arange(n), np.arange(d), indexing="ij")
    dx[i, x.argmax(axis=1), j] += dout
    return dx, np.einsum("nd,ntd->d", dout, x) / t


def loops(dout, x, w):
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[2]):
            column = x[i, :, j]
            dw[j] += dout[i, j] * column.mean()
            dx[i, :, j] += dout[i, j] * w[j] / len(column)
            dx[i, np.argmax(column), j] += dout[i, j]
    return dx, dw


RIGHT = [mask, indices, loops]
WRONG = [
    ("1/t forgotten in dx", mask, {"[:, None, :] / t": "[:, None, :]"}),
    ("1/t forgotten in dx", indices, {"dout * w / t": "dout * w"}),
    ("1/t forgotten in dx", loops, {"w[j] / len(column)": "w[j]"}),
    ("w left out of dx", mask, {"(dout * w)[:": "dout[:"}),
    ("w left out of dx", indices, {"dout * w / t": "dout / t"}),
    ("path through max left out", mask, {" + is_max * dout[:, None, :]": ""}),
    ("path through max left out", indices, {"    dx[i, x.argmax(axis=1), j] += dout\n": ""}),
    ("path through the mean left out", mask, {"(dout * w)[:, None, :] / t + is_max": "is_max"}),
    ("max's gradient to every entry", mask, {"is_max * dout": "dout"}),
    ("max overwrites the mean's share", indices, {"argmax(axis=1), j] += dout": "argmax(axis=1), j] = dout"}),
    (
        "max overwrites the mean's share",
        loops,
        {"np.argmax(column), j] += dout": "np.argmax(column), j] = dout"},
    ),
    ("max's gradient times w", mask, {"is_max * dout[:, None, :]": "is_max * (dout * w)[:, None, :]"}),
    ("max's gradient times x", mask, {"is_max * dout[:, None, :]": "is_max * x * dout[:, None, :]"}),
    ("min instead of max", mask, {"x == x.max(": "x == x.min("}),
    ("max over the wrong axis", mask, {"x.max(axis=1,": "x.max(axis=2,"}),
    ("dw of the sum, not the mean", mask, {"x.mean(axis=1)).sum(": "x.sum(axis=1)).sum("}),
    ("dw averaged over examples", mask, {").sum(axis=0)": ").mean(axis=0)"}),
    ("dw with max instead of mean", mask, {"x.mean(axis=1)": "x.max(axis=1)"}),
    ("only the last example in dw", loops, {"dw[j] += dout": "dw[j] = dout"}),
    (
        "1/t forgotten and dw averaged",
        mask,
        {"[:, None, :] / t": "[:, None, :]", ").sum(axis=0)": ").mean(axis=0)"},
    ),
    (
        "path through max left out and dw of the sum",
        indices,
        {"    dx[i, x.argmax(axis=1), j] += dout\n": "", "dout, x) / t": "dout, x)"},
    ),
]
DOUBLES = ["1/t forgotten and dw averaged", "path through max left out and dw of the sum"]
