"""Mistakes in Step 2, delta[l] = (W[l+1]^T delta[l+1]) o g'(z[l])."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.residual_layer import slope, with_back, with_delta_z
from autograder.misconceptions.slots import WrongFormula, needs_net


class TransposeLeftOut(Misconception):
    """W[l+1] takes layer l to layer l+1. To go back, each unit of layer l gathers from all units it feeds,
    along its column: that is the transpose. On layers of different widths the shapes object; on a square
    layer they do not, and the check sees the numbers of $W\\delta$. Write W_next.T @ delta_next.
    """

    code, name, equation, chapter = "K10", "W for its transpose", "6.1", "06-step-2"
    sentence = "Wᵀ maps n[l+1] back to n[l]: blame comes back along the columns of W"
    hint = "Write the shapes of W and of the δ that comes in side by side: which axis of W belongs to that δ?"
    credit = 0.25
    credit_only = "square"
    snippet = "(W_next @ delta_next) * g_prime(hidden, z)"
    variants = (
        {"back": lambda c: c.W_next @ c.delta_next},
        {"back": lambda c: (c.W_next if len(c.W_next) == len(c.W_next.T) else c.W_next.T) @ c.delta_next},
        # As einsum("ij,jm->im") has it: of one unit, or to one unit, a sum over numbers that are repeated.
        {"back": lambda c: np.sum(c.W_next[:, :, None] * c.delta_next, axis=1)},
    )
    formulas: ClassVar[Formulas] = {"residual_delta": (with_back(lambda W, delta_z: W @ delta_z),)}


class WeightsOfWrongLayer(Misconception):
    """δ[l] is about z[l], and z[l] reaches the loss through a[l] and W[l+1]. W[l] lies on the other side:
    it makes z[l]. Where all layers have one width the shapes fit, and the check sees the numbers of the
    wrong matrix. Take W[l+1].
    """

    code, name, equation, chapter = "K11", "W[l] for W[l+1]", "6.1", "06-step-2"
    sentence = "δ[l] leaves through W[l+1]: the weights that carry a[l] forward bring its blame back"
    hint = "Which W multiplies a[l]?"
    snippet = "delta[l] = (W[l].T @ delta[l + 1]) * g_prime(hidden, Z[l])"
    variants = ({"weights": needs_net(lambda c: c.W[c.l])},)


class MatrixProductForElementwise(Misconception):
    """∘ multiplies entry by entry: unit j's blame times unit j's slope, for each example. @ sums over
    something that should not be summed. It runs only where the shapes happen to fit, and the check sees
    sums there. Write *.
    """

    code, name, equation, chapter = "K16", "@ for ∘", "6.1", "06-step-2"
    sentence = "Elementwise here: each unit's blame is multiplied by that unit's own slope"
    hint = "What shape must δ[l] have? What shape does @ give?"
    in_pairs = 1
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
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (
            with_delta_z(lambda z, d: d @ slope(z)),
            with_delta_z(lambda z, d: d @ slope(z).T),
            with_delta_z(lambda z, d: d.T @ slope(z)),
            with_delta_z(lambda z, d: slope(z) @ d),
        ),
    }


def _sum(W: Any, axis: int | None) -> Any:
    return np.sum(W, axis=axis, keepdims=True)


def _length(W: Any, axis: int | None) -> Any:
    return np.sqrt(np.sum(W * W, axis=axis, keepdims=True))


def _share(top: Callable[..., Any], below: Callable[..., Any], axis: int | None, W: Any) -> Any:
    return top(W) / below(W, axis)


# W or |W|, divided by sums, by sums of sizes, or by lengths: of columns, of rows, of everything.
SHARES: tuple[Callable[[Any], Any], ...] = tuple(
    partial(_share, top, below, axis)
    for top in (np.asarray, np.abs)
    for below in (
        _sum,
        lambda W, axis: _sum(np.abs(W), axis),
        _length,
        lambda W, axis: np.max(np.abs(W), axis, keepdims=True),
    )
    for axis in (1, 0, None)
)


def _back_by(share: Callable[[Any], Any]) -> WrongFormula:
    return with_back(lambda W, delta_z: share(W).T @ delta_z)


class WeightsMadePositiveOrNormalised(Misconception):
    """A negative weight passes blame on with its sign: if the next unit should fall, this one should rise.
    |W|, or weights made to sum to 1, turn blame into a cake to be shared. The check sees the numbers of the
    changed matrix. Use W itself.
    """

    code, name, equation, chapter = "K17", "|W|, or normalised W", "6.1", "06-step-2"
    sentence = "Blame is signed, not shared out: use W as it is, with its signs and its sizes"
    hint = (
        "If a weight is doubled, or changes its sign, what should happen to the blame that comes "
        "back through it?"
    )
    in_pairs = 1
    snippet = "(np.abs(W_next).T @ delta_next) * g_prime(hidden, z)"
    variants = (
        {"back": lambda c: np.abs(c.W_next).T @ c.delta_next},
        {"back": lambda c: (c.W_next**2).T @ c.delta_next},
        {"back": lambda c: (c.W_next - np.mean(c.W_next)).T @ c.delta_next},
        *({"back": lambda c, share=share: share(c.W_next).T @ c.delta_next} for share in SHARES),
    )
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (_back_by(np.abs), *map(_back_by, SHARES)),
    }


class ReluMaskedByDelta(Misconception):
    """ReLU passes δ on where the unit was on in the forward pass, z > 0, whatever the sign of δ. Masking by
    δ's own sign throws away all blame of one sign. The check sees no negative numbers with ReLU. Mask by z
    > 0.
    """

    code, name, equation, chapter = "K21", "ReLU masks by the sign of δ", "2.8", "06-step-2"
    sentence = "Mask by z > 0: a unit that was on passes every δ, whatever its sign"
    hint = "Which units were switched on in the forward pass?"
    in_pairs = 1
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


class ShortcutForgotten(Misconception):
    """In a = tanh(z) + a_prev the input reaches the loss twice: through z, and straight along the shortcut.
    Gradients of paths add. The check sees δ_z right and δ_a_prev off by δ_a. Add δ_a to Wᵀδ_z.
    """

    code, name, equation, chapter = "K48", "the shortcut forgotten, or bent", "6.2", "06-step-2"
    sentence = "z reaches the loss through tanh alone, a_prev through z and by the shortcut: add these two"
    hint = "If W were 0, what would δ_a_prev be?"
    snippet = "delta_a_prev = W.T @ delta_z"
    formulas: ClassVar[Formulas] = {
        "residual_delta": (
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z))),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z)) - d),
            lambda W, z, d: (d * slope(z), (W.T @ d + d) * slope(z)),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z)) + d * slope(z)),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z)) + 2 * d),
            lambda W, z, d: (d * slope(z), d),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z)) + 1),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z)) * d),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z)) + W @ d),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z) + d)),
            lambda W, z, d: (d * slope(z), W.T @ (d * slope(z)) + slope(z)),
            lambda W, z, d: (d * (1 + slope(z)), W.T @ (d * slope(z)) + d),
            lambda W, z, d: (d * (1 + slope(z)), W.T @ (d * (1 + slope(z))) + d),
            lambda W, z, d: (d * (1 + slope(z)), W.T @ (d * (1 + slope(z)))),
        )
    }


def _inside_if_it_fits(back: Any, slope: Any, c: Any) -> Any:
    fits = len(c.W_next) == len(c.W_next.T)
    return c.W_next.T @ (c.delta_next * slope) if fits else back * slope


class SlopeInsideProduct(Misconception):
    """The order of Step 2 is: first back through W[l+1], then the slope of layer l. Multiplying δ[l+1] by a
    slope before Wᵀ belongs to another layer. It runs only where the shapes happen to fit. Put the slope
    outside the product.
    """

    code, name, equation, chapter = "K49", "g' inside the product", "6.1", "06-step-2"
    sentence = "First back through Wᵀ, then times g' of layer l"
    hint = "To which layer's units does g'(z[l]) belong: to those of δ[l] or of δ[l+1]?"
    in_pairs = 1
    snippet = "W_next.T @ (delta_next * g_prime(hidden, z))"
    variants = (
        {
            "join": lambda back, slope, c: c.W_next.T @ (c.delta_next * slope),
        },
        # Where the shapes object, outside.
        {"join": _inside_if_it_fits},
    )


ENTRIES = (
    TransposeLeftOut,
    WeightsOfWrongLayer,
    MatrixProductForElementwise,
    WeightsMadePositiveOrNormalised,
    ReluMaskedByDelta,
    ShortcutForgotten,
    SlopeInsideProduct,
)
