"""Ten layers with right backward passes in two styles, and wrong ones: a line of the first exchanged for another.

Written without regard to what the grader knows, as students write them. Each wrong one says what was done, in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.forward import log_softmax, sigmoid, softmax


@dataclass(frozen=True)
class Layer:
    """A forward pass with what an author declares of it, right backward passes, and exchanges of text that spoil them.

    wrong: (what was done, the text in the first right one, what stands there instead).
    """

    forward: Any
    arguments: Mapping[str, tuple[Any, ...]]
    upstream: tuple[str, ...]
    gradients: tuple[str, ...]
    right: tuple[str, ...]
    wrong: tuple[tuple[str, str, str], ...]
    more: Mapping[str, Any] = field(default_factory=dict)


def batch_norm(x, gamma, beta):
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc**2).mean(axis=0)
    std = np.sqrt(var + 1e-5)
    xhat = xc / std
    return gamma * xhat + beta


BATCH_NORM = Layer(
    batch_norm,
    {"x": ("m", "d"), "gamma": ("d",), "beta": ("d",)},
    ("dy",),
    ("x", "gamma", "beta"),
    (
        """
def f(dy, x, gamma, beta):
    m = x.shape[0]
    xc = x - x.mean(axis=0)
    std = np.sqrt((xc**2).mean(axis=0) + 1e-5)
    xhat = xc / std
    dgamma = (dy * xhat).sum(axis=0)
    dbeta = dy.sum(axis=0)
    dxhat = dy * gamma
    dstd = -(dxhat * xc).sum(axis=0) / std**2
    dvar = dstd / (2 * std)
    dxc = dxhat / std + 2 * xc * dvar / m
    dmu = -dxc.sum(axis=0)
    dx = dxc + dmu / m
    return dx, dgamma, dbeta
""",
        """
def f(dy, x, gamma, beta):
    xc = x - x.mean(0)
    std = np.sqrt(x.var(0) + 1e-5)
    xhat = xc / std
    dxhat = dy * gamma
    dx = (dxhat - dxhat.mean(0) - xhat * (dxhat * xhat).mean(0)) / std
    return dx, np.einsum("ij,ij->j", dy, xhat), dy.sum(0)
""",
    ),
    (
        ("mean treated as constant", "dx = dxc + dmu / m", "dx = dxc"),
        ("1/m of the mean forgotten", "dmu / m", "dmu"),
        ("variance treated as constant", "+ 2 * xc * dvar / m", ""),
        ("2 of the square forgotten", "2 * xc * dvar", "xc * dvar"),
        ("1/m of the variance forgotten", "2 * xc * dvar / m", "2 * xc * dvar"),
        ("minus of the quotient lost", "dstd = -(dxhat", "dstd = (dxhat"),
        ("std not squared", "/ std**2", "/ std"),
        ("slope of the root forgotten", "dvar = dstd / (2 * std)", "dvar = dstd"),
        ("2 of the root forgotten", "dstd / (2 * std)", "dstd / std"),
        ("gamma forgotten", "dxhat = dy * gamma", "dxhat = dy"),
        ("dgamma with x", "(dy * xhat).sum", "(dy * x).sum"),
        ("dbeta averaged", "dbeta = dy.sum(axis=0)", "dbeta = dy.mean(axis=0)"),
        ("dbeta not summed", "dbeta = dy.sum(axis=0)", "dbeta = dy"),
        ("dgamma over the other axis", "(dy * xhat).sum(axis=0)", "(dy * xhat).sum(axis=1)"),
        ("sign of the mean's path", "dxc + dmu / m", "dxc - dmu / m"),
        ("divided by the variance", "dxhat / std +", "dxhat / std**2 +"),
    ),
)


def highway(x, Wt, Wh):
    t = sigmoid(x @ Wt)
    h = np.tanh(x @ Wh)
    return t * h + (1 - t) * x


HIGHWAY = Layer(
    highway,
    {"x": ("m", "n"), "Wt": ("n", "n"), "Wh": ("n", "n")},
    ("dout",),
    ("x", "Wt", "Wh"),
    (
        """
