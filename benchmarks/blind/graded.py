"""Answers to graded exercises without a gradient, written from their statements before the diagnosis was read.

For each exercise: what is asked by its statement's own code, inputs, right answers, and wrong ones by an exchange of
text in a right one: (what was done, which, exchanges).
"""

from itertools import pairwise

import numpy as np

L = np.longdouble

# ---- two_sided_softplus ------------------------------------------------------------------------------------


def softplus_truth(z):
    z = z.astype(L)
    return np.where(np.abs(z) > 5000, np.abs(z), np.log(np.exp(z) + np.exp(-z)))


def softplus_inputs(rng):
    return ((rng.normal(size=(3, 4)) * scale,) for scale in (1, 10, 900))


def by_absolute(z):
    a = np.abs(z)
    return a + np.log1p(np.exp(-2 * a))


def by_maximum(z):
    top = np.maximum(z, -z)
    return top + np.log(np.exp(z - top) + np.exp(-z - top))


def by_logaddexp(z):
    return np.logaddexp(z, -z)


def by_where(z):
    positive = np.where(z > 0, z, -z)
    tail = np.exp(-2 * positive)
    out = np.empty_like(positive, dtype=float)
    out[...] = positive + np.log1p(tail)
    return out


SOFTPLUS = (
    [by_absolute, by_maximum, by_logaddexp, by_where],
    [
        ("2 forgotten in the exponent", by_absolute, {"-2 * a": "-a"}),
        ("z for its absolute value in front", by_absolute, {"return a +": "return z +"}),
        ("the shift not added back", by_maximum, {"return top + np": "return np"}),
        ("one exponential not shifted", by_maximum, {"np.exp(-z - top)": "np.exp(-z)"}),
        ("the tail left out", by_absolute, {" + np.log1p(np.exp(-2 * a))": ""}),
        ("log for log1p", by_absolute, {"np.log1p(": "np.log("}),
        ("sign of the exponent", by_absolute, {"np.exp(-2 * a)": "np.exp(2 * a)"}),
        ("softplus of one side", by_logaddexp, {"np.logaddexp(z, -z)": "np.logaddexp(z, 0)"}),
        ("the naive form", by_logaddexp, {"np.logaddexp(z, -z)": "np.log(np.exp(z) + np.exp(-z))"}),
        ("clipped", by_logaddexp, {"np.logaddexp(z, -z)": "np.log(2 * np.cosh(np.clip(z, -50, 50)))"}),
    ],
)

# ---- smoothed_loss -----------------------------------------------------------------------------------------


def smoothed_truth(z, c, eps):
    z = z.astype(L)
    m, k = z.shape
    total = L(0)
    for i in range(m):
        y = np.full(k, L(eps) / k)
        y[c[i]] += 1 - L(eps)
        top = z[i].max()
        total -= np.sum(y * (z[i] - top - np.log(np.sum(np.exp(z[i] - top)))))
    return total / m


def smoothed_inputs(rng):
    for m, k, scale in ((4, 3, 1), (5, 5, 3), (3, 6, 300)):
        yield rng.normal(size=(m, k)) * scale, rng.integers(0, k, m), 0.3


def smoothed_rows(z, c, eps):
    m, k = z.shape
    shifted = z - z.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    y = np.full((m, k), eps / k)
    y[np.arange(m), c] += 1 - eps
    return -(y * logp).sum() / m


def smoothed_parts(z, c, eps):
    lse = np.logaddexp.reduce(z, axis=1)
    picked = z[np.arange(len(z)), c]
    losses = lse - (1 - eps) * picked - eps * z.mean(axis=1)
    return float(np.mean(losses))


def smoothed_loop(z, c, eps):
    total = 0.0
    for row, label in zip(z, c, strict=True):
        top = row.max()
        lse = top + np.log(np.exp(row - top).sum())
        total += (1 - eps) * (lse - row[label]) + eps * np.mean(lse - row)
    return total / len(z)


