"""Mistakes in Step 2, delta[l] = (W[l+1]^T delta[l+1]) o g'(z[l])."""

from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.slots import Layer, needs_net
from backprop import g, g_prime, sigmoid


def slope_from_a(hidden: str, a: Any) -> Any:
    """g' by the formulas that take a: a(1 - a), 1 - a^2, a > 0."""
    if hidden == "relu":
        return np.where(a > 0, 1.0, 0.0)
    return a * (1 - a) if hidden == "sigmoid" else 1 - a * a


class TransposeLeftOut(Misconception):
    """W[l+1] takes layer l to layer l+1. To go back, each unit of layer l gathers from all units it feeds,
    along its column: that is the transpose. On layers of different widths the shapes object; on a square
    layer they do not, and the check sees the numbers of $W\\delta$. Write W_next.T @ delta_next.
    """

    code, name, equation, chapter = "K10", "W for its transpose", "6.1", "06-step-2"
    sentence = "Wᵀ maps n[l+1] back to n[l]"
    hint = "Write the shapes of W[l+1] and δ[l+1] side by side."
    snippet = "(W_next @ delta_next) * g_prime(hidden, z)"
    variants = (
        {"back": lambda c: c.W_next @ c.delta_next},
        {"back": lambda c: (c.W_next if len(c.W_next) == len(c.W_next.T) else c.W_next.T) @ c.delta_next},
        # As einsum("ij,jm->im") has it: of one unit, or to one unit, a sum over numbers that are repeated.
        {"back": lambda c: np.sum(c.W_next[:, :, None] * c.delta_next, axis=1)},
    )
    formulas: ClassVar[Formulas] = {
        "residual_delta": (
            lambda W, z, delta_a: (
                delta_a * (1 - np.tanh(z) ** 2), W @ (delta_a * (1 - np.tanh(z) ** 2)) + delta_a
            ),
        )
    }  # fmt: skip


class WeightsOfWrongLayer(Misconception):
    """δ[l] is about z[l], and z[l] reaches the loss through a[l] and W[l+1]. W[l] lies on the other side:
    it makes z[l]. Where all layers have one width the shapes fit, and the check sees the numbers of the
    wrong matrix. Take W[l+1].
    """

    code, name, equation, chapter = "K11", "W[l] for W[l+1]", "6.1", "06-step-2"
    sentence = "δ[l] leaves through W[l+1]"
    hint = "Which W multiplies a[l]?"
    snippet = "delta[l] = (W[l].T @ delta[l + 1]) * g_prime(hidden, Z[l])"
    variants = ({"weights": needs_net(lambda c: c.W[c.l])},)


class SlopeTakenAtA(Misconception):
    """g' is a function of z, the input of g. Written in terms of a it has another formula (a(1 - a), 1 -
    a²), which must then be given a. Mixing the two applies g twice. ReLU hides it: a > 0 just where z > 0.
    The check sees sigmoid and tanh wrong, ReLU right.
    """

    code, name, equation, chapter = "K12", "g'(a) for g'(z)", "6.1", "06-step-2"
    sentence = "g' takes z"
    hint = "What does your g' do with its argument: does it apply g to it first?"
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, A[l])"
    variants = (
        {"slope": lambda c: g_prime(c.hidden, g(c.hidden, c.z))},
        {"slope": lambda c: g_prime(c.hidden, c.z if c.hidden == "relu" else c.W_next.T @ c.delta_next)},
    )
    formulas: ClassVar[Formulas] = {"g_prime": (lambda name, z: g_prime(name, g(name, z)),)}