def f(dout, x, Wt, Wh):
    t = 1 / (1 + np.exp(-x @ Wt))
    h = np.tanh(x @ Wh)
    dt = dout * (h - x)
    dh = dout * t
    dzt = dt * t * (1 - t)
    dzh = dh * (1 - h**2)
    dWt = x.T @ dzt
    dWh = x.T @ dzh
    dx = dzt @ Wt.T + dzh @ Wh.T + dout * (1 - t)
    return dx, dWt, dWh
""",
        """
def f(dout, x, Wt, Wh):
    dx, dWt, dWh = np.zeros_like(x), np.zeros_like(Wt), np.zeros_like(Wh)
    for i in range(len(x)):
        t = 1 / (1 + np.exp(-(Wt.T @ x[i])))
        h = np.tanh(Wh.T @ x[i])
        a, b = dout[i] * (h - x[i]) * t * (1 - t), dout[i] * t * (1 - h * h)
        dWt = dWt + np.outer(x[i], a)
        dWh = dWh + np.outer(x[i], b)
        dx[i] = Wt @ a + Wh @ b + dout[i] * (1 - t)
    return dx, dWt, dWh
""",
    ),
    (
        ("carry forgotten in dx", " + dout * (1 - t)", ""),
        ("carry without 1 - t", "+ dout * (1 - t)", "+ dout"),
        ("carry with t", "dout * (1 - t)", "dout * t"),
        ("gate's path left out", "dzt @ Wt.T + ", ""),
        ("candidate's path left out", "dzh @ Wh.T + ", ""),
        ("x forgotten in dt", "dout * (h - x)", "dout * h"),
        ("sign in dt", "dout * (h - x)", "dout * (h + x)"),
        ("sigmoid's slope forgotten", "dzt = dt * t * (1 - t)", "dzt = dt"),
        ("sigmoid's slope half", "dt * t * (1 - t)", "dt * t"),
        ("tanh's slope forgotten", "dzh = dh * (1 - h**2)", "dzh = dh"),
        ("tanh's slope as sigmoid's", "dh * (1 - h**2)", "dh * h * (1 - h)"),
        ("tanh's slope not squared", "(1 - h**2)", "(1 - h)"),
        ("Wt not transposed", "dzt @ Wt.T", "dzt @ Wt"),
        ("Wh for Wt", "dzt @ Wt.T", "dzt @ Wh.T"),
        ("dh without the gate", "dh = dout * t", "dh = dout"),
        ("dWh averaged", "dWh = x.T @ dzh", "dWh = x.T @ dzh / len(x)"),
    ),
)


def cosine(a, b):
    dot = (a * b).sum(axis=1)
    na = np.sqrt((a**2).sum(axis=1))
    nb = np.sqrt((b**2).sum(axis=1))
    return dot / (na * nb)


COSINE = Layer(
    cosine,
    {"a": ("m", "d"), "b": ("m", "d")},
    ("ds",),
    ("a", "b"),
    (
        """
def f(ds, a, b):
    dot = (a * b).sum(axis=1, keepdims=True)
    na = np.sqrt((a**2).sum(axis=1, keepdims=True))
    nb = np.sqrt((b**2).sum(axis=1, keepdims=True))
    g = ds[:, None]
    da = g * b / (na * nb) - g * dot * a / (na**3 * nb)
    db = g * a / (na * nb) - g * dot * b / (na * nb**3)
    return da, db
""",
        """
def f(ds, a, b):
    ua = a / np.linalg.norm(a, axis=1)[:, None]
    ub = b / np.linalg.norm(b, axis=1)[:, None]
    s = (ua * ub).sum(1)[:, None]
    g = ds[:, None]
    return g * (ub - s * ua) / np.linalg.norm(a, axis=1)[:, None], g * (ua - s * ub) / np.linalg.norm(b, axis=1)[:, None]
