"""Graded, the whole recipe: a network of lists and rows, units that are left out, shares of a batch."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_property import rewritten_exercise
from autograder.exercises.graded.derived_step import DerivedStep
from autograder.exercises.graded.networks import NETWORKS, draw_augmented, draw_biases, draw_weights
from autograder.exercises.graded.twins import Twins
from autograder.trees import Array

ASSIGNMENT = "g8-batches"


def network_rows(W: list[Array], b: list[Array], X: Array, Y: Array) -> Any:
    """J of a tanh network with an identity output: the mean over the examples of half the squared error."""
    A = X
    for l in range(len(W) - 1):
        A = np.tanh(A @ W[l] + b[l])
    Y_hat = A @ W[-1] + b[-1]
    return np.sum((Y_hat - Y) ** 2) / (2 * len(X))


def network_augmented(W: list[Array], X: Array, Y: Array) -> Any:
    """The same with softsign, and each bias as the first row of its W."""
    A = X
    for l in range(len(W) - 1):
        Z = A @ W[l][1:] + W[l][0]
        A = Z / (1 + np.abs(Z))
    Y_hat = A @ W[-1][1:] + W[-1][0]
    return np.sum((Y_hat - Y) ** 2) / (2 * len(X))


def dropout_network(W1: Array, W2: Array, X: Array, Y: Array, mask: Array, keep: float) -> Any:
    """J of two layers; of the hidden units, mask (m, h) keeps some."""
    H = np.tanh(X @ W1)
    kept = H * mask / keep
    Y_hat = kept @ W2
    return np.sum((Y_hat - Y) ** 2) / (2 * len(X))


def noisy_network(U: Array, V: Array, X: Array, Y: Array, noise: Array, size: float) -> Any:
    """J of two layers; noise (m, h) multiplies the hidden units."""
    H = np.arctan(X @ U)
    loud = H * noise / size
    Y_hat = loud @ V
    return np.sum((Y_hat - Y) ** 2) / (2 * len(X))


def linear_layer(W: Array, X: Array, delta: Array) -> Any:
    """A number whose gradient in W is the mean over the examples (rows) of their gradients."""
    Z = X @ W
    return np.sum(delta * Z) / len(X)


mean_gradient = DerivedStep((), ("W",))(linear_layer)


def without_the_last(W: Array, X: Array, delta: Array) -> Any:
    """The gradient of the batch less its last example."""
    (dW,) = mean_gradient(W=W, X=X[:-1], delta=delta[:-1])
    return dW


def with_the_last(W: Array, X: Array, delta: Array) -> Any:
    """The gradient of the whole batch."""
    (dW,) = mean_gradient(W=W, X=X, delta=delta)
    return dW


def hand_out_all(at: Mapping[str, Any]) -> tuple[Any, ...]:
    """The gradient of the whole batch, its size, and its last example."""
    return with_the_last(**at), len(at["X"]), at["X"][-1:], at["delta"][-1:]


def hand_out_rest(at: Mapping[str, Any]) -> tuple[Any, ...]:
    """The gradient of all but the last, their number, and the last example."""
    return without_the_last(**at), len(at["X"]) - 1, at["X"][-1:], at["delta"][-1:]


def terms_of_a_batch(case: Case) -> list[dict[str, Array]]:
    """What a batch's gradient may be a sum of, with weights that nobody writes down here."""
    dW, _m, x, delta = case.args
    return [{"dW": dW, "x.T @ delta": x.T @ delta}]


