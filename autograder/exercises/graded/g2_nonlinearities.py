"""Graded, nonlinearities: a stable form, a slope, and a softmax with a temperature."""

from typing import Any

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_property import rewritten_exercise
from autograder.exercises.graded.twins import Twins
from autograder.exercises.sampling import Calls
from autograder.forward import softmax
from autograder.trees import Array

ASSIGNMENT = "g2-nonlinearities"


def naive_two_sided(z: Array) -> Array:
    """log(e^z + e^-z), as it is written: it overflows."""
    return np.log(np.exp(z) + np.exp(-z))


def naive_three_state(z: Array) -> Array:
    """log(e^z + 1 + e^-z), as it is written: it overflows."""
    return np.log(np.exp(z) + 1 + np.exp(-z))


def large_both_ways(rng: np.random.Generator) -> Calls:
    """z to 1000 and -1000, and where one of the terms is lost beside the other."""
    z = rng.permutation([1000.0, -1000.0, 720.0, -720.0, 40.0, -40.0, 0.0, 0.5]).reshape(2, 4)
    return [("|z| up to 1000", {"z": z}), ("|z| up to 800", {"z": rng.uniform(-800, 800, (3, 2)) // 1})]


def bent(z: Array) -> Array:
    """A bent identity, entry by entry."""
    root = np.sqrt(z**2 + 1)
    return (root - 1) / 2 + z


def hat(z: Array) -> Array:
    """A hat with a hollow, entry by entry."""
    bell = np.exp(-(z**2) / 2)
    return z * bell + z / 2


def tempered_rows(z: Array, T: float) -> Array:
    """Softmax of each row at temperature T."""
    return softmax(z / T, axis=1)


def softmin_rows(z: Array, beta: float) -> Array:
    """Softmax of each row's negatives, sharpened by beta."""
    return softmax(-beta * z, axis=1)


STABLE_SOFTPLUS: dict[str, Any] = {
    "arguments": {"z": ("n", "m")},
    "results": {"a": ("n", "m")},
    "extremes": large_both_ways,
    "example": {"z": [[0.0, 1000.0, -1000.0]]},
    "wide": True,
}
ENTRIES: dict[str, Any] = {
    "arguments": {"z": ("n", "m")},
    "upstream": ("delta_a",),
    "gradients": ("z",),
    "results": ("delta_z",),
    "example": {"delta_a": [[2.0, 4.0]], "z": [[0.0, 1.0]]},
    "per_example": True,
}
EXERCISES = (
    Twins(
        ("a stable form",),
        {
            "A": rewritten_exercise(
                "two_sided_softplus", ASSIGNMENT, given=naive_two_sided, **STABLE_SOFTPLUS
            ),
            "B": rewritten_exercise(
                "three_state_softplus", ASSIGNMENT, given=naive_three_state, **STABLE_SOFTPLUS
            ),
        },
        form="a form that doesn't overflow; no slope is asked",
    ),
    Twins(
        ("the slope of another nonlinearity",),
        {
            "A": traced_exercise("bent_delta", ASSIGNMENT, forward=bent, **ENTRIES),
            "B": traced_exercise("hat_delta", ASSIGNMENT, forward=hat, **ENTRIES),
        },
    ),
    Twins(
        ("softmax couples its entries", "examples as rows", "a factor inside"),
        {
            "A": traced_exercise(
                "tempered_softmax_delta",
                ASSIGNMENT,
                forward=tempered_rows,
                arguments={"z": ("m", "k"), "T": (0.4, 3.0)},
                upstream=("delta_p",),
                gradients=("z",),
                results=("delta_z",),
                example={"delta_p": [[4.0, 0.0], [1.0, 1.0]], "z": [[0.0, 0.0], [2.0, 2.0]], "T": 2.0},
                per_example=True,
            ),
            "B": traced_exercise(
                "softmin_delta",
                ASSIGNMENT,
                forward=softmin_rows,
                arguments={"z": ("m", "k"), "beta": (0.4, 3.0)},
                upstream=("delta_p",),
                gradients=("z",),
                results=("delta_z",),
                example={"delta_p": [[4.0, 0.0], [1.0, 1.0]], "z": [[0.0, 0.0], [2.0, 2.0]], "beta": 2.0},
                per_example=True,
            ),
        },
    ),
)
