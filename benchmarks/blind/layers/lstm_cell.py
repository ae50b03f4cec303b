"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np

from autograder.forward import sigmoid


def forward(x, h, c, W, U, b):
    z = x @ W + h @ U + b
    k = h.shape[1]
    i = sigmoid(z[:, :k])
    f = sigmoid(z[:, k : 2 * k])
    o = sigmoid(z[:, 2 * k : 3 * k])
    u = np.tanh(z[:, 3 * k :])
    c_new = f * c + i * u
    h_new = o * np.tanh(c_new)
    return h_new, c_new


ARGUMENTS = {
    "x": ("n", "d"),
    "h": ("n", "k"),
    "c": ("n", "k"),
    "W": ("d", "4*k"),
    "U": ("k", "4*k"),
    "b": ("4*k",),
}
UPSTREAM = ("dh_new", "dc_new")
GRADIENTS = ("x", "h", "c", "W", "U", "b")


def usual(dh_new, dc_new, x, h, c, W, U, b):
    k = h.shape[1]
    z = x @ W + h @ U + b
    s = 1 / (1 + np.exp(-z[:, : 3 * k]))
    i, f, o = s[:, :k], s[:, k : 2 * k], s[:, 2 * k :]
    u = np.tanh(z[:, 3 * k :])
    tc = np.tanh(f * c + i * u)
    do = dh_new * tc
    dct = dc_new + dh_new * o * (1 - tc**2)
    di = dct * u
    df = dct * c
    du = dct * i
    dc = dct * f
    dz = np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), du * (1 - u**2)])
    return dz @ W.T, dz @ U.T, dc, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def buffer(dh_new, dc_new, x, h, c, W, U, b):
    def sig(t):
        return 1.0 / (1.0 + np.exp(-t))

    zi, zf, zo, zu = np.split(x @ W + h @ U + b, 4, axis=1)
    c2 = sig(zf) * c + sig(zi) * np.tanh(zu)
    dc2 = np.array(dc_new, dtype=float)
    dc2 += dh_new * sig(zo) * (1 - np.tanh(c2) ** 2)
    k = c.shape[1]
    dz = np.empty((len(x), 4 * k))
    dz[:, :k] = dc2 * np.tanh(zu) * sig(zi) * sig(-zi)
    dz[:, k : 2 * k] = dc2 * c * sig(zf) * sig(-zf)
    dz[:, 2 * k : 3 * k] = dh_new * np.tanh(c2) * sig(zo) * sig(-zo)
    dz[:, 3 * k :] = dc2 * sig(zi) / np.cosh(zu) ** 2
    dx = np.einsum("nz,dz->nd", dz, W)
    dh = np.einsum("nz,kz->nk", dz, U)
    return dx, dh, dc2 * sig(zf), np.einsum("nd,nz->dz", x, dz), np.einsum("nk,nz->kz", h, dz), dz.sum(0)


def examples(dh_new, dc_new, x, h, c, W, U, b):
    k = h.shape[1]
    dx, dh, dc = np.zeros(x.shape), np.zeros(h.shape), np.zeros(c.shape)
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(b.shape)
    for e in range(len(x)):
        z = (W.T @ x[e] + U.T @ h[e] + b).reshape(4, k)
        i, f, o = (1 / (1 + np.exp(-z[g])) for g in range(3))
        u = np.tanh(z[3])
        t = np.tanh(f * c[e] + i * u)
        back = dc_new[e] + dh_new[e] * o * (1 - t * t)
        dc[e] = back * f
        dz = np.concatenate(
            [
                back * u * i * (1 - i),
                back * c[e] * f * (1 - f),
                dh_new[e] * t * o * (1 - o),
                back * i * (1 - u * u),
            ]
        )
        dx[e] = W @ dz
        dh[e] = U @ dz
        dW += np.outer(x[e], dz)
        dU += np.outer(h[e], dz)
        db += dz
    return dx, dh, dc, dW, dU, db


RIGHT = [usual, buffer, examples]
WRONG = [
    (
        "what comes through h_new left out of dc_new",
        usual,
        {"dct = dc_new + dh_new * o * (1 - tc**2)": "dct = dc_new"},
    ),
    (
        "what comes through h_new left out of dc_new",
        buffer,
        {"    dc2 += dh_new * sig(zo) * (1 - np.tanh(c2) ** 2)\n": ""},
    ),
    ("dc_new left out", usual, {"dct = dc_new + dh_new": "dct = dh_new"}),
    ("dc_new left out", examples, {"back = dc_new[e] + dh_new[e]": "back = dh_new[e]"}),
    ("tanh's slope at c_new left out", usual, {"dh_new * o * (1 - tc**2)": "dh_new * o"}),
    ("o left out on the way to c_new", usual, {"dh_new * o * (1": "dh_new * (1"}),
    ("tanh(c_new) left out of do", usual, {"do = dh_new * tc": "do = dh_new"}),
    ("dc with the input gate", usual, {"dc = dct * f": "dc = dct * i"}),
    ("dc without the forget gate", usual, {"dc = dct * f": "dc = dct"}),
    ("dc from dc_new alone", usual, {"dc = dct * f": "dc = dc_new * f"}),
    ("slope of the candidate left out", usual, {"du * (1 - u**2)": "du"}),
    ("sigmoid's slope for the candidate's tanh", usual, {"du * (1 - u**2)": "du * u * (1 - u)"}),
    ("slope of the forget gate left out", usual, {"df * f * (1 - f)": "df"}),
    ("slope of the forget gate left out", examples, {"c[e] * f * (1 - f)": "c[e]"}),
    (
        "gates in another order",
        usual,
        {"[di * i * (1 - i), df * f * (1 - f),": "[df * f * (1 - f), di * i * (1 - i),"},
    ),
    ("df with the new c", usual, {"df = dct * c": "df = dct * (f * c + i * u)"}),
    ("db averaged", usual, {"dz.sum(axis=0)": "dz.mean(axis=0)"}),
    ("last example only in dU", examples, {"dU += np": "dU = np"}),
    (
        "dc_new left out and db averaged",
        usual,
        {"dct = dc_new + dh_new": "dct = dh_new", "dz.sum(axis=0)": "dz.mean(axis=0)"},
    ),
    (
        "tanh's slopes left out at both",
        usual,
        {"dh_new * o * (1 - tc**2)": "dh_new * o", "du * (1 - u**2)": "du"},
    ),
]
DOUBLES = ["dc_new left out and db averaged", "tanh's slopes left out at both"]
