"""Mistakes in Step 1, delta[N] = y_hat - y."""

from collections.abc import Callable
from itertools import product
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception, Variant, WrongFormula
from autograder.misconceptions.slots import needs_net
from backprop import central_difference, g, g_prime, sigmoid, softmax


def slope(output: str, a: Any) -> Any:
    """The slope of an output taken by itself: 1, or a(1 - a)."""
    return np.ones_like(a) if output == "identity" else a * (1 - a)


def for_softmax(formula: Callable[[Any, Any, Any], Any]) -> WrongFormula:
    """A wrong delta of softmax, the right one elsewhere; formula takes y_hat, z, Y."""
    return lambda output, a, z, Y: formula(a, z, Y) if output == "softmax" else a - Y


def for_sigmoid(formula: Callable[[Any, Any, Any], Any]) -> WrongFormula:
    """A wrong delta of sigmoid, the right one elsewhere."""
    return lambda output, a, z, Y: formula(a, z, Y) if output == "sigmoid" else a - Y


def softmax_as(formula: Callable[[Any], Any]) -> WrongFormula:
    """A wrong y_hat of softmax, the right one elsewhere."""
    return lambda output, z: formula(z) if output == "softmax" else g(output, z)


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

    code, name, equation, chapter = "K1", "∇_ŷL returned as δ[N]", "5.2", "05-step-1"
    sentence = "This is ∇_ŷL; δ is with respect to z: apply g'"
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
    \\hat y \\hat y^T$. $s(1 - s)$ is only the diagonal. The check sees $-y(1 - \\hat y)$: right in the true
    class of a one-hot label, and 0 in all others. Use the whole Jacobian, or the result $\\hat y - y$.
    """

    code, name, equation, chapter = "K2", "softmax treated elementwise", "5.4", "05-step-1"
    sentence = "Softmax couples all outputs; a diagonal is not its Jacobian"
    hint = "Which outputs change when one logit grows? All of them."
    snippet = "delta = (-Y / S) * (S * (1 - S))   # S = softmax(z)"
    variants = ({"first": for_softmax(lambda a, z, Y: -Y * (1 - a))},)


class DeltaInTrueClassOnly(Misconception):
    """Only the true class appears in the loss $-\\log \\hat y_c$, but every logit moves $\\hat y_c$ through
    the common sum. The wrong classes have $y_j = 0$, so their δ is $\\hat y_j$. The check sees zeros there.
    Subtract whole columns.
    """

    code, name, equation, chapter = "K3", "δ in the true class's row only", "5.1", "05-step-1"
    sentence = "The wrong classes get δ = ŷ_j too"
    hint = "Put y_j = 0 into ŷ_j - y_j."
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
    sentence = "g' has already cancelled"
    hint = "Multiply ∇_ŷL by g'(z) on paper and simplify."
    snippet = "delta = (A - Y) * A * (1 - A)"
    variants = (
        {"first": lambda output, a, z, Y: (a - Y) * slope(output, a)},
        {"first": lambda output, a, z, Y: (a - Y) * a * (1 - a)},
        {"first": for_softmax(lambda a, z, Y: a * ((a - Y) - np.sum(a * (a - Y), axis=0, keepdims=True)))},
        {"first": for_softmax(lambda a, z, Y: (a - Y) * sigmoid(z) * (1 - sigmoid(z)))},
        {"first": lambda output, a, z, Y: (a - Y) * sigmoid(a) * (1 - sigmoid(a))},
        {"scale_1": needs_net(lambda delta, top: delta * g_prime(top.hidden, top.z))},
        {"scale_1": needs_net(lambda delta, top: delta * g_prime(top.hidden, g(top.output, top.z)))},
    )


def times(factor: float) -> tuple[Variant, ...]:
    """A factor wherever it may enter: in delta[N], on the way to each layer before, in the gradients."""
    return (
        {"first": lambda output, a, z, Y: factor * (a - Y)},
        {"scale_1": lambda delta, top: factor * delta},
        {"scale_2": lambda delta, c: factor * delta},
        {"join": lambda back, slope, c: factor * back * slope},
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
    sentence = "The sign is flipped: this ascends"
    hint = "Should ŷ grow or shrink when it is larger than y?"
    snippet = "delta = Y - A"
    variants = times(-1)
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (lambda z, Y, kappa: np.clip(Y - z, -kappa, kappa),),
        "numerical_delta": (lambda f, z, h: -central_difference(f, z, h),),
    }


class FactorTwoOrHalf(Misconception):
    """The squared error is $\\tfrac12\\|\\hat y - y\\|^2$: differentiating the square gives 2, and the ½
    takes it away. Cross entropy never had a ½. The check sees twice or half the right numbers. Use the loss
    as it is stated, with its ½.
    """

    code, name, equation, chapter = "K6", "a factor 2 or ½", "3.1", "05-step-1"
    sentence = "The ½ cancels the 2"
    hint = "Differentiate ½(ŷ - y)² once more."
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


def _winner(z: Any) -> Any:
    return np.eye(len(z))[:, np.argmax(z, axis=0)]


def for_sigmoid_as(formula: Callable[[Any], Any]) -> WrongFormula:
    """A wrong y_hat of sigmoid, the right one elsewhere."""
    return lambda output, z: formula(z) if output == "sigmoid" else g(output, z)


class ArgmaxForProbabilities(Misconception):
    """argmax picks a class when the network is used. The loss sees the probabilities behind it, and so does
    its gradient: argmax has slope 0 nearly everywhere. The check sees only -1, 0 and 1. Subtract y from ŷ
    itself.
    """

    code, name, equation, chapter = "K7", "argmax minus y", "5.1", "05-step-1"
    sentence = "Use probabilities"
    hint = "ŷ is softmax(z), a column that sums to 1."
    snippet = "delta = np.eye(k)[:, A.argmax(axis=0)] - Y"
    variants = (
        {"yhat": softmax_as(_winner)},
        {"yhat": softmax_as(lambda z: (z == np.max(z, axis=0)) * 1.0)},  # all that share the first place
        {"yhat": for_sigmoid_as(lambda z: (z > 0) * 1.0)},
        {"yhat": for_sigmoid_as(lambda z: (z >= 0) * 1.0)},
        {"yhat": lambda output, z: _winner(z) if output == "softmax" else np.rint(g(output, z)) if output == "sigmoid" else z},
        {"first": for_softmax(lambda a, z, Y: np.argmax(a, axis=0) - np.argmax(Y, axis=0))},
        {"first": for_softmax(lambda a, z, Y: (np.argmax(a, axis=0) - np.argmax(Y, axis=0))[None, :])},
        {"first": for_softmax(lambda a, z, Y: np.argmax(a, axis=0) - Y)},
    )  # fmt: skip


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
    for shift, total in product(("all", "row", "column", "row 1-D"), ("row", "all", "row 1-D", "column"))
    if not (total == "column" and shift in ("column", "all"))
)


class SoftmaxOverWrongAxis(Misconception):
    """Examples are columns. A softmax that sums along a row, or over everything, lets the examples of a
    batch compete with one another. The check sees columns that do not sum to 1; with one example and one
    global sum nothing is wrong, so try two. Take maximum and sum over axis 0, with keepdims.
    """

    code, name, equation, chapter = "K8", "softmax over the wrong axis", "2.5", "02-nonlinearities"
    sentence = "Normalise each column"
    hint = "Sum your softmax over axis 0: every column must give 1."
    snippet = "np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)"
    variants = tuple({"yhat": softmax_as(f)} for f in WRONG_SOFTMAX)
    formulas: ClassVar[Formulas] = {"softmax": WRONG_SOFTMAX}


class DividedByMBeforeStep3(Misconception):
    """δ is one example's, whatever the batch. The mean over the m examples enters once, in Step 3, where
    their contributions are added up. The check sees the right numbers over m. Leave m out of Steps 1 and 2.
    """

    code, name, equation, chapter = "K39", "1/m before Step 3", "7.1", "05-step-1"
    sentence = "δ is per example; 1/m enters once, in Step 3"
    hint = "Does the δ of one example change when another joins the batch?"
    snippet = "delta = (A - Y) / m"
    variants = (
        {"scale_1": lambda delta, top: delta / delta.shape[1]},
        {"scale_2": lambda delta, c: delta / delta.shape[1]},
    )
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) / z.shape[1],),
        "numerical_delta": (lambda f, z, h: central_difference(f, z, h) / z.shape[1],),
    }
    within = ("output_delta", "hidden_delta", "all_deltas")


class ZForYHat(Misconception):
    """ŷ is g(z), not z. Only the identity output has ŷ = z; sigmoid and softmax squeeze z first. The check
    sees numbers as large as the logits. Apply the output's g before you subtract y.
    """

    code, name, equation, chapter = "K40", "z for ŷ", "5.1", "05-step-1"
    sentence = "ŷ = g(z): apply the output's g first"
    hint = "In which range does ŷ lie, and in which z?"
    snippet = "delta = Z[N] - Y"
    variants = ({"yhat": lambda output, z: z},)


class WrongOutputNonlinearity(Misconception):
    """A softmax makes a column sum to 1; sigmoids know nothing of one another. The check sees softmax's
    cases wrong, and columns whose δ does not sum to 0. Look at the argument `output`.
    """

    code, name, equation, chapter = "K41", "sigmoid for softmax, or softmax for sigmoid", "2.5", "05-step-1"
    sentence = "Each output has its own g: one of them stands in for the other"
    hint = "What must the columns of ŷ sum to?"
    snippet = "delta = sigmoid(z) - Y   # for every output"
    variants = (
        {"yhat": softmax_as(sigmoid)},
        {"yhat": lambda output, z: softmax(z) if output == "sigmoid" else g(output, z)},
    )
    formulas: ClassVar[Formulas] = {"softmax": (sigmoid,)}


class HuberSlopeBeyondKappa(Misconception):
    """Huber's loss is quadratic near the target and linear far from it; its slope is the residual, held to
    ±κ. The check sees right numbers near the target, and wrong ones beyond κ. Clip the residual: np.clip(z
    - Y, -kappa, kappa).
    """

    code, name, equation, chapter = "K42", "Huber's slope beyond κ", "5.5", "05-step-1"
    sentence = "Beyond κ the slope is ±κ, with the residual's sign"
    hint = "Draw the loss: how steep is its straight part?"
    snippet = "delta = z - Y   # never clipped"
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (
            lambda z, Y, kappa: z - Y,
            lambda z, Y, kappa: np.sign(z - Y),
            lambda z, Y, kappa: kappa * np.sign(z - Y),
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, z - Y, kappa),
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, z - Y, np.sign(z - Y)),
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, z - Y, 0),
            lambda z, Y, kappa: np.minimum(z - Y, kappa),
            lambda z, Y, kappa: np.where(np.abs(z - Y) > kappa, z - Y, kappa * np.sign(z - Y)),
            lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) / kappa,
            lambda z, Y, kappa: np.clip(z - Y, -1, 1),
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, z - Y, kappa * (np.abs(z - Y) - kappa / 2)),
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, (z - Y) ** 2 / 2, kappa * (np.abs(z - Y) - kappa / 2)),
        )
    }  # fmt: skip


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


ENTRIES = (
    YHatGradientReturned,
    SoftmaxTreatedElementwise,
    DeltaInTrueClassOnly,
    ExtraSlopeAtOutput,
    SignFlipped,
    FactorTwoOrHalf,
    ArgmaxForProbabilities,
    SoftmaxOverWrongAxis,
    DividedByMBeforeStep3,
    ZForYHat,
    WrongOutputNonlinearity,
    HuberSlopeBeyondKappa,
    HalfOfBinaryCrossEntropy,
)