""",
    ),
    (
        ("norm of a as constant", " - g * dot * a / (na**3 * nb)", ""),
        ("norm of b as constant", " - g * dot * b / (na * nb**3)", ""),
        ("sign", "g * b / (na * nb) - g", "g * b / (na * nb) + g"),
        ("na squared not cubed", "na**3", "na**2"),
        ("nb squared not cubed", "nb**3", "nb**2"),
        ("dot forgotten", "g * dot * a", "g * a"),
        ("a and b exchanged in front", "g * b / (na * nb) - g", "g * a / (na * nb) - g"),
        ("results exchanged", "return da, db", "return db, da"),
        ("upstream forgotten", "g = ds[:, None]", "g = 1.0"),
        ("not normalised", "g * b / (na * nb) - g", "g * b - g"),
        ("only nb in front", "g * b / (na * nb) - g", "g * b / nb - g"),
        ("twice the second term", "- g * dot * a /", "- 2 * g * dot * a /"),
        ("half the second term", "- g * dot * a /", "- g * dot * a / 2 /"),
        ("b for a in the second term", "g * dot * a /", "g * dot * b /"),
        ("all over m", "return da, db", "return da / len(a), db / len(a)"),
    ),
)


def elman(xs, h0, W, U):
    h = h0
    total = 0 * h0
    for t in range(3):
        h = np.tanh(xs[t] @ W + h @ U)
        total = total + h
    return total


ELMAN = Layer(
    elman,
    {"xs": (3, "m", "n"), "h0": ("m", "k"), "W": ("n", "k"), "U": ("k", "k")},
    ("dtotal",),
    ("xs", "h0", "W", "U"),
    (
        """
def f(dtotal, xs, h0, W, U):
    hs = [h0]
    for t in range(3):
        hs.append(np.tanh(xs[t] @ W + hs[-1] @ U))
    dxs, dW, dU = np.zeros_like(xs), np.zeros_like(W), np.zeros_like(U)
    carry = np.zeros_like(h0)
    for t in (2, 1, 0):
        dh = dtotal + carry
        dz = dh * (1 - hs[t + 1] ** 2)
        dW += xs[t].T @ dz
        dU += hs[t].T @ dz
        dxs[t] = dz @ W.T
        carry = dz @ U.T
    return dxs, carry, dW, dU
""",
        """
def f(dtotal, xs, h0, W, U):
    def back(t, h):
        new = np.tanh(xs[t] @ W + h @ U)
        g = dtotal
        parts = [], 0, 0
        if t < 2:
            parts = back(t + 1, new)
            g = g + parts[3]
        dz = g * (1 - new * new)
        return [dz @ W.T, *parts[0]], parts[1] + xs[t].T @ dz, parts[2] + h.T @ dz, dz @ U.T
    dxs, dW, dU, dh0 = back(0, h0)
    return np.array(dxs), dh0, dW, dU
""",
    ),
    (
        ("no carry", "dh = dtotal + carry", "dh = dtotal"),
        ("total in the last turn alone", "dh = dtotal + carry", "dh = carry + (dtotal if t == 2 else 0)"),
        ("dW overwritten", "dW += ", "dW = "),
        ("dU overwritten", "dU += ", "dU = "),
        ("dU with the new state", "hs[t].T @ dz", "hs[t + 1].T @ dz"),
        ("slope at the old state", "hs[t + 1] ** 2", "hs[t] ** 2"),
        ("slope forgotten", "dz = dh * (1 - hs[t + 1] ** 2)", "dz = dh"),
        ("slope not squared", "(1 - hs[t + 1] ** 2)", "(1 - hs[t + 1])"),
        ("U not transposed", "dz @ U.T", "dz @ U"),
        ("slope forgotten in the carry", "carry = dz @ U.T", "carry = dh @ U.T"),
        ("U forgotten in the carry", "carry = dz @ U.T", "carry = dz"),
        ("dW from dh", "xs[t].T @ dz", "xs[t].T @ dh"),
        ("dU from dh", "hs[t].T @ dz", "hs[t].T @ dh"),
        ("dxs from dh", "dxs[t] = dz @ W.T", "dxs[t] = dh @ W.T"),
        ("dW averaged over the turns", "return dxs, carry, dW, dU", "return dxs, carry, dW / 3, dU"),
        ("results exchanged", "return dxs, carry, dW, dU", "return dxs, carry, dU, dW"),
    ),
)


def attention_pool(x, q, V):
    s = x @ q
    w = softmax(s, axis=0)
    c = w @ x
    return c @ V


ATTENTION_POOL = Layer(
    attention_pool,
    {"x": ("t", "n"), "q": ("n",), "V": ("n", "k")},
    ("dout",),
    ("x", "q", "V"),
    (
        """
