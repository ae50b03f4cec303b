"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(h, wm, ws, y):
    mean = h @ wm
    log_var = h @ ws
    error = y - mean
    nll = 0.5 * (log_var + error**2 * np.exp(-log_var))
    return nll.mean()


ARGUMENTS = {"h": ("n", "d"), "wm": ("d",), "ws": ("d",), "y": ("n",)}
UPSTREAM = ()
GRADIENTS = ("h", "wm", "ws")


def usual(h, wm, ws, y):
    n = len(y)
    mean, log_var = h @ wm, h @ ws
    inv_var = np.exp(-log_var)
    error = y - mean
    dmean = -error * inv_var / n
    dlog_var = 0.5 * (1 - error**2 * inv_var) / n
    dh = np.outer(dmean, wm) + np.outer(dlog_var, ws)
    return dh, h.T @ dmean, h.T @ dlog_var


def staged(h, wm, ws, y):
    m, s = h @ wm, h @ ws
    error = y - m
    precision = np.exp(-s)
    dnll = np.ones(len(y)) / len(y)
    ds = 0.5 * dnll
    dsquare = 0.5 * dnll * precision
    dprecision = 0.5 * dnll * error**2
    ds = ds - dprecision * precision
    derror = 2 * error * dsquare
    dm = -derror
    return dm[:, None] * wm + ds[:, None] * ws, dm @ h, ds @ h


def samples(h, wm, ws, y):
    dh, dwm, dws = np.zeros(h.shape), np.zeros(wm.shape), np.zeros(ws.shape)
    for i, row in enumerate(h):
        var = np.exp(ws @ row)
        r = (wm @ row - y[i]) / var
        q = (1 - (wm @ row - y[i]) ** 2 / var) / 2
        dh[i] = (r * wm + q * ws) / len(y)
        dwm += r * row / len(y)
        dws += q * row / len(y)
    return dh, dwm, dws


RIGHT = [usual, staged, samples]
WRONG = [
    ("mean over examples forgotten", usual, {"inv_var / n": "inv_var", "inv_var) / n": "inv_var)"}),
    ("mean over examples forgotten", staged, {"np.ones(len(y)) / len(y)": "np.ones(len(y))"}),
    ("mean forgotten in dwm", samples, {"r * row / len(y)": "r * row"}),
    ("sign of the error", usual, {"dmean = -error": "dmean = error"}),
    ("sign of the error", staged, {"dm = -derror": "dm = derror"}),
    ("variance left out of dmean", usual, {"-error * inv_var / n": "-error / n"}),
    ("2 of the square forgotten", staged, {"2 * error * dsquare": "error * dsquare"}),
    ("1/2 forgotten", usual, {"0.5 * (1 - error": "(1 - error"}),
    ("the log's own term left out", usual, {"(1 - error**2 * inv_var)": "(-(error**2) * inv_var)"}),
    ("the log's own term left out", staged, {"ds = ds - dprecision": "ds = -dprecision"}),
    ("path through the precision left out", usual, {"0.5 * (1 - error**2 * inv_var)": "0.5 * np.ones(n)"}),
    ("path through the precision left out", staged, {"    ds = ds - dprecision * precision\n": ""}),
    ("sign of exp's argument", staged, {"ds = ds - dprecision": "ds = ds + dprecision"}),
    ("exp's value left out", staged, {"ds - dprecision * precision": "ds - dprecision"}),
    ("dh through the mean only", usual, {" + np.outer(dlog_var, ws)": ""}),
    ("dh through the variance only", usual, {"np.outer(dmean, wm) + np": "np"}),
    ("error not squared", usual, {"error**2 * inv_var": "error * inv_var"}),
    ("variance for its inverse", usual, {"np.exp(-log_var)": "np.exp(log_var)"}),
    (
        "wm and ws exchanged in dh",
        usual,
        {"np.outer(dmean, wm) + np.outer(dlog_var, ws)": "np.outer(dmean, ws) + np.outer(dlog_var, wm)"},
    ),
    ("last sample only in dws", samples, {"dws += q": "dws = q"}),
    (
        "sign of the error and dh through the mean only",
        usual,
        {"dmean = -error": "dmean = error", " + np.outer(dlog_var, ws)": ""},
    ),
]
DOUBLES = ["sign of the error and dh through the mean only"]
