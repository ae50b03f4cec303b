"""Chapter 13, optional: five layers, each known by its forward pass alone."""

import numpy as np

from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.from_forward import traced_exercise
from autograder.forward import sigmoid
from autograder.trees import Array

ASSIGNMENT = "13-layers"
# of pictures that squares of 2 by 2 fill
POOLED = tuple(
    {"m": m, "h": h, "w": w}
    for m, h, w in ((3, 4, 6), (2, 8, 2), (1, 6, 4), (4, 4, 4), (11, 2, 4), (1, 2, 2))
)


def rms_norm(x: Array, gamma: Array) -> Array:
    """x over the root of its mean square, row by row, times gamma: (m, d)."""
    mean_square = (x**2).mean(axis=1, keepdims=True)
    rms = np.sqrt(mean_square + 1e-5)
    x_hat = x / rms
    return x_hat * gamma


def average_pool(x: Array) -> Array:
    """The mean of each square of 2 by 2 entries: (m, h, w) to (m, h/2, w/2)."""
    m, height, width = x.shape
    squares = x.reshape(m, height // 2, 2, width // 2, 2)
    return squares.mean(axis=(2, 4))


def gated_linear_unit(x: Array, W: Array, V: Array) -> Array:
    """x W where the gate sigma(x V) lets it through: (m, k)."""
    value = x @ W
    gate = sigmoid(x @ V)
    return value * gate


def gru_step(x: Array, h: Array, Wz: Array, Uz: Array, Wr: Array, Ur: Array, Wn: Array, Un: Array) -> Array:
    """One turn of a gated recurrent unit: the next state, (m, k)."""
    z = sigmoid(x @ Wz + h @ Uz)
    r = sigmoid(x @ Wr + h @ Ur)
    reset = r * h
    n = np.tanh(x @ Wn + reset @ Un)
    return (1 - z) * n + z * h


def triplet_loss(anchor: Array, positive: Array, negative: Array) -> Array:
    """The mean over the examples of max(0, |anchor - positive|^2 - |anchor - negative|^2 + 1)."""
    near = anchor - positive
    far = anchor - negative
    margin = (near**2).sum(axis=1) - (far**2).sum(axis=1) + 1
    losses = np.maximum(margin, 0)
    return losses.mean()


# The calls that the statements print.


EXERCISES = (
    traced_exercise(
        "rms_norm_backward",
        ASSIGNMENT,
        forward=rms_norm,
        arguments={"x": ("m", "d"), "gamma": ("d",)},
        upstream=("dout",),
        gradients=("x", "gamma"),
        example={"dout": [[1.0, 0.0]], "x": [[3.0, 1.0]], "gamma": [1.0, 2.0]},
        help=HELPS["rms_norm_backward"],
    ),
    traced_exercise(
        "average_pool_backward",
        ASSIGNMENT,
        forward=average_pool,
        arguments={"x": ("m", "h", "w")},
        upstream=("dout",),
        gradients=("x",),
        example={"dout": [[[4.0, 8.0]]], "x": np.zeros((1, 2, 4))},
        sizes=POOLED,
        help=HELPS["average_pool_backward"],
    ),
    traced_exercise(
        "glu_backward",
        ASSIGNMENT,
        forward=gated_linear_unit,
        arguments={"x": ("m", "n"), "W": ("n", "k"), "V": ("n", "k")},
        upstream=("dout",),
        gradients=("x", "W", "V"),
        example={"dout": [[4.0]], "x": [[1.0]], "W": [[2.0]], "V": [[0.0]]},
        help=HELPS["glu_backward"],
    ),
    traced_exercise(
        "gru_backward",
        ASSIGNMENT,
        forward=gru_step,
        arguments={
            "x": ("m", "n"),
            "h": ("m", "k"),
            "Wz": ("n", "k"),
            "Uz": ("k", "k"),
            "Wr": ("n", "k"),
            "Ur": ("k", "k"),
            "Wn": ("n", "k"),
            "Un": ("k", "k"),
        },
        upstream=("dh_next",),
        gradients=("x", "h", "Wz", "Uz", "Wr", "Ur", "Wn", "Un"),
        example={
            "dh_next": [[1.0]],
            "x": [[0.0]],
            "h": [[1.0]],
            "Wz": [[0.0]],
            "Uz": [[0.0]],
            "Wr": [[0.0]],
            "Ur": [[0.0]],
            "Wn": [[1.0]],
            "Un": [[0.0]],
        },
        help=HELPS["gru_backward"],
    ),
    traced_exercise(
        "triplet_backward",
        ASSIGNMENT,
        forward=triplet_loss,
        arguments={"anchor": ("m", "d"), "positive": ("m", "d"), "negative": ("m", "d")},
        gradients=("anchor", "positive", "negative"),
        example={"anchor": [[0.0], [0.0]], "positive": [[1.0], [0.0]], "negative": [[1.0], [9.0]]},
        help=HELPS["triplet_backward"],
    ),
)
