"""Mistakes in the L2 penalty: its slope, where it is added, and what else gets it."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeAlias

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.slots import WrongFormula, l2_gradients, recipe_gradients

TWICE_OR_HALF: tuple[WrongFormula, ...] = (lambda W, lam, m: 2 * lam * W, lambda W, lam, m: lam / 2 * W)
SIGN_AND_FACTOR: tuple[WrongFormula, ...] = (
    lambda W, lam, m: -2 * lam * W,
    lambda W, lam, m: -lam / 2 * W,
)
PENALTIES: tuple[WrongFormula, ...] = (
    lambda W, lam, m: lam / m * W,
    lambda W, lam, m: 0 * W,
    lambda W, lam, m: lam / (2 * m) * W,
    lambda W, lam, m: -lam * W,
    lambda W, lam, m: lam * W**2,
    lambda W, lam, m: lam / 2 * W**2,
    lambda W, lam, m: lam * np.sign(W),
    lambda W, lam, m: lam * np.abs(W),
    lambda W, lam, m: lam / 2 * np.sum(W**2),
    lambda W, lam, m: lam * np.sum(W**2),
    lambda W, lam, m: lam * np.sum(W),
    lambda W, lam, m: lam,
    lambda W, lam, m: W,
    lambda W, lam, m: lam * m * W,
    lambda W, lam, m: lam**2 * W,
    lambda W, lam, m: lam * np.sqrt(np.sum(W**2)),
    lambda W, lam, m: lam * W / np.sqrt(np.sum(W**2)),
    lambda W, lam, m: lam * np.mean(W),
    lambda W, lam, m: -lam / m * W,
    lambda W, lam, m: 2 * lam / m * W,
)


class WrongPenaltySlope(Misconception):
    """The penalty (λ/2) Σ W² has the slope λW. There is no m in it, since the penalty stands outside the
    mean. The check sees dW off by a multiple of W, and db right. Add lam * W[l] to dW[l].
    """

    code, name, equation, chapter = "K71", "another slope for the L2 penalty", "8.1", "08-batches"
    sentence = "The slope of (λ/2)‖W‖² is λW: added to dW, without m, and in every layer"
    hint = "Differentiate (λ/2) w² for one weight w."
    snippet = "dW[l] = dW[l] + lam / m * W[l]"
    formulas: ClassVar[Formulas] = {
        "l2_backprop": tuple(partial(l2_gradients, {}, penalty=p) for p in PENALTIES)
    }


# (dW of J, W, lambda, l, N) -> what a layer's dW is instead of dW + lambda W.
Joined: TypeAlias = Callable[[Any, Any, float, int, int], Any]


def penalised_in(layers: Callable[[int, int], bool]) -> Joined:
    """The penalty in those layers l of N alone."""
    return lambda dW, W, lam, l, N: dW + lam * W if layers(l, N) else dW


SOME_LAYERS: tuple[Joined, ...] = tuple(
    map(
        penalised_in,
        (
            lambda l, N: l == N,
            lambda l, N: l > 1,
            lambda l, N: l < N,
            lambda l, N: l == 1,
            lambda l, N: l > 1 or N == 1,
            lambda l, N: l < N or N == 1,
            lambda l, N: 1 < l < N,
        ),
    )
)
NOT_ADDED: tuple[Joined, ...] = (
    lambda dW, W, lam, l, N: lam * W,
    lambda dW, W, lam, l, N: dW * lam * W,
    lambda dW, W, lam, l, N: dW * (lam * W + 1),
    lambda dW, W, lam, l, N: lam * (dW + W),
    lambda dW, W, lam, l, N: lam * dW,
    lambda dW, W, lam, l, N: (1 - lam) * dW + lam * W,
    lambda dW, W, lam, l, N: (1 + lam) * dW,
)
# (W, right db, lambda) -> what db gets besides.
ON_BIAS: tuple[WrongFormula, ...] = (
    lambda W, db, lam: lam * np.sum(W, axis=1, keepdims=True),
    lambda W, db, lam: lam,
    lambda W, db, lam: lam * np.mean(W, axis=1, keepdims=True),
    lambda W, db, lam: lam * db,
    lambda W, db, lam: lam * np.sum(W),
    lambda W, db, lam: lam * np.mean(W),
)


def with_joined(joined: Joined) -> WrongFormula:
    """l2_backprop with another way to join the penalty to dW."""

    def wrong(*args: Any) -> tuple[Any, Any]:
        *net, lam = args
        dW, db = recipe_gradients({}, *net)
        W = args[0]
        return {l: joined(dW[l], W[l], lam, l, max(W)) for l in W}, db

    return wrong


def with_bias_penalised(added: WrongFormula) -> WrongFormula:
    """l2_backprop with a penalty in db as well."""

    def wrong(*args: Any) -> tuple[Any, Any]:
        dW, db = l2_gradients({}, *args)
        lam = args[-1]
        return dW, {l: db[l] + added(args[0][l], db[l], lam) for l in db}

    return wrong


class SomeLayersUnpenalised(Misconception):
    """The penalty is a sum over all layers, so every W[l] is in it, the first and the last too. The check
    sees some dW[l] right, and others off by just λW[l]. Add the term inside the loop, for every l.
    """

    code, name, equation, chapter = "K107", "λW in some layers only", "8.1", "08-batches"
    sentence = "Every W[l] is penalised, from layer 1 to layer N: add λW[l] to each dW[l]"
    hint = "In which turns of your loop is λW[l] added?"
    credit = 0.25
    snippet = "dW[N] = dW[N] + lam * W[N]   # and the other layers?"
    formulas: ClassVar[Formulas] = {"l2_backprop": tuple(map(with_joined, SOME_LAYERS))}


class BiasPenalised(Misconception):
    """The sum of squares runs over the weights alone. b is not in it, so the penalty does not change with b,
    and db is what backprop gives. The check sees dW right, and db with something of λ in it. Leave db as it
    is.
    """

    code, name, equation, chapter = "K108", "λ in db", "8.1", "08-batches"
    sentence = "b is not penalised: λ stands in dW alone"
    hint = "Is b in the penalty (λ/2) Σ‖W‖²?"
    snippet = "db[l] = db[l] + lam * W[l].sum(axis=1, keepdims=True)"
    formulas: ClassVar[Formulas] = {"l2_backprop": tuple(map(with_bias_penalised, ON_BIAS))}


class PenaltyNotAdded(Misconception):
    """What is minimised is J plus the penalty, so its gradient is a sum as well: the gradient of J, as it
    was, plus λW. The check sees a product of the two, one of them alone, or the gradient of J scaled. Write
    dW[l] + lam * W[l].
    """

    code, name, equation, chapter = "K109", "the gradient of J and λW not added up", "8.1", "08-batches"
    sentence = "The gradient of a sum is a sum: that of J as it is, plus λW"
    hint = "What should dW be where λ is 0?"
    snippet = "dW[l] = lam * W[l]   # and the gradient of J?"
    formulas: ClassVar[Formulas] = {"l2_backprop": tuple(map(with_joined, NOT_ADDED))}


ENTRIES = (WrongPenaltySlope, SomeLayersUnpenalised, BiasPenalised, PenaltyNotAdded)
