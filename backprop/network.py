"""The forward pass (chapter 1). W, b, Z are dicts keyed 1..N, A is keyed 0..N, examples are columns."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backprop.activations import g

Layers = dict[int, NDArray]


def affine(W: NDArray, a_prev: NDArray, b: NDArray) -> NDArray:
    """z = W a_prev + b, shape (n_l, m), from W (n_l, n_prev), a_prev (n_prev, m), b (n_l, 1) (eq. 1.1)."""
    return W @ a_prev + b  # (1.1)


def forward(W: Layers, b: Layers, X: NDArray, hidden: str, output: str) -> tuple[Layers, Layers]:
    """Every z and a of a network: Z with keys 1..N, A with keys 0..N, A[0] = X (n_0, m) (eq. 1.1, 1.2)."""
    N = max(W)
    Z: Layers = {}
    A: Layers = {0: X}
    for l in range(1, N + 1):
        Z[l] = affine(W[l], A[l - 1], b[l])  # (1.1)
        A[l] = g(output if l == N else hidden, Z[l])  # (1.2)
    return Z, A


def initialise(sizes: Sequence[int], rng: np.random.Generator, scale: float = 1.0) -> tuple[Layers, Layers]:
    """W[l] (n_l, n_{l-1}) normal, variance scale^2 / n_{l-1}; b[l] = 0 (n_l, 1); sizes n_0..n_N (11.1)."""
    W: Layers = {}
    b: Layers = {}
    for l in range(1, len(sizes)):
        W[l] = rng.normal(size=(sizes[l], sizes[l - 1])) * scale / np.sqrt(sizes[l - 1])  # (11.1)
        b[l] = np.zeros((sizes[l], 1))
    return W, b
