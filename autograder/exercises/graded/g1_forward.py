"""Graded, forward propagation: rows and lists, a layer undone, two layers in one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises.from_property import restored_exercise, rewritten_exercise, well_conditioned
from autograder.exercises.graded.by_examples import affine_map, by_examples
from autograder.exercises.graded.networks import NETWORKS, draw_augmented, draw_biases, draw_weights
from autograder.exercises.graded.twins import Twins
from autograder.trees import Array

ASSIGNMENT = "g1-forward"


def leaky_example(W: list[Array], b: list[Array], x: Array, slope: float) -> tuple[list[Array], list[Array]]:
    """One example, a column, through a leaky network: (Z, A) as lists."""
    Z, A = [], [x]
    for l in range(len(W)):
        Z.append(W[l] @ A[l] + b[l])
        is_last = l == len(W) - 1
        A.append(Z[l] if is_last else np.where(Z[l] > 0, Z[l], slope * Z[l]))
    return Z, A


def soft_example(W: list[Array], b: list[Array], x: Array, beta: float) -> tuple[list[Array], list[Array]]:
    """One example, a column, through a softsign network: (Z, A) as lists."""
    Z, A = [], [x]
    for l in range(len(W)):
        Z.append(W[l] @ A[l] + b[l])
        is_last = l == len(W) - 1
        A.append(Z[l] if is_last else Z[l] / (1 + beta * np.abs(Z[l])))
    return Z, A


def turned(at: Mapping[str, Any]) -> dict[str, Any]:
    """The weights and biases of rows as those of columns."""
    return {"W": [w.T for w in at["W"]], "b": [b[:, None] for b in at["b"]], "slope": at["slope"]}


def turned_apart(at: Mapping[str, Any]) -> dict[str, Any]:
    """The same where the biases stand in the weights' first rows."""
    return {"W": [w[1:].T for w in at["W"]], "b": [w[:1].T for w in at["W"]], "beta": at["beta"]}


def leaky_layer(a_prev: Array, W: Array, b: Array, slope: float) -> Array:
    """A leaky layer with as many units as inputs, examples as columns."""
    z = W @ a_prev + b
    return np.where(z > 0, z, slope * z)


def slow_layer(a_prev: Array, V: Array, c: Array, beta: float) -> Array:
    """A layer that grows like a logarithm, examples as rows."""
    z = a_prev @ V + c
    return np.arcsinh(beta * z)


def two_layers(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """Two layers without a nonlinearity between them: x (n, m) to (k, m)."""
    return W2 @ (W1 @ x + b1) + b2


def two_layers_rows(x: Array, V1: Array, c1: Array, V2: Array, c2: Array) -> Array:
    """The same with examples as rows: x (m, n) to (m, k)."""
    return (x @ V1 + c1) @ V2 + c2


EXERCISES = (
    Twins(
        ("examples as rows", "lists of layers", "another nonlinearity"),
        {
            "A": rewritten_exercise(
                "forward_rows",
                ASSIGNMENT,
                given=leaky_example,
                used=partial(by_examples, in_its_layout=turned),
                arguments={"W": ("n[l-1]", "n[l]"), "b": ("n[l]",), "X": ("m", "n0"), "slope": (0.05, 0.5)},
                results={"Z": ("m", "n[l]"), "A": ("m", "n[l]")},
                lists=("W", "b", "Z", "A"),
                values={"W": draw_weights, "b": draw_biases},
                sizes=NETWORKS,
                example={
                    "W": [[[1.0, -1.0]], [[1.0], [2.0]]],
                    "b": [[0.0, 1.0], [3.0]],
                    "X": [[1.0], [3.0]],
                    "slope": 0.5,
                },
            ),
            "B": rewritten_exercise(
                "forward_augmented",
                ASSIGNMENT,
                given=soft_example,
                used=partial(by_examples, in_its_layout=turned_apart),
                arguments={"W": ("1+n[l-1]", "n[l]"), "X": ("m", "n0"), "beta": (0.3, 2.0)},
                results={"Z": ("m", "n[l]"), "A": ("m", "n[l]")},
                lists=("W", "Z", "A"),
                values={"W": draw_augmented},
                sizes=NETWORKS,
                example={
                    "W": [[[0.0, 1.0], [1.0, -1.0]], [[3.0], [1.0], [2.0]]],
                    "X": [[1.0], [3.0]],
                    "beta": 1.0,
                },
            ),
        },
    ),
    Twins(
        ("a layer undone",),
        {
            "A": restored_exercise(
                "layer_input",
                ASSIGNMENT,
                step=leaky_layer,
                arguments={"a_prev": ("n", "m"), "W": ("n", "n"), "b": ("n", 1), "slope": (0.1, 0.5)},
                unknown="a_prev",
                outcomes=("a",),
                signature=("W", "b", "a", "slope"),
                values={"W": well_conditioned},
                example={
                    "a_prev": [[1.0], [2.0]],
                    "W": [[0.0, 1.0], [1.0, 0.0]],
                    "b": [[1.0], [-3.0]],
                    "slope": 0.5,
                },
                per_example=True,
            ),
            "B": restored_exercise(
                "row_input",
                ASSIGNMENT,
                step=slow_layer,
                arguments={"a_prev": ("m", "n"), "V": ("n", "n"), "c": ("n",), "beta": (0.5, 2.0)},
                unknown="a_prev",
                outcomes=("a",),
                signature=("V", "c", "a", "beta"),
                values={"V": well_conditioned},
                example={
                    "a_prev": [[1.0, 2.0]],
                    "V": [[0.0, 1.0], [1.0, 0.0]],
                    "c": [-2.0, 0.0],
                    "beta": 2.0,
                },
                per_example=True,
            ),
        },
        form="the way back from a layer's output: no gradient of anything",
    ),
    Twins(
        ("two matrices in a row are one",),
        {
            "A": rewritten_exercise(
                "merged_layers",
                ASSIGNMENT,
                given=two_layers,
                used=partial(affine_map, weight="W1", rows=False),
                arguments={"W1": ("h", "n"), "b1": ("h", 1), "W2": ("k", "h"), "b2": ("k", 1)},
                results={"W": ("k", "n"), "b": ("k", 1)},
                example={
                    "W1": [[1.0, 2.0]],
                    "b1": [[3.0]],
                    "W2": [[2.0]],
                    "b2": [[1.0]],
                },
            ),
            "B": rewritten_exercise(
                "merged_rows",
                ASSIGNMENT,
                given=two_layers_rows,
                used=partial(affine_map, weight="V1", rows=True),
                arguments={"V1": ("n", "h"), "c1": ("h",), "V2": ("h", "k"), "c2": ("k",)},
                results={"V": ("n", "k"), "c": ("k",)},
                example={
                    "V1": [[1.0], [2.0]],
                    "c1": [3.0],
                    "V2": [[2.0]],
                    "c2": [1.0],
                },
            ),
        },
        form="a layer, not its numbers at some x",
    ),
)
