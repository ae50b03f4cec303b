"""Does a network with a wrong gradient still learn? Digits, 64-32-10 tanh, 30 epochs (chapter 9).

Each seed draws a split, a start and an order of the examples, the same for every gradient, so that runs can be
compared in pairs. The table of the book, backprop/data/bug_still_learns.csv, is written by experiments.py.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backprop import accuracy, backprop, batches, forward, g_prime, initialise, layer_gradients, loss
from backprop.digits import load_digits, one_hot, split
from backprop.network import Layers

Gradients = tuple[Layers, Layers]


def _from(delta_1: NDArray, delta_2: NDArray, A: Layers) -> Gradients:
    dW_1, db_1 = layer_gradients(delta_1, A[0])
    dW_2, db_2 = layer_gradients(delta_2, A[1])
    return {1: dW_1, 2: dW_2}, {1: db_1, 2: db_2}


def right(W: Layers, Z: Layers, A: Layers, Y: NDArray) -> Gradients:
    return backprop(W, Z, A, Y, "tanh", "softmax")


def without_slope(W: Layers, Z: Layers, A: Layers, Y: NDArray) -> Gradients:
    return _from(W[2].T @ (A[2] - Y), A[2] - Y, A)


def slope_of_a(W: Layers, Z: Layers, A: Layers, Y: NDArray) -> Gradients:
    return _from(W[2].T @ (A[2] - Y) * g_prime("tanh", A[1]), A[2] - Y, A)


def slope_at_output(W: Layers, Z: Layers, A: Layers, Y: NDArray) -> Gradients:
    delta = (A[2] - Y) * A[2] * (1 - A[2])
    return _from(W[2].T @ delta * g_prime("tanh", Z[1]), delta, A)


def first_layer_frozen(W: Layers, Z: Layers, A: Layers, Y: NDArray) -> Gradients:
    dW, db = right(W, Z, A, Y)
    dW[1], db[1] = 0 * dW[1], 0 * db[1]
    return dW, db


VARIANTS: dict[str, Callable[[Layers, Layers, Layers, NDArray], Gradients]] = {
    "right": right,
    "g' left out of Step 2": without_slope,
    "g'(a) for g'(z)": slope_of_a,
    "an extra g' at the output": slope_at_output,
    "layer 1 frozen": first_layer_frozen,
}


COLUMNS = ("variant", "seed", "accuracy", "J_before", "J_after")


def measure(
    variant: str, seed: int, *, rate: float = 0.3, epochs: int = 30, size: int = 32
) -> tuple[float, float, float]:
    """Test accuracy after training with that variant's gradient, and J on the training set before and after."""
    X, classes = load_digits()
    X_train, c_train, X_test, c_test = split(X, classes, 0.25, np.random.default_rng(seed))
    Y = one_hot(c_train, 10)
    rng = np.random.default_rng(seed)
    W, b = initialise([64, 32, 10], rng)
    before = loss("softmax", forward(W, b, X_train, "tanh", "softmax")[0][2], Y)
    for _ in range(epochs):
        for columns in batches(X_train.shape[1], size, rng):
            Z, A = forward(W, b, X_train[:, columns], "tanh", "softmax")
            dW, db = VARIANTS[variant](W, Z, A, Y[:, columns])
            W = {l: W[l] - rate * dW[l] for l in W}
            b = {l: b[l] - rate * db[l] for l in b}
    after = loss("softmax", forward(W, b, X_train, "tanh", "softmax")[0][2], Y)
    return accuracy(W, b, X_test, one_hot(c_test, 10), "tanh", "softmax"), before, after


def rows(seed: int) -> list[tuple[object, ...]]:
    """The table's rows of one seed: a run with each gradient."""
    return [(variant, seed, *measure(variant, seed)) for variant in VARIANTS]
