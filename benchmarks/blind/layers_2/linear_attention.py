"""A layer of the second blind set: attention without softmax, weights by a positive map of queries and keys."""

import numpy as np


def forward(Q, K, V):
    q = np.where(Q > 0, Q + 1, np.exp(Q))
    k = np.where(K > 0, K + 1, np.exp(K))
    memory = k.T @ V
    top = q @ memory
    total = k.sum(axis=0)
    bottom = q @ total
    return top / bottom[:, None]


ARGUMENTS = {"Q": ("n", "d"), "K": ("t", "d"), "V": ("t", "e")}
UPSTREAM = ("dout",)
GRADIENTS = ("Q", "K", "V")


def usual(dout, Q, K, V):
    q, k = np.where(Q > 0, Q + 1, np.exp(Q)), np.where(K > 0, K + 1, np.exp(K))
    memory, total = k.T @ V, k.sum(axis=0)
    top, bottom = q @ memory, q @ total
    dtop = dout / bottom[:, None]
    dbottom = -(dout * top).sum(axis=1) / bottom**2
    dq = dtop @ memory.T
    dq = dq + np.outer(dbottom, total)
    dmemory = q.T @ dtop
    dtotal = q.T @ dbottom
    dk = V @ dmemory.T
    dk = dk + dtotal
    dV = k @ dmemory
    dQ = dq * np.where(Q > 0, 1, np.exp(Q))
    dK = dk * np.where(K > 0, 1, np.exp(K))
    return dQ, dK, dV


def weights(dout, Q, K, V):
    q = np.maximum(Q, 0) + np.exp(np.minimum(Q, 0))
    k = np.maximum(K, 0) + np.exp(np.minimum(K, 0))
    S = q @ k.T
    A = S / S.sum(axis=1, keepdims=True)
    dA = dout @ V.T
    dS = (dA - (dA * A).sum(axis=1, keepdims=True)) / S.sum(axis=1, keepdims=True)
    dq = dS @ k
    dk = dS.T @ q
    return dq * np.exp(np.minimum(Q, 0)), dk * np.exp(np.minimum(K, 0)), A.T @ dout


def loops(dout, Q, K, V):
    def phi(v):
        return np.where(v > 0, v + 1, np.exp(v))

    def slope(v):
        return np.where(v > 0, 1.0, np.exp(v))

    dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)
    for i in range(len(Q)):
        s = np.array([phi(Q[i]) @ phi(key) for key in K])
        out = s @ V / s.sum()
        for j in range(len(K)):
            dV[j] += s[j] / s.sum() * dout[i]
            ds = dout[i] @ (V[j] - out) / s.sum()
            dQ[i] += ds * phi(K[j]) * slope(Q[i])
            dK[j] += ds * phi(Q[i]) * slope(K[j])
    return dQ, dK, dV


RIGHT = [usual, weights, loops]
WRONG = [
    (
        "denominator treated as constant",
        usual,
        {"    dq = dq + np.outer(dbottom, total)\n": "", "    dk = dk + dtotal\n": ""},
    ),
    (
        "denominator treated as constant",
        weights,
        {"(dA - (dA * A).sum(axis=1, keepdims=True)) / S": "dA / S"},
    ),
    ("denominator treated as constant", loops, {"(V[j] - out)": "V[j]"}),
    ("path through total left out of dK", usual, {"    dk = dk + dtotal\n": ""}),
    ("path through bottom left out of dQ", usual, {"    dq = dq + np.outer(dbottom, total)\n": ""}),
    ("path through memory left out of dK", usual, {"dk = V @ dmemory.T": "dk = np.zeros(K.shape)"}),
    ("slope of the map left out of dQ", usual, {"dQ = dq * np.where(Q > 0, 1, np.exp(Q))": "dQ = dq"}),
    ("slope of the map left out of dQ", loops, {" * slope(Q[i])": ""}),
    ("slope of the map left out of dK", usual, {"dK = dk * np.where(K > 0, 1, np.exp(K))": "dK = dk"}),
    (
        "value of the map for its slope in dQ",
        usual,
        {"dQ = dq * np.where(Q > 0, 1, np.exp(Q))": "dQ = dq * q"},
    ),
    (
        "ReLU's slope for the map's in dK",
        usual,
        {"dK = dk * np.where(K > 0, 1, np.exp(K))": "dK = dk * (K > 0)"},
    ),
    ("bottom not squared in dbottom", usual, {"/ bottom**2": "/ bottom"}),
    ("minus of dbottom forgotten", usual, {"dbottom = -(dout": "dbottom = (dout"}),
    ("not divided by the bottom in dtop", usual, {"dtop = dout / bottom[:, None]": "dtop = dout"}),
    (
        "not divided by the sum in dS",
        weights,
        {"keepdims=True)) / S.sum(axis=1, keepdims=True)": "keepdims=True))"},
    ),
    ("sum over the wrong axis in dS", weights, {"(dA * A).sum(axis=1": "(dA * A).sum(axis=0"}),
    ("top left out of dbottom", usual, {"-(dout * top).sum(axis=1)": "-dout.sum(axis=1)"}),
    ("dV with Q unmapped", usual, {"dmemory = q.T @ dtop": "dmemory = Q.T @ dtop"}),
    ("dV with unmapped keys", usual, {"dV = k @ dmemory": "dV = K @ dmemory"}),
    ("dQ with unmapped keys", weights, {"dq = dS @ k": "dq = dS @ K"}),
    ("dV normalised over queries", weights, {"A.T @ dout": "(S / S.sum(axis=0)).T @ dout"}),
    (
        "slope left out of dQ, dV with unmapped keys",
        usual,
        {"dQ = dq * np.where(Q > 0, 1, np.exp(Q))": "dQ = dq", "dV = k @ dmemory": "dV = K @ dmemory"},
    ),
    (
        "total's path left out of dK, slope left out of dQ",
        usual,
        {"    dk = dk + dtotal\n": "", "dQ = dq * np.where(Q > 0, 1, np.exp(Q))": "dQ = dq"},
    ),
]
DOUBLES = ["slope left out of dQ, dV with unmapped keys", "total's path left out of dK, slope left out of dQ"]
