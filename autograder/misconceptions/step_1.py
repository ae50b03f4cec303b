"""Mistakes in Step 1, delta[N] = y_hat - y."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions import mean_loss, residual_layer
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.slots import SlotChanges, WrongFormula, needs_net
from backprop import central_difference, g, g_prime, sigmoid


def output_slope(output: str, a: Any) -> Any:
    """The slope of an output taken by itself: 1, or a(1 - a)."""
    return np.ones_like(a) if output == "identity" else a * (1 - a)


def for_softmax(formula: Callable[[Any, Any, Any], Any]) -> WrongFormula:
    """A wrong delta of softmax, the right one elsewhere; formula takes y_hat, z, Y."""
    return lambda output, a, z, Y: formula(a, z, Y) if output == "softmax" else a - Y


def for_sigmoid(formula: Callable[[Any, Any, Any], Any]) -> WrongFormula:
    """A wrong delta of sigmoid, the right one elsewhere."""
    return lambda output, a, z, Y: formula(a, z, Y) if output == "sigmoid" else a - Y


def _matched(output: str, a: Any, z: Any, Y: Any) -> Any:
    if output == "softmax":
        return -Y / a
    return -Y / a + (1 - Y) / (1 - a) if output == "sigmoid" else a - Y


def _guarded(eps: float, clip: bool) -> WrongFormula:
    """The slope in ŷ with an epsilon against division by zero."""

    def wrong(output: str, a: Any, z: Any, Y: Any) -> Any:
        if output == "identity":
            return a - Y
        one, rest = (
            (np.clip(a, eps, 1 - eps), 1 - np.clip(a, eps, 1 - eps)) if clip else (a + eps, 1 - a + eps)
        )
        return -Y / one if output == "softmax" else -Y / one + (1 - Y) / rest

    return wrong


class YHatGradientReturned(Misconception):
    """$-y/\\hat y$ is how the cross entropy changes with $\\hat y$. δ[N] asks how it changes with $z$, one
    step further back: $\\hat y$ changes with $z$ too, and the chain rule multiplies by that. The check sees
    numbers that explode where $\\hat y$ is small. Multiply by g' (for softmax by the whole Jacobian),
    simplify, and $\\hat y - y$ is left.
    """

    code, name, equation, chapter = "K1", "∂L/∂ŷ returned as δ[N]", "5.2", "05-step-1"
    sentence = "This is ∂L/∂ŷ; δ is with respect to z: apply g', that is, multiply by how ŷ changes with z"
    hint = "Which variable stands below the ∂: ŷ or z?"
    snippet = "delta = -Y / A"
    variants = (
        {"first": _matched},
        {"first": lambda output, a, z, Y: a - Y if output == "identity" else -Y / a},
        {"first": lambda output, a, z, Y: a - Y if output == "identity" else -Y / a + (1 - Y) / (1 - a)},
        {
            "first": lambda output, a, z, Y: (
                a - Y if output == "identity" else -(Y / a - (1 - Y) / (1 - a)) / 2
            )
        },
        {"first": lambda output, a, z, Y: -Y / a},
        *(
            {"first": _guarded(eps, clip)}
            for eps in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
            for clip in (True, False)
        ),
    )


class SoftmaxTreatedElementwise(Misconception):
    """Softmax's outputs share one sum, so each depends on every logit: its Jacobian is $\\diag(\\hat y) -
    \\hat y \\hat y^T$. $\\hat y_j(1 - \\hat y_j)$ is only the diagonal. The check sees $-y(1 - \\hat y)$:
    right in the true class of a one-hot label, and 0 in all others. Use the whole Jacobian, or the result
    $\\hat y - y$.
    """

    code, name, equation, chapter = "K2", "softmax treated elementwise", "5.4", "05-step-1"
    sentence = (
        "Softmax couples all outputs; a diagonal is not its Jacobian"
        ": each logit moves every ŷ_j, because they share one sum"
    )
    hint = "Which outputs change when one logit grows?"
    snippet = "delta = (-Y / A) * (A * (1 - A))   # A = softmax(z)"
    variants = ({"first": for_softmax(lambda a, z, Y: -Y * (1 - a))},)


class DeltaInTrueClassOnly(Misconception):
    """Only the true class appears in the loss $-\\log \\hat y_c$, but every logit moves $\\hat y_c$ through
    the common sum. The wrong classes have $y_j = 0$, so their δ is $\\hat y_j$. The check sees zeros there.
    Subtract whole columns.
    """

    code, name, equation, chapter = "K3", "δ in the true class's row only", "5.1", "05-step-1"
    sentence = "The wrong classes get δ = ŷ_j too: raising their logits takes probability from the true class"
    hint = "What is ŷ_j - y_j in a row where y_j is 0?"
    snippet = "delta = np.zeros_like(A)\ndelta[c, i] = A[c, i] - 1   # c: the true class of example i"
    variants = (
        {"first": for_softmax(lambda a, z, Y: (a - Y) * (np.max(Y, axis=0, keepdims=True) == Y))},
        {"first": for_softmax(lambda a, z, Y: (a - Y) * (Y > 0))},
        {"first": for_softmax(lambda a, z, Y: (a - Y) * Y)},
        {"first": for_softmax(lambda a, z, Y: (a - Y) * (Y == 1))},
        {"first": for_softmax(lambda a, z, Y: (a - 1) * (np.max(Y, axis=0, keepdims=True) == Y))},
        {"first": for_softmax(lambda a, z, Y: (a - 1) * (Y == 1))},
        {"first": for_softmax(lambda a, z, Y: (a - 1) * (Y > 0))},
    )


class ExtraSlopeAtOutput(Misconception):
    """For the squared error alone one would write $(\\hat y - y) \\circ g'$. Cross entropy brings a $1/g'$
    of its own, and the two cancel: that is why it is matched with sigmoid and softmax. The check sees a δ
    that vanishes where the unit is confidently wrong. Leave $\\hat y - y$ as it is.
    """

    code, name, equation, chapter = "K4", "an extra g' at the output", "5.1", "05-step-1"
    sentence = "g' has already cancelled: ŷ - y is δ[N] as it stands, without another slope"
    hint = "Multiply ∂L/∂ŷ by g'(z) on paper and simplify."
    snippet = "delta = (A - Y) * A * (1 - A)"
    variants = (
        {"first": lambda output, a, z, Y: (a - Y) * output_slope(output, a)},
        {"first": lambda output, a, z, Y: (a - Y) * a * (1 - a)},
        {"first": for_softmax(lambda a, z, Y: a * ((a - Y) - np.sum(a * (a - Y), axis=0, keepdims=True)))},
        {"first": for_softmax(lambda a, z, Y: (a - Y) * sigmoid(z) * (1 - sigmoid(z)))},
        {"first": lambda output, a, z, Y: (a - Y) * sigmoid(a) * (1 - sigmoid(a))},
        {"scale_1": needs_net(lambda delta, context: delta * g_prime(context.hidden, context.z))},
        {
            "scale_1": needs_net(
                lambda delta, context: delta * g_prime(context.hidden, g(context.output, context.z))
            )
        },
    )


def times(factor: float) -> tuple[SlotChanges, ...]:
    """A factor wherever it may enter: in delta[N], on the way to each layer before, in the gradients."""
    return (
        {"first": lambda output, a, z, Y: factor * (a - Y)},
        {"scale_1": lambda delta, context: factor * delta},
        {"scale_2": lambda delta, c: factor * delta},
        {"join": lambda back, output_slope, c: factor * back * output_slope},
        {
            "divide_dW": lambda c: c.delta.shape[1] / factor,
            "divide_db": lambda c: c.delta.shape[1] / factor,
        },
        {
            "outer": lambda delta, a: factor * delta @ a.T,
            "total": lambda delta: factor * np.sum(delta, axis=1, keepdims=True),
        },
    )


class SignFlipped(Misconception):
    """A gradient points uphill, and descent subtracts it. With $y - \\hat y$ every step climbs, or two
    wrong signs hide each other. The check sees the right numbers with a minus. Write $\\hat y - y$, and
    keep the minus for the update.
    """

    code, name, equation, chapter = "K5", "the sign is flipped", "5.1", "05-step-1"
    sentence = "The sign is flipped: this ascends, so a descent step would raise the loss"
    hint = "Where the loss grows when z grows, is δ positive or negative? And yours?"
    credit = 0.5
    snippet = "delta = Y - A"
    variants = times(-1)
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (lambda z, Y, kappa: np.clip(Y - z, -kappa, kappa),),
        "numerical_delta": (lambda f, z, h: -central_difference(f, z, h),),
    }
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": residual_layer.delta_times(lambda z: -1),
    }


class FactorTwoOrHalf(Misconception):
    """The squared error is $\\tfrac12\\|\\hat y - y\\|^2$: differentiating the square gives 2, and the ½
    takes it away. Cross entropy never had a ½. The check sees twice or half the right numbers. Use the loss
    as it is stated, with its ½.
    """

    code, name, equation, chapter = "K6", "a factor 2 or ½", "3.1", "05-step-1"
    sentence = "The ½ cancels the 2 when the square is differentiated; nothing else brings a factor 2 or ½"
    hint = "Differentiate ½(ŷ - y)² once more."
    credit = 0.5
    snippet = "delta = 2 * (A - Y)"
    variants = (*times(2), *times(0.5))
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (
            lambda z, Y, kappa: 2 * np.clip(z - Y, -kappa, kappa),
            lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) / 2,
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, 2 * (z - Y), kappa * np.sign(z - Y)),
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, (z - Y) / 2, kappa * np.sign(z - Y)),
        ),
    }
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (
            *residual_layer.delta_times(lambda z: 2),
            *residual_layer.delta_times(lambda z: 0.5),
        ),
        "loss": (
            mean_loss.instead("identity", lambda z, Y: np.sum((z - Y) ** 2)),
            mean_loss.instead("sigmoid", lambda z, Y: mean_loss.total("sigmoid", z, Y) / 2),
            mean_loss.instead("softmax", lambda z, Y: mean_loss.total("softmax", z, Y) / 2),
            mean_loss.instead("identity", lambda z, Y: np.sum((z - Y) ** 2) / 4),
            lambda output, z, Y: mean_loss.mean(output, z, Y) * 2,
            lambda output, z, Y: mean_loss.mean(output, z, Y) / 2,
        ),
    }


class DividedByMBeforeStep3(Misconception):
    """δ is one example's, whatever the batch. The mean over the m examples enters once, in Step 3, where
    their contributions are added up. The check sees the right numbers over m. Leave m out of Steps 1 and 2.
    """

    code, name, equation, chapter = "K39", "1/m before Step 3", "7.1", "05-step-1"
    sentence = "δ is per example; 1/m enters once, in Step 3"
    hint = "Does the δ of one example change when another joins the batch?"
    credit = 0.75
    snippet = "delta = (A - Y) / m"
    variants = (
        {"scale_1": lambda delta, context: delta / delta.shape[1]},
        {"scale_2": lambda delta, c: delta / delta.shape[1]},
    )
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) / z.shape[1],),
        "numerical_delta": (lambda f, z, h: central_difference(f, z, h) / z.shape[1],),
    }
    within = ("output_delta", "hidden_delta", "all_deltas")
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": residual_layer.delta_times(lambda z: 1 / z.shape[1]),
    }


class HalfOfBinaryCrossEntropy(Misconception):
    """Binary cross entropy is a sum of two terms, one for y and one for 1 - y; each unit that should be off
    is in the second. The check sees 0 where y = 0. Write both: $-y \\log \\hat y - (1 - y) \\log(1 - \\hat
    y)$.
    """

    code, name, equation, chapter = "K43", "only half of binary cross entropy", "3.2", "03-losses"
    sentence = "A unit that should be off counts too: add the (1 - y) half"
    hint = "What does your loss say when y = 0 and ŷ = 0.99?"
    snippet = "-np.sum(Y * np.log(A)) / m   # for sigmoid"
    variants = (
        {"first": for_sigmoid(lambda a, z, Y: -Y * (1 - a))},
        {"first": for_sigmoid(lambda a, z, Y: (1 - Y) * a)},
    )
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            mean_loss.instead("sigmoid", lambda z, Y: mean_loss.entropy(Y, sigmoid(z))),
            mean_loss.instead("sigmoid", lambda z, Y: mean_loss.entropy(1 - Y, sigmoid(-z))),
        ),
    }


ENTRIES = (
    YHatGradientReturned,
    SoftmaxTreatedElementwise,
    DeltaInTrueClassOnly,
    ExtraSlopeAtOutput,
    SignFlipped,
    FactorTwoOrHalf,
    DividedByMBeforeStep3,
    HalfOfBinaryCrossEntropy,
)
