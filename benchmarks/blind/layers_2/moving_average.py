"""A layer of the second blind set: a state that forgets, one learnt rate a unit, then tanh."""

import numpy as np

from autograder.forward import sigmoid


def forward(xs, h0, rate):
    keep = sigmoid(rate)
    h = h0
    outs = []
    for x in xs:
        h = keep * h + (1 - keep) * x
        outs.append(np.tanh(h))
    return np.stack(outs)


ARGUMENTS = {"xs": (4, "n", "d"), "h0": ("n", "d"), "rate": ("d",)}
UPSTREAM = ("douts",)
GRADIENTS = ("xs", "h0", "rate")


def usual(douts, xs, h0, rate):
    keep = 1 / (1 + np.exp(-rate))
    hs = [h0]
    for x in xs:
        hs.append(keep * hs[-1] + (1 - keep) * x)
    dxs, dkeep, dh = np.zeros_like(xs), np.zeros_like(keep), np.zeros_like(h0)
    for t in reversed(range(len(xs))):
        dh = dh + douts[t] * (1 - np.tanh(hs[t + 1]) ** 2)
        dkeep += (dh * (hs[t] - xs[t])).sum(axis=0)
        dxs[t] = dh * (1 - keep)
        dh = dh * keep
    return dxs, dh, dkeep * keep * (1 - keep)


def unrolled(douts, xs, h0, rate):
    k = 1 / (1 + np.exp(-rate))
    turns = len(xs)
    hs = [h0]
    for x in xs:
        hs.append(k * hs[-1] + (1 - k) * x)
    slopes = [douts[t] / np.cosh(hs[t + 1]) ** 2 for t in range(turns)]
    dhs = [sum(slopes[s] * k ** (s - t) for s in range(t, turns)) for t in range(turns)]
    dxs = np.array([dh * (1 - k) for dh in dhs])
    drate = sum(np.einsum("nd,nd->d", dhs[t], hs[t] - xs[t]) for t in range(turns)) * (k - k * k)
    return dxs, dhs[0] * k, drate


def recursive(douts, xs, h0, rate):
    keep = 1 / (1 + np.exp(-rate))

    def back(t, h):
        if t == len(xs):
            return np.zeros_like(h), [], np.zeros_like(keep)
        new = keep * h + (1 - keep) * xs[t]
        later, dxs, dkeep = back(t + 1, new)
        dnew = later + douts[t] * (1 - np.tanh(new) ** 2)
        dkeep = dkeep + (dnew * h).sum(0) - (dnew * xs[t]).sum(0)
        return dnew * keep, [dnew * (1 - keep), *dxs], dkeep

    dh0, dxs, dkeep = back(0, h0)
    return np.stack(dxs), dh0, dkeep * (1 - keep) * keep


RIGHT = [usual, unrolled, recursive]
WRONG = [
    ("later turns forgotten", usual, {"dh = dh + douts[t]": "dh = douts[t]"}),
    ("later turns forgotten", recursive, {"dnew = later + douts[t]": "dnew = douts[t]"}),
    ("tanh's slope left out", usual, {"douts[t] * (1 - np.tanh(hs[t + 1]) ** 2)": "douts[t]"}),
    ("tanh's slope left out", unrolled, {"douts[t] / np.cosh(hs[t + 1]) ** 2": "douts[t]"}),
    ("tanh's slope at the state before", usual, {"np.tanh(hs[t + 1])": "np.tanh(hs[t])"}),
    (
        "tanh's slope of later turns too",
        usual,
        {
            "dh = dh + douts[t] * (1 - np.tanh(hs[t + 1]) ** 2)": "dh = (dh + douts[t]) * (1 - np.tanh(hs[t + 1]) ** 2)"
        },
    ),
    ("keep left out between turns", usual, {"dh = dh * keep": "dh = dh"}),
    ("keep left out between turns", recursive, {"return dnew * keep,": "return dnew,"}),
    ("path of 1 - keep left out of drate", usual, {"(hs[t] - xs[t])": "hs[t]"}),
    ("path of 1 - keep left out of drate", recursive, {" - (dnew * xs[t]).sum(0)": ""}),
    ("sign of 1 - keep's path", recursive, {" - (dnew * xs[t]).sum(0)": " + (dnew * xs[t]).sum(0)"}),
    ("sigmoid's slope left out", usual, {"dkeep * keep * (1 - keep)": "dkeep"}),
    ("sigmoid's slope left out", unrolled, {"* (k - k * k)": "* 1"}),
    ("sigmoid's value for its slope", usual, {"dkeep * keep * (1 - keep)": "dkeep * keep"}),
    ("dkeep of one turn alone", usual, {"dkeep += (dh": "dkeep = (dh"}),
    ("1 - keep left out of dxs", usual, {"dxs[t] = dh * (1 - keep)": "dxs[t] = dh"}),
    ("keep for 1 - keep in dxs", usual, {"dxs[t] = dh * (1 - keep)": "dxs[t] = dh * keep"}),
    ("dkeep with the state after", usual, {"(hs[t] - xs[t])": "(hs[t + 1] - xs[t])"}),
    ("drate averaged over examples", usual, {"xs[t])).sum(axis=0)": "xs[t])).mean(axis=0)"}),
    ("dh0 not through the first turn", unrolled, {"dhs[0] * k, drate": "dhs[0], drate"}),
    ("dxs in the wrong order", recursive, {"[dnew * (1 - keep), *dxs]": "[*dxs, dnew * (1 - keep)]"}),
    (
        "sigmoid's slope left out, 1 - keep left out of dxs",
        usual,
        {"dkeep * keep * (1 - keep)": "dkeep", "dxs[t] = dh * (1 - keep)": "dxs[t] = dh"},
    ),
    (
        "later turns forgotten, drate averaged",
        usual,
        {"dh = dh + douts[t]": "dh = douts[t]", "xs[t])).sum(axis=0)": "xs[t])).mean(axis=0)"},
    ),
]
DOUBLES = ["sigmoid's slope left out, 1 - keep left out of dxs", "later turns forgotten, drate averaged"]