SMOOTHED = (
    [smoothed_rows, smoothed_parts, smoothed_loop],
    [
        ("mean over examples forgotten", smoothed_rows, {".sum() / m": ".sum()"}),
        ("sign forgotten", smoothed_rows, {"return -(y": "return (y"}),
        (
            "labels not smoothed",
            smoothed_rows,
            {"np.full((m, k), eps / k)": "np.zeros((m, k))", "+= 1 - eps": "+= 1"},
        ),
        ("eps not shared", smoothed_rows, {"eps / k)": "eps)"}),
        ("1 for 1 - eps", smoothed_rows, {"+= 1 - eps": "+= 1"}),
        ("= for +=", smoothed_rows, {"] += 1 - eps": "] = 1 - eps"}),
        ("divided by the classes too", smoothed_rows, {"(y * logp).sum() / m": "(y * logp).mean()"}),
        (
            "softmax over the examples",
            smoothed_rows,
            {"np.exp(shifted).sum(axis=1": "np.exp(shifted).sum(axis=0"},
        ),
        ("p for log p", smoothed_rows, {"-(y * logp).sum()": "-(y * np.exp(logp)).sum()"}),
        ("sum of the logits for their mean", smoothed_parts, {"z.mean(axis=1)": "z.sum(axis=1)"}),
        (
            "eps and 1 - eps exchanged",
            smoothed_parts,
            {"(1 - eps) * picked - eps * z": "eps * picked - (1 - eps) * z"},
        ),
        ("the maximum not added back", smoothed_loop, {"lse = top + np.log": "lse = np.log"}),
        ("last example only", smoothed_loop, {"total += (1": "total = (1"}),
    ],
)

# ---- scores_of ---------------------------------------------------------------------------------------------


def scores_truth(p, T):
    z = T * np.log(p.astype(L))
    return z - z.mean(axis=1, keepdims=True)


def scores_inputs(rng):
    for m, k, T in ((3, 4, 2.0), (5, 2, 0.5), (4, 4, 1.3)):
        p = np.exp(rng.normal(size=(m, k)))
        yield p / p.sum(axis=1, keepdims=True), T


def scores_rows(p, T):
    z = T * np.log(p)
    return z - z.mean(axis=1, keepdims=True)


def scores_geometric(p, T):
    k = p.shape[1]
    middle = np.prod(p, axis=1) ** (1 / k)
    return T * np.log(p / middle[:, None])


def scores_loop(p, T):
    out = []
    for row in p:
        logs = [np.log(x) for x in row]
        out.append([T * (one - sum(logs) / len(logs)) for one in logs])
    return np.array(out)


SCORES = (
    [scores_rows, scores_geometric, scores_loop],
    [
        ("T left out", scores_rows, {"T * np.log(p)": "np.log(p)"}),
        ("divided by T", scores_rows, {"T * np.log(p)": "np.log(p) / T"}),
        ("rows not brought to sum 0", scores_rows, {"return z - z.mean(axis=1, keepdims=True)": "return z"}),
        ("columns brought to sum 0", scores_rows, {"z.mean(axis=1": "z.mean(axis=0"}),
        ("sum for the mean", scores_rows, {"z.mean(axis=1": "z.sum(axis=1"}),
        ("maximum for the mean", scores_rows, {"z.mean(axis=1": "z.max(axis=1"}),
        ("mean of everything", scores_rows, {"z.mean(axis=1, keepdims=True)": "z.mean()"}),
        ("mean of p", scores_rows, {"z - z.mean(": "z - p.mean("}),
        ("sign", scores_rows, {"T * np.log(p)": "-T * np.log(p)"}),
        ("log of base 2", scores_rows, {"np.log(p)": "np.log2(p)"}),
        ("exp for log", scores_rows, {"np.log(p)": "np.exp(p)"}),
        ("T inside the logarithm", scores_rows, {"T * np.log(p)": "np.log(T * p)"}),
    ],
)

# ---- forward_rows ------------------------------------------------------------------------------------------


def rows_truth(W, b, X, slope):
    Z, A = [], [X.astype(L)]
    for l in range(len(W)):
        Z.append(np.einsum("mi,ij->mj", A[l], W[l].astype(L)) + b[l])
        A.append(Z[l] if l == len(W) - 1 else np.where(Z[l] > 0, Z[l], L(slope) * Z[l]))
    return Z, A


