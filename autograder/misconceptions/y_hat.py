"""Mistakes in y_hat = g(z), which Step 1 starts from."""

from collections.abc import Callable
from itertools import product
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.forward_pass import with_softmax
from autograder.misconceptions.mean_loss import entropy, instead
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.slots import WrongFormula, in_every_branch
from autograder.misconceptions.step_1 import for_softmax
from backprop import g, sigmoid, softmax


def softmax_as(formula: Callable[[Any], Any]) -> WrongFormula:
    """A wrong y_hat of softmax, the right one elsewhere."""
    return lambda output, z: formula(z) if output == "softmax" else g(output, z)


def for_sigmoid_as(formula: Callable[[Any], Any]) -> WrongFormula:
    """A wrong y_hat of sigmoid, the right one elsewhere."""
    return lambda output, z: formula(z) if output == "sigmoid" else g(output, z)


def _winner(z: Any) -> Any:
    return np.eye(len(z))[:, np.argmax(z, axis=0)]


class ArgmaxForProbabilities(Misconception):
    """argmax picks a class when the network is used. The loss sees the probabilities behind it, and so does
    its gradient: argmax has slope 0 nearly everywhere. The check sees only -1, 0 and 1. Subtract y from ŷ
    itself.
    """

    code, name, equation, chapter = "K7", "argmax, or a rounded ŷ, minus y", "5.1", "05-step-1"
    sentence = "Use the probabilities themselves, not the class that they would choose"
    hint = "Which numbers can a probability be, and which can yours be?"
    snippet = "delta = np.eye(k)[:, A.argmax(axis=0)] - Y"
    variants = (
        {"yhat": softmax_as(_winner)},
        # All that share the first place.
        {"yhat": softmax_as(lambda z: (z == np.max(z, axis=0)) * 1.0)},
        # The class that a unit by itself chooses.
        {"yhat": for_sigmoid_as(lambda z: (z > 0) * 1.0)},
        {"yhat": for_sigmoid_as(lambda z: (z >= 0) * 1.0)},
        {"first": for_softmax(lambda a, z, Y: np.argmax(a, axis=0) - np.argmax(Y, axis=0))},
        {"first": for_softmax(lambda a, z, Y: (np.argmax(a, axis=0) - np.argmax(Y, axis=0))[None, :])},
        {"first": for_softmax(lambda a, z, Y: np.argmax(a, axis=0) - Y)},
    )
    elsewhere: ClassVar[Formulas] = {"softmax": (lambda z: (z == np.max(z, axis=0)) * 1.0, _winner)}


class PredictionRounded(Misconception):
    """Rounding a probability to 0 or 1 is a decision, for when the network is used. The loss, and so its
    gradient, sees how sure the network is: 0.51 and 0.99 are not the same. The check sees -1, 0 and 1, or y's
    own digits. Subtract y from ŷ itself.
    """

    code, name, equation, chapter = "K119", "ŷ rounded", "5.1", "05-step-1"
    sentence = "Use ŷ as g gives it, not rounded and not compared with a threshold"
    hint = "How does your δ tell a ŷ of 0.6 from one of 0.9?"
    in_pairs = 1
    snippet = "delta = np.round(A) - Y"
    variants = (
        {"yhat": in_every_branch(lambda output, z: np.rint(g(output, z)))},
        {"yhat": softmax_as(lambda z: np.rint(softmax(z)))},
        # Of sigmoid alone it is the class that is chosen.
        {"yhat": in_every_branch(lambda output, z: z if output == "identity" else np.rint(g(output, z)))},
    )
    within = ("output_delta", "all_deltas", "backprop", "l2_backprop")


def normalised(shift: str, total: str) -> Callable[[Any], Any]:
    """Softmax with its maximum and its sum taken along axes by name: "column", "row", "row 1-D", "all"."""

    def along(f: Callable[..., Any], x: Any, how: str) -> Any:
        if how == "all":
            return f(x)
        return f(x, axis=0 if how == "column" else 1, keepdims=how != "row 1-D")

    def wrong(z: Any) -> Any:
        z = np.asarray(z, dtype=float)
        e = np.exp(z - along(np.max, z, shift))
        return e / along(np.sum, e, total)

    return wrong


WRONG_SOFTMAX = tuple(
    normalised(shift, total)
    for shift, total in product(("all", "row", "column", "row 1-D"), ("row", "all", "row 1-D"))
)
# Shares of a column, of which each row has lost another number before.
WRONG_MAXIMUM = (normalised("row", "column"), normalised("row 1-D", "column"))


def _log_sum_exp_by(axis: int | None) -> Callable[[Any, Any], Any]:
    def wrong(z: Any, Y: Any) -> Any:
        top = np.max(z, axis=axis, keepdims=True)
        return np.sum(Y * (top + np.log(np.sum(np.exp(z - top), axis=axis, keepdims=True)) - z))

    return wrong


