"""Public scalar functions, chosen by name, that `numerical_delta` and `gradient_check` differentiate.

They live on the student's side of the wall, so the verifier sends a name and numbers, never code. NumPy only.
Each maker takes its parameters and returns f(theta) -> float, for theta of the parameters' one shape.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Scalar = Callable[[Any], float]


def linear(c: Any) -> Scalar:
    """f(theta) = sum c theta."""
    return lambda theta: float(np.sum(c * theta))


def quadratic(c: Any, y: Any) -> Scalar:
    """f(theta) = sum c (theta - y)^2 / 2: with c = 1 the squared error."""
    return lambda theta: float(np.sum(c * (theta - y) ** 2) / 2)


def cubic(c: Any) -> Scalar:
    """f(theta) = sum c theta^3."""
    return lambda theta: float(np.sum(c * theta**3))


def quartic(c: Any) -> Scalar:
    """f(theta) = sum c theta^4."""
    return lambda theta: float(np.sum(c * theta**4))


def softplus_sum(c: Any, y: Any) -> Scalar:
    """f(theta) = sum c (log(1 + exp(theta)) - y theta): binary cross entropy of logits theta if c = 1."""
    return lambda theta: float(
        np.sum(c * (np.maximum(theta, 0) + np.log1p(np.exp(-np.abs(theta))) - y * theta))
    )


def log_sum_exp_of(y: Any) -> Scalar:
    """f(theta) = sum over columns of log sum_j exp(theta_j) - sum_j y_j theta_j.

    It is the cross entropy if y sums to 1.
    """

    def f(theta: Any) -> float:
        top = np.max(theta, axis=0, keepdims=True)
        each = top + np.log(np.sum(np.exp(theta - top), axis=0, keepdims=True))
        return float(np.sum(each) - np.sum(y * theta))

    return f


def sine_sum(c: Any) -> Scalar:
    """f(theta) = sum c sin(theta)."""
    return lambda theta: float(np.sum(c * np.sin(theta)))


def absolute_sum(c: Any) -> Scalar:
    """f(theta) = sum c |theta|: a kink at every theta = 0."""
    return lambda theta: float(np.sum(c * np.abs(theta)))


FUNCTIONS: dict[str, Callable[..., Scalar]] = {
    "linear": linear,
    "quadratic": quadratic,
    "cubic": cubic,
    "quartic": quartic,
    "softplus_sum": softplus_sum,
    "log_sum_exp": log_sum_exp_of,
    "sine_sum": sine_sum,
    "absolute_sum": absolute_sum,
}


def make_function(name: str, parameters: Mapping[str, Any]) -> Scalar:
    """The function of that name with these parameters; ValueError for a name not in FUNCTIONS.

    It wants an array of theta's shape, as the functions do that it stands for: a loss of W is none of a
    number.
    """
    if name not in FUNCTIONS:
        raise ValueError(f"make_function: given the name {name!r}; expected one of {', '.join(FUNCTIONS)}")
    f = FUNCTIONS[name](**parameters)
    shape = np.shape(next(iter(parameters.values())))

    def of_theta(theta: Any) -> float:
        if np.shape(theta) != shape:
            raise ValueError(f"f was called with the shape {np.shape(theta)}; theta has the shape {shape}")
        return f(theta)

    return of_theta