class SlopeLeftOut(Misconception):
    """$W^T\\delta$ says how the loss changes with a[l]. z[l] comes before a[l], and a[l] = g(z[l]) changes
    with it at the rate g'(z[l]): one factor is missing. The check sees numbers that are too large wherever
    g saturates. Multiply elementwise by g'(z[l]).
    """

    code, name, equation, chapter = "K13", "g' left out", "6.1", "06-step-2"
    sentence = "You returned ∇_a L"
    hint = "δ[l] is with respect to z[l]; how does a[l] change with z[l]?"
    snippet = "delta[l] = W[l + 1].T @ delta[l + 1]"
    variants = (
        {"slope": lambda c: np.ones_like(c.z, dtype=float)},
        {"join": lambda back, slope, c: back},  # of whatever shape it is
        {"used": lambda c: c.delta if c.l == c.N else c.W_next.T @ c.delta_next},
    )
    formulas: ClassVar[Formulas] = {
        "residual_delta": (lambda W, z, delta_a: (delta_a, W.T @ delta_a + delta_a),)
    }


class ActivationForSlope(Misconception):
    """The chain rule asks how fast a changes with z, not how large a is. The check sees numbers multiplied
    by a: for ReLU they grow with z, for tanh they change sign with it. Use the slope g'(z).
    """

    code, name, equation, chapter = "K14", "g for g'", "6.1", "06-step-2"
    sentence = "The slope, not the value"
    hint = "At which z is the slope of your g zero?"
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * A[l]"
    variants = ({"slope": lambda c: g(c.hidden, c.z)},)
    formulas: ClassVar[Formulas] = {
        "g_prime": (g,),
        "residual_delta": (
            lambda W, z, delta_a: (delta_a * np.tanh(z), W.T @ (delta_a * np.tanh(z)) + delta_a),
        ),
    }


class SlopeOfAnotherLayer(Misconception):
    """δ[l] belongs to layer l, and so does the slope in it. z[l+1] has been used already, in δ[l+1]. Where
    the layers differ in width the shapes object; where they do not, the check sees the numbers of a
    neighbour's slope. Take z[l].
    """

    code, name, equation, chapter = "K15", "g' at another layer's z", "6.1", "06-step-2"
    sentence = "Use layer l's z"
    hint = "Whose δ are you computing: which layer's unit do you step through?"
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l + 1])"
    variants = (
        {"slope": needs_net(lambda c: g_prime(c.hidden, c.Z[c.l + 1]))},
        {"slope": needs_net(lambda c: slope_from_a(c.hidden, c.A[c.l + 1]))},
        {"slope": needs_net(lambda c: slope_from_a(c.hidden, c.A[c.l - 1]))},
        {"slope": needs_net(lambda c: g_prime(c.hidden, c.Z[c.l - 1]))},
        {"slope": needs_net(lambda c: g_prime(c.hidden, c.Z[c.l - 1] if c.l > 1 else c.A[0]))},
    )


class MatrixProductForElementwise(Misconception):
    """∘ multiplies entry by entry: unit j's blame times unit j's slope, for each example. @ sums over
    something that should not be summed. It runs only where the shapes happen to fit, and the check sees
    sums there. Write *.
    """

    code, name, equation, chapter = "K16", "@ for ∘", "6.1", "06-step-2"
    sentence = "Elementwise here"
    hint = "What shape must δ[l] have? What shape does @ give?"
    snippet = "(W_next.T @ delta_next) @ g_prime(hidden, z)"
    variants = (
        {"join": lambda back, slope, c: back @ slope},
        {"join": lambda back, slope, c: back @ slope.T},
        {"join": lambda back, slope, c: back.T @ slope},
        {"join": lambda back, slope, c: slope @ back},
        {"join": lambda back, slope, c: slope.T @ back},
        {"join": lambda back, slope, c: slope @ back.T},
        {"join": lambda back, slope, c: np.sum(back * slope, axis=0, keepdims=True)},
        {"join": lambda back, slope, c: back @ slope.T @ np.eye(*np.shape(back))},
    )


def _sum(W: Any, axis: int | None) -> Any:
    return np.sum(W, axis=axis, keepdims=True)


def _length(W: Any, axis: int | None) -> Any:
    return np.sqrt(np.sum(W * W, axis=axis, keepdims=True))


# W or |W|, divided by sums, by sums of sizes, or by lengths: of columns, of rows, of everything.
SHARES = tuple(
    lambda W, top=top, below=below, axis=axis: top(W) / below(W, axis)
    for top in (np.asarray, np.abs)
    for below in (
        _sum,
        lambda W, axis: _sum(np.abs(W), axis),
        _length,
        lambda W, axis: np.max(np.abs(W), axis, keepdims=True),
    )
    for axis in (1, 0, None)
)


