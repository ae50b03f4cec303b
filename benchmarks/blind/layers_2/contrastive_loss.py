"""A layer of the second blind set: each row of a is to find its own row of b among all of them."""

import numpy as np

from autograder.forward import log_softmax


def forward(a, b, tau):
    u = a / np.sqrt((a * a).sum(axis=1, keepdims=True))
    v = b / np.sqrt((b * b).sum(axis=1, keepdims=True))
    scores = u @ v.T / tau
    own = np.arange(len(a))
    return -log_softmax(scores, axis=1)[own, own].mean()


def warm(rng, shape, sizes):
    return rng.uniform(0.5, 1.5, size=shape)


ARGUMENTS = {"a": ("n", "d"), "b": ("n", "d"), "tau": ()}
UPSTREAM = ()
GRADIENTS = ("a", "b", "tau")
VALUES = {"tau": warm}


def usual(a, b, tau):
    n = len(a)
    la = np.linalg.norm(a, axis=1, keepdims=True)
    lb = np.linalg.norm(b, axis=1, keepdims=True)
    u, v = a / la, b / lb
    s = u @ v.T / tau
    e = np.exp(s - s.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    ds = (P - np.eye(n)) / n
    du, dv = ds @ v / tau, ds.T @ u / tau
    da = (du - u * (u * du).sum(axis=1, keepdims=True)) / la
    db = (dv - v * (v * dv).sum(axis=1, keepdims=True)) / lb
    dtau = -(ds * s).sum() / tau
    return da, db, dtau


def steps(a, b, tau):
    n = a.shape[0]
    sq = (a**2).sum(1, keepdims=True)
    sr = (b**2).sum(1, keepdims=True)
    u, v = a * sq**-0.5, b * sr**-0.5
    dot = u @ v.T
    e = np.exp(dot / tau)
    ds = e / e.sum(1, keepdims=True)
    ds[np.arange(n), np.arange(n)] -= 1
    ds = ds / n
    ddot = ds / tau
    dtau = np.sum(ds * dot) * -1 / tau**2
    du = ddot @ v
    dv = ddot.T @ u
    da = du * sq**-0.5
    da = da + (du * a).sum(1, keepdims=True) * (-0.5) * sq**-1.5 * 2 * a
    db = dv * sr**-0.5
    db = db + (dv * b).sum(1, keepdims=True) * (-0.5) * sr**-1.5 * 2 * b
    return da, db, dtau


def loops(a, b, tau):
    n, d = a.shape
    da, db, dtau = np.zeros((n, d)), np.zeros((n, d)), 0.0
    for i in range(n):
        ai = np.sqrt(a[i] @ a[i])
        cos = np.array([a[i] @ b[j] / (ai * np.sqrt(b[j] @ b[j])) for j in range(n)])
        p = np.exp(cos / tau) / np.exp(cos / tau).sum()
        for j in range(n):
            bj = np.sqrt(b[j] @ b[j])
            up = (p[j] - (i == j)) / n
            dtau -= up * cos[j] / tau**2
            up = up / tau
            da[i] += up * (b[j] / (ai * bj) - cos[j] * a[i] / ai**2)
            db[j] += up * (a[i] / (ai * bj) - cos[j] * b[j] / bj**2)
    return da, db, dtau


RIGHT = [usual, steps, loops]
WRONG = [
    (
        "norms treated as constants",
        usual,
        {
            "da = (du - u * (u * du).sum(axis=1, keepdims=True)) / la": "da = du / la",
            "db = (dv - v * (v * dv).sum(axis=1, keepdims=True)) / lb": "db = dv / lb",
        },
    ),
    (
        "norm of a treated as constant",
        usual,
        {"da = (du - u * (u * du).sum(axis=1, keepdims=True)) / la": "da = du / la"},
    ),
    (
        "norm of a treated as constant",
        steps,
        {"    da = da + (du * a).sum(1, keepdims=True) * (-0.5) * sq**-1.5 * 2 * a\n": ""},
    ),
    (
        "norm of a treated as constant",
        loops,
        {"(b[j] / (ai * bj) - cos[j] * a[i] / ai**2)": "(b[j] / (ai * bj))"},
    ),
    ("not divided by the norm in the end", usual, {"keepdims=True)) / la": "keepdims=True))"}),
    (
        "normalisation's way back left out for b",
        usual,
        {"db = (dv - v * (v * dv).sum(axis=1, keepdims=True)) / lb": "db = dv"},
    ),
    ("1/n forgotten", usual, {"ds = (P - np.eye(n)) / n": "ds = P - np.eye(n)"}),
    ("1/n forgotten", steps, {"    ds = ds / n\n": ""}),
    ("labels not subtracted", usual, {"(P - np.eye(n)) / n": "P / n"}),
    ("labels not subtracted", steps, {"    ds[np.arange(n), np.arange(n)] -= 1\n": ""}),
    ("1 subtracted everywhere", steps, {"ds[np.arange(n), np.arange(n)] -= 1": "ds -= 1"}),
    ("sign: labels - P", usual, {"(P - np.eye(n))": "(np.eye(n) - P)"}),
    (
        "softmax over the other axis",
        usual,
        {"P = e / e.sum(axis=1, keepdims=True)": "P = e / e.sum(axis=0, keepdims=True)"},
    ),
    ("scores instead of probabilities", usual, {"ds = (P - np": "ds = (s - np"}),
    (
        "tau left out of du and dv",
        usual,
        {"du, dv = ds @ v / tau, ds.T @ u / tau": "du, dv = ds @ v, ds.T @ u"},
    ),
    ("tau left out of du and dv", steps, {"ddot = ds / tau": "ddot = ds"}),
    ("ds not transposed for dv", usual, {"ds.T @ u / tau": "ds @ u / tau"}),
    ("minus in dtau forgotten", usual, {"dtau = -(ds": "dtau = (ds"}),
    ("dtau not divided by tau", usual, {"(ds * s).sum() / tau": "(ds * s).sum()"}),
    ("tau not squared in dtau", steps, {"-1 / tau**2": "-1 / tau"}),
    ("du with u for v", usual, {"du, dv = ds @ v": "du, dv = ds @ u"}),
    ("2 of the square forgotten", steps, {"sq**-1.5 * 2 * a": "sq**-1.5 * a"}),
    (
        "norm of a constant, minus in dtau forgotten",
        usual,
        {
            "da = (du - u * (u * du).sum(axis=1, keepdims=True)) / la": "da = du / la",
            "dtau = -(ds": "dtau = (ds",
        },
    ),
    (
        "1/n and tau forgotten",
        usual,
        {
            "ds = (P - np.eye(n)) / n": "ds = P - np.eye(n)",
            "du, dv = ds @ v / tau, ds.T @ u / tau": "du, dv = ds @ v, ds.T @ u",
        },
    ),
]
DOUBLES = ["norm of a constant, minus in dtau forgotten", "1/n and tau forgotten"]
