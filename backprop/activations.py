"""The nonlinearities g and their derivatives g' (chapter 2)."""

import numpy as np
from numpy.typing import NDArray

HIDDEN = ("sigmoid", "tanh", "relu")
OUTPUTS = ("identity", "sigmoid", "softmax")


def identity(z: NDArray) -> NDArray:
    """a = z, any shape (eq. 2.4)."""
    return z


def sigmoid(z: NDArray) -> NDArray:
    """a = 1/(1 + exp(-z)), any shape; exp only ever sees -|z|, so it cannot overflow (eq. 2.1)."""
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)


def tanh(z: NDArray) -> NDArray:
    """a = tanh(z), any shape (eq. 2.2)."""
    return np.tanh(z)


def relu(z: NDArray) -> NDArray:
    """a = max(0, z), any shape (eq. 2.3)."""
    return np.maximum(z, 0)


def softmax(z: NDArray) -> NDArray:
    """a_j = exp(z_j)/sum_i exp(z_i) in each column of z (k, m), after taking off its maximum (eq. 2.5)."""
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def g(name: str, z: NDArray) -> NDArray:
    """a = g(z) by name: one of HIDDEN or OUTPUTS; the shape of z. ValueError for another name."""
    functions = {"identity": identity, "sigmoid": sigmoid, "tanh": tanh, "relu": relu, "softmax": softmax}
    if name not in functions:
        raise ValueError(f"g: given the name {name!r}; expected one of {', '.join(functions)}")
    return functions[name](z)


def g_prime(name: str, z: NDArray) -> NDArray:
    """The slope g'(z) of a hidden nonlinearity, elementwise; the shape of z (eq. 2.6 to 2.8).

    ReLU'(0) may be any value in [0, 1]; we take 0. ValueError for a name not in HIDDEN.
    """
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        # sigma(z) (1 - sigma(z)), without cancellation.
        return e / (1 + e) ** 2  # (2.6)
    if name == "tanh":
        e = np.exp(-2 * np.abs(z))
        # 1 - tanh(z)^2, without cancellation.
        return 4 * e / (1 + e) ** 2  # (2.7)
    if name == "relu":
        return np.where(np.asarray(z) > 0, 1.0, 0.0)  # (2.8)
    raise ValueError(f"g_prime: given the name {name!r}; expected one of {', '.join(HIDDEN)}")