def f(dout, x, q, V):
    s = x @ q
    e = np.exp(s - s.max())
    w = e / e.sum()
    c = w @ x
    dV = np.outer(c, dout)
    dc = V @ dout
    dw = x @ dc
    ds = w * (dw - (w * dw).sum())
    dq = x.T @ ds
    dx = np.outer(w, dc) + np.outer(ds, q)
    return dx, dq, dV
""",
        """
def f(dout, x, q, V):
    e = np.exp(x @ q - np.max(x @ q))
    w = e / e.sum()
    J = np.diag(w) - np.outer(w, w)
    dc = np.einsum("nk,k->n", V, dout)
    ds = J @ (x @ dc)
    return w[:, None] * dc + ds[:, None] * q, ds @ x, np.einsum("t,tn,k->nk", w, x, dout)
""",
    ),
    (
        ("values' path left out", "dx = np.outer(w, dc) + np.outer(ds, q)", "dx = np.outer(ds, q)"),
        ("scores' path left out", "dx = np.outer(w, dc) + np.outer(ds, q)", "dx = np.outer(w, dc)"),
        ("diagonal of the Jacobian alone", "w * (dw - (w * dw).sum())", "dw * w * (1 - w)"),
        ("inner sum forgotten", "w * (dw - (w * dw).sum())", "w * dw"),
        ("outer w forgotten", "w * (dw - (w * dw).sum())", "dw - (w * dw).sum()"),
        ("inner weights forgotten", "(w * dw).sum()", "dw.sum()"),
        ("mean for sum", "(w * dw).sum()", "(w * dw).mean()"),
        ("softmax handed on", "ds = w * (dw - (w * dw).sum())", "ds = dw"),
        ("plus for minus", "dw - (w * dw).sum()", "dw + (w * dw).sum()"),
        ("dq from dw", "dq = x.T @ ds", "dq = x.T @ dw"),
        ("dq with w", "dq = x.T @ ds", "dq = x.T @ w"),
        ("dV with the mean of x", "dV = np.outer(c, dout)", "dV = np.outer(x.mean(0), dout)"),
        ("dV transposed", "dV = np.outer(c, dout)", "dV = np.outer(dout, c)"),
        ("V forgotten", "dc = V @ dout", "dc = np.full(len(V), dout.sum())"),
        ("w for ds in dx", "np.outer(ds, q)", "np.outer(w, q)"),
    ),
)


def ridge(W, x, y, lam):
    r = x @ W - y
    fit = (r**2).sum() / (2 * len(x))
    penalty = lam / 2 * (W**2).sum()
    return fit + penalty


RIDGE = Layer(
    ridge,
    {"W": ("n", "k"), "x": ("m", "n"), "y": ("m", "k"), "lam": (0.3, 2.5)},
    (),
    ("W", "x"),
    (
        """
def f(W, x, y, lam):
    m = len(x)
    r = x @ W - y
    dW = x.T @ r / m + lam * W
    dx = r @ W.T / m
    return dW, dx
""",
        """
def f(W, x, y, lam):
    dW, dx = lam * W, np.zeros_like(x)
    for i in range(len(x)):
        r = W.T @ x[i] - y[i]
        dW = dW + np.outer(x[i], r) / len(x)
        dx[i] = W @ r / len(x)
    return dW, dx
