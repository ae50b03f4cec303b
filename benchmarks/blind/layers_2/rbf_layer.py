"""A layer of the second blind set: bumps around centres, their widths learnt, then a linear sum."""

import numpy as np


def forward(x, C, s, w):
    diff = x[:, None, :] - C[None, :, :]
    d2 = (diff**2).sum(axis=2)
    phi = np.exp(-s * d2)
    return phi @ w


def narrow(rng, shape, sizes):
    return rng.uniform(0.1, 0.4, size=shape)


ARGUMENTS = {"x": ("n", "d"), "C": ("k", "d"), "s": ("k",), "w": ("k", "o")}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "C", "s", "w")
VALUES = {"s": narrow}


def usual(dout, x, C, s, w):
    diff = x[:, None] - C
    d2 = (diff**2).sum(axis=-1)
    phi = np.exp(-s * d2)
    dw = phi.T @ dout
    dphi = dout @ w.T
    dq = dphi * phi
    ds = -(dq * d2).sum(axis=0)
    dd2 = -dq * s
    ddiff = 2 * diff * dd2[:, :, None]
    return ddiff.sum(axis=1), -ddiff.sum(axis=0), ds, dw


def products(dout, x, C, s, w):
    d2 = (x * x).sum(1)[:, None] - 2 * x @ C.T + (C * C).sum(1)
    phi = np.exp(-s * d2)
    g = (dout @ w.T) * phi
    m = -2 * g * s
    dx = m.sum(1, keepdims=True) * x - m @ C
    dC = m.sum(0)[:, None] * C - m.T @ x
    return dx, dC, -np.einsum("nk,nk->k", g, d2), phi.T @ dout


def loops(dout, x, C, s, w):
    dx, dC, ds, dw = np.zeros(x.shape), np.zeros(C.shape), np.zeros(s.shape), np.zeros(w.shape)
    for i, point in enumerate(x):
        for k, centre in enumerate(C):
            diff = point - centre
            d2 = diff @ diff
            phi = np.exp(-s[k] * d2)
            dw[k] += phi * dout[i]
            dphi = dout[i] @ w[k]
            ds[k] += dphi * phi * -d2
            pull = dphi * phi * -s[k] * 2 * diff
            dx[i] += pull
            dC[k] -= pull
    return dx, dC, ds, dw


RIGHT = [usual, products, loops]
WRONG = [
    ("2 of the square forgotten", usual, {"2 * diff * dd2": "diff * dd2"}),
    ("2 of the square forgotten", loops, {"-s[k] * 2 * diff": "-s[k] * diff"}),
    ("minus of the centre forgotten", usual, {"-ddiff.sum(axis=0), ds": "ddiff.sum(axis=0), ds"}),
    ("minus of the centre forgotten", loops, {"dC[k] -= pull": "dC[k] += pull"}),
    ("exp's slope left out", usual, {"dq = dphi * phi": "dq = dphi"}),
    ("exp's slope left out", products, {"g = (dout @ w.T) * phi": "g = dout @ w.T"}),
    ("minus of the exponent forgotten in dd2", usual, {"dd2 = -dq * s": "dd2 = dq * s"}),
    ("minus of the exponent forgotten in ds", usual, {"ds = -(dq": "ds = (dq"}),
    ("minus of the exponent forgotten in both", usual, {"dq = dphi * phi": "dq = -dphi * phi"}),
    ("s left out of dd2", usual, {"dd2 = -dq * s": "dd2 = -dq"}),
    ("s left out of dd2", loops, {"* -s[k] * 2": "* -2"}),
    ("d2 left out of ds", usual, {"(dq * d2).sum(axis=0)": "dq.sum(axis=0)"}),
    (
        "w left out: dout summed",
        usual,
        {"dphi = dout @ w.T": "dphi = dout.sum(axis=1, keepdims=True) * np.ones(len(w))"},
    ),
    ("dw with d2 for phi", usual, {"dw = phi.T": "dw = d2.T"}),
    ("ds averaged", usual, {"(dq * d2).sum(axis=0)": "(dq * d2).mean(axis=0)"}),
    ("dC averaged over examples", usual, {"-ddiff.sum(axis=0), ds": "-ddiff.mean(axis=0), ds"}),
    ("dx of the last centre", loops, {"dx[i] += pull": "dx[i] = pull"}),
    (
        "diff not multiplied in: 2 dd2",
        usual,
        {"2 * diff * dd2[:, :, None]": "2 * np.ones(diff.shape) * dd2[:, :, None]"},
    ),
    ("dd2 with dphi for dq", usual, {"dd2 = -dq * s": "dd2 = -dphi * s"}),
    ("x for the difference", usual, {"2 * diff * dd2": "2 * x[:, None] * dd2"}),
    (
        "2 and the centre's minus forgotten",
        usual,
        {"2 * diff * dd2": "diff * dd2", "-ddiff.sum(axis=0), ds": "ddiff.sum(axis=0), ds"},
    ),
    (
        "exp's slope left out, ds averaged",
        usual,
        {"dq = dphi * phi": "dq = dphi", "(dq * d2).sum(axis=0)": "(dq * d2).mean(axis=0)"},
    ),
]
DOUBLES = ["2 and the centre's minus forgotten", "exp's slope left out, ds averaged"]
