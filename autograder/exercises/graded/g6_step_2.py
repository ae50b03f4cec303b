"""Graded, Step 2: a layer that feeds two others, two matrices in a row, and the way forward again."""

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_loss import EXAMPLE, Calls
from autograder.exercises.from_property import restored_exercise, well_conditioned
from autograder.exercises.graded.derived_step import derived_step
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


def skip_example(rng: np.random.Generator) -> Calls:
    one = np.array([[1.0]])
    two = np.array([[1.0, 2.0]])
    z = np.array([[3.0], [-1.0]])
    call = {"W_next": two, "delta_next": one, "W_after": 2 * two, "delta_after": 3 * one, "z": z}
    return [(EXAMPLE, {**call, "slope": 0.5})]


def forked_example(rng: np.random.Generator) -> Calls:
    one = np.array([[1.0]])
    two = np.array([[1.0], [2.0]])
    z = np.array([[3.0, -1.0]])
    call = {"V_left": two, "delta_left": one, "V_right": 2 * two, "delta_right": 3 * one, "z": z}
    return [(EXAMPLE, {**call, "alpha": 0.5})]


def low_rank_example(rng: np.random.Generator) -> Calls:
    U, V = np.array([[2.0], [0.0]]), np.array([[1.0], [3.0]])
    return [
        (EXAMPLE, {"U": U, "V": V, "delta_next": np.array([[1.0], [5.0]]), "z": np.array([[1.0], [-3.0]])})
    ]


def squeezed_example(rng: np.random.Generator) -> Calls:
    P, Q = np.array([[1.0], [3.0]]), np.array([[2.0], [0.0]])
    return [(EXAMPLE, {"P": P, "Q": Q, "delta_next": np.array([[1.0, 5.0]]), "z": np.array([[0.0, 1.0]])})]


def hidden_layer(z: Array, W: Array) -> Array:
    """A layer with as many units as the next one: (n, m) to (n, m)."""
    a = z / (1 + np.abs(z))
    return W @ a


def hidden_layer_rows(z: Array, V: Array) -> Array:
    """The same with examples as rows: (m, n) to (m, n)."""
    a = np.arctan(z)
    return a @ V


def ahead_example() -> dict[str, Array]:
    W = np.array([[1.0, 2.0], [0.0, 1.0]])
    return {"z": np.array([[1.0], [-3.0]]), "W": W, "delta_next": np.array([[4.0], [-8.0]])}


def ahead_rows_example() -> dict[str, Array]:
    V = np.array([[1.0, 0.0], [2.0, 1.0]])
    return {"z": np.array([[1.0, 0.0]]), "V": V, "delta_next": np.array([[4.0, 2.0]])}


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
                fixed=skip_example,
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
                fixed=forked_example,
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
                fixed=low_rank_example,
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
                fixed=squeezed_example,
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
                step=derived_step(hidden_layer, ("delta_next",), ("z",)),
                arguments={"W": ("n", "n"), "z": ("n", "m"), "delta_next": ("n", "m")},
                unknown="delta_next",
                outcomes=("delta",),
                signature=("W", "delta", "z"),
                values={"W": well_conditioned},
                example=ahead_example,
                per_example=True,
            ),
            "B": restored_exercise(
                "delta_after",
                ASSIGNMENT,
                step=derived_step(hidden_layer_rows, ("delta_next",), ("z",)),
                arguments={"V": ("n", "n"), "z": ("m", "n"), "delta_next": ("m", "n")},
                unknown="delta_next",
                outcomes=("delta",),
                signature=("V", "delta", "z"),
                values={"V": well_conditioned},
                example=ahead_rows_example,
                per_example=True,
            ),
        },
        form="the way forward: no gradient of anything",
    ),
)
