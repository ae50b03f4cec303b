"""Mistakes that no formula of one step shows: in the loop over the layers, in what is changed or returned, in L2."""

from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception, Rules, WrongFormula
from autograder.misconceptions.slots import gradients
from backprop import all_deltas, backprop, g_prime

RATE = 0.1


def updated_deltas(
    W: Any, Z: Any, A: Any, Y: Any, hidden: str, output: str, rate: float = RATE, by: float = 1.0
) -> Any:
    """all_deltas where each W[l+1] has already made its step; by: what its gradient is multiplied by (1/m or 1)."""
    N = max(W)
    delta = {N: all_deltas(W, Z, A, Y, hidden, output)[N]}
    for l in range(N - 1, 0, -1):
        stepped = W[l + 1] - rate * by * (delta[l + 1] @ A[l].T)
        delta[l] = (stepped.T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta


def _updated_gradients(W: Any, Z: Any, A: Any, Y: Any, hidden: str, output: str) -> Any:
    m = Y.shape[1]
    delta = updated_deltas(W, Z, A, Y, hidden, output, by=1 / m)
    return {l: delta[l] @ A[l - 1].T / m for l in delta}, {
        l: delta[l].mean(axis=1, keepdims=True) for l in delta
    }


class WeightsUpdatedInLoop(Misconception):
    """Every δ is measured at the same W, the one of the forward pass. If W[l+1] takes its step before δ[l]
    has passed back through it, δ[l] belongs to a network that never ran. The check sees the last layer
    right, and the others off by an amount like the learning rate. Finish all gradients, then step.
    """

    code, name, equation, chapter = "K20", "W updated inside the backward loop", "10.1", "08-batches"
    sentence = "Finish all gradients, then step"
    hint = "With which W did the forward pass run?"
    snippet = (
        "for l in range(N, 0, -1):\n    W[l] -= rate * dW[l]\n    delta[l - 1] = (W[l].T @ delta[l]) * ..."
    )
    rules: ClassVar[Rules] = {
        "all_deltas": lambda W, Z, A, Y, hidden, output: updated_deltas(
            W, Z, A, Y, hidden, output, by=1 / Y.shape[1]
        ),
        "backprop": _updated_gradients,
    }


class FirstLayerSkipped(Misconception):
    """range(N, 1, -1) ends at 2: the stop is not reached. Layer 1 has a W and a b like every other. The
    network still learns with its first layer frozen, which is why nobody notices. The check sees no entry
    1, or zeros. Loop down to 1: range(N, 0, -1).
    """

    code, name, equation, chapter = "K34", "layer 1 skipped", "6.1", "08-batches"
    sentence = "Layer 1 has a W too"
    hint = "Print the l of every turn of your loop."
    snippet = "for l in range(N, 1, -1):"
    rules: ClassVar[Rules] = {
        "all_deltas": lambda *args: {
            l: d for l, d in all_deltas(*args).items() if l > 1 or len(args[0]) == 1
        },
        "backprop": lambda *args: tuple(
            {l: v for l, v in part.items() if l > 1 or len(args[0]) == 1} for part in backprop(*args)
        ),
    }


def _in_place(W_next: Any, delta_next: Any, z: Any, hidden: str) -> Any:
    slope = g_prime(hidden, z)
    z[...] = 0
    return (W_next.T @ delta_next) * slope


class InputsChangedOrStateKept(Misconception):
    """delta -= Y and z[z < 0] = 0 write into the array they were given, and the caller's array is the same
    array. The first answer may be right; the second call gets spoilt inputs, and so does whatever comes
    next. A list or a counter outside the function has the same effect. The check calls twice and compares
    the inputs before and after. Write delta = A - Y, or copy first.
    """

    code, name, equation, chapter = "K35", "inputs changed in place, or state kept", "7.1", "08-batches"
    sentence = "Inputs were changed in place, or something is remembered (or drawn at random) between calls"
    hint = "Which of your lines writes into an array that came in as an argument: -=, *=, out=, x[...] = ?"
    snippet = "delta = A[N]\ndelta -= Y   # A[N] is gone"
    rules: ClassVar[Rules] = {"hidden_delta": _in_place}


class UpdatedParametersReturned(Misconception):
    """W - rate · dW is gradient descent's next W, and the business of whoever trains. backprop is asked for
    dW itself. The check sees W in your numbers. Return the gradient; step outside.
    """

    code, name, equation, chapter = "K36", "updated parameters returned", "10.1", "08-batches"
    sentence = "A gradient, not an update"
    hint = "What would your function return if the learning rate were 0?"
    snippet = "return {l: W[l] - rate * dW[l] for l in W}, ..."
    rules: ClassVar[Rules] = {
        "backprop": lambda W, *args: (
            {l: W[l] - RATE * v for l, v in backprop(W, *args)[0].items()}, backprop(W, *args)[1]
        ),
    }  # fmt: skip


class TrainingTakenForProof(Misconception):
    """A network with a wrong gradient still learns: as long as the direction is roughly downhill, the loss
    falls. Chapter 9 measures it: with g' left out, or with layer 1 frozen, the digits are nearly as well
    read as with the right code. So the check never looks at accuracy; it compares gradients with numbers
    that only the right recipe gives.
    """

    code, name, equation, chapter = "K37", "“it trains, so it is right”", "9.1", "09-gradient-checking"
    sentence = "A falling loss proves nothing: see chapter 9"
    hint = "Compare with central differences."
    snippet = "assert losses[-1] < losses[0]   # so the gradient must be right"


def l2(*args: Any, penalty: Any) -> Any:
    """l2_backprop with another penalty: penalty(W[l], lam, m) is added to dW[l]."""
    *net, lam = args
    dW, db = gradients({}, *net)
    return {l: dW[l] + penalty(args[0][l], lam, args[3].shape[1]) for l in dW}, db


TWICE_OR_HALF: tuple[WrongFormula, ...] = (lambda W, lam, m: 2 * lam * W, lambda W, lam, m: lam / 2 * W)
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
        "l2_backprop": tuple(lambda *args, p=p: l2(*args, penalty=p) for p in PENALTIES)
    }


ENTRIES = (
    WeightsUpdatedInLoop,
    FirstLayerSkipped,
    InputsChangedOrStateKept,
    UpdatedParametersReturned,
    TrainingTakenForProof,
    WrongPenaltySlope,
)
