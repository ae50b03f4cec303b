"""A layer of the blind set: the forward pass, right backward passes, and wrong ones by an exchange of text."""

import numpy as np

from autograder.forward import softmax


def forward(Q, K, V):
    scale = 1 / np.sqrt(Q.shape[1])
    scores = Q @ K.T * scale
    past = np.tril(np.ones(scores.shape))
    A = softmax(np.where(past == 1, scores, -1e9), axis=1)
    return A @ V


ARGUMENTS = {"Q": ("t", "d"), "K": ("t", "d"), "V": ("t", "v")}
UPSTREAM = ("dO",)
GRADIENTS = ("Q", "K", "V")


def usual(dO, Q, K, V):
    scale = 1 / np.sqrt(Q.shape[1])
    S = Q @ K.T * scale
    S[np.triu_indices(len(S), 1)] = -np.inf
    E = np.exp(S - S.max(axis=1, keepdims=True))
    A = E / E.sum(axis=1, keepdims=True)
    dV = A.T @ dO
    dA = dO @ V.T
    dS = A * (dA - (A * dA).sum(axis=1, keepdims=True))
    dQ = dS @ K * scale
    dK = dS.T @ Q * scale
    return dQ, dK, dV


def rows(dO, Q, K, V):
    T, d = Q.shape
    dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)
    for t in range(T):
        keys, values = K[: t + 1], V[: t + 1]
        s = keys @ Q[t] / np.sqrt(d)
        a = np.exp(s - s.max())
        a = a / a.sum()
        da = values @ dO[t]
        ds = (np.diag(a) - np.outer(a, a)) @ da
        dV[: t + 1] += np.outer(a, dO[t])
        dQ[t] = keys.T @ ds / np.sqrt(d)
        dK[: t + 1] += np.outer(ds, Q[t]) / np.sqrt(d)
    return dQ, dK, dV


def flash(dO, Q, K, V):
    d = Q.shape[-1]
    S = np.einsum("id,jd->ij", Q, K) / d**0.5
    P = np.tril(np.exp(S))
    P /= np.sum(P, axis=-1, keepdims=True)
    O = P @ V
    D = np.einsum("iv,iv->i", dO, O)
    dS = P * (np.einsum("iv,jv->ij", dO, V) - D[:, None]) / d**0.5
    return np.einsum("ij,jd->id", dS, K), np.einsum("ij,id->jd", dS, Q), np.einsum("ij,iv->jv", P, dO)


RIGHT = [usual, rows, flash]
WRONG = [
    ("softmax's second term left out", usual, {"A * (dA - (A * dA).sum(axis=1, keepdims=True))": "A * dA"}),
    ("softmax's second term left out", rows, {"(np.diag(a) - np.outer(a, a)) @ da": "a * da"}),
    ("softmax's second term left out", flash, {" - D[:, None]) / d": ") / d"}),
    ("softmax as sigmoid", usual, {"A * (dA - (A * dA).sum(axis=1, keepdims=True))": "A * (1 - A) * dA"}),
    ("softmax's inner sum over the wrong axis", usual, {"(A * dA).sum(axis=1,": "(A * dA).sum(axis=0,"}),
    ("softmax's inner weights left out", usual, {"(A * dA).sum(": "dA.sum("}),
    ("softmax's slope left out", usual, {"A * (dA - (A * dA).sum(axis=1, keepdims=True))": "dA"}),
    (
        "scale left out of dQ and dK",
        usual,
        {"dQ = dS @ K * scale": "dQ = dS @ K", "dK = dS.T @ Q * scale": "dK = dS.T @ Q"},
    ),
    ("scale left out of dQ and dK", flash, {"- D[:, None]) / d**0.5": "- D[:, None])"}),
    ("scale left out of dQ", usual, {"dQ = dS @ K * scale": "dQ = dS @ K"}),
    ("dS not transposed in dK", usual, {"dK = dS.T @ Q": "dK = dS @ Q"}),
    ("A not transposed in dV", usual, {"dV = A.T @ dO": "dV = A @ dO"}),
    (
        "divided by d instead of its root",
        rows,
        {
            "keys.T @ ds / np.sqrt(d)": "keys.T @ ds / d",
            "np.outer(ds, Q[t]) / np.sqrt(d)": "np.outer(ds, Q[t]) / d",
        },
    ),
    ("mask forgotten", usual, {"    S[np.triu_indices(len(S), 1)] = -np.inf\n": ""}),
    ("dV of the last row only", rows, {"dV[: t + 1] += np": "dV[: t + 1] = np"}),
    ("dK of the last row only", rows, {"dK[: t + 1] += np": "dK[: t + 1] = np"}),
    (
        "dK overwritten at its own step",
        rows,
        {"dK[: t + 1] += np.outer(ds, Q[t]) / np.sqrt(d)": "dK[t] = ds[t] * Q[t] / np.sqrt(d)"},
    ),
    ("Q and K exchanged in dQ", usual, {"dQ = dS @ K": "dQ = dS @ Q"}),
    (
        "second term left out and scale left out of dQ",
        usual,
        {"A * (dA - (A * dA).sum(axis=1, keepdims=True))": "A * dA", "dQ = dS @ K * scale": "dQ = dS @ K"},
    ),
    (
        "A not transposed and scale left out of dQ",
        usual,
        {"dV = A.T @ dO": "dV = A @ dO", "dQ = dS @ K * scale": "dQ = dS @ K"},
    ),
]
DOUBLES = ["second term left out and scale left out of dQ", "A not transposed and scale left out of dQ"]
