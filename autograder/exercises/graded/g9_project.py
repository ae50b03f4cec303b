"""Graded, a project: a network with a gate, its gradients, a check of them, and a report."""

from typing import Any

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.graded.differences import difference_exercise
from autograder.exercises.graded.twins import Twins
from autograder.forward import sigmoid
from autograder.trees import Array

ASSIGNMENT = "g9-project"
# Read by a person.
REPORTS = ("mixture_report", "highway_report")


def mixture_loss(U: Array, V: Array, w: Array, X: Array, Y: Array) -> Any:
    """J of two linear experts between which a gate chooses, example by example (rows)."""
    gate = sigmoid(X @ w)
    left = X @ U
    right = X @ V
    Y_hat = gate * left + (1 - gate) * right
    return np.sum((Y_hat - Y) ** 2) / (2 * len(X))


def highway_loss(U: Array, V: Array, w: Array, X: Array, Y: Array) -> Any:
    """J of a tanh layer and a linear one, of which a gate lets so much through, example by example (rows)."""
    gate = sigmoid(X @ w)
    bent = np.tanh(X @ U)
    straight = X @ V
    Y_hat = gate * bent + (1 - gate) * straight
    return np.sum((Y_hat - Y) ** 2) / (2 * len(X))


GATED: dict[str, Any] = {
    "arguments": {"U": ("n", "k"), "V": ("n", "k"), "w": ("n", 1), "X": ("m", "n"), "Y": ("m", "k")},
    "gradients": ("U", "V", "w"),
    "example": {"U": [[0.0]], "V": [[2.0]], "w": [[0.0]], "X": [[2.0]], "Y": [[0.0]]},
}

EXERCISES = (
    Twins(
        ("a gate", "two paths to one result", "a factor for each example", "1/m once"),
        {
            "A": traced_exercise("mixture_gradients", ASSIGNMENT, forward=mixture_loss, **GATED),
            "B": traced_exercise("highway_gradients", ASSIGNMENT, forward=highway_loss, **GATED),
        },
    ),
    Twins(
        ("differences along a direction",),
        {
            "A": difference_exercise("slope_along", ASSIGNMENT, lambda h: (h, 2 * h), along="v"),
            "B": difference_exercise("slope_from_behind", ASSIGNMENT, lambda h: (-h / 2, -h), along="v"),
        },
        form="a difference quotient with its own error, which the exact slope has not",
    ),
)