def rows_inputs(rng):
    for widths, m in (((3, 4, 2), 5), ((2, 3, 5, 4), 3), ((3, 3, 3, 3), 3)):
        W = [rng.normal(size=pair) for pair in pairwise(widths)]
        yield W, [rng.normal(size=n) for n in widths[1:]], rng.normal(size=(m, widths[0])), 0.3


def rows_where(W, b, X, slope):
    Z, A = [], [X]
    for l in range(len(W)):
        z = A[-1] @ W[l] + b[l]
        Z.append(z)
        if l < len(W) - 1:
            A.append(np.where(z > 0, z, slope * z))
        else:
            A.append(z)
    return Z, A


def rows_maximum(W, b, X, slope):
    def g(z):
        return np.maximum(z, 0) + slope * np.minimum(z, 0)

    Z, A = [], [X]
    for Wl, bl in zip(W[:-1], b[:-1], strict=True):
        Z += [np.dot(A[-1], Wl) + bl]
        A += [g(Z[-1])]
    Z += [np.dot(A[-1], W[-1]) + b[-1]]
    A += [Z[-1].copy()]
    return Z, A


def rows_examples(W, b, X, slope):
    Z = [np.zeros((len(X), len(bias))) for bias in b]
    A = [X.astype(float)] + [np.zeros((len(X), len(bias))) for bias in b]
    for i in range(len(X)):
        for l in range(len(W)):
            Z[l][i] = W[l].T @ A[l][i] + b[l]
            A[l + 1][i] = Z[l][i]
            if l + 1 < len(W):
                A[l + 1][i] = Z[l][i] * np.where(Z[l][i] > 0, 1, slope)
    return Z, A


ROWS = (
    [rows_where, rows_maximum, rows_examples],
    [
        ("bias forgotten", rows_where, {"A[-1] @ W[l] + b[l]": "A[-1] @ W[l]"}),
        ("bias subtracted", rows_where, {"W[l] + b[l]": "W[l] - b[l]"}),
        ("g on the output layer too", rows_where, {"if l < len(W) - 1:": "if True:"}),
        ("g left out", rows_where, {"np.where(z > 0, z, slope * z)": "z"}),
        ("plain ReLU", rows_where, {"slope * z)": "0)"}),
        (
            "slope on both sides",
            rows_maximum,
            {"np.maximum(z, 0) + slope": "slope * np.maximum(z, 0) + slope"},
        ),
        ("slope above 0", rows_where, {"z > 0, z, slope * z": "z > 0, slope * z, z"}),
        ("slope without z", rows_where, {"slope * z)": "slope)"}),
        ("Z of the layer before", rows_where, {"z = A[-1] @ W[l]": "z = (Z[-1] if Z else X) @ W[l]"}),
        ("A without X", rows_where, {"return Z, A": "return Z, A[1:]"}),
        ("Z and A exchanged", rows_where, {"return Z, A": "return A, Z"}),
        ("Z after g", rows_where, {"Z.append(z)": "Z.append(np.where(z > 0, z, slope * z))"}),
        ("bias of layer 1 everywhere", rows_where, {"+ b[l]": "+ b[l][0]"}),
        ("bias twice", rows_where, {"+ b[l]": "+ 2 * b[l]"}),
    ],
)

# ---- layer_input -------------------------------------------------------------------------------------------


def input_truth(W, b, a, slope):
    z = np.where(a > 0, a, a / slope)
    return np.linalg.solve(W, z - b)


def input_inputs(rng):
    for n, m in ((3, 4), (4, 2), (3, 3)):
        yield rng.normal(size=(n, n)) + 2 * np.eye(n), rng.normal(size=(n, 1)), rng.normal(size=(n, m)), 0.4


def input_solve(W, b, a, slope):
    z = np.where(a > 0, a, a / slope)
    return np.linalg.solve(W, z - b)


def input_inverse(W, b, a, slope):
    z = np.maximum(a, 0) + np.minimum(a, 0) / slope
    return np.linalg.inv(W) @ (z - b)


def input_columns(W, b, a, slope):
    out = np.zeros(a.shape)
    for j in range(a.shape[1]):
        z = a[:, j].astype(float)
        z[z < 0] /= slope
        out[:, j] = np.linalg.solve(W, z - b[:, 0])
    return out