def draw_mask(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Ones and zeros."""
    return rng.integers(0, 2, shape).astype(float)


def draw_noise(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Numbers around 1."""
    return rng.uniform(0.2, 1.8, shape)


BATCHES = tuple(
    {"n": n, "k": k, "m": m}
    for n, k, m in ((3, 2, 5), (2, 4, 3), (1, 3, 4), (4, 1, 2), (3, 3, 3), (5, 2, 11))
)


SHARES_OF_A_BATCH: dict[str, Any] = {
    "arguments": {"W": ("n", "k"), "X": ("m", "n"), "delta": ("m", "k")},
    "results": {"dW": ("n", "k")},
    "sizes": BATCHES,
    "example": {"W": [[0.0]], "X": [[3.0], [1.0]], "delta": [[2.0], [4.0]]},
    "terms": terms_of_a_batch,
    "signature": {"dW": ("n", "k"), "m": (), "x": (1, "n"), "delta": (1, "k")},
}
EXERCISES = (
    Twins(
        ("the whole recipe", "examples as rows", "lists of layers", "1/m once"),
        {
            "A": traced_exercise(
                "backprop_rows",
                ASSIGNMENT,
                forward=network_rows,
                arguments={"W": ("n[l-1]", "n[l]"), "b": ("n[l]",), "X": ("m", "n0"), "Y": ("m", "k")},
                gradients=("W", "b"),
                lists=("W", "b"),
                values={"W": draw_weights, "b": draw_biases},
                sizes=NETWORKS,
                example={
                    "W": [[[0.0, 0.0]], [[1.0], [2.0]]],
                    "b": [[0.0, 0.0], [3.0]],
                    "X": [[1.0], [2.0]],
                    "Y": [[1.0], [0.0]],
                },
                parts={"dW": 0.7, "db": 0.3},
            ),
            "B": traced_exercise(
                "backprop_augmented",
                ASSIGNMENT,
                forward=network_augmented,
                arguments={"W": ("1+n[l-1]", "n[l]"), "X": ("m", "n0"), "Y": ("m", "k")},
                gradients=("W",),
                lists=("W",),
                values={"W": draw_augmented},
                sizes=NETWORKS,
                example={
                    "W": [[[0.0, 0.0], [0.0, 0.0]], [[3.0], [1.0], [2.0]]],
                    "X": [[1.0], [2.0]],
                    "Y": [[1.0], [0.0]],
                },
            ),
        },
    ),
    Twins(
        ("a factor for each hidden unit and example", "examples as rows", "1/m once"),
        {
            "A": traced_exercise(
                "dropout_gradients",
                ASSIGNMENT,
                forward=dropout_network,
                arguments={
                    "W1": ("n", "h"),
                    "W2": ("h", "k"),
                    "X": ("m", "n"),
                    "Y": ("m", "k"),
                    "mask": ("m", "h"),
                    "keep": (0.4, 0.9),
                },
                gradients=("W1", "W2"),
                values={"mask": draw_mask},
                example={
                    "W1": [[0.0, 0.5]],
                    "W2": [[2.0], [1.0]],
                    "X": [[1.0], [2.0]],
                    "Y": [[0.0], [4.0]],
                    "mask": [[1.0, 0.0], [0.0, 1.0]],
                    "keep": 0.5,
                },
            ),
            "B": traced_exercise(
                "noisy_gradients",
                ASSIGNMENT,
                forward=noisy_network,
                arguments={
                    "U": ("n", "h"),
                    "V": ("h", "k"),
                    "X": ("m", "n"),
                    "Y": ("m", "k"),
                    "noise": ("m", "h"),
                    "size": (0.5, 2.0),
                },
                gradients=("U", "V"),
                values={"noise": draw_noise},
                example={
                    "U": [[0.0, 0.5]],
                    "V": [[2.0], [1.0]],
                    "X": [[1.0], [2.0]],
                    "Y": [[0.0], [4.0]],
                    "noise": [[1.0, 2.0], [0.0, 1.0]],
                    "size": 2.0,
                },
            ),
        },
    ),
    Twins(
        ("a batch's gradient is a mean", "shares by counts"),
        {
            "A": rewritten_exercise(
                "shrunk_gradient",
                ASSIGNMENT,
                given=without_the_last,
                hand_out=hand_out_all,
                **SHARES_OF_A_BATCH,
            ),
            "B": rewritten_exercise(
                "grown_gradient", ASSIGNMENT, given=with_the_last, hand_out=hand_out_rest, **SHARES_OF_A_BATCH
            ),
        },
        form="no data and no loss are given, only gradients",
    ),
)
