"""Mistakes in the loss (chapter 3), and their counterparts of other chapters there."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.mean_loss import entropy, instead, total
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.slots import WrongFormula
from backprop import sigmoid, softmax


def _both_halves(Y: Any, a: Any) -> Any:
    return -np.sum(Y * np.log(a) + (1 - Y) * np.log(1 - a))


def from_probabilities(eps: float, clip: bool) -> WrongFormula:
    """The loss by way of ŷ, with an epsilon added or clipped to."""

    def wrong(output: str, z: Any, Y: Any) -> Any:
        if output == "identity":
            return total(output, z, Y) / z.shape[1]
        a = sigmoid(z) if output == "sigmoid" else softmax(z)
        one_minus = 1 - a
        if clip:
            a = np.clip(a, eps, 1 - eps)
            one_minus = 1 - a
        elif eps:
            a, one_minus = a + eps, one_minus + eps
        if output == "softmax":
            return entropy(Y, a) / z.shape[1]
        return -np.sum(Y * np.log(a) + (1 - Y) * np.log(one_minus)) / z.shape[1]

    return wrong


EPSILONS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-16, 1e-20, 1e-300, float(np.finfo(float).eps))


class LogOfZero(Misconception):
    """For a confidently wrong unit ŷ rounds to 0 or to 1, and the log of 0 is -inf; an epsilon only hides
    it, and caps the loss where it should be largest. From the logits there is no log of a small number:
    log(1 + e^z) - yz, and log-sum-exp with the largest logit taken out. The check sees right numbers, but
    inf, nan or a cap where |z| is large.
    """

    code, name, equation, chapter = "K9", "the log of a ŷ that was rounded", "3.5", "03-losses"
    sentence = "Work from the logits: where ŷ rounds to 0 or 1, its logarithm cannot be right any more"
    hint = "What is 1 - sigmoid(40) in floating point? And its log?"
    snippet = "A = sigmoid(z)\n-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m"
    formulas: ClassVar[Formulas] = {
        "loss": (
            from_probabilities(0.0, False),
            *(from_probabilities(eps, clip) for eps in EPSILONS for clip in (True, False)),
            # Of a softmax that overflows besides.
            instead("softmax", lambda z, Y: entropy(Y, np.exp(z) / np.sum(np.exp(z), axis=0))),
        )
    }


class MeanOverUnits(Misconception):
    """J averages over the examples and sums over the k units of one. np.mean over everything divides by k
    as well. The check sees a factor 1/k. Sum along a column first, then take the mean.
    """

    code, name, equation, chapter = "K60", "the mean over units as well", "3.4", "03-losses"
    sentence = "Sum over the units, average over the examples"
    hint = "How many numbers does your mean divide by?"
    snippet = "np.mean((z - Y) ** 2) / 2"
    formulas: ClassVar[Formulas] = {
        "loss": (
            lambda output, z, Y: total(output, z, Y) / z.size,
            lambda output, z, Y: total(output, z, Y) / (z.size if output == "identity" else z.shape[1]),
            lambda output, z, Y: total(output, z, Y) / (z.size if output == "sigmoid" else z.shape[1]),
            lambda output, z, Y: total(output, z, Y) / (z.size if output == "softmax" else z.shape[1]),
        )
    }


class LossNegative(Misconception):
    """log of a probability is negative, so cross entropy needs its minus to be a loss that falls as ŷ
    improves. The check sees the right number, negative. Put the minus in front.
    """

    code, name, equation, chapter = "K61", "the loss's sign", "3.3", "03-losses"
    sentence = "A loss is not negative: cross entropy has a minus in front"
    hint = "Is log(0.9) positive?"
    snippet = "np.sum(Y * np.log(A)) / m"
    formulas: ClassVar[Formulas] = {"loss": (lambda output, z, Y: -total(output, z, Y) / z.shape[1],)}


class BinaryCrossEntropyForSoftmax(Misconception):
    """Softmax's classes exclude one another, and the loss is -Σ y log ŷ. Adding (1 - y) log(1 - ŷ) is
    binary cross entropy, the loss of separate yes-or-no units. The check sees softmax's numbers too large.
    Keep the first sum alone.
    """

    code, name, equation, chapter = "K62", "binary cross entropy for softmax", "3.3", "03-losses"
    sentence = "Softmax's loss is -Σ y log ŷ alone"
    hint = "Which terms are left when y is one-hot?"
    snippet = "-np.sum(Y * np.log(S) + (1 - Y) * np.log(1 - S)) / m"
    formulas: ClassVar[Formulas] = {
        "loss": (
            instead("softmax", lambda z, Y: _both_halves(Y, softmax(z))),
            instead("softmax", lambda z, Y: _both_halves(Y, sigmoid(z))),
            instead("softmax", lambda z, Y: entropy(Y, sigmoid(z))),
        )
    }


class AnotherLogarithm(Misconception):
    """The book's log is the natural one, whose slope is 1/x; only with it is δ[N] = ŷ - y. The check sees a
    factor 1.44 or 0.43. Use np.log.
    """

    code, name, equation, chapter = "K63", "another base of the logarithm", "3.3", "03-losses"
    sentence = "The natural logarithm is meant: np.log"
    hint = "What is the slope of log2 at 1?"
    credit = 0.5
    snippet = "-np.sum(Y * np.log2(A)) / m"
    formulas: ClassVar[Formulas] = {
        "loss": tuple(
            lambda output, z, Y, base=base, changed=changed: (
                total(output, z, Y) / z.shape[1] / (np.log(base) if output in changed else 1)
            )
            for base in (2, 10)
            for changed in (("sigmoid", "softmax"), ("sigmoid",), ("softmax",))
        )
    }


def _log_sum_exp(z: Any, taken: float, put_back: float) -> Any:
    """log of each column's sum of exp, multiples of its largest logit taken off before and added after."""
    top = np.max(z, axis=0, keepdims=True)
    return put_back * top + np.log(np.sum(np.exp(z - taken * top), axis=0, keepdims=True))


