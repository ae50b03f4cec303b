"""A layer of the second blind set: each channel has its own filter; padding 1, stride 2."""

import numpy as np


def forward(x, w, b):
    n, c, t = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    turns = (t - 1) // 2 + 1
    out = np.zeros((n, c, turns))
    for i in range(turns):
        window = padded[:, :, 2 * i : 2 * i + 3]
        out[:, :, i] = (window * w).sum(axis=2) + b
    return out


ARGUMENTS = {"x": ("n", "c", "t"), "w": ("c", 3), "b": ("c",)}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "w", "b")


def windows(dout, x, w, b):
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    dpadded = np.zeros_like(padded)
    dw = np.zeros_like(w)
    for i in range(dout.shape[2]):
        up = dout[:, :, i : i + 1]
        dpadded[:, :, 2 * i : 2 * i + 3] += up * w
        dw += (up * padded[:, :, 2 * i : 2 * i + 3]).sum(axis=0)
    db = dout.sum(axis=(0, 2))
    return dpadded[:, :, 1:-1], dw, db


def scalars(dout, x, w, b):
    n, c, t = x.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for e in range(n):
        for ch in range(c):
            for i in range(dout.shape[2]):
                up = dout[e, ch, i]
                db[ch] += up
                for k in range(3):
                    at = 2 * i + k - 1
                    if 0 <= at < t:
                        dx[e, ch, at] += up * w[ch, k]
                        dw[ch, k] += up * x[e, ch, at]
    return dx, dw, db


def taps(dout, x, w, b):
    turns = dout.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    dpadded = np.zeros(padded.shape)
    columns = []
    for k in range(3):
        places = slice(k, k + 2 * turns - 1, 2)
        dpadded[:, :, places] += dout * w[None, :, k, None]
        columns.append(np.einsum("nct,nct->c", dout, padded[:, :, places]))
    return dpadded[:, :, 1 : x.shape[2] + 1], np.stack(columns, axis=1), np.einsum("nct->c", dout)


def gathered(dout, x, w, b):
    index = 2 * np.arange(dout.shape[2])[:, None] + np.arange(3)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    seen = padded[:, :, index]
    back = np.zeros_like(padded)
    np.add.at(back, (slice(None), slice(None), index), dout[..., None] * w[:, None, :])
    dw = (seen * dout[..., None]).sum((0, 2))
    return back[..., 1:-1], dw, dout.sum(2).sum(0)


RIGHT = [windows, scalars, taps, gathered]
WRONG = [
    (
        "overlapping windows overwrite one another",
        windows,
        {"2 * i + 3] += up * w\n": "2 * i + 3] = up * w\n"},
    ),
    ("overlapping windows overwrite one another", scalars, {"dx[e, ch, at] += up": "dx[e, ch, at] = up"}),
    (
        "overlapping windows overwrite one another",
        gathered,
        {
            "np.add.at(back, (slice(None), slice(None), index), dout[..., None] * w[:, None, :])": "back[:, :, index] += dout[..., None] * w[:, None, :]"
        },
    ),
    ("filter flipped in dx", windows, {"up * w\n": "up * w[:, ::-1]\n"}),
    ("filter flipped in dx", scalars, {"up * w[ch, k]": "up * w[ch, 2 - k]"}),
    ("dw of the last window alone", windows, {"dw += (up": "dw = (up"}),
    ("dw of the last window alone", scalars, {"dw[ch, k] += up": "dw[ch, k] = up"}),
    ("padding cut off at the end alone", windows, {"dpadded[:, :, 1:-1], dw": "dpadded[:, :, :-2], dw"}),
    ("db averaged over examples", windows, {"dout.sum(axis=(0, 2))": "dout.mean(axis=0).sum(axis=1)"}),
    ("db averaged over time", gathered, {"dout.sum(2).sum(0)": "dout.mean(2).sum(0)"}),
    ("dw averaged over examples", windows, {".sum(axis=0)\n": ".mean(axis=0)\n"}),
    ("w left out of dx", windows, {"up * w\n": "up\n"}),
    ("w left out of dx", taps, {"dout * w[None, :, k, None]": "dout"}),
    ("dout left out of dw", windows, {"(up * padded": "(1 * padded"}),
    (
        "stride forgotten in dx",
        windows,
        {"dpadded[:, :, 2 * i : 2 * i + 3] += up * w": "dpadded[:, :, i : i + 3] += up * w"},
    ),
    (
        "stride forgotten in dw",
        windows,
        {"(up * padded[:, :, 2 * i : 2 * i + 3])": "(up * padded[:, :, i : i + 3])"},
    ),
    ("stride forgotten in both", gathered, {"2 * np.arange(dout": "np.arange(dout"}),
    ("db with a minus", windows, {"db = dout": "db = -dout"}),
    (
        "overwritten and db averaged",
        windows,
        {
            "2 * i + 3] += up * w\n": "2 * i + 3] = up * w\n",
            "dout.sum(axis=(0, 2))": "dout.mean(axis=0).sum(axis=1)",
        },
    ),
    (
        "flipped and dw of the last window",
        windows,
        {"up * w\n": "up * w[:, ::-1]\n", "dw += (up": "dw = (up"},
    ),
]
DOUBLES = ["overwritten and db averaged", "flipped and dw of the last window"]
