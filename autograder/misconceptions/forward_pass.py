"""The forward pass of chapter 1 with one thing changed: what wrong forward passes are written with."""

from collections.abc import Callable
from typing import Any

from autograder.misconceptions.slots import WrongFormula
from backprop import g


def _affine(W: Any, a_prev: Any, b: Any) -> Any:
    return W @ a_prev + b


def forward_with(
    W: Any,
    b: Any,
    X: Any,
    hidden: Callable[[Any], Any],
    output: Callable[[Any], Any],
    affine: WrongFormula = _affine,
) -> Any:
    """forward with hidden and output nonlinearities given as functions, or another affine map."""
    Z, A = {}, {0: X}
    for l in range(1, max(W) + 1):
        Z[l] = affine(W[l], A[l - 1], b[l])
        A[l] = (output if l == max(W) else hidden)(Z[l])
    return Z, A


def with_affine(affine: WrongFormula) -> WrongFormula:
    """forward with another affine map."""
    return lambda W, b, X, hidden, output: forward_with(
        W, b, X, lambda z: g(hidden, z), lambda z: g(output, z), affine
    )


def with_softmax(softmax: Callable[[Any], Any]) -> WrongFormula:
    """forward with another softmax."""
    return lambda W, b, X, hidden, output: forward_with(
        W, b, X, lambda z: g(hidden, z), softmax if output == "softmax" else lambda z: g(output, z)
    )
