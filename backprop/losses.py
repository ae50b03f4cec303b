"""The three losses, computed from the logits z so that no log sees a zero (chapter 3)."""

import numpy as np
from numpy.typing import NDArray


def log_sum_exp(z: NDArray) -> NDArray:
    """log sum_j exp(z_j) in each column of z (k, m), shape (1, m); exact for any finite z (eq. 3.6)."""
    top = np.max(z, axis=0, keepdims=True)
    return top + np.log(np.sum(np.exp(z - top), axis=0, keepdims=True))


def losses(output: str, z: NDArray, Y: NDArray) -> NDArray:
    """L of each example, shape (m,), from the logits z (k, m) and the targets Y (k, m).

    identity: squared error (eq. 3.1); sigmoid: binary cross entropy summed over the k units (eq. 3.5);
    softmax: cross entropy (eq. 3.7). ValueError for another output.
    """
    if output == "identity":
        return np.sum((z - Y) ** 2, axis=0) / 2  # (3.1)
    if output == "sigmoid":
        # -Y log(a) - (1 - Y) log(1 - a) = log(1 + exp(z)) - Y z, and the log without overflow:
        return np.sum(np.maximum(z, 0) - Y * z + np.log1p(np.exp(-np.abs(z))), axis=0)  # (3.5)
    if output == "softmax":
        return np.sum(Y * (log_sum_exp(z) - z), axis=0)  # (3.7)
    raise ValueError(f"losses: given the output {output!r}; expected identity, sigmoid or softmax")


def loss(output: str, z: NDArray, Y: NDArray) -> float:
    """J, the mean over the m examples of their L, a float (eq. 3.4)."""
    return float(np.mean(losses(output, z, Y)))  # (3.4)
