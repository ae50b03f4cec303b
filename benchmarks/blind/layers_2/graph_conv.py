"""A layer of the second blind set: each node takes the mean of its neighbours, a linear map, ELU; then all nodes' mean."""

import numpy as np


def forward(A, X, W, b):
    degree = A.sum(axis=1, keepdims=True)
    mixed = A @ X / degree
    z = mixed @ W + b
    h = np.where(z > 0, z, np.exp(z) - 1)
    return h.mean(axis=0)


def links(rng, shape, sizes):
    drawn = rng.integers(0, 2, size=shape) * 1.0
    np.fill_diagonal(drawn, 1)
    return drawn


ARGUMENTS = {"A": ("n", "n"), "X": ("n", "d"), "W": ("d", "e"), "b": ("e",)}
UPSTREAM = ("dout",)
GRADIENTS = ("X", "W", "b")
VALUES = {"A": links}


def usual(dout, A, X, W, b):
    n = len(A)
    degree = A.sum(axis=1, keepdims=True)
    mixed = A @ X / degree
    z = mixed @ W + b
    dh = np.ones((n, 1)) * dout / n
    dz = dh * np.where(z > 0, 1, np.exp(z))
    db = dz.sum(axis=0)
    dW = mixed.T @ dz
    dmixed = dz @ W.T
    dX = A.T @ (dmixed / degree)
    return dX, dW, db


def einsums(dout, A, X, W, b):
    P = A / A.sum(1)[:, None]
    z = np.einsum("ij,jd,de->ie", P, X, W) + b
    dz = np.minimum(np.exp(z), 1) * (dout / len(A))
    return np.einsum("ij,ie,de->jd", P, dz, W), np.einsum("ij,jd,ie->de", P, X, dz), np.einsum("ie->e", dz)


def loops(dout, A, X, W, b):
    n = A.shape[0]
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i in range(n):
        friends = np.flatnonzero(A[i])
        mixed = X[friends].mean(axis=0)
        z = mixed @ W + b
        dz = dout / n
        dz = np.where(z > 0, dz, dz * np.exp(z))
        db += dz
        dW += np.outer(mixed, dz)
        for j in friends:
            dX[j] += W @ dz / len(friends)
    return dX, dW, db


RIGHT = [usual, einsums, loops]
WRONG = [
    ("mean's 1/n forgotten", usual, {"dout / n": "dout"}),
    ("mean's 1/n forgotten", einsums, {"(dout / len(A))": "dout"}),
    ("A not transposed", usual, {"A.T @ (dmixed": "A @ (dmixed"}),
    ("A not transposed", einsums, {'"ij,ie,de->jd", P': '"ji,ie,de->jd", P'}),
    ("degree left out of dX", usual, {"(dmixed / degree)": "dmixed"}),
    ("degree left out of dX", loops, {"W @ dz / len(friends)": "W @ dz"}),
    ("A left out of dX", usual, {"dX = A.T @ (dmixed / degree)": "dX = dmixed / degree"}),
    ("degree divided after A, not before", usual, {"A.T @ (dmixed / degree)": "(A.T @ dmixed) / degree"}),
    ("ELU's slope left out", usual, {"dz = dh * np.where(z > 0, 1, np.exp(z))": "dz = dh"}),
    ("ELU's slope left out", loops, {"        dz = np.where(z > 0, dz, dz * np.exp(z))\n": ""}),
    ("ReLU's slope for ELU's", usual, {"np.where(z > 0, 1, np.exp(z))": "(z > 0)"}),
    (
        "exp(z) - 1 for the slope",
        usual,
        {"np.where(z > 0, 1, np.exp(z))": "np.where(z > 0, 1, np.exp(z) - 1)"},
    ),
    ("exp(z) everywhere", usual, {"np.where(z > 0, 1, np.exp(z))": "np.exp(z)"}),
    ("branches exchanged", usual, {"np.where(z > 0, 1, np.exp(z))": "np.where(z > 0, np.exp(z), 1)"}),
    ("dW with X for the mixed", usual, {"dW = mixed.T": "dW = X.T"}),
    ("dW without the degree", usual, {"dW = mixed.T": "dW = (A @ X).T"}),
    ("db averaged", usual, {"dz.sum(axis=0)": "dz.mean(axis=0)"}),
    ("dX of one neighbour alone", loops, {"dX[j] += W": "dX[j] = W"}),
    ("dW of the last node", loops, {"dW += np": "dW = np"}),
    (
        "slope left out and degree left out",
        usual,
        {"dz = dh * np.where(z > 0, 1, np.exp(z))": "dz = dh", "(dmixed / degree)": "dmixed"},
    ),
    ("A not transposed, dW with X", usual, {"A.T @ (dmixed": "A @ (dmixed", "dW = mixed.T": "dW = X.T"}),
]
DOUBLES = ["slope left out and degree left out", "A not transposed, dW with X"]
