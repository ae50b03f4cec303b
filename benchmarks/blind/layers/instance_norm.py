"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np


def forward(x, gamma, beta):
    mu = x.mean(axis=2, keepdims=True)
    var = ((x - mu) ** 2).mean(axis=2, keepdims=True)
    xhat = (x - mu) / np.sqrt(var + 1e-5)
    return gamma[:, None] * xhat + beta[:, None]


ARGUMENTS = {"x": ("n", "c", "t"), "gamma": ("c",), "beta": ("c",)}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "gamma", "beta")


def closed(dout, x, gamma, beta):
    t = x.shape[2]
    inv = 1 / np.sqrt(x.var(axis=2, keepdims=True) + 1e-5)
    xhat = (x - x.mean(axis=2, keepdims=True)) * inv
    dgamma = (dout * xhat).sum(axis=(0, 2))
    dbeta = dout.sum(axis=(0, 2))
    g = dout * gamma[:, None]
    dx = inv / t * (t * g - g.sum(axis=2, keepdims=True) - xhat * (g * xhat).sum(axis=2, keepdims=True))
    return dx, dgamma, dbeta


def staged(dout, x, gamma, beta):
    _n, c, t = x.shape
    mu = np.mean(x, axis=2, keepdims=True)
    xmu = x - mu
    var = np.mean(xmu**2, axis=2, keepdims=True)
    std = np.sqrt(var + 1e-5)
    dbeta = np.sum(np.sum(dout, axis=2), axis=0)
    dgamma = np.sum(np.sum(dout * xmu / std, axis=2), axis=0)
    dxhat = dout * gamma.reshape(1, c, 1)
    dxmu = dxhat / std
    dstd = np.sum(dxhat * xmu, axis=2, keepdims=True) * (-1 / std**2)
    dvar = dstd * 0.5 / std
    dxmu = dxmu + 2 * xmu * dvar / t
    dmu = -np.sum(dxmu, axis=2, keepdims=True)
    dx = dxmu + dmu / t
    return dx, dgamma, dbeta


def loops(dout, x, gamma, beta):
    dx = np.zeros_like(x, dtype=float)
    dgamma, dbeta = np.zeros(len(gamma)), np.zeros(len(gamma))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            row, up = x[i, j], dout[i, j]
            s = np.sqrt(((row - row.mean()) ** 2).mean() + 1e-5)
            hat = (row - row.mean()) / s
            dgamma[j] += up @ hat
            dbeta[j] += up.sum()
            d = gamma[j] * up
            dx[i, j] = (d - d.mean() - hat * np.mean(d * hat)) / s
    return dx, dgamma, dbeta


def jacobian(dout, x, gamma, beta):
    t = x.shape[2]
    centre = np.eye(t) - np.ones((t, t)) / t
    xc = x @ centre
    s = np.sqrt(np.einsum("nct,nct->nc", xc, xc) / t + 1e-5)[..., None]
    hat = xc / s
    g = np.einsum("nct,c->nct", dout, gamma)
    inner = g / s - hat * (np.einsum("nct,nct->nc", g, hat)[..., None] / (t * s))
    return inner @ centre, np.einsum("nct,nct->c", dout, hat), np.einsum("nct->c", dout)


RIGHT = [closed, staged, loops, jacobian]
WRONG = [
    ("gamma left out of dx", closed, {"g = dout * gamma[:, None]": "g = dout"}),
    ("gamma left out of dx", staged, {"dout * gamma.reshape(1, c, 1)": "dout"}),
    ("path through the mean left out", closed, {"t * g - g.sum(axis=2, keepdims=True) -": "t * g -"}),
    ("path through the mean left out", staged, {"dx = dxmu + dmu / t": "dx = dxmu"}),
    ("path through the mean left out", loops, {"d - d.mean() -": "d -"}),
    ("path through the variance left out", closed, {" - xhat * (g * xhat).sum(axis=2, keepdims=True)": ""}),
    ("path through the variance left out", staged, {"    dxmu = dxmu + 2 * xmu * dvar / t\n": ""}),
    ("statistics constant", loops, {"(d - d.mean() - hat * np.mean(d * hat)) / s": "d / s"}),
    ("1/t of the mean forgotten", staged, {"dmu / t": "dmu"}),
    ("1/t of the variance forgotten", staged, {"dvar / t": "dvar"}),
    ("1/2 of the root's slope forgotten", staged, {"dstd * 0.5 / std": "dstd / std"}),
    ("std not squared in dstd", staged, {"(-1 / std**2)": "(-1 / std)"}),
    ("sign of dstd", staged, {"(-1 / std**2)": "(1 / std**2)"}),
    ("dgamma with x instead of xhat", closed, {"dgamma = (dout * xhat)": "dgamma = (dout * x)"}),
    ("dgamma with the centred x, not divided", staged, {"dout * xmu / std, axis=2": "dout * xmu, axis=2"}),
    (
        "dgamma averaged over positions",
        closed,
        {"(dout * xhat).sum(axis=(0, 2))": "(dout * xhat).sum(axis=0).mean(axis=1)"},
    ),
    (
        "dbeta averaged over examples",
        closed,
        {"dbeta = dout.sum(axis=(0, 2))": "dbeta = dout.mean(axis=0).sum(axis=1)"},
    ),
    ("not divided by std in the end", loops, {"np.mean(d * hat)) / s": "np.mean(d * hat))"}),
    (
        "gamma left out of dx and dgamma with x",
        closed,
        {"g = dout * gamma[:, None]": "g = dout", "(dout * xhat).sum(axis=(0": "(dout * x).sum(axis=(0"},
    ),
    (
        "mean path left out and 1/2 forgotten",
        staged,
        {"dx = dxmu + dmu / t": "dx = dxmu", "dstd * 0.5 / std": "dstd / std"},
    ),
]
DOUBLES = ["gamma left out of dx and dgamma with x", "mean path left out and 1/2 forgotten"]