INPUT = (
    [input_solve, input_inverse, input_columns],
    [
        ("times the slope", input_solve, {"a / slope": "a * slope"}),
        ("g not undone", input_solve, {"np.where(a > 0, a, a / slope)": "a"}),
        ("bias not taken off", input_solve, {"z - b": "z"}),
        ("bias added", input_solve, {"z - b": "z + b"}),
        ("W transposed for its inverse", input_inverse, {"np.linalg.inv(W) @": "W.T @"}),
        ("W not undone", input_inverse, {"np.linalg.inv(W) @": "W @"}),
        ("W left out", input_inverse, {"np.linalg.inv(W) @ (z - b)": "z - b"}),
        ("bias taken off after W", input_inverse, {"np.linalg.inv(W) @ (z - b)": "np.linalg.inv(W) @ z - b"}),
        ("inverse transposed", input_inverse, {"np.linalg.inv(W) @": "np.linalg.inv(W.T) @"}),
        (
            "bias taken off before g is undone",
            input_solve,
            {"np.where(a > 0, a, a / slope)": "np.where(a - b > 0, a - b, (a - b) / slope)", "z - b)": "z)"},
        ),
        ("negative ones set to 0", input_solve, {"a / slope": "0"}),
        ("divided on both sides", input_solve, {"np.where(a > 0, a, a / slope)": "a / slope"}),
    ],
)

# ---- merged_layers -----------------------------------------------------------------------------------------


def merged_truth(W1, b1, W2, b2):
    return W2 @ W1, W2 @ b1 + b2


def merged_inputs(rng):
    for n, h, k in ((3, 4, 2), (2, 3, 5), (3, 3, 3)):
        yield (
            rng.normal(size=(h, n)),
            rng.normal(size=(h, 1)),
            rng.normal(size=(k, h)),
            rng.normal(size=(k, 1)),
        )


def merged_products(W1, b1, W2, b2):
    W = W2 @ W1
    b = W2 @ b1 + b2
    return W, b


def merged_einsum(W1, b1, W2, b2):
    return np.einsum("kh,hn->kn", W2, W1), b2 + np.einsum("kh,hi->ki", W2, b1)


def merged_by_asking(W1, b1, W2, b2):
    def f(x):
        return W2 @ (W1 @ x + b1) + b2

    b = f(np.zeros((W1.shape[1], 1)))
    return np.hstack([f(np.eye(W1.shape[1])[:, [j]]) - b for j in range(W1.shape[1])]), b


MERGED = (
    [merged_products, merged_einsum, merged_by_asking],
    [
        ("order of the factors", merged_products, {"W = W2 @ W1": "W = W1 @ W2"}),
        ("b1 not taken through W2", merged_products, {"W2 @ b1 + b2": "b1.sum() + b2"}),
        ("b1 left out", merged_products, {"W2 @ b1 + b2": "b2"}),
        ("b2 left out", merged_products, {"W2 @ b1 + b2": "W2 @ b1"}),
        ("sum of the weights' products transposed", merged_products, {"W = W2 @ W1": "W = (W2 @ W1).T"}),
        (
            "b through W2 altogether",
            merged_einsum,
            {'b2 + np.einsum("kh,hi->ki", W2, b1)': "W2 @ b1 * 2 + b2"},
        ),
        ("b2 subtracted", merged_products, {"W2 @ b1 + b2": "W2 @ b1 - b2"}),
        ("W2 alone", merged_products, {"W = W2 @ W1": "W = W2 @ np.ones(W1.shape)"}),
        ("b flat", merged_products, {"return W, b": "return W, b.ravel()"}),
        ("W and b exchanged", merged_products, {"return W, b": "return b, W"}),
        ("bias not taken off", merged_by_asking, {"[:, [j]]) - b for": "[:, [j]]) for"}),
    ],
)

# The function of the notebook, what is right in long double, inputs, and the answers
SETS = {
    "two_sided_softplus": (softplus_truth, softplus_inputs, *SOFTPLUS),
    "smoothed_loss": (smoothed_truth, smoothed_inputs, *SMOOTHED),
    "scores_of": (scores_truth, scores_inputs, *SCORES),
    "forward_rows": (rows_truth, rows_inputs, *ROWS),
    "layer_input": (input_truth, input_inputs, *INPUT),
    "merged_layers": (merged_truth, merged_inputs, *MERGED),
}
