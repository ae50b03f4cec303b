"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np

from autograder.forward import softmax


def forward(H, q, W, v):
    key = np.tanh(H @ W + q)
    score = key @ v
    alpha = softmax(score, axis=0)
    return alpha @ H


ARGUMENTS = {"H": ("t", "d"), "q": ("k",), "W": ("d", "k"), "v": ("k",)}
UPSTREAM = ("dout",)
GRADIENTS = ("H", "q", "W", "v")


def usual(dout, H, q, W, v):
    key = np.tanh(H @ W + q)
    score = key @ v
    e = np.exp(score - score.max())
    alpha = e / e.sum()
    dalpha = H @ dout
    dscore = alpha * (dalpha - alpha @ dalpha)
    dv = key.T @ dscore
    dkey = np.outer(dscore, v)
    dz = dkey * (1 - key**2)
    dW = H.T @ dz
    dq = dz.sum(axis=0)
    dH = np.outer(alpha, dout) + dz @ W.T
    return dH, dq, dW, dv


def jacobian(dout, H, q, W, v):
    key = np.tanh(H @ W + q)
    e = np.exp(key @ v)
    alpha = e / e.sum()
    J = np.diag(alpha) - np.outer(alpha, alpha)
    dscore = J @ H @ dout
    dz = dscore[:, None] * v * (1 - key * key)
    return alpha[:, None] * dout + dz @ W.T, dz.sum(0), H.T @ dz, dscore @ key


def steps(dout, H, q, W, v):
    T = len(H)
    z = np.array([W.T @ H[t] + q for t in range(T)])
    a = np.array([np.exp(v @ np.tanh(z[t])) for t in range(T)])
    a /= a.sum()
    dH, dq, dW, dv = np.zeros(H.shape), np.zeros(q.shape), np.zeros(W.shape), np.zeros(v.shape)
    mean = sum(a[t] * (H[t] @ dout) for t in range(T))
    for t in range(T):
        ds = a[t] * (H[t] @ dout - mean)
        dv += ds * np.tanh(z[t])
        dz = ds * v / np.cosh(z[t]) ** 2
        dq += dz
        dW += np.outer(H[t], dz)
        dH[t] += a[t] * dout
        dH[t] += W @ dz
    return dH, dq, dW, dv


def einsum(dout, H, q, W, v):
    key = np.tanh(np.einsum("td,dk->tk", H, W) + q)
    s = np.einsum("tk,k->t", key, v)
    alpha = np.exp(s - np.log(np.sum(np.exp(s))))
    out = np.einsum("t,td->d", alpha, H)
    ds = alpha * np.einsum("td,d->t", H - out, dout)
    dz = np.einsum("t,k,tk->tk", ds, v, 1 - key**2)
    dH = np.einsum("t,d->td", alpha, dout) + np.einsum("tk,dk->td", dz, W)
    return dH, np.einsum("tk->k", dz), np.einsum("td,tk->dk", H, dz), np.einsum("t,tk->k", ds, key)


RIGHT = [usual, jacobian, steps, einsum]
WRONG = [
    ("softmax's second term left out", usual, {"(dalpha - alpha @ dalpha)": "dalpha"}),
    (
        "softmax's second term left out",
        jacobian,
        {"np.diag(alpha) - np.outer(alpha, alpha)": "np.diag(alpha)"},
    ),
    ("softmax's second term left out", einsum, {"H - out, dout": "H, dout"}),
    ("softmax as sigmoid", usual, {"alpha * (dalpha - alpha @ dalpha)": "alpha * (1 - alpha) * dalpha"}),
    ("softmax taken for the identity", usual, {"alpha * (dalpha - alpha @ dalpha)": "dalpha"}),
    (
        "softmax's outer factor left out",
        usual,
        {"alpha * (dalpha - alpha @ dalpha)": "dalpha - alpha @ dalpha"},
    ),
    ("softmax's inner weights left out", usual, {"alpha @ dalpha)": "dalpha.sum())"}),
    ("dH through the scores left out", usual, {" + dz @ W.T": ""}),
    ("dH through the scores left out", steps, {"        dH[t] += W @ dz\n": ""}),
    ("dH through the weighted sum left out", usual, {"np.outer(alpha, dout) + dz": "dz"}),
    ("dH through the weighted sum left out", steps, {"        dH[t] += a[t] * dout\n": ""}),
    ("tanh's slope left out", usual, {"dkey * (1 - key**2)": "dkey"}),
    ("tanh's slope left out", jacobian, {" * v * (1 - key * key)": " * v"}),
    ("tanh's square forgotten", usual, {"(1 - key**2)": "(1 - key)"}),
    ("v left out", usual, {"np.outer(dscore, v)": "dscore[:, None] * np.ones_like(v)"}),
    ("alpha left out of dH", usual, {"np.outer(alpha, dout)": "dout"}),
    ("alpha where dscore belongs in dv", usual, {"key.T @ dscore": "key.T @ alpha"}),
    ("dv with the value before tanh", usual, {"dv = key.T @": "dv = (H @ W + q).T @"}),
    ("dq averaged over the steps", usual, {"dz.sum(axis=0)": "dz.mean(axis=0)"}),
    ("only the last step in dq", steps, {"dq += dz": "dq = dz"}),
    (
        "second term and tanh's slope left out",
        usual,
        {"(dalpha - alpha @ dalpha)": "dalpha", "dkey * (1 - key**2)": "dkey"},
    ),
    (
        "scores' path left out of dH and dq averaged",
        usual,
        {" + dz @ W.T": "", "dz.sum(axis=0)": "dz.mean(axis=0)"},
    ),
]
DOUBLES = ["second term and tanh's slope left out", "scores' path left out of dH and dq averaged"]
