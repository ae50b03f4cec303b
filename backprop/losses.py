"""The three losses, computed from the logits z so that no log sees a zero (chapter 3)."""

import numpy as np
from numpy.typing import NDArray


def log_sum_exp(z: NDArray) -> NDArray:
    """log sum_j exp(z_j) in each column of z (k, m), shape (1, m); no exponential overflows (eq. 3.6)."""
    t = np.max(z, axis=0, keepdims=True)
    is_largest = np.argmax(z, axis=0) == np.arange(len(z))[:, None]
    rest = np.sum(np.where(is_largest, 0, np.exp(z - t)), axis=0, keepdims=True)
    # The largest term is 1, and log1p keeps a tiny rest.
    return t + np.log1p(rest)  # (3.6)


def losses(output: str, z: NDArray, Y: NDArray) -> NDArray:
    """L of each example, shape (m,), from the logits z (k, m) and the targets Y (k, m).

    identity: squared error (eq. 3.1); sigmoid: binary cross entropy summed over the k units (eq. 3.5);
    softmax: cross entropy (eq. 3.7). For |z| up to 8e307, where a difference of two logits still is a number.
    ValueError for another output.
    """
    if output == "identity":
        return np.sum((z - Y) ** 2, axis=0) / 2  # (3.1)
    if output == "sigmoid":
        # -Y log(a) - (1 - Y) log(1 - a) = log(1 + exp(z)) - Y z, and the log without overflow:
        return np.sum(np.maximum(z, 0) - Y * z + np.log1p(np.exp(-np.abs(z))), axis=0)  # (3.5)
    if output == "softmax":
        # Large logits would swallow the digits of the loss.
        shifted = z - np.max(z, axis=0, keepdims=True)
        return np.sum(Y * (log_sum_exp(shifted) - shifted), axis=0)  # (3.7)
    raise ValueError(f"losses: given the output {output!r}; expected identity, sigmoid or softmax")


def loss(output: str, z: NDArray, Y: NDArray) -> float:
    """J, the mean over the m examples of their L, a float (eq. 3.4)."""
    return float(np.mean(losses(output, z, Y)))  # (3.4)
