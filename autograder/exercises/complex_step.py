"""Gradients by the complex step, Im f(x + ih)/h with h = 1e-30.

There is no cancellation and no calculus, and they are exact to rounding.

The functions here take complex arrays, and stacks of them in front, so that one pass gives every entry.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 1e-30


def complex_step(f: Callable[[NDArray], Any], at: NDArray) -> NDArray:
    """The gradient of the analytic f at a real array; the shape of at."""
    gradient = np.zeros(at.shape)
    for i in np.ndindex(at.shape):
        z = at.astype(complex)
        z[i] += STEP * 1j
        gradient[i] = f(z).imag / STEP
    return gradient


@lru_cache(maxsize=64)
def _steps(shapes: tuple[tuple[int, ...], ...]) -> list[tuple[slice, NDArray]]:
    """For each array which copies step one of its entries, and these steps, stacked.

    Their shape is (copies of all arrays, *shape).
    """
    ends = list(accumulate((prod(shape) for shape in shapes), initial=0))
    steps = np.eye(ends[-1]) * STEP * 1j
    return [
        (slice(start, end), steps[:, start:end].reshape(-1, *shape))
        for shape, (start, end) in zip(shapes, pairwise(ends), strict=True)
    ]


def batched_complex_step(f: Callable[[list[NDArray]], Any], at: Sequence[NDArray]) -> list[NDArray]:
    """The gradient by each of several arrays at once; f takes copies of them all, stacked in front.

    There is one copy for each entry, that entry stepped, and f gives a value for each copy, or ValueError is
    raised.
    """
    steps = _steps(tuple(array.shape for array in at))
    total = sum(array.size for array in at)
    slopes = np.imag(f([array + step for array, (_, step) in zip(at, steps, strict=True)])) / STEP
    if slopes.shape != (total,):
        raise ValueError(
            f"batched_complex_step: f gave the shape {slopes.shape} for {total} copies; expected ({total},)"
        )
    return [slopes[own].reshape(array.shape) for array, (own, _) in zip(at, steps, strict=True)]


def complex_g(name: str, z: Any) -> Any:
    """A hidden nonlinearity of complex z (eq. 2.1 to 2.3)."""
    if name == "relu":
        return np.where(z.real > 0, z, 0)
    if name == "tanh":
        return np.tanh(z)
    # exp sees no large number
    flipped = np.where(z.real > 0, z, -z)
    half = 1 / (1 + np.exp(-flipped))
    return np.where(z.real > 0, half, 1 - half)


def complex_losses(output: str, z: Any, Y: Any) -> Any:
    """L of each example, (..., m), from complex logits z (..., k, m) and targets Y (eq. 3.1, 3.5, 3.7)."""
    if output == "identity":
        return np.sum((z - Y) * (z - Y), axis=-2) / 2
    if output == "sigmoid":
        softplus = np.where(z.real > 0, z, 0) + np.log1p(np.exp(np.where(z.real > 0, -z, z)))
        return np.sum(softplus - Y * z, axis=-2)
    top = np.max(z.real, axis=-2, keepdims=True)
    log_sum = top + np.log(np.sum(np.exp(z - top), axis=-2, keepdims=True))
    return np.sum(Y * (log_sum - z), axis=-2)
