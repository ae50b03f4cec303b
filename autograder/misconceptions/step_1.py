"""Mistakes in Step 1, delta[N] = y_hat - y."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from autograder.misconceptions.entry import Misconception
from autograder.misconceptions.wrong_recipe import Forms, in_step_1
from backprop import g, softmax


def slope(output: str, z: NDArray) -> NDArray:
    """The elementwise slope of an output: 1, or a(1 - a)."""
    a = g(output, z)
    return np.ones_like(a) if output == "identity" else a * (1 - a)


class K2(Misconception):
    """Softmax's Jacobian is diag(y_hat) - y_hat y_hat^T. Its diagonal alone gives -y (1 - y_hat)."""

    code, name, equation, chapter = "K2", "softmax treated elementwise", "5.4", "05-step-1"
    sentence = "Softmax couples all outputs; a diagonal is not its Jacobian"
    hint = "Which outputs change when one logit grows? All of them."
    formulas = in_step_1(
        lambda output, z, Y: -Y * (1 - g(output, z)) if output == "softmax" else g(output, z) - Y
    )


class K3(Misconception):
    """The wrong classes have y_j = 0, so their delta is y_hat_j and not 0."""

    code, name, equation, chapter = "K3", "delta in the true class's row only", "5.1", "05-step-1"
    sentence = "The wrong classes get δ = ŷ_j too"
    hint = "Put y_j = 0 into ŷ_j - y_j."
    formulas = in_step_1(
        lambda output, z, Y: (g(output, z) - Y) * (Y > 0) if output == "softmax" else g(output, z) - Y
    )


class K4(Misconception):
    """With the matching loss, the 1/g' of the loss's slope and the g' of the output cancel."""

    code, name, equation, chapter = "K4", "an extra g' at the output", "5.1", "05-step-1"
    sentence = "g' has already cancelled"
    hint = "Multiply ∇_ŷL by g'(z) on paper and simplify."
    formulas = in_step_1(
        lambda output, z, Y: (g(output, z) - Y) * slope(output, z),
        lambda output, z, Y: (g(output, z) - Y) * (slope(output, z) if output == "sigmoid" else 1),
        lambda output, z, Y: (g(output, z) - Y) * (slope(output, z) if output == "softmax" else 1),
    )


class K5(Misconception):
    """delta = y_hat - y points uphill; a step of descent goes against it."""

    code, name, equation, chapter = "K5", "the sign is flipped", "5.1", "05-step-1"
    sentence = "The sign is flipped: this ascends"
    hint = "Should ŷ grow or shrink when it is larger than y?"
    formulas = in_step_1(lambda output, z, Y: Y - g(output, z))


class K6(Misconception):
    """The loss is ½‖ŷ - y‖²: its ½ cancels the 2 of the square's slope."""

    code, name, equation, chapter = "K6", "a factor 2 or ½", "5.1", "05-step-1"
    sentence = "The ½ cancels the 2"
    hint = "Differentiate ½(ŷ - y)² once more."
    formulas = in_step_1(
        lambda output, z, Y: 2 * (g(output, z) - Y),
        lambda output, z, Y: (g(output, z) - Y) / 2,
        lambda output, z, Y: (g(output, z) - Y) * (2 if output == "identity" else 1),
        lambda output, z, Y: (g(output, z) - Y) / (2 if output == "identity" else 1),
    )


class K7(Misconception):
    """A class is chosen by argmax only when the network is used; the loss sees probabilities."""

    code, name, equation, chapter = "K7", "argmax minus y", "5.1", "05-step-1"
    sentence = "Use probabilities"
    hint = "ŷ is softmax(z), a column that sums to 1."
    formulas = in_step_1(
        lambda output, z, Y: (
            np.eye(len(z))[np.argmax(z, axis=0)].T - Y if output == "softmax" else g(output, z) - Y
        )
    )


class K8(Misconception):
    """Examples are columns, so softmax sums over the rows of each column: axis 0."""

    code, name, equation, chapter = "K8", "softmax over the wrong axis", "2.5", "02-nonlinearities"
    sentence = "Normalise each column"
    hint = "Sum your softmax over axis 0: every column must give 1."
    formulas: ClassVar[Forms] = {
        "softmax": (
            lambda z: softmax(z.T).T,
            lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))),
        ),
        **in_step_1(
            lambda output, z, Y: (softmax(z.T).T if output == "softmax" else g(output, z)) - Y,
            lambda output, z, Y: (
                (
                    np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z)))
                    if output == "softmax"
                    else g(output, z)
                )
                - Y
            ),
        ),
    }


ENTRIES = (K2, K3, K4, K5, K6, K7, K8)
