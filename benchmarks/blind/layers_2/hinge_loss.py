"""A layer of the second blind set: each wrong class's score has to stay 1 below the right one's; a penalty on W."""

import numpy as np


def forward(x, W, lam, y):
    n = x.shape[0]
    scores = x @ W
    right = scores[np.arange(n), y].reshape(n, 1)
    margins = np.maximum(scores - right + 1, 0)
    margins[np.arange(n), y] = 0
    return margins.sum() / n + 0.5 * lam * (W * W).sum()


def classes(rng, shape, sizes):
    return rng.integers(0, sizes["k"], size=shape)


ARGUMENTS = {"x": ("n", "d"), "W": ("d", "k"), "lam": (), "y": ("n",)}
UPSTREAM = ()
GRADIENTS = ("x", "W", "lam")
VALUES = {"y": classes}


def usual(x, W, lam, y):
    n = len(x)
    rows = np.arange(n)
    s = x @ W
    margins = s - s[rows, y][:, None] + 1
    on = (margins > 0).astype(float)
    on[rows, y] = 0
    on[rows, y] = -on.sum(axis=1)
    on /= n
    return on @ W.T, x.T @ on + lam * W, 0.5 * np.sum(W**2)


def loops(x, W, lam, y):
    n, _d = x.shape
    dx, dW = np.zeros(x.shape), np.zeros(W.shape)
    for i in range(n):
        s = x[i] @ W
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            if s[j] - s[y[i]] + 1 > 0:
                dW[:, j] += x[i]
                dW[:, y[i]] -= x[i]
                dx[i] += W[:, j] - W[:, y[i]]
    dlam = (W * W).sum() / 2
    return dx / n, dW / n + lam * W, dlam


def one_hot(x, W, lam, y):
    Y = np.eye(W.shape[1])[y]
    s = x @ W
    own = (s * Y).sum(1, keepdims=True)
    active = np.where(s - own + 1 > 0, 1 - Y, 0)
    ds = (active - Y * active.sum(1, keepdims=True)) * (1 / len(x))
    dW = np.einsum("nd,nk->dk", x, ds)
    dW += W * lam
    return np.einsum("nk,dk->nd", ds, W), dW, np.linalg.norm(W) ** 2 * 0.5


RIGHT = [usual, loops, one_hot]
WRONG = [
    ("right class's path left out", usual, {"    on[rows, y] = -on.sum(axis=1)\n": ""}),
    (
        "right class's path left out",
        loops,
        {"                dW[:, y[i]] -= x[i]\n": "", "W[:, j] - W[:, y[i]]": "W[:, j]"},
    ),
    ("right class's path left out", one_hot, {"(active - Y * active.sum(1, keepdims=True))": "active"}),
    ("right class counted once", usual, {"on[rows, y] = -on.sum(axis=1)": "on[rows, y] = -1"}),
    ("right class's sign", usual, {"on[rows, y] = -on.sum(axis=1)": "on[rows, y] = on.sum(axis=1)"}),
    ("1/n forgotten", usual, {"    on /= n\n": ""}),
    ("1/n forgotten", one_hot, {" * (1 / len(x))": ""}),
    ("penalty left out", usual, {"x.T @ on + lam * W": "x.T @ on"}),
    ("penalty left out", loops, {"dW / n + lam * W": "dW / n"}),
    ("penalty's 1/2 not cancelled", usual, {"+ lam * W": "+ 0.5 * lam * W"}),
    ("penalty doubled", usual, {"+ lam * W": "+ 2 * lam * W"}),
    ("penalty divided by n too", loops, {"dW / n + lam * W": "(dW + lam * W) / n"}),
    (
        "margin values instead of the mask",
        usual,
        {"on = (margins > 0).astype(float)": "on = np.maximum(margins, 0)"},
    ),
    ("mask left out", usual, {"on = (margins > 0).astype(float)": "on = np.ones(s.shape)"}),
    ("margin of 1 forgotten", usual, {"[:, None] + 1": "[:, None]"}),
    ("1/2 of dlam forgotten", usual, {"0.5 * np.sum(W**2)": "np.sum(W**2)"}),
    ("dlam with lam in it", loops, {"dlam = (W * W).sum() / 2": "dlam = lam * (W * W).sum() / 2"}),
    ("right class not taken out of the mask", usual, {"    on[rows, y] = 0\n": ""}),
    ("dx with a minus", usual, {"return on @ W.T": "return -on @ W.T"}),
    ("penalty's sign", one_hot, {"dW += W * lam": "dW -= W * lam"}),
    ("1/n forgotten and penalty left out", usual, {"    on /= n\n": "", "x.T @ on + lam * W": "x.T @ on"}),
    (
        "right class's path left out, dlam's 1/2",
        usual,
        {"    on[rows, y] = -on.sum(axis=1)\n": "", "0.5 * np.sum(W**2)": "np.sum(W**2)"},
    ),
]
DOUBLES = ["1/n forgotten and penalty left out", "right class's path left out, dlam's 1/2"]
