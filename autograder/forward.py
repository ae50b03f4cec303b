"""Building blocks for a stated forward pass: stable values, closed-form gradients, mistakes told on the
closed form.

    from autograder.forward import softmax

    def attention(Q, K, V):
        return softmax(Q @ K.T / np.sqrt(Q.shape[1]), axis=1) @ V

Each takes and gives plain arrays; in a traced run it is one operation.
"""

from typing import Any

from autograder.tracing import fused
from autograder.tracing.array import TracedArray

__all__ = [
    "binary_cross_entropy",
    "log_softmax",
    "log_sum_exp",
    "normalise",
    "relu",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
]


def _one(op: str, plain: Any, *values: Any, **options: Any) -> Any:
    for value in values:
        if isinstance(value, TracedArray):
            return value.recorder.record(op, values, **options)
    return plain(*values, **options)


def sigmoid(z: Any) -> Any:
    """1 / (1 + exp(-z)) entry by entry, right for any z."""
    return _one("sigmoid", fused.sigmoid, z)


def softplus(z: Any) -> Any:
    """log(1 + exp(z)) entry by entry, right for any z."""
    return _one("softplus", fused.softplus, z)


def relu(z: Any) -> Any:
    """max(z, 0) entry by entry; its slope at 0 is 0."""
    return _one("relu", lambda x: x * (x > 0), z)


def softmax(z: Any, axis: int = -1) -> Any:
    """exp(z) / sum exp(z) along an axis; the shape of z."""
    return _one("softmax", fused.softmax, z, axis=axis)


def log_softmax(z: Any, axis: int = -1) -> Any:
    """log of softmax(z), right where softmax itself rounds to 0; the shape of z."""
    return _one("log_softmax", fused.log_softmax, z, axis=axis)


def log_sum_exp(z: Any, axis: int = -1, keepdims: bool = False) -> Any:
    """log sum exp(z) along an axis, which is taken away unless keepdims."""
    return _one("log_sum_exp", fused.log_sum_exp, z, axis=axis, keepdims=keepdims)


def softmax_cross_entropy(z: Any, Y: Any, axis: int = -1) -> Any:
    """-sum Y log softmax(z) along an axis, which is taken away: a loss for each example."""
    return _one("softmax_cross_entropy", fused.softmax_cross_entropy, z, Y, axis=axis)


def binary_cross_entropy(z: Any, Y: Any) -> Any:
    """-Y log sigmoid(z) - (1 - Y) log(1 - sigmoid(z)) entry by entry; the shape of z."""
    return _one("binary_cross_entropy", fused.binary_cross_entropy, z, Y)


def normalise(x: Any, axis: int = -1, eps: float = 1e-5) -> Any:
    """(x - mean) / sqrt(variance + eps) along an axis; the shape of x."""
    return _one("normalise", fused.normalise, x, axis=axis, eps=eps)