class WeightsMadePositiveOrNormalised(Misconception):
    """A negative weight passes blame on with its sign: if the next unit should fall, this one should rise.
    |W|, or weights made to sum to 1, turn blame into a cake to be shared. The check sees the numbers of the
    changed matrix. Use W itself.
    """

    code, name, equation, chapter = "K17", "|W|, or normalised W", "6.1", "06-step-2"
    sentence = "Blame is signed, not shared out"
    hint = "If a weight is negative, should its unit rise or fall to lower the loss?"
    snippet = "(np.abs(W_next).T @ delta_next) * g_prime(hidden, z)"
    variants = (
        {"back": lambda c: np.abs(c.W_next).T @ c.delta_next},
        {"back": lambda c: (c.W_next**2).T @ c.delta_next},
        *({"back": lambda c, share=share: share(c.W_next).T @ c.delta_next} for share in SHARES),
    )


class SlopeTwice(Misconception):
    """From z[l+1] back to z[l] the path crosses g once. A second factor makes every layer's δ too small,
    and the deeper the layer the smaller. ReLU hides it: its slopes are 0 and 1. The check sees sigmoid and
    tanh wrong by just g'. Multiply once.
    """

    code, name, equation, chapter = "K18", "g' twice", "6.1", "06-step-2"
    sentence = "Once a layer"
    hint = "Count the factors g' in δ[l]."
    snippet = "d = (W_next.T @ delta_next) * slope\nreturn d * slope"
    variants = (
        {"slope": lambda c: g_prime(c.hidden, c.z) ** 2},
        {"used": lambda c: c.delta if c.l == c.N else c.delta * g_prime(c.hidden, c.z)},
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (lambda name, z: g_prime(name, z) ** 2,),
        "residual_delta": (
            lambda W, z, delta_a: (
                delta_a * (1 - np.tanh(z) ** 2) ** 2, W.T @ (delta_a * (1 - np.tanh(z) ** 2) ** 2) + delta_a
            ),
        ),
    }  # fmt: skip


class SigmoidSlopeForAll(Misconception):
    """a(1 - a) is sigmoid's slope. tanh has 1 - a², ReLU 0 or 1. The check sees sigmoid right and the
    others wrong. Choose the slope by the argument `hidden`.
    """

    code, name, equation, chapter = "K19", "a(1 - a) for every g", "2.6", "06-step-2"
    sentence = "That is sigmoid's"
    hint = "Look at the argument `hidden`: do you use it?"
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * A[l] * (1 - A[l])"
    variants = (
        {"slope": lambda c: g(c.hidden, c.z) * (1 - g(c.hidden, c.z))},
        {"slope": lambda c: sigmoid(c.z) * (1 - sigmoid(c.z))},
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (
            lambda name, z: sigmoid(z) * (1 - sigmoid(z)),
            lambda name, z: g(name, z) * (1 - g(name, z)),
        )
    }


class ReluMaskedByDelta(Misconception):
    """ReLU passes δ on where the unit was on in the forward pass, z > 0, whatever the sign of δ. Masking by
    δ's own sign throws away all blame of one sign. The check sees no negative numbers with ReLU. Mask by z
    > 0.
    """

    code, name, equation, chapter = "K21", "ReLU masks by the sign of δ", "2.8", "06-step-2"
    sentence = "Mask by z > 0"
    hint = "Which units were switched on in the forward pass?"
    snippet = "d = W_next.T @ delta_next\nd[d <= 0] = 0"
    variants = (
        {"join": lambda back, slope, c: np.maximum(back, 0) if c.hidden == "relu" else back * slope},
        {"join": lambda back, slope, c: np.maximum(back * slope, 0) if c.hidden == "relu" else back * slope},
        {"join": lambda back, slope, c: np.where(back > 0, 1.0, 0.0) if c.hidden == "relu" else back * slope},
        {"join": lambda back, slope, c: np.minimum(back, 0) if c.hidden == "relu" else back * slope},
        {
            "back": lambda c: (
                c.W_next.T @ (np.maximum(c.delta_next, 0) if c.hidden == "relu" else c.delta_next)
            )
        },
        {
            "join": lambda back, slope, c: (
                c.W_next.T @ np.maximum(c.delta_next, 0) if c.hidden == "relu" else back * slope
            )
        },
    )


