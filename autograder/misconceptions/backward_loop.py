"""Mistakes that no formula of one step shows: in the loop over the layers, and in what is returned."""

from functools import partial
from typing import Any, ClassVar

from autograder.misconceptions.misconception import Formulas, Misconception, Rules
from autograder.misconceptions.slots import LayerContext, SlotChanges, deltas, recipe_gradients
from backprop import all_deltas, backprop, central_difference, g_prime

RATE = 0.1


def weights_updated(rate: float, mean: bool = True) -> SlotChanges:
    """Step 2 with a W[l+1] that has made its step already, by the gradient of J or (not mean) m times it."""

    def stepped(c: LayerContext) -> Any:
        m = c.delta_next.shape[1] if mean else 1
        return c.W_next - rate / m * (c.delta_next @ c.A[c.l].T)

    return {"weights": stepped}


class WeightsUpdatedInLoop(Misconception):
    """Every δ is measured at the same W, the one of the forward pass. If W[l+1] takes its step before δ[l]
    has passed back through it, δ[l] belongs to a network that never ran. The check sees the last layer
    right, and the others off by an amount like the learning rate. Finish all gradients, then step.
    """

    code, name, equation, chapter = "K20", "W updated inside the backward loop", "10.1", "08-batches"
    sentence = "Finish all gradients, then step: the way back needs the W of the forward pass"
    hint = "With which W did the forward pass run?"
    snippet = (
        "for l in range(N, 0, -1):\n    W[l] -= rate * dW[l]\n    delta[l - 1] = (W[l].T @ delta[l]) * ..."
    )
    rules: ClassVar[Rules] = {
        "all_deltas": partial(deltas, weights_updated(RATE)),
        "backprop": partial(recipe_gradients, weights_updated(RATE)),
    }

    @classmethod
    def one_step(cls) -> bool:
        """It is Step 2 that gets another W."""
        return True


class FirstLayerSkipped(Misconception):
    """range(N, 1, -1) ends at 2: the stop is not reached. Layer 1 has a W and a b like every other. The
    network still learns with its first layer frozen, which is why nobody notices. The check sees no entry
    1, or zeros. Loop down to 1: range(N, 0, -1).
    """

    code, name, equation, chapter = "K34", "layer 1 skipped", "6.1", "08-batches"
    sentence = "Layer 1 has a W too: the loop must reach l = 1"
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
    hint = (
        "Which of your lines writes into an array that came in as an argument (-=, *=, out=, x[...] "
        "=), or into a variable from outside your function?"
    )
    snippet = "delta = A[N]\ndelta -= Y   # A[N] is gone"
    rules: ClassVar[Rules] = {"hidden_delta": _in_place}


class UpdatedParametersReturned(Misconception):
    """W - rate · dW is gradient descent's next W, and the business of whoever trains. backprop is asked for
    dW itself. The check sees W in your numbers. Return the gradient; step outside.
    """

    code, name, equation, chapter = "K36", "updated parameters returned", "10.1", "08-batches"
    sentence = "A gradient, not an update: leave the step to the caller"
    hint = "What would your function return if the learning rate were 0?"
    credit = 0.5
    snippet = "return {l: W[l] - rate * dW[l] for l in W}, ..."
    rules: ClassVar[Rules] = {
        "backprop": lambda W, *args: (
            {l: W[l] - RATE * v for l, v in backprop(W, *args)[0].items()},
            backprop(W, *args)[1],
        ),
    }
    elsewhere: ClassVar[Formulas] = {
        "numerical_delta": (
            lambda f, z, h: z - h * central_difference(f, z, h),
            lambda f, z, h: z - RATE * central_difference(f, z, h),
            lambda f, z, h: z - central_difference(f, z, h),
        )
    }


class TrainingTakenForProof(Misconception):
    """A network with a wrong gradient still learns: as long as the direction is roughly downhill, the loss
    falls. Chapter 9 measures it: with g' left out most digits are still read, and even with layer 1 frozen
    nine in ten, although the right code mostly does better. So the check never looks at accuracy; it
    compares gradients with numbers that only the right recipe gives.
    """

    code, name, equation, chapter = "K37", "“it trains, so it is right”", "9.1", "09-gradient-checking"
    sentence = "A falling loss proves nothing: see chapter 9"
    hint = "Compare with central differences."
    snippet = "assert losses[-1] < losses[0]   # so the gradient must be right"


ENTRIES = (
    WeightsUpdatedInLoop,
    FirstLayerSkipped,
    InputsChangedOrStateKept,
    UpdatedParametersReturned,
    TrainingTakenForProof,
)
