"""Mistakes about the target and its loss: y left out or rounded, the loss for its slope, another loss."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions import mean_loss
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.step_1 import for_sigmoid, for_softmax
from backprop import losses, sigmoid, softmax


def _one_hot(Y: Any) -> Any:
    return np.eye(len(Y))[:, np.argmax(Y, axis=0)]


class TargetOrPredictionMissing(Misconception):
    """δ[N] compares what came out with what should have: ŷ - y. One of the two alone compares nothing, and
    their sum is small only where both are. The check sees ŷ, y or ŷ + y. Subtract y from ŷ.
    """

    code, name, equation, chapter = "K100", "ŷ and y not subtracted", "5.1", "05-step-1"
    sentence = "δ[N] = ŷ - y: it takes both, with a minus between them"
    hint = "What should δ be when ŷ is exactly y?"
    in_pairs = 1
    snippet = "delta = A   # and Y?"
    variants = (
        {"first": lambda output, a, z, Y: a},
        {"first": lambda output, a, z, Y: a + Y},
        {"first": lambda output, a, z, Y: -Y},
        {"first": lambda output, a, z, Y: Y},
        {"first": lambda output, a, z, Y: -a},
        {"first": lambda output, a, z, Y: a * Y},
        # What was predicted, in the place of what is true.
        {"first": for_softmax(lambda a, z, Y: a - _one_hot(a))},
        {"first": for_sigmoid(lambda a, z, Y: a - (a > 0.5))},
    )
    elsewhere: ClassVar[Formulas] = {
        "huber_output_delta": (
            lambda z, Y, kappa: np.clip(z, -kappa, kappa),
            lambda z, Y, kappa: np.clip(z + Y, -kappa, kappa),
        ),
    }


def _entropies(output: str, a: Any, Y: Any) -> Any:
    if output == "identity":
        return (a - Y) ** 2 / 2
    if output == "sigmoid":
        return -Y * np.log(a) - (1 - Y) * np.log(1 - a)
    return -Y * np.log(a)


class LossForItsSlope(Misconception):
    """δ asks how the loss changes when z moves a little. That is the slope of the loss, and squares or
    logarithms are gone after the differentiation. The check sees numbers made of the loss itself.
    Differentiate first: ŷ - y is left.
    """

    code, name, equation, chapter = "K101", "the loss for its slope", "5.1", "05-step-1"
    sentence = "The slope of the loss is asked for, not the loss: no square and no log is left in it"
    hint = "Can your answer be negative? Should it be, where ŷ is too small?"
    in_pairs = 1
    snippet = "delta = (A - Y) ** 2 / 2"
    variants = (
        {"first": lambda output, a, z, Y: (a - Y) ** 2 / 2},
        {"first": lambda output, a, z, Y: (a - Y) ** 2},
        {"first": lambda output, a, z, Y: _entropies(output, a, Y)},
        {"first": lambda output, a, z, Y: losses(output, z, Y)},
    )
    elsewhere: ClassVar[Formulas] = {
        "huber_output_delta": (
            lambda z, Y, kappa: (z - Y) ** 2 / 2,
            lambda z, Y, kappa: (z - Y) ** 2,
            lambda z, Y, kappa: np.where(
                np.abs(z - Y) <= kappa, (z - Y) ** 2 / 2, kappa * (np.abs(z - Y) - kappa / 2)
            ),
        ),
    }


LABELS: tuple[Callable[[Any], Any], ...] = (
    lambda Y: (Y > 0.5) * 1.0,
    lambda Y: (Y >= 0.5) * 1.0,
    np.rint,
    lambda Y: (Y > 0) * 1.0,
    lambda Y: (np.max(Y, axis=0) == Y) * 1.0,
    _one_hot,
    lambda Y: Y // 1,
)


def _only_ones(output: str, a: Any, z: Any, Y: Any) -> Any:
    # Of measured values none need be 1: there it would be no label left out, but all.
    return a - (Y if output == "identity" else (Y == 1) * 1.0)


class LabelsRounded(Misconception):
    """Y need not be 0 or 1: a soft label such as 0.7 says how sure the target itself is, and a measured value
    may be anything. Rounded, it is another target. The check uses such labels and sees the δ of the rounded
    ones. Use Y as it is.
    """

    code, name, equation, chapter = "K102", "labels rounded to 0 and 1", "5.1", "05-step-1"
    sentence = "Use Y as it is: its entries need not be 0 or 1"
    hint = "What does your code make of a label 0.7?"
    credit = 0.5
    in_pairs = 0
    snippet = "delta = A - (Y > 0.5)"
    variants = (
        *({"first": lambda output, a, z, Y, f=f: a - f(Y)} for f in LABELS),
        {"first": _only_ones},
    )
    elsewhere: ClassVar[Formulas] = {
        "loss": tuple(
            lambda output, z, Y, f=f: mean_loss.mean(output, z, Y if output == "identity" else f(Y))
            for f in (*LABELS, lambda Y: (Y == 1) * 1.0)
        ),
    }


class LabelsExchanged(Misconception):
    """y is 1 for a unit that should be on, and 0 for one that should be off. With 1 - y in its place the
    network learns to say the opposite. The check sees the numbers of the other label. Look at the order of
    the two halves of binary cross entropy, and at ŷ - y.
    """

    code, name, equation, chapter = "K126", "y and 1 - y exchanged", "3.2", "03-losses"
    sentence = "y belongs to log ŷ, and 1 - y to log(1 - ŷ): here the two have changed places"
    hint = "What should your answer be where y is 1 and ŷ nearly 1?"
    in_pairs = 1
    snippet = "-np.sum((1 - Y) * np.log(A) + Y * np.log(1 - A)) / m"
    variants = (
        {"first": lambda output, a, z, Y: a - (1 - Y if output == "sigmoid" else Y)},
        {"first": lambda output, a, z, Y: a - (Y if output == "identity" else 1 - Y)},
    )
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            lambda output, z, Y: mean_loss.mean(output, z, 1 - Y if output == "sigmoid" else Y),
            lambda output, z, Y: mean_loss.mean(output, z, Y if output == "identity" else 1 - Y),
        ),
    }


def _squared_error(f: Callable[[Any], Any], over: int) -> Callable[[Any, Any], Any]:
    return lambda z, Y: np.sum((f(z) - Y) ** 2) / over


class SquaredErrorForCrossEntropy(Misconception):
    """Each output has a loss of its own: the squared error goes with the identity, cross entropy with sigmoid
    and softmax. The check sees the squared error of the probabilities, which stays small even where they are
    confidently wrong. Take -log of the probability.
    """

    code, name, equation, chapter = "K105", "squared error for cross entropy", "3.2", "03-losses"
    sentence = "Sigmoid and softmax have cross entropy; the squared error belongs to the identity"
    hint = "Which loss goes with the output that you are given?"
    snippet = "np.sum((sigmoid(z) - Y) ** 2) / (2 * m)"
    formulas: ClassVar[Formulas] = {
        "loss": tuple(
            mean_loss.instead(output, _squared_error(f, half))
            for output, f in (("sigmoid", sigmoid), ("softmax", softmax))
            for half in (2, 1)
        )
        + tuple(
            mean_loss.instead(output, _squared_error(np.asarray, half))
            for output in ("sigmoid", "softmax")
            for half in (2, 1)
        ),
    }


ENTRIES = (
    TargetOrPredictionMissing,
    LossForItsSlope,
    LabelsRounded,
    LabelsExchanged,
    SquaredErrorForCrossEntropy,
)
