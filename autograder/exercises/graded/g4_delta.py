"""Graded, delta defined: differences to one side, and delta of two layers in a row."""

from typing import Any

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.graded.differences import difference_exercise
from autograder.exercises.graded.twins import Twins
from autograder.trees import Array

ASSIGNMENT = "g4-delta"


def loss_behind(z: Array, V: Array, W: Array, Y: Array) -> Any:
    """The loss, summed over the examples (columns), as a function of a hidden layer's z."""
    a = np.tanh(z)
    y_hat = W @ (V @ a)
    return np.sum((y_hat - Y) ** 2) / 2


def loss_behind_rows(z: Array, P: Array, Q: Array, Y: Array) -> Any:
    """The same with examples as rows, and another nonlinearity."""
    a = np.arctan(z)
    y_hat = (a @ P) @ Q
    return np.sum((y_hat - Y) ** 2) / 2


EXERCISES = (
    Twins(
        ("differences to one side", "an error that cancels"),
        {
            "A": difference_exercise("one_sided_delta", ASSIGNMENT, lambda h: (h / 2, h)),
            "B": difference_exercise("backward_delta", ASSIGNMENT, lambda h: (-h, -2 * h)),
        },
        form="a difference quotient with its own error, which the exact slope has not",
    ),
    Twins(
        ("delta as a gradient", "two matrices in a row", "per example, not the mean"),
        {
            "A": traced_exercise(
                "delta_behind",
                ASSIGNMENT,
                forward=loss_behind,
                arguments={"z": ("n", "m"), "V": ("h", "n"), "W": ("k", "h"), "Y": ("k", "m")},
                gradients=("z",),
                results=("delta",),
                signature=("V", "W", "z", "Y"),
                example={"V": [[2.0]], "W": [[3.0]], "z": [[0.0]], "Y": [[1.0]]},
                per_example=True,
            ),
            "B": traced_exercise(
                "row_delta_behind",
                ASSIGNMENT,
                forward=loss_behind_rows,
                arguments={"z": ("m", "n"), "P": ("n", "h"), "Q": ("h", "k"), "Y": ("m", "k")},
                gradients=("z",),
                results=("delta",),
                signature=("P", "Q", "z", "Y"),
                example={"P": [[2.0]], "Q": [[3.0]], "z": [[0.0]], "Y": [[1.0]]},
                per_example=True,
            ),
        },
    ),
)
