"""A layer of the second blind set: pairs of features turned by angles that grow with the position, then a product."""

import numpy as np


def forward(q, k, theta):
    t, d = q.shape
    angle = np.arange(t).reshape(t, 1) * theta
    cos, sin = np.cos(angle), np.sin(angle)

    def turn(v):
        out = np.zeros((t, d))
        out[:, 0::2] = v[:, 0::2] * cos - v[:, 1::2] * sin
        out[:, 1::2] = v[:, 0::2] * sin + v[:, 1::2] * cos
        return out

    return turn(q) @ turn(k).T / np.sqrt(d)


ARGUMENTS = {"q": ("t", "2*h"), "k": ("t", "2*h"), "theta": ("h",)}
UPSTREAM = ("dout",)
GRADIENTS = ("q", "k", "theta")


def usual(dout, q, k, theta):
    t, d = q.shape
    pos = np.arange(t)[:, None]
    c, s = np.cos(pos * theta), np.sin(pos * theta)

    def turn(v):
        out = np.empty(v.shape)
        out[:, 0::2] = v[:, 0::2] * c - v[:, 1::2] * s
        out[:, 1::2] = v[:, 0::2] * s + v[:, 1::2] * c
        return out

    g = dout / np.sqrt(d)
    dqr, dkr = g @ turn(k), g.T @ turn(q)

    def back(v, dr):
        even, odd = dr[:, 0::2], dr[:, 1::2]
        dv = np.empty(v.shape)
        dv[:, 0::2] = even * c + odd * s
        dv[:, 1::2] = odd * c - even * s
        dcos = even * v[:, 0::2] + odd * v[:, 1::2]
        dsin = odd * v[:, 0::2] - even * v[:, 1::2]
        dangle = dsin * c - dcos * s
        return dv, (dangle * pos).sum(axis=0)

    (dq, one), (dk, two) = back(q, dqr), back(k, dkr)
    return dq, dk, one + two


def complex_numbers(dout, q, k, theta):
    t, d = q.shape
    w = np.exp(1j * np.arange(t)[:, None] * theta)
    Q, K = (q[:, ::2] + 1j * q[:, 1::2]) * w, (k[:, ::2] + 1j * k[:, 1::2]) * w
    gQ, gK = dout @ K / d**0.5, dout.T @ Q / d**0.5
    dQ, dK = gQ * w.conj(), gK * w.conj()
    dangle = (gQ.conj() * 1j * Q).real
    dangle = dangle + (gK.conj() * 1j * K).real
    dtheta = np.arange(t) @ dangle
    dq, dk = np.zeros(q.shape), np.zeros(k.shape)
    dq[:, ::2], dq[:, 1::2] = dQ.real, dQ.imag
    dk[:, ::2], dk[:, 1::2] = dK.real, dK.imag
    return dq, dk, dtheta


def loops(dout, q, k, theta):
    t, d = q.shape
    dq, dk, dtheta = np.zeros((t, d)), np.zeros((t, d)), np.zeros(theta.shape)
    for i in range(t):
        for j in range(t):
            up = dout[i, j] / np.sqrt(d)
            for h in range(d // 2):
                turn = (i - j) * theta[h]
                c, s = np.cos(turn), np.sin(turn)
                a, b = q[i, 2 * h], q[i, 2 * h + 1]
                x, y = k[j, 2 * h], k[j, 2 * h + 1]
                dq[i, 2 * h] += up * (c * x + s * y)
                dq[i, 2 * h + 1] += up * (c * y - s * x)
                dk[j, 2 * h] += up * (c * a - s * b)
                dk[j, 2 * h + 1] += up * (c * b + s * a)
                dtheta[h] += up * (i - j) * (-s * (a * x + b * y) + c * (a * y - b * x))
    return dq, dk, dtheta


RIGHT = [usual, complex_numbers, loops]
WRONG = [
    (
        "turned forward again instead of back",
        usual,
        {"even * c + odd * s": "even * c - odd * s", "odd * c - even * s": "odd * c + even * s"},
    ),
    (
        "turned forward again instead of back",
        complex_numbers,
        {"gQ * w.conj(), gK * w.conj()": "gQ * w, gK * w"},
    ),
    ("not turned back", complex_numbers, {"gQ * w.conj(), gK * w.conj()": "gQ, gK"}),
    ("1/sqrt(d) left out", usual, {"g = dout / np.sqrt(d)": "g = dout"}),
    ("1/sqrt(d) left out", loops, {"up = dout[i, j] / np.sqrt(d)": "up = dout[i, j]"}),
    ("divided by d", usual, {"dout / np.sqrt(d)": "dout / d"}),
    ("dout not transposed for k", usual, {"g.T @ turn(q)": "g @ turn(q)"}),
    ("path through k left out of dtheta", usual, {"one + two": "one"}),
    (
        "path through k left out of dtheta",
        complex_numbers,
        {"    dangle = dangle + (gK.conj() * 1j * K).real\n": ""},
    ),
    ("path through q left out of dtheta", usual, {"one + two": "two"}),
    ("position left out of dtheta", usual, {"(dangle * pos).sum": "dangle.sum"}),
    ("cos's path left out of dtheta", usual, {"dsin * c - dcos * s": "dsin * c"}),
    ("sin's path left out of dtheta", usual, {"dsin * c - dcos * s": "-dcos * s"}),
    ("cos's slope without its minus", usual, {"dsin * c - dcos * s": "dsin * c + dcos * s"}),
    ("slopes of cos and sin exchanged", usual, {"dsin * c - dcos * s": "dsin * s - dcos * c"}),
    (
        "sin's part left out of dq and dk",
        usual,
        {"even * c + odd * s": "even * c", "odd * c - even * s": "odd * c"},
    ),
    ("k not turned in dq", usual, {"g @ turn(k)": "g @ k"}),
    ("dtheta averaged over positions", usual, {"(dangle * pos).sum": "(dangle * pos).mean"}),
    ("q and k exchanged", usual, {"return dq, dk, one": "return dk, dq, one"}),
    (
        "1/sqrt(d) and the position left out",
        usual,
        {"g = dout / np.sqrt(d)": "g = dout", "(dangle * pos).sum": "dangle.sum"},
    ),
    (
        "path through k left out, dk not turned back",
        usual,
        {"one + two": "one", "g.T @ turn(q)": "g @ turn(q)"},
    ),
]
DOUBLES = ["1/sqrt(d) and the position left out", "path through k left out, dk not turned back"]
