"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(x, w, V, b):
    linear = x @ w
    s = x @ V
    pairs = s**2 - (x**2) @ (V**2)
    return b + linear + 0.5 * pairs.sum(axis=1)


ARGUMENTS = {"x": ("n", "d"), "w": ("d",), "V": ("d", "k"), "b": ("n",)}
UPSTREAM = ("dy",)
GRADIENTS = ("x", "w", "V")


def usual(dy, x, w, V, b):
    s = x @ V
    dw = x.T @ dy
    ds = dy[:, None] * s
    dV = x.T @ ds - ((x**2).T @ dy)[:, None] * V
    dx = dy[:, None] * w + ds @ V.T - dy[:, None] * x * (V**2).sum(axis=1)
    return dx, dw, dV


def examples(dy, x, w, V, b):
    dx, dw, dV = np.zeros(x.shape), np.zeros(w.shape), np.zeros(V.shape)
    for i in range(len(x)):
        s = V.T @ x[i]
        for f in range(len(w)):
            dw[f] += dy[i] * x[i, f]
            dV[f] += dy[i] * (x[i, f] * s - x[i, f] ** 2 * V[f])
            dx[i, f] = dy[i] * (w[f] + V[f] @ s - x[i, f] * (V[f] @ V[f]))
    return dx, dw, dV


def staged(dy, x, w, V, b):
    s = x @ V
    dpairs = 0.5 * np.repeat(dy[:, None], V.shape[1], axis=1)
    ds = 2 * s * dpairs
    dq = -dpairs
    dx = np.outer(dy, w)
    dx += ds @ V.T
    dx += 2 * x * (dq @ (V**2).T)
    dV = x.T @ ds
    dV += 2 * V * ((x**2).T @ dq)
    return dx, dy @ x, dV


def kernel(dy, x, w, V, b):
    K = V @ V.T
    off = K - np.diag(np.diag(K))
    G = np.einsum("n,ni,nj->ij", dy, x, x)
    np.fill_diagonal(G, 0)
    return dy[:, None] * (w + x @ off), np.einsum("n,ni->i", dy, x), G @ V


RIGHT = [usual, examples, staged, kernel]
WRONG = [
    ("linear part left out of dx", usual, {"dx = dy[:, None] * w + ds": "dx = ds"}),
    ("linear part left out of dx", staged, {"dx = np.outer(dy, w)": "dx = np.zeros(x.shape)"}),
    ("own square left out of dx", usual, {" - dy[:, None] * x * (V**2).sum(axis=1)": ""}),
    ("own square left out of dx", staged, {"    dx += 2 * x * (dq @ (V**2).T)\n": ""}),
    ("own square left out of dx", kernel, {"(w + x @ off)": "(w + x @ K)"}),
    ("own square left out of dV", usual, {" - ((x**2).T @ dy)[:, None] * V": ""}),
    ("own square left out of dV", kernel, {"    np.fill_diagonal(G, 0)\n": ""}),
    ("path through s left out of dx", usual, {" + ds @ V.T": ""}),
    ("path through s left out of dV", usual, {"x.T @ ds - (": "-("}),
    ("2 of s squared forgotten", staged, {"ds = 2 * s * dpairs": "ds = s * dpairs"}),
    ("1/2 forgotten", staged, {"0.5 * np.repeat": "1.0 * np.repeat"}),
    ("sign of the own square", staged, {"dq = -dpairs": "dq = dpairs"}),
    ("2 of x squared forgotten in dx", staged, {"dx += 2 * x * (dq": "dx += x * (dq"}),
    ("2 of V squared forgotten in dV", staged, {"dV += 2 * V * (": "dV += V * ("}),
    ("x for x squared in dV", usual, {"((x**2).T @ dy)": "(x.T @ dy)"}),
    ("V for V squared in dx", usual, {"(V**2).sum(axis=1)": "V.sum(axis=1)"}),
    (
        "s left out of dV",
        usual,
        {"dV = x.T @ ds -": "dV = x.T @ np.repeat(dy[:, None], V.shape[1], axis=1) -"},
    ),
    ("dw averaged", usual, {"dw = x.T @ dy": "dw = x.T @ dy / len(x)"}),
    ("last example only in dV", examples, {"dV[f] += dy": "dV[f] = dy"}),
    (
        "linear part left out of dx and dw averaged",
        usual,
        {"dx = dy[:, None] * w + ds": "dx = ds", "dw = x.T @ dy": "dw = x.T @ dy / len(x)"},
    ),
    (
        "own square left out of both",
        usual,
        {" - dy[:, None] * x * (V**2).sum(axis=1)": "", " - ((x**2).T @ dy)[:, None] * V": ""},
    ),
]
DOUBLES = ["linear part left out of dx and dw averaged", "own square left out of both"]