""",
    ),
    (
        ("penalty forgotten", " + lam * W", ""),
        ("penalty twice", "+ lam * W", "+ 2 * lam * W"),
        ("penalty half", "+ lam * W", "+ lam * W / 2"),
        ("lam forgotten", "+ lam * W", "+ W"),
        ("W forgotten in the penalty", "+ lam * W", "+ lam"),
        ("penalty over m", "+ lam * W", "+ lam * W / m"),
        ("penalty by size", "+ lam * W", "+ lam * np.abs(W)"),
        ("1/m forgotten", "dW = x.T @ r / m", "dW = x.T @ r"),
        ("1/m forgotten in dx", "dx = r @ W.T / m", "dx = r @ W.T"),
        ("factor 2", "dW = x.T @ r / m", "dW = 2 * x.T @ r / m"),
        ("over k", "dW = x.T @ r / m", "dW = x.T @ r / y.shape[1]"),
        ("sign of the residual", "r = x @ W - y", "r = y - x @ W"),
        ("target forgotten", "r = x @ W - y", "r = x @ W"),
        ("W not transposed", "r @ W.T", "r @ W"),
        (
            "W forgotten in dx",
            "dx = r @ W.T / m",
            "dx = np.repeat(r.sum(1, keepdims=True), x.shape[1], 1) / m",
        ),
        ("W after a step", "return dW, dx", "return W - 0.1 * dW, dx"),
    ),
)


def smooth_conv(x, w, b):
    p = np.pad(x, ((0, 0), (1, 1)))
    n = x.shape[1]
    z = w[0] * p[:, :n] + w[1] * p[:, 1 : n + 1] + w[2] * p[:, 2 : n + 2] + b
    return np.maximum(z, 0)


SMOOTH_CONV = Layer(
    smooth_conv,
    {"x": ("m", "n"), "w": (3,), "b": ()},
    ("da",),
    ("x", "w", "b"),
    (
        """
def f(da, x, w, b):
    m, n = x.shape
    p = np.zeros((m, n + 2))
    p[:, 1:-1] = x
    z = w[0] * p[:, :n] + w[1] * p[:, 1 : n + 1] + w[2] * p[:, 2 : n + 2] + b
    dz = da * (z > 0)
    dp = np.zeros_like(p)
    dw = np.zeros(3)
    for j in range(3):
        dw[j] = (dz * p[:, j : j + n]).sum()
        dp[:, j : j + n] += w[j] * dz
    dx = dp[:, 1:-1]
    db = dz.sum()
    return dx, dw, db
""",
        """
def f(da, x, w, b):
    m, n = x.shape
    p = np.pad(x, ((0, 0), (1, 1)))
    windows = np.stack([p[:, j : j + n] for j in range(3)], axis=2)
    dz = np.where(windows @ w + b > 0, da, 0)
    q = np.pad(dz, ((0, 0), (1, 1)))
    dx = sum(w[2 - j] * q[:, j : j + n] for j in range(3))
    return dx, np.tensordot(dz, windows, axes=2), np.sum(dz)
""",
    ),
    (
        ("mask forgotten", "dz = da * (z > 0)", "dz = da"),
        ("mask the wrong way round", "(z > 0)", "(z < 0)"),
        ("mask of the upstream", "(z > 0)", "(da > 0)"),
        ("mask of x", "(z > 0)", "(x > 0)"),
        ("z for the mask", "da * (z > 0)", "da * z"),
        ("kernel not flipped", "w[j] * dz", "w[2 - j] * dz"),
        ("overwritten", "dp[:, j : j + n] += w", "dp[:, j : j + n] = w"),
        ("padding cut at the end", "dx = dp[:, 1:-1]", "dx = dp[:, :-2]"),
        ("padding not cut", "dx = dp[:, 1:-1]", "dx = dp"),
        ("db averaged over examples", "db = dz.sum()", "db = dz.sum() / m"),
        ("db summed over examples alone", "db = dz.sum()", "db = dz.sum(axis=0)"),
        ("dw averaged", "return dx, dw, db", "return dx, dw / m, db"),
        ("dw from da", "dw[j] = (dz * p", "dw[j] = (da * p"),
        ("w forgotten", "+= w[j] * dz", "+= dz"),
        ("last tap alone", "dx = dp[:, 1:-1]", "dx = w[2] * dz"),
        ("middle tap alone", "dx = dp[:, 1:-1]", "dx = w[1] * dz"),
    ),
)


def distill(z, T, Y):
    scaled = z / T
    logp = log_softmax(scaled, axis=1)
    losses = -(Y * logp).sum(axis=1)
    return T**2 * losses.mean()


def distributions(rng, shape, sizes):
    return rng.dirichlet(np.ones(shape[1]), size=shape[0])


DISTILL = Layer(
    distill,
    {"z": ("m", "k"), "T": (1.5, 4.0), "Y": ("m", "k")},
    (),
    ("z",),
    (
        """
