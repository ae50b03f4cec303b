"""Graded, Step 2: a layer that feeds two others, two matrices in a row, and the way forward again."""

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_property import restored_exercise, well_conditioned
from autograder.exercises.graded.derived_step import DerivedStep
from autograder.exercises.graded.twins import Twins
from autograder.trees import Array

ASSIGNMENT = "g6-step-2"


def skip_layer(z: Array, W_next: Array, W_after: Array, slope: float) -> tuple[Array, Array]:
    """A leaky layer that feeds the next one and the one after: (n, m) to (p, m) and (q, m)."""
    a = np.where(z > 0, z, slope * z)
    z_next = W_next @ a
    z_after = W_after @ a
    return z_next, z_after


def forked_layer(z: Array, V_left: Array, V_right: Array, alpha: float) -> tuple[Array, Array]:
    """An exponential linear layer that feeds two others, examples as rows: (m, n) to (m, p) and (m, q)."""
    a = np.where(z > 0, z, alpha * (np.exp(z) - 1))
    z_left = a @ V_left
    z_right = a @ V_right
    return z_left, z_right


def low_rank_layer(z: Array, U: Array, V: Array) -> Array:
    """A layer whose weight is U V^T, of few columns: (n, m) to (p, m)."""
    a = z / (1 + np.abs(z))
    few = V.T @ a
    return U @ few


def squeezed_layer(z: Array, P: Array, Q: Array) -> Array:
    """A layer through a few units without a nonlinearity, examples as rows: (m, n) to (m, p)."""
    a = z / np.sqrt(1 + z**2)
    few = a @ P
    return few @ Q.T


def hidden_layer(z: Array, W: Array) -> Array:
    """A layer with as many units as the next one: (n, m) to (n, m)."""
    a = z / (1 + np.abs(z))
    return W @ a


def hidden_layer_rows(z: Array, V: Array) -> Array:
    """The same with examples as rows: (m, n) to (m, n)."""
    a = np.arctan(z)
    return a @ V


def _sides(z: Array) -> dict[str, Array]:
    return {"z > 0": z > 0, "z < 0": z <= 0}


BELOW_AND_ABOVE = {"z > 0": 0.5, "z < 0": 0.5}

EXERCISES = (
    Twins(
        ("two paths add", "the slope of another nonlinearity", "the transpose"),
        {
            "A": traced_exercise(
                "skip_delta",
                ASSIGNMENT,
                forward=skip_layer,
                arguments={
                    "z": ("n", "m"),
                    "W_next": ("p", "n"),
                    "W_after": ("q", "n"),
                    "slope": (0.01, 0.5),
                },
                upstream=("delta_next", "delta_after"),
                gradients=("z",),
                results=("delta",),
                signature=("W_next", "delta_next", "W_after", "delta_after", "z", "slope"),
                example={
                    "W_next": [[1.0, 2.0]],
                    "delta_next": [[1.0]],
                    "W_after": [[2.0, 4.0]],
                    "delta_after": [[3.0]],
                    "z": [[3.0], [-1.0]],
                    "slope": 0.5,
                },
                regions=lambda *given: _sides(given[4]),
                parts=BELOW_AND_ABOVE,
                per_example=True,
            ),
            "B": traced_exercise(
                "forked_delta",
                ASSIGNMENT,
                forward=forked_layer,
                arguments={
                    "z": ("m", "n"),
                    "V_left": ("n", "p"),
                    "V_right": ("n", "q"),
                    "alpha": (0.2, 1.5),
                },
                upstream=("delta_left", "delta_right"),
                gradients=("z",),
                results=("delta",),
                signature=("V_left", "delta_left", "V_right", "delta_right", "z", "alpha"),
                example={
                    "V_left": [[1.0], [2.0]],
                    "delta_left": [[1.0]],
                    "V_right": [[2.0], [4.0]],
                    "delta_right": [[3.0]],
                    "z": [[3.0, -1.0]],
                    "alpha": 0.5,
                },
                regions=lambda *given: _sides(given[4]),
                parts=BELOW_AND_ABOVE,
                per_example=True,
            ),
        },
    ),
    Twins(
        ("two matrices in a row", "the slope of another nonlinearity", "the transpose"),
        {
            "A": traced_exercise(
                "low_rank_delta",
                ASSIGNMENT,
                forward=low_rank_layer,
                arguments={"z": ("n", "m"), "U": ("p", "r"), "V": ("n", "r")},
                upstream=("delta_next",),
                gradients=("z",),
                results=("delta",),
                signature=("U", "V", "delta_next", "z"),
                example={
                    "U": [[2.0], [0.0]],
                    "V": [[1.0], [3.0]],
                    "delta_next": [[1.0], [5.0]],
                    "z": [[1.0], [-3.0]],
                },
                per_example=True,
            ),
            "B": traced_exercise(
                "squeezed_delta",
                ASSIGNMENT,
                forward=squeezed_layer,
                arguments={"z": ("m", "n"), "P": ("n", "r"), "Q": ("p", "r")},
                upstream=("delta_next",),
                gradients=("z",),
                results=("delta",),
                signature=("P", "Q", "delta_next", "z"),
                example={
                    "P": [[1.0], [3.0]],
                    "Q": [[2.0], [0.0]],
                    "delta_next": [[1.0, 5.0]],
                    "z": [[0.0, 1.0]],
                },
                per_example=True,
            ),
        },
    ),
    Twins(
        ("Step 2 undone", "the slope of another nonlinearity"),
        {
            "A": restored_exercise(
                "next_delta",
                ASSIGNMENT,
                step=hidden_layer,
                used=DerivedStep(("delta_next",), ("z",)),
                arguments={"W": ("n", "n"), "z": ("n", "m"), "delta_next": ("n", "m")},
                unknown="delta_next",
                outcomes=("delta",),
                signature=("W", "delta", "z"),
                values={"W": well_conditioned},
                example={"z": [[1.0], [-3.0]], "W": [[1.0, 2.0], [0.0, 1.0]], "delta_next": [[4.0], [-8.0]]},
                per_example=True,
            ),
            "B": restored_exercise(
                "delta_after",
                ASSIGNMENT,
                step=hidden_layer_rows,
                used=DerivedStep(("delta_next",), ("z",)),
                arguments={"V": ("n", "n"), "z": ("m", "n"), "delta_next": ("m", "n")},
                unknown="delta_next",
                outcomes=("delta",),
                signature=("V", "delta", "z"),
                values={"V": well_conditioned},
                example={"z": [[1.0, 0.0]], "V": [[1.0, 0.0], [2.0, 1.0]], "delta_next": [[4.0, 2.0]]},
                per_example=True,
            ),
        },
        form="the way forward: no gradient of anything",
    ),
)
