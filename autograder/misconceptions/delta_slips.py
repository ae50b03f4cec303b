"""More mistakes in δ and in Step 3: a factor too many or left out, + for ∘, reshape, clipping, |δ|."""

from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions import mean_loss, residual_layer
from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.residual_layer import slope, with_back, with_delta_z, with_slope
from autograder.misconceptions.slots import SlotChanges, in_every_branch
from backprop import central_difference, g, g_prime


class FactorTooMany(Misconception):
    """The chain rule gives δ[N] = ŷ - y, and δ[l] two factors: what comes back through W[l+1], and the slope
    g'(z[l]). z itself, a and y are no factors. The check sees the right numbers times z, a or y. Take the
    extra factor out.
    """

    code, name, equation, chapter = "K90", "a factor z, a or y too many", "6.1", "06-step-2"
    sentence = "A factor too many: neither z nor a nor y multiplies here"
    hint = "Write the equation down and cross off each factor of your code: which one is left over?"
    in_pairs = 1
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) * Z[l]"
    variants = (
        {"scale_2": in_every_branch(lambda delta, c: delta * c.z)},
        {"scale_2": in_every_branch(lambda delta, c: delta * g(c.hidden, c.z))},
        {"scale_1": in_every_branch(lambda delta, context: delta * context.z)},
        {"scale_1": in_every_branch(lambda delta, context: delta * g(context.output, context.z))},
        # Softmax's δ times y is its δ in the true class only.
        {"first": lambda output, a, z, Y: (a - Y) * (1 if output == "softmax" else Y)},
    )
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (
            with_slope(lambda z: slope(z) * z),
            with_slope(lambda z: slope(z) * np.tanh(z)),
        ),
        "g_prime": (
            in_every_branch(lambda name, z: g_prime(name, z) * z),
            lambda name, z: g_prime(name, z) * (z if name == "sigmoid" else 1),
            lambda name, z: g_prime(name, z) * (z if name == "tanh" else 1),
            in_every_branch(lambda name, z: g_prime(name, z) * g(name, z)),
        ),
        "huber_output_delta": (
            lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) * z,
            lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) * Y,
        ),
    }


class IncomingDeltaForgotten(Misconception):
    """δ is passed on: what layer l gets is made of what layer l + 1 had, and without it no blame arrives.
    In Step 3, too, dW is δ times a, and not a alone. The check sees numbers in which the δ that you are
    given has no part. Multiply by it.
    """

    code, name, equation, chapter = "K92", "the incoming δ forgotten", "6.1", "06-step-2"
    sentence = "The incoming δ is missing from your product"
    hint = "If the δ that comes in were 0, what should come out?"
    in_pairs = 1
    snippet = "delta[l] = W[l + 1].sum(axis=0)[:, None] * g_prime(hidden, Z[l])"
    variants = (
        {"back": lambda c: np.sum(c.W_next, axis=0)[:, None] * np.ones(c.z.shape)},
        {"join": lambda back, slope, c: slope},
        {"outer": lambda delta, a: np.ones(delta.shape) @ a.T},
        {"back": lambda c: np.mean(c.W_next, axis=0)[:, None] * np.ones(c.z.shape)},
        {"back": lambda c: c.W_next.T},
        {"outer": lambda delta, a: np.ones(delta.shape) @ a.T / len(delta)},
        {"outer": lambda delta, a: np.sum(a, axis=1)[None, :]},
    )
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (
            with_delta_z(lambda z, d: slope(z)),
            lambda W, z, d: (d * slope(z), W.T @ slope(z) + d),
        ),
    }


class DividedByUnitsBeforeStep3(Misconception):
    """δ is one number for each unit and each example, and no mean over the units is asked for: each unit
    has a slope of its own. The check sees the right numbers over the number of units. Take the division
    out.
    """

    code, name, equation, chapter = "K116", "δ divided by the number of units", "5.1", "05-step-1"
    sentence = "Nothing divides δ: each unit has its own, whatever their number"
    hint = "Does the δ of one unit change when another unit joins the layer?"
    credit = 0.5
    in_pairs = 1
    snippet = "delta = (A - Y) / len(Y)"
    variants = (
        {"scale_1": lambda delta, context: delta / delta.shape[0]},
        {"scale_2": lambda delta, c: delta / delta.shape[0]},
    )
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) / len(z),),
        "numerical_delta": (lambda f, z, h: central_difference(f, z, h) / len(z),),
    }
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": residual_layer.delta_times(lambda z: 1 / len(z)),
    }


