"""Backpropagation in three steps (chapters 4 to 8). delta[l] is the gradient of one example's L at z[l]."""

import numpy as np
from numpy.typing import NDArray

from backprop.activations import g, g_prime

Layers = dict[int, NDArray]


def output_delta(output: str, z: NDArray, Y: NDArray) -> NDArray:
    """Step 1: delta[N] = y_hat - y (k, m) for the three matched pairs of output and loss (eq. 5.1)."""
    return g(output, z) - Y  # (5.1)


def hidden_delta(W_next: NDArray, delta_next: NDArray, z: NDArray, hidden: str) -> NDArray:
    """Step 2: delta[l] = (W[l+1]^T delta[l+1]) o g'(z[l]), shape (n_l, m) (eq. 6.1)."""
    return (W_next.T @ delta_next) * g_prime(hidden, z)  # (6.1)


def all_deltas(W: Layers, Z: Layers, A: Layers, Y: NDArray, hidden: str, output: str) -> Layers:
    """delta[N] by Step 1, then delta[N-1] ... delta[1] by Step 2; keys 1..N (eq. 5.1, 6.1)."""
    N = max(W)
    delta = {N: output_delta(output, Z[N], Y)}  # (5.1)
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)  # (6.1)
    return delta


def layer_gradients(delta: NDArray, a_prev: NDArray) -> tuple[NDArray, NDArray]:
    """Step 3: dW = (1/m) delta a_prev^T (n_l, n_prev), db = (1/m) sum of columns (n_l, 1) (7.1, 7.2)."""
    m = delta.shape[1]
    dW = delta @ a_prev.T / m  # (7.1)
    db = np.sum(delta, axis=1, keepdims=True) / m  # (7.2)
    return dW, db


def backprop(W: Layers, Z: Layers, A: Layers, Y: NDArray, hidden: str, output: str) -> tuple[Layers, Layers]:
    """The whole recipe from the forward pass's caches: dW and db of J, keys 1..N (eq. 5.1, 6.1, 7.1, 7.2)."""
    delta = all_deltas(W, Z, A, Y, hidden, output)
    dW: Layers = {}
    db: Layers = {}
    for l in delta:
        dW[l], db[l] = layer_gradients(delta[l], A[l - 1])  # (7.1), (7.2)
    return dW, db
