"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(x, v, g, b):
    norm = np.sqrt((v**2).sum(axis=1))
    w = (g / norm)[:, None] * v
    return x @ w.T + b


ARGUMENTS = {"x": ("n", "d"), "v": ("o", "d"), "g": ("o",), "b": ("o",)}
UPSTREAM = ("dy",)
GRADIENTS = ("x", "v", "g", "b")


def usual(dy, x, v, g, b):
    norm = np.linalg.norm(v, axis=1)
    unit = v / norm[:, None]
    w = g[:, None] * unit
    dw = dy.T @ x
    dg = np.sum(dw * unit, axis=1)
    dv = g[:, None] / norm[:, None] * (dw - dg[:, None] * unit)
    return dy @ w, dv, dg, dy.sum(axis=0)


def paper(dy, x, v, g, b):
    n = np.sqrt(np.sum(v * v, axis=1, keepdims=True))
    gw = np.einsum("no,nd->od", dy, x)
    dg = np.einsum("od,od->o", gw, v) / n[:, 0]
    dv = g[:, None] / n * gw - g[:, None] * dg[:, None] / n**2 * v
    dx = np.einsum("no,od->nd", dy, g[:, None] * v / n)
    return dx, dv, dg, np.einsum("no->o", dy)


def staged(dy, x, v, g, b):
    sq = (v**2).sum(axis=1)
    norm = np.sqrt(sq)
    scale = g / norm
    dx = dy @ (scale[:, None] * v)
    db = dy.sum(axis=0)
    dw = dy.T @ x
    dscale = (dw * v).sum(axis=1)
    dv = dw * scale[:, None]
    dg = dscale / norm
    dnorm = -dscale * g / norm**2
    dsq = dnorm / (2 * norm)
    dv = dv + 2 * v * dsq[:, None]
    return dx, dv, dg, db


def per_row(dy, x, v, g, b):
    dx = np.zeros(x.shape)
    dv = np.zeros(v.shape)
    dg = np.zeros(g.shape)
    for o in range(len(g)):
        length = np.sqrt(v[o] @ v[o])
        u = v[o] / length
        dw = x.T @ dy[:, o]
        dg[o] = dw @ u
        projection = np.eye(len(u)) - np.outer(u, u)
        dv[o] = g[o] / length * projection @ dw
        dx += np.outer(dy[:, o], g[o] * u)
    return dx, dv, dg, dy.sum(0)


RIGHT = [usual, paper, staged, per_row]
WRONG = [
    ("path through the norm left out", usual, {"(dw - dg[:, None] * unit)": "dw"}),
    ("path through the norm left out", staged, {"    dv = dv + 2 * v * dsq[:, None]\n": ""}),
    ("path through the norm left out", per_row, {"length * projection @ dw": "length * dw"}),
    ("g left out of dv", usual, {"dv = g[:, None] / norm": "dv = 1 / norm"}),
    ("norm left out of dv", usual, {"g[:, None] / norm[:, None] * (dw": "g[:, None] * (dw"}),
    ("dg not divided by the norm", staged, {"dg = dscale / norm": "dg = dscale"}),
    ("dx through v instead of w", usual, {"return dy @ w,": "return dy @ v,"}),
    ("g left out of dx", usual, {"return dy @ w,": "return dy @ unit,"}),
    ("norm not squared", paper, {"dg[:, None] / n**2 * v": "dg[:, None] / n * v"}),
    ("sign of the norm's path", paper, {"gw - g[:, None] * dg": "gw + g[:, None] * dg"}),
    ("dnorm not squared", staged, {"g / norm**2": "g / norm"}),
    ("sign of dnorm", staged, {"dnorm = -dscale": "dnorm = dscale"}),
    ("half of the root forgotten", staged, {"dnorm / (2 * norm)": "dnorm / norm"}),
    ("2 of the square forgotten", staged, {"dv + 2 * v * dsq": "dv + v * dsq"}),
    ("root's slope forgotten", staged, {"dsq = dnorm / (2 * norm)": "dsq = dnorm"}),
    ("db averaged", usual, {"dy.sum(axis=0)": "dy.mean(axis=0)"}),
    ("g left out of dnorm", staged, {"-dscale * g / norm**2": "-dscale / norm**2"}),
    (
        "norm's path left out and db averaged",
        usual,
        {"(dw - dg[:, None] * unit)": "dw", "dy.sum(axis=0)": "dy.mean(axis=0)"},
    ),
    (
        "dx through v and dg not divided",
        staged,
        {"dy @ (scale[:, None] * v)": "dy @ v", "dg = dscale / norm": "dg = dscale"},
    ),
]
DOUBLES = ["norm's path left out and db averaged", "dx through v and dg not divided"]