NEARLY_FROM_LOGITS: tuple[Callable[[Any, Any], Any], ...] = (
    lambda z, Y: np.sum(np.logaddexp(0, z) - Y),
    lambda z, Y: np.sum(np.logaddexp(0, z) - z),
    lambda z, Y: np.sum(np.logaddexp(0, z)),
    lambda z, Y: np.sum(np.logaddexp(0, z) + Y * z),
    lambda z, Y: np.sum(np.logaddexp(0, -z) - Y * z),
    lambda z, Y: np.sum(np.log1p(np.exp(-np.abs(z))) - Y * z),
    lambda z, Y: np.sum(np.maximum(z, 0) - Y * z + np.logaddexp(0, -z)),
)


class TermOfTheLogitsFormMissing(Misconception):
    """From the logits the loss is log(1 + e^z) - yz for sigmoid, and Σ y (log Σ e^z - z) for softmax. What is
    taken out of an exponent to keep it small has to be put back, and y belongs to z. The check sees numbers
    in which the two halves of the formula don't fit together. Derive it once more on paper, from -log ŷ.
    """

    code, name, equation, chapter = "K128", "the loss from the logits, not all of it", "3.5", "03-losses"
    sentence = (
        "From the logits it is log(1 + e^z) - yz for sigmoid and Σ y (log Σ e^z - z) for softmax; what is "
        "taken out of an exponent is put back"
    )
    hint = (
        "What should be equal: sigmoid's loss at z and y, and at -z and 1 - y? Softmax's before and after 1 "
        "is added to all logits of a column?"
    )
    snippet = "np.log(np.sum(np.exp(z - top), axis=0)) - z   # and top?"
    formulas: ClassVar[Formulas] = {
        "loss": (
            instead("softmax", lambda z, Y: np.sum(Y * (_log_sum_exp(z, 1, 0) - z))),
            instead("softmax", lambda z, Y: np.sum(Y * (_log_sum_exp(z, 0, 1) - z))),
            instead("softmax", lambda z, Y: np.sum(Y * (_log_sum_exp(z, 1, -1) - z))),
            instead("softmax", lambda z, Y: -np.sum(Y * z)),
            *(instead("sigmoid", f) for f in NEARLY_FROM_LOGITS),
        )
    }


class DistanceForItsSquare(Misconception):
    """The loss is half the squared distance, not the distance. The check sees a root. Sum the squares and
    halve.
    """

    code, name, equation, chapter = "K64", "the distance for its square", "3.1", "03-losses"
    sentence = "½‖ŷ - y‖² is the square of the distance, halved"
    hint = "What is the loss of an error of 4?"
    snippet = "np.mean(np.linalg.norm(z - Y, axis=0)) / 2"
    formulas: ClassVar[Formulas] = {
        "loss": tuple(
            instead("identity", f)
            for f in (
                lambda z, Y: np.sum(np.sqrt(np.sum((z - Y) ** 2, axis=0))),
                lambda z, Y: np.sum(np.sqrt(np.sum((z - Y) ** 2, axis=0))) / 2,
                lambda z, Y: np.sqrt(np.sum((z - Y) ** 2)),
                lambda z, Y: np.sqrt(np.sum((z - Y) ** 2)) / 2,
                lambda z, Y: np.sqrt(np.sum((z - Y) ** 2)) * z.shape[1] / 2,
                lambda z, Y: np.sum(np.abs(z - Y)),
                lambda z, Y: np.sum(np.abs(z - Y)) / 2,
            )
        )
    }


ENTRIES = (
    LogOfZero,
    MeanOverUnits,
    LossNegative,
    BinaryCrossEntropyForSoftmax,
    AnotherLogarithm,
    TermOfTheLogitsFormMissing,
    DistanceForItsSquare,
)
