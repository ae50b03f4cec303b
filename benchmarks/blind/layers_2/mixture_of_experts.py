"""A layer of the second blind set: several linear layers, mixed by a softmax of the same input."""

import numpy as np

from autograder.forward import softmax


def forward(x, G, W, b):
    gate = softmax(x @ G, axis=1)
    experts = np.einsum("nd,kde->nke", x, W) + b
    active = np.tanh(experts)
    return (gate[:, :, None] * active).sum(axis=1)


ARGUMENTS = {"x": ("n", "d"), "G": ("d", "k"), "W": ("k", "d", "e"), "b": ("k", "e")}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "G", "W", "b")


def usual(dout, x, G, W, b):
    s = x @ G
    e = np.exp(s - s.max(axis=1, keepdims=True))
    gate = e / e.sum(axis=1, keepdims=True)
    active = np.tanh(np.einsum("nd,kde->nke", x, W) + b)
    dgate = (dout[:, None, :] * active).sum(axis=2)
    dactive = gate[:, :, None] * dout[:, None, :]
    dz = dactive * (1 - active**2)
    db = dz.sum(axis=0)
    dW = np.einsum("nd,nke->kde", x, dz)
    ds = gate * (dgate - (gate * dgate).sum(axis=1, keepdims=True))
    dG = x.T @ ds
    dx = ds @ G.T
    dx = dx + np.einsum("nke,kde->nd", dz, W)
    return dx, dG, dW, db


def by_expert(dout, x, G, W, b):
    s = np.exp(x @ G)
    gate = s / s.sum(axis=1)[:, None]
    dW, db, dx = np.zeros(W.shape), np.zeros(b.shape), np.zeros(x.shape)
    dgate = np.zeros(gate.shape)
    for k in range(len(W)):
        a = np.tanh(x @ W[k] + b[k])
        dgate[:, k] = np.sum(a * dout, axis=1)
        dz = gate[:, [k]] * dout * (1 - a * a)
        dW[k] = x.T @ dz
        db[k] = dz.sum(axis=0)
        dx += dz @ W[k].T
    ds = gate * dgate
    ds -= gate * ds.sum(axis=1)[:, None]
    return dx + ds @ G.T, x.T @ ds, dW, db


def by_example(dout, x, G, W, b):
    dx, dG, dW, db = np.zeros(x.shape), np.zeros(G.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i, v in enumerate(x):
        g = np.exp(v @ G) / np.exp(v @ G).sum()
        a = np.tanh(np.einsum("d,kde->ke", v, W) + b)
        J = np.diag(g) - np.outer(g, g)
        ds = J @ (a @ dout[i])
        dz = np.outer(g, dout[i]) / np.cosh(np.arctanh(a)) ** 2
        dG += np.outer(v, ds)
        db += dz
        for k in range(len(W)):
            dW[k] += np.outer(v, dz[k])
            dx[i] += W[k] @ dz[k]
        dx[i] += G @ ds
    return dx, dG, dW, db


RIGHT = [usual, by_expert, by_example]
WRONG = [
    ("gate's path left out of dx", usual, {"dx = ds @ G.T": "dx = np.zeros(x.shape)"}),
    ("gate's path left out of dx", by_expert, {"return dx + ds @ G.T": "return dx"}),
    ("gate's path left out of dx", by_example, {"        dx[i] += G @ ds\n": ""}),
    ("experts' path left out of dx", usual, {'    dx = dx + np.einsum("nke,kde->nd", dz, W)\n': ""}),
    (
        "softmax's inner sum left out",
        usual,
        {"gate * (dgate - (gate * dgate).sum(axis=1, keepdims=True))": "gate * dgate"},
    ),
    ("softmax's inner sum left out", by_expert, {"    ds -= gate * ds.sum(axis=1)[:, None]\n": ""}),
    ("softmax's inner sum left out", by_example, {"J = np.diag(g) - np.outer(g, g)": "J = np.diag(g)"}),
    (
        "softmax's diagonal alone",
        usual,
        {"gate * (dgate - (gate * dgate).sum(axis=1, keepdims=True))": "gate * (1 - gate) * dgate"},
    ),
    (
        "softmax's way back left out",
        usual,
        {"ds = gate * (dgate - (gate * dgate).sum(axis=1, keepdims=True))": "ds = dgate"},
    ),
    (
        "gate not in front of the bracket",
        usual,
        {"gate * (dgate - (gate * dgate)": "(dgate - (gate * dgate)"},
    ),
    ("gate left out of the inner sum", usual, {"(gate * dgate).sum(axis=1": "dgate.sum(axis=1"}),
    ("inner sum over the examples", usual, {"(gate * dgate).sum(axis=1": "(gate * dgate).sum(axis=0"}),
    (
        "gate left out of the experts' path",
        usual,
        {"dactive = gate[:, :, None] * dout": "dactive = np.ones(gate.shape)[:, :, None] * dout"},
    ),
    ("gate left out of the experts' path", by_expert, {"gate[:, [k]] * dout": "dout"}),
    ("tanh's slope left out", usual, {"dactive * (1 - active**2)": "dactive"}),
    ("tanh's slope left out", by_expert, {"dout * (1 - a * a)": "dout"}),
    ("tanh's slope without the square", usual, {"(1 - active**2)": "(1 - active)"}),
    (
        "experts before tanh in dgate",
        usual,
        {"(dout[:, None, :] * active).sum": "(dout[:, None, :] * np.arctanh(active)).sum"},
    ),
    ("dx of the last expert alone", by_expert, {"dx += dz": "dx = dz"}),
    ("db averaged", usual, {"db = dz.sum(axis=0)": "db = dz.mean(axis=0)"}),
    ("db before the slope", usual, {"db = dz.sum": "db = dactive.sum"}),
    ("dG without softmax's way back", usual, {"dG = x.T @ ds": "dG = x.T @ dgate"}),
    ("dgate averaged over the features", usual, {"active).sum(axis=2)": "active).mean(axis=2)"}),
    (
        "gate's path left out, db averaged",
        usual,
        {"dx = ds @ G.T": "dx = np.zeros(x.shape)", "db = dz.sum(axis=0)": "db = dz.mean(axis=0)"},
    ),
    (
        "inner sum and slope left out",
        usual,
        {
            "gate * (dgate - (gate * dgate).sum(axis=1, keepdims=True))": "gate * dgate",
            "dactive * (1 - active**2)": "dactive",
        },
    ),
]
DOUBLES = ["gate's path left out, db averaged", "inner sum and slope left out"]
