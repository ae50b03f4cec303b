"""Graded, Step 3: a weight used twice, a weight of low rank, and an input found from its gradients."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_property import restored_exercise
from autograder.exercises.graded.derived_step import DerivedStep
from autograder.exercises.graded.twins import Twins
from autograder.trees import Array

ASSIGNMENT = "g7-step-3"


def used_twice(W: Array, b: Array, delta1: Array, a1: Array, delta2: Array, a2: Array) -> Any:
    """A number whose gradient in W and b is that of J, where two layers share them; columns."""
    z1 = W @ a1 + b
    z2 = W @ a2 + b
    m = a1.shape[1]
    return (np.sum(delta1 * z1) + np.sum(delta2 * z2)) / m


def used_twice_rows(V: Array, c: Array, delta1: Array, a1: Array, delta2: Array, a2: Array) -> Any:
    """The same with examples as rows."""
    z1 = a1 @ V + c
    z2 = a2 @ V + c
    m = len(a1)
    return (np.sum(delta1 * z1) + np.sum(delta2 * z2)) / m


def few_columns(U: Array, V: Array, delta: Array, a_prev: Array) -> Any:
    """The same of a layer whose weight is U V^T; columns."""
    z = U @ (V.T @ a_prev)
    m = a_prev.shape[1]
    return np.sum(delta * z) / m


def few_columns_rows(P: Array, Q: Array, delta: Array, a_prev: Array) -> Any:
    """The same of a layer whose weight is P Q^T; rows."""
    z = (a_prev @ P) @ Q.T
    m = len(a_prev)
    return np.sum(delta * z) / m


def decayed_layer(W: Array, b: Array, delta: Array, a_prev: Array, lam: float) -> Any:
    """The same of one example, with a penalty on the squares of W."""
    z = W @ a_prev + b
    return np.sum(delta * z) + lam / 2 * np.sum(W**2)


def lasso_layer(V: Array, c: Array, delta: Array, a_prev: Array, lam: float) -> Any:
    """The same of one example as a row, with a penalty on the absolute values of V."""
    z = a_prev @ V + c
    return np.sum(delta * z) + lam * np.sum(np.abs(V))


def draw_with_a_zero(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """A delta in which one unit of several has no part."""
    delta = rng.normal(size=shape)
    if delta.size > 1:
        delta.flat[int(rng.integers(delta.size))] = 0.0
    return delta


EXERCISES = (
    Twins(
        ("a weight used twice", "the outer product", "1/m once", "the bias"),
        {
            "A": traced_exercise(
                "tied_gradients",
                ASSIGNMENT,
                forward=used_twice,
                arguments={
                    "W": ("n", "p"),
                    "b": ("n", 1),
                    "delta1": ("n", "m"),
                    "a1": ("p", "m"),
                    "delta2": ("n", "m"),
                    "a2": ("p", "m"),
                },
                gradients=("W", "b"),
                signature=("delta1", "a1", "delta2", "a2"),
                example={
                    "delta1": [[1.0, 3.0]],
                    "a1": [[2.0, 0.0]],
                    "delta2": [[1.0, 1.0]],
                    "a2": [[4.0, 6.0]],
                    "W": [[0.0]],
                    "b": [[0.0]],
                },
                parts={"dW": 0.7, "db": 0.3},
            ),
            "B": traced_exercise(
                "twin_gradients",
                ASSIGNMENT,
                forward=used_twice_rows,
                arguments={
                    "V": ("p", "n"),
                    "c": ("n",),
                    "delta1": ("m", "n"),
                    "a1": ("m", "p"),
                    "delta2": ("m", "n"),
                    "a2": ("m", "p"),
                },
                gradients=("V", "c"),
                signature=("delta1", "a1", "delta2", "a2"),
                example={
                    "delta1": [[1.0], [3.0]],
                    "a1": [[2.0], [0.0]],
                    "delta2": [[1.0], [1.0]],
                    "a2": [[4.0], [6.0]],
                    "V": [[0.0]],
                    "c": [0.0],
                },
                parts={"dV": 0.7, "dc": 0.3},
            ),
        },
    ),
    Twins(
        ("two matrices in a row", "the outer product", "1/m once"),
        {
            "A": traced_exercise(
                "low_rank_gradients",
                ASSIGNMENT,
                forward=few_columns,
                arguments={"U": ("n", "r"), "V": ("p", "r"), "delta": ("n", "m"), "a_prev": ("p", "m")},
                gradients=("U", "V"),
                example={
                    "U": [[1.0], [2.0]],
                    "V": [[3.0], [1.0]],
                    "delta": [[1.0], [1.0]],
                    "a_prev": [[1.0], [2.0]],
                },
            ),
            "B": traced_exercise(
                "narrow_gradients",
                ASSIGNMENT,
                forward=few_columns_rows,
                arguments={"P": ("p", "r"), "Q": ("n", "r"), "delta": ("m", "n"), "a_prev": ("m", "p")},
                gradients=("P", "Q"),
                example={
                    "P": [[3.0], [1.0]],
                    "Q": [[1.0], [2.0]],
                    "delta": [[1.0, 1.0]],
                    "a_prev": [[1.0, 2.0]],
                },
            ),
        },
    ),
    Twins(
        ("Step 3 undone", "a penalty"),
        {
            "A": restored_exercise(
                "input_of",
                ASSIGNMENT,
                step=decayed_layer,
                used=DerivedStep((), ("W", "b")),
                arguments={
                    "W": ("n", "p"),
                    "b": ("n", 1),
                    "delta": ("n", 1),
                    "a_prev": ("p", 1),
                    "lam": (0.1, 2.0),
                },
                unknown="a_prev",
                outcomes=("dW", "db"),
                signature=("dW", "db", "W", "lam"),
                values={"delta": draw_with_a_zero},
                example={
                    "W": [[1.0, 0.0], [2.0, 4.0]],
                    "b": np.zeros((2, 1)),
                    "delta": [[0.0], [2.0]],
                    "a_prev": [[3.0], [-1.0]],
                    "lam": 0.5,
                },
            ),
            "B": restored_exercise(
                "row_behind",
                ASSIGNMENT,
                step=lasso_layer,
                used=DerivedStep((), ("V", "c")),
                arguments={
                    "V": ("p", "n"),
                    "c": ("n",),
                    "delta": (1, "n"),
                    "a_prev": (1, "p"),
                    "lam": (0.1, 2.0),
                },
                unknown="a_prev",
                outcomes=("dV", "dc"),
                signature=("dV", "dc", "V", "lam"),
                values={"delta": draw_with_a_zero},
                example={
                    "V": [[1.0, 2.0], [-3.0, 4.0]],
                    "c": np.zeros(2),
                    "delta": [[0.0, 2.0]],
                    "a_prev": [[3.0, -1.0]],
                    "lam": 0.5,
                },
            ),
        },
        form="the data from the gradients: no gradient of anything",
    ),
)