class ZInSlopeFormulaOfA(Misconception):
    """a(1 - a) and 1 - a² are slopes in terms of a = g(z). Given z they are other functions: 1 - z² even
    goes negative. The check sees sigmoid and tanh wrong, ReLU right. Compute a first, or be given it.
    """

    code, name, equation, chapter = "K44", "z in the formula for a", "2.6", "02-nonlinearities"
    sentence = "a(1 - a) and 1 - a² take a = g(z), and got z"
    hint = "Is your slope of tanh ever negative? Should it be?"
    snippet = "slope = z * (1 - z)     # sigmoid\nslope = 1 - z ** 2      # tanh"
    variants = ({"slope": lambda c: slope_from_a(c.hidden, c.z)},)
    formulas: ClassVar[Formulas] = {
        "g_prime": (slope_from_a,),
        "residual_delta": (lambda W, z, d: (d * (1 - z * z), W.T @ (d * (1 - z * z)) + d),),
    }


class TanhSlopeForAll(Misconception):
    """1 - a² is the slope of tanh. Sigmoid has a(1 - a), ReLU 0 or 1. The check sees tanh right and the
    others wrong. Choose the slope by the argument `hidden`.
    """

    code, name, equation, chapter = "K45", "1 - a² for every g", "2.7", "06-step-2"
    sentence = "That is tanh's"
    hint = "Look at the argument `hidden`: do you use it?"
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * (1 - A[l] ** 2)"
    variants = (
        {"slope": lambda c: 1 - g(c.hidden, c.z) ** 2},
        {"slope": lambda c: 1 - np.tanh(c.z) ** 2},
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (lambda name, z: 1 - np.tanh(z) ** 2, lambda name, z: 1 - g(name, z) ** 2)
    }


def _relu_instead(c: Layer, mask: Any) -> Any:
    return mask if c.hidden == "relu" else g_prime(c.hidden, c.z)


class WrongReluSlope(Misconception):
    """ReLU is flat where z < 0 and has slope 1 where z > 0. The check sees the ReLU cases wrong, on one
    side of 0. Write np.where(z > 0, 1, 0).
    """

    code, name, equation, chapter = "K46", "ReLU's slope", "2.8", "02-nonlinearities"
    sentence = "ReLU's slope is 1 where z > 0 and 0 elsewhere"
    hint = "Draw ReLU left of 0 and right of 0: how steep is it?"
    snippet = "slope = np.where(z < 0, 1, 0)"
    variants = (
        {"slope": lambda c: _relu_instead(c, np.where(c.z < 0, 1.0, 0.0))},
        {"slope": lambda c: _relu_instead(c, np.sign(c.z))},
        *(
            {"slope": lambda c, s=s: _relu_instead(c, np.where(c.z > 0, 1.0, s))}
            for s in (0.01, 0.1, 0.001, 0.2)
        ),
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (
            lambda name, z: np.where(z < 0, 1.0, 0.0) if name == "relu" else g_prime(name, z),
            lambda name, z: np.sign(z) if name == "relu" else g_prime(name, z),
            *(
                lambda name, z, s=s: np.where(z > 0, 1.0, s) if name == "relu" else g_prime(name, z)
                for s in (0.01, 0.1, 0.001, 0.2)
            ),
        )
    }


