"""Graded, Step 1: a softmax of scaled logits, a likelihood that doesn't match, and the labels again."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_property import restored_exercise
from autograder.exercises.graded.derived_step import DerivedStep
from autograder.exercises.graded.twins import Twins
from autograder.forward import softmax_cross_entropy, softplus
from autograder.trees import Array

ASSIGNMENT = "g5-step-1"


def tempered_loss(z: Array, Y: Array, T: float) -> Any:
    """The cross entropy of softmax(z / T), summed over the examples (columns)."""
    losses = softmax_cross_entropy(z / T, Y, axis=0)
    return np.sum(losses)


def weighted_loss(z: Array, Y: Array, w: Array) -> Any:
    """The cross entropy of softmax(w z), a scale for each class, summed over the examples (columns)."""
    losses = softmax_cross_entropy(w * z, Y, axis=0)
    return np.sum(losses)


def poisson_loss(z: Array, Y: Array) -> Any:
    """Counts Y with the rate softplus(z): what the likelihood leaves, summed over all."""
    rate = softplus(z)
    return np.sum(rate - Y * np.log(rate))


def exponential_loss(z: Array, Y: Array) -> Any:
    """Waiting times Y with the mean softplus(z): what the likelihood leaves, summed over all."""
    mean = softplus(z)
    return np.sum(np.log(mean) + Y / mean)


def draw_labels(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Columns that sum to 1, some of them one-hot."""
    k, m = shape
    hard = np.eye(k)[:, rng.integers(0, k, m)]
    return np.where(rng.random(m) < 0.5, hard, rng.dirichlet(np.ones(k), m).T)


def draw_soft_labels(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Columns that sum to 1."""
    k, m = shape
    return np.asarray(rng.dirichlet(np.ones(k), m).T)


def column_sums(Y: Array) -> Array:
    """What is settled of the labels: they sum to 1."""
    return Y.sum(axis=0)


def draw_scales(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """A scale for each class."""
    return rng.uniform(0.3, 2.5, shape)


def draw_counts(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Counts, 0 among them."""
    return rng.poisson(1.5, shape).astype(float)


def draw_times(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Waiting times."""
    return rng.exponential(1.5, shape)


TWO_CLASSES = {"z": [[0.0], [0.0]], "Y": [[1.0], [0.0]]}


COUNTED = {"z": [[0.0, 1.0]], "Y": [[0.0, 3.0]]}
Z_AND_LABELS = {"z": ("k", "m"), "Y": ("k", "m")}
OF_Z: dict[str, Any] = {"gradients": ("z",), "results": ("delta",), "per_example": True}
LOST_LABELS: dict[str, Any] = {
    "unknown": "Y",
    "outcomes": ("delta",),
    "values": {"Y": draw_soft_labels},
    "kind": column_sums,
    "per_example": True,
}

EXERCISES = (
    Twins(
        ("softmax with cross entropy", "a factor inside"),
        {
            "A": traced_exercise(
                "tempered_delta",
                ASSIGNMENT,
                forward=tempered_loss,
                arguments={**Z_AND_LABELS, "T": (0.3, 3.0)},
                values={"Y": draw_labels},
                example={**TWO_CLASSES, "T": 2.0},
                **OF_Z,
            ),
            "B": traced_exercise(
                "weighted_delta",
                ASSIGNMENT,
                forward=weighted_loss,
                arguments={**Z_AND_LABELS, "w": ("k", 1)},
                values={"Y": draw_labels, "w": draw_scales},
                example={**TWO_CLASSES, "w": [[4.0], [2.0]]},
                **OF_Z,
            ),
        },
    ),
    Twins(
        ("an output that doesn't match its loss",),
        {
            "A": traced_exercise(
                "poisson_delta",
                ASSIGNMENT,
                forward=poisson_loss,
                arguments=Z_AND_LABELS,
                values={"Y": draw_counts},
                example=COUNTED,
                **OF_Z,
            ),
            "B": traced_exercise(
                "waiting_delta",
                ASSIGNMENT,
                forward=exponential_loss,
                arguments=Z_AND_LABELS,
                values={"Y": draw_times},
                example=COUNTED,
                **OF_Z,
            ),
        },
    ),
    Twins(
        ("Step 1 undone",),
        {
            "A": restored_exercise(
                "targets_of",
                ASSIGNMENT,
                step=tempered_loss,
                used=DerivedStep((), ("z",)),
                arguments={**Z_AND_LABELS, "T": (0.3, 3.0)},
                signature=("z", "delta", "T"),
                example={**TWO_CLASSES, "T": 2.0},
                **LOST_LABELS,
            ),
            "B": restored_exercise(
                "labels_of",
                ASSIGNMENT,
                step=weighted_loss,
                used=DerivedStep((), ("z",)),
                arguments={**Z_AND_LABELS, "w": ("k", 1)},
                signature=("z", "delta", "w"),
                example={**TWO_CLASSES, "w": [[4.0], [2.0]]},
                **{**LOST_LABELS, "values": {"Y": draw_soft_labels, "w": draw_scales}},
            ),
        },
        form="the labels from delta: no gradient of anything",
    ),
)
