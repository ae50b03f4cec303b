"""Graded, losses: class numbers and soft labels from the logits, losses with a corner, logits from shares."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_property import restored_exercise, rewritten_exercise
from autograder.exercises.graded.twins import Twins
from autograder.exercises.sampling import Calls
from autograder.forward import softmax
from autograder.trees import Array

ASSIGNMENT = "g3-losses"


def naive_smoothed(z: Array, c: Array, eps: float) -> Any:
    """The mean cross entropy with labels that give eps to all classes alike."""
    m, k = z.shape
    total = 0.0
    for i in range(m):
        y = np.full(k, eps / k)
        y[c[i]] += 1 - eps
        p = np.exp(z[i]) / np.sum(np.exp(z[i]))
        total = total - np.sum(y * np.log(p))
    return total / m


def naive_neighbour(z: Array, c: Array, eps: float) -> Any:
    """The mean cross entropy with labels that give eps to the next class, after the last the first."""
    m, k = z.shape
    total = 0.0
    for i in range(m):
        y = np.zeros(k)
        y[c[i]] += 1 - eps
        y[(c[i] + 1) % k] += eps
        p = np.exp(z[i]) / np.sum(np.exp(z[i]))
        total = total - np.sum(y * np.log(p))
    return total / m


def draw_classes(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """A class number for each example."""
    return rng.integers(0, sizes["k"], shape)


def large_logits(rng: np.random.Generator) -> Calls:
    """Logits to 1000 and -1000, sure and right, sure and wrong."""
    z = 1000 * rng.choice([-1.0, -0.5, 0.6, 1.0], (6, 3))
    z[0], z[1], z[2] = (1000, -1000, 0), (-1000, 1000, 0), (-1000, -999, -1000)
    calls = [("|z| up to 1000", {"z": z, "c": rng.integers(0, 3, 6), "eps": 0.125})]
    z = 120 * rng.choice([-1.0, -0.5, 0.6, 1.0], (5, 4))
    z[0] = -800
    return [*calls, ("|z| up to 800", {"z": z, "c": rng.integers(0, 4, 5), "eps": 0.25})]


def hinge(z: Array, y: Array, margin: float) -> Any:
    """The mean hinge loss of scores z of kinds y, which are 1 and -1."""
    missing = margin - y * z
    losses = np.maximum(missing, 0)
    return losses.mean()


def insensitive(z: Array, y: Array, eps: float) -> Any:
    """The mean loss of what is off by more than eps."""
    beyond = np.abs(z - y) - eps
    losses = np.maximum(beyond, 0)
    return losses.mean()


def draw_kinds(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """1 and -1."""
    return rng.choice([-1.0, 1.0], shape)


def draw_scores(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Scores of either sign, some of them beyond every margin."""
    return rng.normal(size=shape) * rng.choice([0.3, 3.0], shape, p=[0.25, 0.75])


def shares(z: Array, T: float) -> Array:
    """Softmax of each row at temperature T."""
    return np.asarray(softmax(z / T, axis=1))


def shares_of_energies(z: Array, T: float) -> Array:
    """Softmax of each row's negatives at temperature T: low energies have large shares."""
    return np.asarray(softmax(-z / T, axis=1))


def draw_centred(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """Rows that sum to 0."""
    z = rng.normal(size=shape)
    return np.asarray(z - z.mean(axis=1, keepdims=True))


STABLE_LOSS: dict[str, Any] = {
    "arguments": {"z": ("m", "k"), "c": ("m",), "eps": (0.05, 0.4)},
    "results": {"J": ()},
    "values": {"c": draw_classes},
    "extremes": large_logits,
    "example": {"z": [[0.0, 1000.0]], "c": [1], "eps": 0.5},
    "wide": True,
}
SOFTMAX_UNDONE: dict[str, Any] = {
    "arguments": {"z": ("m", "k"), "T": (0.4, 3.0)},
    "unknown": "z",
    "outcomes": ("p",),
    "signature": ("p", "T"),
    "values": {"z": draw_centred},
    "example": {"z": [[1.0, -1.0]], "T": 2.0},
}
EXERCISES = (
    Twins(
        ("class numbers for one-hot rows", "soft labels", "log-sum-exp"),
        {
            "A": rewritten_exercise("smoothed_loss", ASSIGNMENT, given=naive_smoothed, **STABLE_LOSS),
            "B": rewritten_exercise("neighbour_loss", ASSIGNMENT, given=naive_neighbour, **STABLE_LOSS),
        },
        form="a form that doesn't overflow; no slope is asked",
    ),
    Twins(
        ("the slope of a loss", "a corner", "the mean over the examples"),
        {
            "A": traced_exercise(
                "hinge_slope",
                ASSIGNMENT,
                forward=hinge,
                arguments={"z": ("m",), "y": ("m",), "margin": (0.3, 2.0)},
                gradients=("z",),
                results=("slope",),
                values={"z": draw_scores, "y": draw_kinds},
                example={"z": [0.5, 2.0], "y": [-1.0, 1.0], "margin": 1.0},
            ),
            "B": traced_exercise(
                "insensitive_slope",
                ASSIGNMENT,
                forward=insensitive,
                arguments={"z": ("m",), "y": ("m",), "eps": (0.2, 1.0)},
                gradients=("z",),
                results=("slope",),
                example={"z": [0.5, 2.0], "y": [1.5, 1.75], "eps": 0.5},
            ),
        },
    ),
    Twins(
        ("softmax undone",),
        {
            "A": restored_exercise("scores_of", ASSIGNMENT, step=shares, **SOFTMAX_UNDONE),
            "B": restored_exercise("energies_of", ASSIGNMENT, step=shares_of_energies, **SOFTMAX_UNDONE),
        },
        form="the way back from the probabilities: no gradient of anything",
    ),
)