class WeightsForgotten(Misconception):
    """Between the units of two layers stand the weights: a unit that feeds the next one with weight 3 gets
    three times its δ as blame. The check sees numbers in which W has no part. Go back through the
    transpose, W_next.T @ delta_next.
    """

    code, name, equation, chapter = "K93", "W[l+1] forgotten", "6.1", "06-step-2"
    sentence = "The weights are missing: δ goes back through Wᵀ"
    hint = "If W were 0, what should come back through it?"
    in_pairs = 0
    snippet = "delta[l] = delta[l + 1].sum(axis=0, keepdims=True) * g_prime(hidden, Z[l])"
    variants = (
        {"back": lambda c: np.sum(c.delta_next, axis=0, keepdims=True) * np.ones(c.z.shape)},
        {"back": lambda c: c.delta_next},
        {"back": lambda c: np.mean(c.delta_next, axis=0, keepdims=True) * np.ones(c.z.shape)},
    )
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (
            with_back(lambda W, delta_z: delta_z),
            with_back(lambda W, delta_z: np.sum(delta_z, axis=0, keepdims=True)),
        ),
    }


class SumForProduct(Misconception):
    """∘ multiplies two arrays entry by entry: blame times slope. Where the slope is 0 nothing is passed on,
    however large the blame; with + the blame would still be there. The check sees the sum of the two, or
    their difference. Write *.
    """

    code, name, equation, chapter = "K94", "+ or - for ∘", "6.1", "06-step-2"
    sentence = "∘ multiplies entry by entry: nothing is added or taken off there"
    hint = "What should δ be where the slope is 0?"
    in_pairs = 1
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) + g_prime(hidden, Z[l])"
    variants = (
        {"join": lambda back, slope, c: back + slope},
        {"join": lambda back, slope, c: back - slope},
    )
    elsewhere: ClassVar[Formulas] = {"residual_delta": (with_delta_z(lambda z, d: d + slope(z)),)}


def _reshaped(x: Any) -> Any:
    return np.reshape(x, x.shape[::-1])


class ReshapeForTranspose(Misconception):
    """Transposing turns rows into columns. reshape only cuts the same long row of numbers at other places:
    the shape is the transpose's, and the numbers stand elsewhere. On a square matrix it changes nothing at
    all. The check sees the numbers of the reshaped matrix. Write .T.
    """

    code, name, equation, chapter = "K95", "reshape for the transpose", "6.1", "06-step-2"
    sentence = "reshape is no transpose: it leaves the numbers in their old order. Use .T"
    hint = "Try both on [[1, 2, 3], [4, 5, 6]]."
    in_pairs = 1
    snippet = "W_next.reshape(n, n_next) @ delta_next"
    variants = (
        {"back": lambda c: _reshaped(c.W_next) @ c.delta_next},
        {"outer": lambda delta, a: delta @ _reshaped(a)},
        {"outer": lambda delta, a: _reshaped(a @ delta.T)},
        {"product": lambda W, a: _reshaped(W).T @ a},
        {"back": lambda c: _reshaped(c.delta_next.T @ c.W_next)},
    )


class InverseForTranspose(Misconception):
    """Forward, W adds up what the units before give; back, each unit gathers the blame of those it feeds
    along the same connections, by the transpose. The inverse answers another question: which a would have
    given this z. The check sees the numbers of W's inverse, or of its pseudo-inverse. Write .T.
    """

    code, name, equation, chapter = "K124", "the inverse for the transpose", "6.1", "06-step-2"
    sentence = "δ goes back through the transpose of W, not through its inverse"
    hint = "If a weight becomes twice as large, should more or less blame come back through it?"
    in_pairs = 0
    snippet = "np.linalg.pinv(W_next) @ delta_next"
    variants = (
        {"back": lambda c: np.linalg.pinv(c.W_next) @ c.delta_next},
        {"back": lambda c: np.linalg.inv(c.W_next) @ c.delta_next},
    )
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (with_back(lambda W, delta_z: np.linalg.pinv(W) @ delta_z),)
    }


CAPS = (1.0, 5.0, 10.0, 0.5, 0.1, 2.0, 3.0, 100.0, 0.01)


def _clipped(cap: float) -> tuple[SlotChanges, ...]:
    def cut(x: Any) -> Any:
        return np.clip(x, -cap, cap)

    return (
        {"scale_2": lambda delta, c: cut(delta)},
        {"scale_1": lambda delta, context: cut(delta)},
        {
            "outer": lambda delta, a: cut(delta @ a.T / delta.shape[1]) * delta.shape[1],
            "total": lambda delta: cut(np.mean(delta, axis=1, keepdims=True)) * delta.shape[1],
        },
    )