def _loss_with(wrong_softmax: Callable[[Any], Any]) -> WrongFormula:
    return instead("softmax", lambda z, Y: entropy(Y, wrong_softmax(z)))


class SoftmaxOverWrongAxis(Misconception):
    """Examples are columns. A softmax that sums along a row, or over everything, lets the examples of a
    batch compete with one another. The check sees columns that do not sum to 1; with one example and one
    global sum nothing is wrong, so try two. Take maximum and sum over axis 0, with keepdims.
    """

    code, name, equation, chapter = "K8", "softmax over the wrong axis", "2.5", "02-nonlinearities"
    sentence = "Normalise each column: the k numbers of one example must sum to 1"
    hint = "Which numbers have to sum to 1: those of one example, or those of one class?"
    snippet = "np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)"
    variants = tuple({"yhat": softmax_as(f)} for f in WRONG_SOFTMAX)
    formulas: ClassVar[Formulas] = {"softmax": WRONG_SOFTMAX}
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            instead("softmax", _log_sum_exp_by(1)),
            instead("softmax", _log_sum_exp_by(None)),
            *map(_loss_with, WRONG_SOFTMAX),
        ),
        "forward": tuple(map(with_softmax, WRONG_SOFTMAX)),
    }


def _one_maximum(z: Any, epsilon: float = 0.0) -> Any:
    e = np.exp(z - np.max(z))
    return e / (np.sum(e, axis=0, keepdims=True) + epsilon)


class AnotherMaximumTakenOff(Misconception):
    """Softmax does not change when all numbers of a column lose the same one; taking the column's largest off
    is what keeps exp from overflowing. A row's largest takes something else off each number of a column. One
    maximum for all columns changes nothing on paper, but a column far below it is left with nothing but
    zeros. The check sees columns that sum to 1 with wrong shares in them, or nan at z = -1000. Take the
    maximum over axis 0, with keepdims.
    """

    code, name, equation, chapter = "K112", "not the column's own maximum", "2.5", "02-nonlinearities"
    sentence = "What is taken off each logit is the largest one of its own column"
    hint = "Which numbers does your maximum look at, for one example?"
    snippet = "e = np.exp(z - z.max(axis=1, keepdims=True))\ne / e.sum(axis=0, keepdims=True)"
    variants = tuple({"yhat": softmax_as(f)} for f in WRONG_MAXIMUM)
    formulas: ClassVar[Formulas] = {
        "softmax": (*WRONG_MAXIMUM, _one_maximum, lambda z: _one_maximum(z, 1e-12))
    }
    elsewhere: ClassVar[Formulas] = {
        "loss": tuple(map(_loss_with, WRONG_MAXIMUM)),
        "forward": tuple(map(with_softmax, WRONG_MAXIMUM)),
    }


class ZForYHat(Misconception):
    """ŷ is g(z), not z. Only the identity output has ŷ = z; sigmoid and softmax squeeze z first. The check
    sees numbers as large as the logits. Apply the output's g before you subtract y.
    """

    code, name, equation, chapter = "K40", "z for ŷ", "5.1", "05-step-1"
    sentence = "ŷ = g(z): apply the output's g first"
    hint = "In which range does ŷ lie, and in which z?"
    snippet = "delta = Z[N] - Y"
    # In forward it is a nonlinearity left out, NonlinearityOfWrongLayer.
    within = ("output_delta", "all_deltas", "backprop", "l2_backprop")
    variants = ({"yhat": lambda output, z: z},)


class WrongOutputNonlinearity(Misconception):
    """A softmax makes a column sum to 1; sigmoids know nothing of one another. The check sees softmax's
    cases wrong, and columns whose δ does not sum to 0. Look at the argument `output`.
    """

    code, name, equation, chapter = "K41", "sigmoid for softmax, or softmax for sigmoid", "2.5", "05-step-1"
    sentence = "Each output has its own g: one of them stands in for the other"
    hint = "With which of the two, sigmoid or softmax, must every column sum to 1?"
    snippet = "delta = sigmoid(z) - Y   # for every output"
    variants = (
        {"yhat": softmax_as(sigmoid)},
        {"yhat": lambda output, z: softmax(z) if output == "sigmoid" else g(output, z)},
    )
    formulas: ClassVar[Formulas] = {"softmax": (sigmoid,), "sigmoid": (softmax, normalised("all", "all"))}
    elsewhere: ClassVar[Formulas] = {
        "forward": (with_softmax(sigmoid),),
    }


ENTRIES = (
    ArgmaxForProbabilities,
    PredictionRounded,
    SoftmaxOverWrongAxis,
    AnotherMaximumTakenOff,
    ZForYHat,
    WrongOutputNonlinearity,
)
