"""Gradient descent with the recipe's gradients (chapter 10)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from backprop.losses import loss
from backprop.network import Layers, forward
from backprop.recipe import backprop


def step(
    W: Layers, b: Layers, X: NDArray, Y: NDArray, hidden: str, output: str, rate: float
) -> tuple[Layers, Layers]:
    """One step of gradient descent on X (n_0, m), Y (k, m): new W and b; the old ones stay (eq. 10.1)."""
    Z, A = forward(W, b, X, hidden, output)
    dW, db = backprop(W, Z, A, Y, hidden, output)
    W = {l: W[l] - rate * dW[l] for l in W}  # (10.1)
    b = {l: b[l] - rate * db[l] for l in b}  # (10.1)
    return W, b


def batches(m: int, size: int, rng: np.random.Generator) -> Iterator[NDArray]:
    """One epoch: 0..m-1 in a random order, in nearly equal batches of at least size (one if m < size)."""
    yield from np.array_split(rng.permutation(m), max(1, m // size))


def accuracy(W: Layers, b: Layers, X: NDArray, Y: NDArray, hidden: str, output: str) -> float:
    """The share of columns whose largest output is the target's class, in [0, 1]."""
    _, A = forward(W, b, X, hidden, output)
    return float(np.mean(np.argmax(A[max(A)], axis=0) == np.argmax(Y, axis=0)))


def train(
    W: Layers,
    b: Layers,
    X: NDArray,
    Y: NDArray,
    hidden: str,
    output: str,
    *,
    rate: float,
    epochs: int,
    size: int,
    rng: np.random.Generator,
) -> tuple[Layers, Layers, list[float]]:
    """Mini-batch gradient descent: the last W and b, and J on all of X after each epoch."""
    history = []
    for _ in range(epochs):
        for columns in batches(X.shape[1], size, rng):
            W, b = step(W, b, X[:, columns], Y[:, columns], hidden, output, rate)
        Z, _ = forward(W, b, X, hidden, output)
        history.append(loss(output, Z[max(Z)], Y))
    return W, b, history
