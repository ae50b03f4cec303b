"""A layer of the second blind set: each step sees the mean of all steps up to it, gated by the step itself."""

import numpy as np

from autograder.forward import sigmoid


def forward(x, w):
    _n, t, _d = x.shape
    count = np.arange(1, t + 1).reshape(1, t, 1)
    mean = np.cumsum(x, axis=1) / count
    gate = sigmoid(x * w)
    return gate * mean


ARGUMENTS = {"x": ("n", "t", "d"), "w": ("d",)}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "w")


def usual(dout, x, w):
    count = np.arange(1, x.shape[1] + 1)[:, None]
    mean = np.cumsum(x, axis=1) / count
    gate = 1 / (1 + np.exp(-x * w))
    dmean = dout * gate
    dgate = dout * mean
    dsum = dmean / count
    dx = np.cumsum(dsum[:, ::-1], axis=1)[:, ::-1]
    ds = dgate * gate * (1 - gate)
    dx = dx + ds * w
    return dx, (ds * x).sum(axis=(0, 1))


def loops(dout, x, w):
    _n, t, d = x.shape
    dx, dw = np.zeros(x.shape), np.zeros(d)
    for i in range(t):
        g = 1 / (1 + np.exp(-x[:, i] * w))
        m = x[:, : i + 1].sum(axis=1) / (i + 1)
        for j in range(i + 1):
            dx[:, j] += dout[:, i] * g / (i + 1)
        slope = dout[:, i] * m * g * (1 - g)
        dx[:, i] += slope * w
        dw += (slope * x[:, i]).sum(axis=0)
    return dx, dw


def triangle(dout, x, w):
    t = x.shape[1]
    A = np.tril(np.ones((t, t))) / np.arange(1, t + 1)[:, None]
    mean = np.einsum("st,ntd->nsd", A, x)
    gate = 1 / (1 + np.exp(-np.einsum("ntd,d->ntd", x, w)))
    ds = dout * mean * (gate - gate**2)
    back = np.einsum("st,nsd->ntd", A, dout * gate)
    return back + ds * w, np.einsum("ntd,ntd->d", ds, x)


RIGHT = [usual, loops, triangle]
WRONG = [
    ("gate's path left out of dx", usual, {"    dx = dx + ds * w\n": ""}),
    ("gate's path left out of dx", loops, {"        dx[:, i] += slope * w\n": ""}),
    ("mean's path left out of dx", usual, {"dx = dx + ds * w": "dx = ds * w"}),
    ("mean's path left out of dx", triangle, {"return back + ds * w": "return ds * w"}),
    (
        "sums run forward instead of backward",
        usual,
        {"np.cumsum(dsum[:, ::-1], axis=1)[:, ::-1]": "np.cumsum(dsum, axis=1)"},
    ),
    ("sums run forward instead of backward", triangle, {'"st,nsd->ntd", A': '"ts,nsd->ntd", A'}),
    ("only the step's own term of the sum", usual, {"np.cumsum(dsum[:, ::-1], axis=1)[:, ::-1]": "dsum"}),
    ("counts forgotten", usual, {"dsum = dmean / count": "dsum = dmean"}),
    ("counts forgotten", loops, {"* g / (i + 1)": "* g"}),
    ("gate left out of the mean's path", usual, {"dmean = dout * gate": "dmean = dout"}),
    ("mean left out of the gate's path", usual, {"dgate = dout * mean": "dgate = dout"}),
    ("sigmoid's slope left out", usual, {"dgate * gate * (1 - gate)": "dgate"}),
    ("sigmoid's slope left out", loops, {"dout[:, i] * m * g * (1 - g)": "dout[:, i] * m"}),
    ("1 - gate forgotten in the slope", usual, {"dgate * gate * (1 - gate)": "dgate * gate"}),
    ("x for the mean in dgate", usual, {"dgate = dout * mean": "dgate = dout * x"}),
    ("w left out of the gate's path to x", usual, {"dx + ds * w": "dx + ds"}),
    ("dw of the last step alone", loops, {"dw += (slope": "dw = (slope"}),
    ("dw averaged over examples", usual, {"(ds * x).sum(axis=(0, 1))": "(ds * x).mean(axis=0).sum(axis=0)"}),
    ("dw without x", usual, {"(ds * x).sum": "ds.sum"}),
    ("divided by all steps", loops, {"dout[:, i] * g / (i + 1)": "dout[:, i] * g / t"}),
    (
        "counts forgotten, dw averaged",
        usual,
        {
            "dsum = dmean / count": "dsum = dmean",
            "(ds * x).sum(axis=(0, 1))": "(ds * x).mean(axis=0).sum(axis=0)",
        },
    ),
    (
        "slope left out, forward sums",
        usual,
        {
            "dgate * gate * (1 - gate)": "dgate",
            "np.cumsum(dsum[:, ::-1], axis=1)[:, ::-1]": "np.cumsum(dsum, axis=1)",
        },
    ),
]
DOUBLES = ["counts forgotten, dw averaged", "slope left out, forward sums"]