class GradientClipped(Misconception):
    """Training sometimes clips gradients that have become too large, before it takes a step. That is a
    decision of whoever trains; the gradient itself has no bound. The check sees the right numbers up to a
    size, and that size wherever they should be larger. Return what the equation gives.
    """

    code, name, equation, chapter = "K96", "δ or a gradient clipped", "6.1", "06-step-2"
    sentence = "Nothing is clipped here: return the numbers however large they are"
    hint = "What is the largest number that your function can return?"
    in_pairs = 0
    snippet = "delta = np.clip(delta, -1, 1)"
    variants = tuple(variant for cap in CAPS for variant in _clipped(cap))

    @classmethod
    def one_step(cls) -> bool:
        """Not for the points: clipping at another number has no form, and must not keep less."""
        return False


class AbsoluteDelta(Misconception):
    """δ says how strongly z should change and in which direction. |δ| forgets the direction, so half of all
    steps would go the wrong way. The check sees the right sizes without their signs, and sums in which
    nothing cancels. Leave np.abs out.
    """

    code, name, equation, chapter = "K97", "|δ| for δ", "5.1", "05-step-1"
    sentence = "A gradient keeps its sign: no absolute value"
    hint = "Should z rise or fall? Can your answer say which?"
    in_pairs = 1
    snippet = "delta = np.abs(A - Y)"
    variants = (
        {"scale_1": in_every_branch(lambda delta, context: np.abs(delta))},
        {"scale_2": in_every_branch(lambda delta, c: np.abs(delta))},
        {
            "outer": lambda delta, a: np.abs(delta @ a.T),
            "total": lambda delta: np.abs(np.sum(delta, axis=1, keepdims=True)),
        },
        {"back": lambda c: c.W_next.T @ np.abs(c.delta_next)},
        {"outer": lambda delta, a: np.abs(delta) @ np.abs(a).T},
    )
    elsewhere: ClassVar[Formulas] = {
        "huber_output_delta": (lambda z, Y, kappa: np.minimum(np.abs(z - Y), kappa),),
        # Of a whole network's gradients the last layer alone can't tell this from |ŷ - y| in Step 1.
        "layer_gradients": (
            lambda delta, a: (
                np.abs(delta) @ a.T / delta.shape[1],
                np.mean(np.abs(delta), axis=1, keepdims=True),
            ),
        ),
        "residual_delta": (
            with_delta_z(lambda z, d: np.abs(d) * slope(z)),
            lambda W, z, d: (d * slope(z), np.abs(W.T @ (d * slope(z)) + d)),
        ),
    }


class FirstExampleOnly(Misconception):
    """All m examples are averaged. A return inside the loop, or an index 0 where a loop should run, takes
    the first one alone. With one example nothing is wrong. The check sees the first column's numbers.
    Use all columns.
    """

    code, name, equation, chapter = "K103", "the first example only", "7.1", "07-step-3"
    sentence = "All m examples count, and yours takes the first alone"
    hint = "Change the last column of the input: does your answer change?"
    credit = 0.25
    in_pairs = 1
    snippet = "db = delta[:, :1]"
    variants = (
        {
            "outer": lambda delta, a: delta[:, :1] @ a[:, :1].T,
            "total": lambda delta: delta[:, :1],
        },
        {
            "outer": lambda delta, a: delta[:, :1] @ a[:, :1].T * delta.shape[1],
            "total": lambda delta: delta[:, :1] * delta.shape[1],
        },
    )
    elsewhere: ClassVar[Formulas] = {
        "loss": (
            lambda output, z, Y: mean_loss.total(output, z[:, :1], Y[:, :1]),
            lambda output, z, Y: mean_loss.total(output, z[:, :1], Y[:, :1]) / z.shape[1],
        ),
    }


class InputForgottenInStep3(Misconception):
    """A weight's gradient is the δ of its unit times the a of its input: if the input is 0, the weight had no
    say, and its gradient is 0. The check sees columns of dW that are all alike. Multiply by a[l-1].
    """

    code, name, equation, chapter = "K104", "a forgotten in dW", "7.1", "07-step-3"
    sentence = "dW is δ aᵀ, and a[l-1] is missing from yours"
    hint = "What should the gradient of a weight be whose input is 0?"
    in_pairs = 0
    snippet = "dW = delta.sum(axis=1, keepdims=True) / m * np.ones(W.shape)"
    variants = ({"outer": lambda delta, a: delta @ np.ones(a.shape).T},)


ENTRIES = (
    FactorTooMany,
    IncomingDeltaForgotten,
    DividedByUnitsBeforeStep3,
    WeightsForgotten,
    SumForProduct,
    ReshapeForTranspose,
    InverseForTranspose,
    GradientClipped,
    AbsoluteDelta,
    FirstExampleOnly,
    InputForgottenInStep3,
)
