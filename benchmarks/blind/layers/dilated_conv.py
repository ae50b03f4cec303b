"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(x, k, b):
    n, _c, t = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (4, 0)))
    y = np.zeros((n, k.shape[0], t))
    for j in range(3):
        y = y + k[:, :, j] @ padded[:, :, 4 - 2 * j : 4 - 2 * j + t]
    return np.maximum(y + b[:, None], 0)


ARGUMENTS = {"x": ("n", "c", "t"), "k": ("o", "c", 3), "b": ("o",)}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "k", "b")


def padded(dout, x, k, b):
    _n, _c, t = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (4, 0)))
    y = b[:, None] + sum(k[:, :, j] @ xp[:, :, 4 - 2 * j : 4 - 2 * j + t] for j in range(3))
    dy = dout * (y > 0)
    db = dy.sum(axis=(0, 2))
    dk = np.zeros(k.shape)
    dxp = np.zeros(xp.shape)
    for j in range(3):
        window = slice(4 - 2 * j, 4 - 2 * j + t)
        dk[:, :, j] = np.einsum("not,nct->oc", dy, xp[:, :, window])
        dxp[:, :, window] += k[:, :, j].T @ dy
    return dxp[:, :, 4:], dk, db


def positions(dout, x, k, b):
    n, _c, t = x.shape
    dx, dk, db = np.zeros(x.shape), np.zeros(k.shape), np.zeros(b.shape)
    for i in range(n):
        for s in range(t):
            taps = [j for j in range(3) if s - 2 * j >= 0]
            y = b + sum(k[:, :, j] @ x[i, :, s - 2 * j] for j in taps)
            d = np.where(y > 0, dout[i, :, s], 0)
            db += d
            for j in taps:
                dk[:, :, j] += np.outer(d, x[i, :, s - 2 * j])
                dx[i, :, s - 2 * j] += k[:, :, j].T @ d
    return dx, dk, db


def shifted(dout, x, k, b):
    def delay(a, steps):
        out = np.zeros_like(a, dtype=float)
        out[..., steps:] = a[..., : a.shape[-1] - steps] if steps < a.shape[-1] else 0
        return out

    def advance(a, steps):
        return delay(a[..., ::-1], steps)[..., ::-1]

    columns = [delay(x, 2 * j) for j in range(3)]
    y = sum(np.einsum("oc,nct->not", k[..., j], columns[j]) for j in range(3)) + b.reshape(-1, 1)
    dy = np.where(y > 0, dout, 0.0)
    dk = np.stack([np.einsum("not,nct->oc", dy, columns[j]) for j in range(3)], axis=-1)
    dx = sum(advance(np.einsum("oc,not->nct", k[..., j], dy), 2 * j) for j in range(3))
    return dx, dk, dy.sum((0, 2))


RIGHT = [padded, positions, shifted]
WRONG = [
    ("ReLU's slope left out", padded, {"dy = dout * (y > 0)": "dy = dout"}),
    ("ReLU's slope left out", positions, {"np.where(y > 0, dout[i, :, s], 0)": "dout[i, :, s]"}),
    ("ReLU's slope left out", shifted, {"np.where(y > 0, dout, 0.0)": "dout"}),
    ("ReLU's value for its slope", padded, {"dout * (y > 0)": "dout * np.maximum(y, 0)"}),
    ("ReLU's mask by what comes in", padded, {"dout * (y > 0)": "dout * (dout > 0)"}),
    ("ReLU's mask the other way round", padded, {"dout * (y > 0)": "dout * (y < 0)"}),
    ("only the last tap in dx", padded, {"dxp[:, :, window] += k": "dxp[:, :, window] = k"}),
    ("taps overwrite each other in dx", positions, {"dx[i, :, s - 2 * j] += k": "dx[i, :, s - 2 * j] = k"}),
    ("the kernel flipped in dx", padded, {"window] += k[:, :, j].T": "window] += k[:, :, 2 - j].T"}),
    ("the kernel flipped in dk", padded, {"dk[:, :, j] =": "dk[:, :, 2 - j] ="}),
    ("delayed instead of advanced in dx", shifted, {"sum(advance(": "sum(delay("}),
    ("padding not cut off, but at the end", padded, {"dxp[:, :, 4:]": "dxp[:, :, :t]"}),
    ("only the last position in dk", positions, {"dk[:, :, j] += np": "dk[:, :, j] = np"}),
    ("dk averaged over the examples", padded, {"xp[:, :, window])": "xp[:, :, window]) / len(x)"}),
    ("db averaged over the positions", padded, {"dy.sum(axis=(0, 2))": "dy.sum(axis=0).mean(axis=1)"}),
    ("db without ReLU's slope", padded, {"db = dy.sum": "db = dout.sum"}),
    (
        "first tap's path only",
        shifted,
        {"2 * j) for j in range(3))\n    return": "2 * j) for j in range(1))\n    return"},
    ),
    ("dk with the unshifted input", shifted, {"dy, columns[j])": "dy, x)"}),
    (
        "ReLU's slope left out and dk averaged",
        padded,
        {"dy = dout * (y > 0)": "dy = dout", "xp[:, :, window])": "xp[:, :, window]) / len(x)"},
    ),
    (
        "kernel flipped in dx and db averaged",
        padded,
        {
            "window] += k[:, :, j].T": "window] += k[:, :, 2 - j].T",
            "dy.sum(axis=(0, 2))": "dy.sum(axis=0).mean(axis=1)",
        },
    ),
]
DOUBLES = ["ReLU's slope left out and dk averaged", "kernel flipped in dx and db averaged"]
