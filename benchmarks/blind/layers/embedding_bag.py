"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(ids, E, w, b):
    words = E[ids]
    bag = (words * w[:, :, None]).sum(axis=1)
    return np.tanh(bag + b)


def few_words(rng, shape, sizes):
    return rng.integers(0, max(1, sizes["v"] - 1), size=shape)


ARGUMENTS = {"ids": ("n", "t"), "E": ("v", "d"), "w": ("n", "t"), "b": ("d",)}
UPSTREAM = ("dout",)
GRADIENTS = ("E", "w", "b")
VALUES = {"ids": few_words}


def usual(dout, ids, E, w, b):
    words = E[ids]
    out = np.tanh((words * w[:, :, None]).sum(axis=1) + b)
    dz = dout * (1 - out**2)
    db = dz.sum(axis=0)
    dw = (words * dz[:, None, :]).sum(axis=2)
    dE = np.zeros(E.shape)
    np.add.at(dE, ids, w[:, :, None] * dz[:, None, :])
    return dE, dw, db


def loops(dout, ids, E, w, b):
    dE, dw, db = np.zeros_like(E, dtype=float), np.zeros_like(w, dtype=float), np.zeros_like(b, dtype=float)
    for i in range(ids.shape[0]):
        bag = sum(w[i, j] * E[ids[i, j]] for j in range(ids.shape[1]))
        d = dout[i] / np.cosh(bag + b) ** 2
        db += d
        for j, word in enumerate(ids[i]):
            dE[word] += w[i, j] * d
            dw[i, j] = E[word] @ d
    return dE, dw, db


def one_hot(dout, ids, E, w, b):
    hot = np.eye(len(E))[ids]
    counts = np.einsum("ntv,nt->nv", hot, w)
    out = np.tanh(counts @ E + b)
    dz = dout * (1 - out * out)
    dcounts = dz @ E.T
    return counts.T @ dz, np.einsum("ntv,nv->nt", hot, dcounts), dz.sum(0)


RIGHT = [usual, loops, one_hot]
WRONG = [
    (
        "repeated words counted once",
        usual,
        {"np.add.at(dE, ids, w[:, :, None] * dz[:, None, :])": "dE[ids] += w[:, :, None] * dz[:, None, :]"},
    ),
    ("repeated words counted once", loops, {"dE[word] += w": "dE[word] = w"}),
    (
        "weights left out of dE",
        usual,
        {"dE, ids, w[:, :, None] * dz[:, None, :]": "dE, ids, np.ones_like(w)[:, :, None] * dz[:, None, :]"},
    ),
    ("weights left out of dE", loops, {"dE[word] += w[i, j] * d": "dE[word] += d"}),
    ("tanh's slope left out", usual, {"dz = dout * (1 - out**2)": "dz = dout"}),
    ("tanh's slope left out", loops, {"dout[i] / np.cosh(bag + b) ** 2": "dout[i]"}),
    ("tanh's slope left out", one_hot, {"dz = dout * (1 - out * out)": "dz = dout"}),
    ("tanh's square forgotten", usual, {"(1 - out**2)": "(1 - out)"}),
    ("sigmoid's slope for tanh's", usual, {"(1 - out**2)": "out * (1 - out)"}),
    ("tanh's value for its slope", usual, {"(1 - out**2)": "out"}),
    ("tanh's slope left out of db only", usual, {"db = dz.sum": "db = dout.sum"}),
    ("db averaged", usual, {"db = dz.sum(axis=0)": "db = dz.mean(axis=0)"}),
    ("dw averaged over the features", usual, {").sum(axis=2)": ").mean(axis=2)"}),
    (
        "dw without the words",
        usual,
        {
            "(words * dz[:, None, :]).sum(axis=2)": "np.repeat(dz.sum(axis=1, keepdims=True), w.shape[1], axis=1)"
        },
    ),
    (
        "dw with the bag instead of the word",
        usual,
        {
            "dw = (words * dz": "dw = ((words * w[:, :, None]).sum(axis=1)[:, None, :] + 0 * words) * dz",
            "[:, None, :]).sum(axis=2)": "[:, None, :]\n    dw = dw.sum(axis=2)",
        },
    ),
    (
        "dE averaged over the words of a bag",
        usual,
        {"dE, ids, w[:, :, None]": "dE, ids, w[:, :, None] / ids.shape[1]"},
    ),
    ("dw accumulated over words", loops, {"dw[i, j] = E[word]": "dw[i, :] += E[word]"}),
    (
        "repeats counted once and slope left out",
        usual,
        {
            "np.add.at(dE, ids, w[:, :, None] * dz[:, None, :])": "dE[ids] += w[:, :, None] * dz[:, None, :]",
            "dz = dout * (1 - out**2)": "dz = dout",
        },
    ),
    (
        "weights left out of dE and db averaged",
        usual,
        {
            "dE, ids, w[:, :, None] *": "dE, ids, np.ones_like(w)[:, :, None] *",
            "db = dz.sum(axis=0)": "db = dz.mean(axis=0)",
        },
    ),
]
DOUBLES = ["repeats counted once and slope left out", "weights left out of dE and db averaged"]