class TanhSlopeWithoutSquare(Misconception):
    """The slope of tanh is 1 - tanh². Without the square it is another function, which is larger than 1
    where z < 0. The check sees tanh wrong. Square it.
    """

    code, name, equation, chapter = "K47", "tanh' without its square", "2.7", "02-nonlinearities"
    sentence = "tanh' is 1 - tanh²: minus, and squared"
    hint = "How steep is tanh at z = -10?"
    snippet = "slope = 1 - np.tanh(z)"
    variants = (
        {"slope": lambda c: 1 - np.tanh(c.z) if c.hidden == "tanh" else g_prime(c.hidden, c.z)},
        {"slope": lambda c: 1 + np.tanh(c.z) ** 2 if c.hidden == "tanh" else g_prime(c.hidden, c.z)},
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (
            lambda name, z: 1 - np.tanh(z) if name == "tanh" else g_prime(name, z),
            lambda name, z: 1 + np.tanh(z) ** 2 if name == "tanh" else g_prime(name, z),
        )
    }


class ShortcutForgotten(Misconception):
    """In a = tanh(z) + a_prev the input reaches the loss twice: through z, and straight along the shortcut.
    Gradients of paths add. The check sees δ_z right and δ_a_prev off by δ_a. Add δ_a to Wᵀδ_z.
    """

    code, name, equation, chapter = "K48", "the shortcut forgotten, or bent", "6.2", "06-step-2"
    sentence = "a_prev reaches the loss by two paths: add them, the shortcut with slope 1"
    hint = "If W were 0, what would δ_a_prev be?"
    snippet = "delta_a_prev = W.T @ delta_z"
    formulas: ClassVar[Formulas] = {
        "residual_delta": (
            lambda W, z, d: (d * (1 - np.tanh(z) ** 2), W.T @ (d * (1 - np.tanh(z) ** 2))),
            lambda W, z, d: (d * (1 - np.tanh(z) ** 2), W.T @ (d * (1 - np.tanh(z) ** 2)) - d),
            lambda W, z, d: (d * (1 - np.tanh(z) ** 2), (W.T @ d + d) * (1 - np.tanh(z) ** 2)),
            lambda W, z, d: (d * (1 - np.tanh(z) ** 2), W.T @ (d * (1 - np.tanh(z) ** 2)) + d * (1 - np.tanh(z) ** 2)),
            lambda W, z, d: (d * (1 - np.tanh(z) ** 2), W.T @ (d * (1 - np.tanh(z) ** 2)) + 2 * d),
            lambda W, z, d: (d * (2 - np.tanh(z) ** 2), W.T @ (d * (1 - np.tanh(z) ** 2)) + d),
            lambda W, z, d: (d * (2 - np.tanh(z) ** 2), W.T @ (d * (2 - np.tanh(z) ** 2)) + d),
            lambda W, z, d: (d * (2 - np.tanh(z) ** 2), W.T @ (d * (2 - np.tanh(z) ** 2))),
        )
    }  # fmt: skip


class SlopeInsideProduct(Misconception):
    """The order of Step 2 is: first back through W[l+1], then the slope of layer l. Multiplying δ[l+1] by a
    slope before Wᵀ belongs to another layer. It runs only where the shapes happen to fit. Put the slope
    outside the product.
    """

    code, name, equation, chapter = "K49", "g' inside the product", "6.1", "06-step-2"
    sentence = "First back through Wᵀ, then times g' of layer l"
    hint = "To which layer's units does g'(z[l]) belong: to those of δ[l] or of δ[l+1]?"
    snippet = "W_next.T @ (delta_next * g_prime(hidden, z))"
    variants = (
        {
            "join": lambda back, slope, c: c.W_next.T @ (c.delta_next * slope),
        },
    )


ENTRIES = (
    TransposeLeftOut,
    WeightsOfWrongLayer,
    SlopeTakenAtA,
    SlopeLeftOut,
    ActivationForSlope,
    SlopeOfAnotherLayer,
    MatrixProductForElementwise,
    WeightsMadePositiveOrNormalised,
    SlopeTwice,
    SigmoidSlopeForAll,
    ReluMaskedByDelta,
    ZInSlopeFormulaOfA,
    TanhSlopeForAll,
    WrongReluSlope,
    TanhSlopeWithoutSquare,
    ShortcutForgotten,
    SlopeInsideProduct,
)