def f(z, T, Y):
    m = len(z)
    e = np.exp(z / T - (z / T).max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    dscaled = T**2 * (p - Y) / m
    return dscaled / T
""",
        """
def f(z, T, Y):
    p = np.array([np.exp(row / T) / np.exp(row / T).sum() for row in z])
    return T / len(z) * (p - Y)
""",
    ),
    (
        ("1/T forgotten", "return dscaled / T", "return dscaled"),
        ("times T", "dscaled / T", "dscaled * T"),
        ("T^2 forgotten", "T**2 * (p - Y) / m", "(p - Y) / m"),
        ("1/m forgotten", "(p - Y) / m", "(p - Y)"),
        ("over k", "(p - Y) / m", "(p - Y) / z.shape[1]"),
        ("over m and k", "(p - Y) / m", "(p - Y) / z.size"),
        ("sign", "(p - Y)", "(Y - p)"),
        ("target forgotten", "(p - Y)", "p"),
        (
            "softmax without T",
            "np.exp(z / T - (z / T).max(axis=1, keepdims=True))",
            "np.exp(z - z.max(1, keepdims=True))",
        ),
        ("softmax over the other axis", "e.sum(axis=1, keepdims=True)", "e.sum(axis=0, keepdims=True)"),
        ("softmax over everything", "e / e.sum(axis=1, keepdims=True)", "e / e.sum()"),
        ("not normalised", "p = e / e.sum(axis=1, keepdims=True)", "p = np.exp(z / T)"),
        ("z for p", "(p - Y)", "(z - Y)"),
        ("a slope too many", "(p - Y)", "(p - Y) * p * (1 - p)"),
        ("true class alone", "(p - Y)", "Y * (p - 1)"),
        ("factor 2", "(p - Y) / m", "2 * (p - Y) / m"),
    ),
    {"values": {"Y": distributions}},
)


def bilinear(x, y, A, b):
    xa = x @ A
    score = (xa * y).sum(axis=1, keepdims=True)
    return np.exp(-score) + b * score


BILINEAR = Layer(
    bilinear,
    {"x": ("m", "n"), "y": ("m", "k"), "A": ("n", "k"), "b": (1,)},
    ("dout",),
    ("x", "y", "A", "b"),
    (
        """
def f(dout, x, y, A, b):
    xa = x @ A
    score = (xa * y).sum(axis=1, keepdims=True)
    db = (dout * score).sum(axis=0)
    dscore = -dout * np.exp(-score) + dout * b
    dxa = dscore * y
    dy = dscore * xa
    dx = dxa @ A.T
    dA = x.T @ dxa
    return dx, dy, dA, db
""",
        """
def f(dout, x, y, A, b):
    s = np.einsum("mi,ij,mj->m", x, A, y)
    g = dout[:, 0] * (b[0] - np.exp(-s))
    return (
        np.einsum("m,ij,mj->mi", g, A, y),
        np.einsum("m,mi,ij->mj", g, x, A),
        np.einsum("m,mi,mj->ij", g, x, y),
        np.array([dout[:, 0] @ s]),
    )
""",
    ),
    (
        ("exp's path left out", "dscore = -dout * np.exp(-score) + dout * b", "dscore = dout * b"),
        ("b's path left out", " + dout * b", ""),
        ("b forgotten", "+ dout * b", "+ dout"),
        ("minus of the exponent lost", "dscore = -dout *", "dscore = dout *"),
        ("exp forgotten", "-dout * np.exp(-score)", "-dout"),
        ("exp of the wrong sign", "-dout * np.exp(-score)", "-dout * np.exp(score)"),
        ("xa for y", "dxa = dscore * y", "dxa = dscore * xa"),
        ("y for xa", "dy = dscore * xa", "dy = dscore * y"),
        ("y forgotten", "dxa = dscore * y", "dxa = dscore * np.ones_like(y)"),
        ("A not transposed", "dxa @ A.T", "dxa @ A"),
        ("dA transposed", "dA = x.T @ dxa", "dA = dxa.T @ x"),
        ("dA averaged", "dA = x.T @ dxa", "dA = x.T @ dxa / len(x)"),
        ("db averaged", "(dout * score).sum(axis=0)", "(dout * score).mean(axis=0)"),
        ("db without the score", "(dout * score).sum(axis=0)", "dout.sum(axis=0)"),
        ("db not summed", "(dout * score).sum(axis=0)", "dout * score"),
        ("upstream forgotten in one path", "+ dout * b", "+ b"),
    ),
)


def gelu_layer(x, W, b):
    z = x @ W + b
    inner = 0.8 * (z + 0.05 * z**3)
    t = np.tanh(inner)
    return 0.5 * z * (1 + t)


GELU = Layer(
    gelu_layer,
    {"x": ("m", "n"), "W": ("n", "k"), "b": ("k",)},
    ("da",),
    ("x", "W", "b"),
    (
        """
def f(da, x, W, b):
    z = x @ W + b
    t = np.tanh(0.8 * (z + 0.05 * z**3))
    dt = da * 0.5 * z
    dinner = dt * (1 - t**2)
    dz = da * 0.5 * (1 + t) + dinner * 0.8 * (1 + 0.15 * z**2)
    dW = x.T @ dz
    db = dz.sum(axis=0)
    dx = dz @ W.T
    return dx, dW, db
""",
        """
def f(da, x, W, b):
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i, row in enumerate(x):
        z = row @ W + b
        t = np.tanh(0.8 * z + 0.04 * z * z * z)
        slope = (1 + t) / 2 + z / 2 * (1 - t) * (1 + t) * (0.8 + 0.12 * z * z)
        d = da[i] * slope
        dx[i], dW, db = W @ d, dW + row[:, None] * d, db + d
    return dx, dW, db
""",
    ),
    (
        ("direct path left out", "da * 0.5 * (1 + t) + ", ""),
        ("path through t left out", " + dinner * 0.8 * (1 + 0.15 * z**2)", ""),
        ("tanh's slope forgotten", "dinner = dt * (1 - t**2)", "dinner = dt"),
        ("3 of the cube forgotten", "0.15 * z**2", "0.05 * z**2"),
        ("cube not lowered", "0.15 * z**2", "0.15 * z**3"),
        ("path of the cube left out", "(1 + 0.15 * z**2)", "1"),
        ("1 of the inner sum forgotten", "(1 + 0.15 * z**2)", "(0.15 * z**2)"),
        ("0.8 forgotten", "dinner * 0.8 *", "dinner *"),
        ("0.5 forgotten in one path", "dt = da * 0.5 * z", "dt = da * z"),
        ("z forgotten", "dt = da * 0.5 * z", "dt = da * 0.5"),
        ("t for 1 + t", "da * 0.5 * (1 + t)", "da * 0.5 * t"),
        ("db averaged", "db = dz.sum(axis=0)", "db = dz.mean(axis=0)"),
        ("db over the other axis", "dz.sum(axis=0)", "dz.sum(axis=1)"),
        ("dW from da", "dW = x.T @ dz", "dW = x.T @ da"),
        ("dx from da", "dx = dz @ W.T", "dx = da @ W.T"),
        ("nonlinearity handed on", "dz = da * 0.5 * (1 + t) + dinner * 0.8 * (1 + 0.15 * z**2)", "dz = da"),
    ),
)

LAYERS = (BATCH_NORM, HIGHWAY, COSINE, ELMAN, ATTENTION_POOL, RIDGE, SMOOTH_CONV, DISTILL, BILINEAR, GELU)
