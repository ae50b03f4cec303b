"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np

from autograder.forward import sigmoid


def forward(x, W1, W2):
    s = x.mean(axis=2)
    z1 = s @ W1
    a1 = np.maximum(z1, 0)
    gate = sigmoid(a1 @ W2)
    return x * gate[:, :, None]


ARGUMENTS = {"x": ("n", "c", "t"), "W1": ("c", "r"), "W2": ("r", "c")}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "W1", "W2")


def usual(dout, x, W1, W2):
    s = x.mean(axis=2)
    z1 = s @ W1
    a1 = np.maximum(z1, 0)
    gate = 1 / (1 + np.exp(-(a1 @ W2)))
    dgate = (dout * x).sum(axis=2)
    dz2 = dgate * gate * (1 - gate)
    dW2 = a1.T @ dz2
    da1 = dz2 @ W2.T
    dz1 = da1 * (z1 > 0)
    dW1 = s.T @ dz1
    ds = dz1 @ W1.T
    dx = dout * gate[:, :, None] + ds[:, :, None] / x.shape[2]
    return dx, dW1, dW2


def einsum(dout, x, W1, W2):
    t = x.shape[-1]
    pooled = np.einsum("nct->nc", x) / t
    hidden = np.einsum("nc,cr->nr", pooled, W1)
    on = (hidden > 0).astype(float)
    e = 0.5 * (1 + np.tanh(np.einsum("nr,rc->nc", on * hidden, W2) / 2))
    up = np.einsum("nct,nct->nc", dout, x) * (e - e**2)
    back = on * np.einsum("nc,rc->nr", up, W2)
    dpool = np.einsum("nr,cr->nc", back, W1)
    dx = np.einsum("nct,nc->nct", dout, e) + dpool[..., None] / t
    return dx, np.einsum("nc,nr->cr", pooled, back), np.einsum("nr,nc->rc", on * hidden, up)


def examples(dout, x, W1, W2):
    dx, dW1, dW2 = np.zeros(x.shape), np.zeros(W1.shape), np.zeros(W2.shape)
    for i in range(len(x)):
        s = x[i].mean(axis=1)
        z = W1.T @ s
        a = np.where(z > 0, z, 0)
        g = 1 / (1 + np.exp(-(W2.T @ a)))
        delta2 = np.sum(dout[i] * x[i], axis=1) * g * (1 - g)
        delta1 = np.where(z > 0, W2 @ delta2, 0)
        dW2 += np.outer(a, delta2)
        dW1 += np.outer(s, delta1)
        dx[i] = dout[i] * g[:, None]
        dx[i] += (W1 @ delta1)[:, None] / x.shape[2]
    return dx, dW1, dW2


def helper(dout, x, W1, W2):
    def linear_back(d, a, W):
        return d @ W.T, a.T @ d

    s = x.mean(-1)
    z1 = s @ W1
    h = z1.clip(0)
    g = 1 / (1 + np.exp(-h @ W2))
    dh, dW2 = linear_back((dout * x).sum(-1) * g * (1 - g), h, W2)
    dh[z1 <= 0] = 0
    ds, dW1 = linear_back(dh, s, W1)
    return dout * g[..., None] + (ds / x.shape[-1])[..., None], dW1, dW2


RIGHT = [usual, einsum, examples, helper]
WRONG = [
    ("path through the gate left out of dx", usual, {" + ds[:, :, None] / x.shape[2]": ""}),
    ("path through the gate left out of dx", einsum, {" + dpool[..., None] / t": ""}),
    (
        "path through the gate left out of dx",
        examples,
        {"        dx[i] += (W1 @ delta1)[:, None] / x.shape[2]\n": ""},
    ),
    (
        "the direct path left out of dx",
        usual,
        {"dx = dout * gate[:, :, None] + ds": "dx = np.zeros_like(x) + ds"},
    ),
    ("1/t of the mean forgotten", usual, {"ds[:, :, None] / x.shape[2]": "ds[:, :, None]"}),
    ("1/t of the mean forgotten", helper, {"(ds / x.shape[-1])": "ds"}),
    ("sigmoid's slope left out", usual, {"dgate * gate * (1 - gate)": "dgate"}),
    ("sigmoid's slope left out", examples, {"axis=1) * g * (1 - g)": "axis=1)"}),
    ("sigmoid's slope without 1 - gate", usual, {"dgate * gate * (1 - gate)": "dgate * gate"}),
    ("tanh's slope for sigmoid's", usual, {"gate * (1 - gate)": "(1 - gate**2)"}),
    ("ReLU's slope left out", usual, {"da1 * (z1 > 0)": "da1"}),
    ("ReLU's slope left out", helper, {"    dh[z1 <= 0] = 0\n": ""}),
    ("ReLU's value for its slope", usual, {"da1 * (z1 > 0)": "da1 * a1"}),
    ("ReLU's mask by what comes back", usual, {"da1 * (z1 > 0)": "da1 * (da1 > 0)"}),
    ("dgate without x", usual, {"(dout * x).sum(axis=2)": "dout.sum(axis=2)"}),
    ("dgate averaged over positions", usual, {"(dout * x).sum(axis=2)": "(dout * x).mean(axis=2)"}),
    ("z1 where a1 belongs in dW2", usual, {"dW2 = a1.T": "dW2 = z1.T"}),
    ("only the last example's dW1", examples, {"dW1 += np": "dW1 = np"}),
    ("both slopes left out", usual, {"dgate * gate * (1 - gate)": "dgate", "da1 * (z1 > 0)": "da1"}),
    (
        "gate's path left out and ReLU's slope left out",
        usual,
        {" + ds[:, :, None] / x.shape[2]": "", "da1 * (z1 > 0)": "da1"},
    ),
]
DOUBLES = ["both slopes left out", "gate's path left out and ReLU's slope left out"]
