"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(x, W1, b1, W2, mask):
    z = x @ W1 + b1
    a = z * (z > 0)
    kept = a * mask / 0.8
    return x + kept @ W2


def keep(rng, shape, sizes):
    return (rng.random(shape) < 0.8).astype(float)


ARGUMENTS = {"x": ("n", "d"), "W1": ("d", "k"), "b1": ("k",), "W2": ("k", "d"), "mask": ("n", "k")}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "W1", "b1", "W2")
VALUES = {"mask": keep}


def usual(dout, x, W1, b1, W2, mask):
    z = x @ W1 + b1
    a = np.maximum(0, z)
    kept = a * mask / 0.8
    dW2 = kept.T @ dout
    dkept = dout @ W2.T
    da = dkept * mask / 0.8
    dz = da * (z > 0)
    dW1 = x.T @ dz
    db1 = dz.sum(axis=0)
    dx = dout + dz @ W1.T
    return dx, dW1, db1, dW2


def merged(dout, x, W1, b1, W2, mask):
    z = np.dot(x, W1) + b1
    gate = np.where(z > 0, mask / 0.8, 0)
    dz = gate * np.dot(dout, W2.T)
    return dout + np.dot(dz, W1.T), np.dot(x.T, dz), np.sum(dz, axis=0), np.dot((gate * z).T, dout)


def examples(dout, x, W1, b1, W2, mask):
    dx = dout.copy()
    dW1, db1, dW2 = np.zeros(W1.shape), np.zeros(b1.shape), np.zeros(W2.shape)
    for i in range(len(x)):
        z = b1 + x[i] @ W1
        h = mask[i] * np.maximum(z, 0) / 0.8
        dW2 += h[:, None] * dout[i][None, :]
        dh = W2 @ dout[i]
        dz = mask[i] * dh * (z > 0) / 0.8
        dW1 += x[i][:, None] * dz[None, :]
        db1 += dz
        dx[i] += W1 @ dz
    return dx, dW1, db1, dW2


RIGHT = [usual, merged, examples]
WRONG = [
    ("shortcut left out of dx", usual, {"dx = dout + dz": "dx = dz"}),
    ("shortcut left out of dx", merged, {"return dout + np.dot(dz": "return np.dot(dz"}),
    ("shortcut left out of dx", examples, {"dx = dout.copy()": "dx = np.zeros(x.shape)"}),
    ("only the shortcut in dx", usual, {"dx = dout + dz @ W1.T": "dx = dout"}),
    ("mask left out on the way back", usual, {"dkept * mask / 0.8": "dkept / 0.8"}),
    ("mask left out on the way back", examples, {"mask[i] * dh * (z": "dh * (z"}),
    ("keep rate left out on the way back", usual, {"dkept * mask / 0.8": "dkept * mask"}),
    ("keep rate left out on the way back", examples, {"(z > 0) / 0.8": "(z > 0)"}),
    ("times the keep rate", usual, {"dkept * mask / 0.8": "dkept * mask * 0.8"}),
    ("dropout left out on the way back", usual, {"dkept * mask / 0.8": "dkept"}),
    ("ReLU's slope left out", usual, {"da * (z > 0)": "da"}),
    (
        "ReLU's slope left out",
        merged,
        {
            "np.where(z > 0, mask / 0.8, 0)\n    dz = gate *": "np.where(z > 0, mask / 0.8, 0)\n    dz = mask / 0.8 *"
        },
    ),
    ("ReLU's mask the other way round", usual, {"da * (z > 0)": "da * (z < 0)"}),
    ("ReLU's value for its slope", usual, {"da * (z > 0)": "da * a"}),
    ("ReLU's mask by what comes back", usual, {"da * (z > 0)": "da * (da > 0)"}),
    ("dW2 with a, before dropout", usual, {"dW2 = kept.T @": "dW2 = a.T @"}),
    ("dW2 with the mask but without the keep rate", usual, {"dW2 = kept.T @": "dW2 = (a * mask).T @"}),
    ("db1 averaged", usual, {"dz.sum(axis=0)": "dz.mean(axis=0)"}),
    ("db1 without ReLU's slope", usual, {"db1 = dz.sum": "db1 = da.sum"}),
    ("last example only in dW1", examples, {"dW1 += x": "dW1 = x"}),
    (
        "shortcut left out and ReLU's slope left out",
        usual,
        {"dx = dout + dz": "dx = dz", "da * (z > 0)": "da"},
    ),
    (
        "mask left out and dW2 with a",
        usual,
        {"dkept * mask / 0.8": "dkept / 0.8", "dW2 = kept.T @": "dW2 = a.T @"},
    ),
]
DOUBLES = ["shortcut left out and ReLU's slope left out", "mask left out and dW2 with a"]
