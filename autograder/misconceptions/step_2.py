"""Mistakes in Step 2, delta[l] = (W[l+1]^T delta[l+1]) o g'(z[l])."""

import numpy as np

from autograder.misconceptions.entry import Misconception
from autograder.misconceptions.wrong_recipe import in_step_2
from backprop import g, g_prime, sigmoid


class K10(Misconception):
    """W[l+1] maps layer l to layer l+1; going back takes its transpose. On a square layer the shapes do not object."""

    code, name, equation, chapter = "K10", "W for its transpose", "6.1", "06-step-2"
    sentence = "Wᵀ maps n[l+1] back to n[l]"
    hint = "Write the shapes of W[l+1] and δ[l+1] side by side."
    formulas = in_step_2(lambda W, delta, z, hidden: (W @ delta) * g_prime(hidden, z))


class K12(Misconception):
    """g' is taken at z, the input of g, and not at a, its output."""

    code, name, equation, chapter = "K12", "g'(a) for g'(z)", "6.1", "06-step-2"
    sentence = "g' takes z"
    hint = "What does your g' do with its argument: does it apply g to it first?"
    formulas = in_step_2(lambda W, delta, z, hidden: (W.T @ delta) * g_prime(hidden, g(hidden, z)))


class K13(Misconception):
    """W^T delta is the gradient at a[l]. One factor is missing on the way to z[l]: g'(z[l])."""

    code, name, equation, chapter = "K13", "g' left out", "6.1", "06-step-2"
    sentence = "You returned ∇_a L"
    hint = "δ[l] is with respect to z[l]; how does a[l] change with z[l]?"
    formulas = in_step_2(lambda W, delta, z, hidden: W.T @ delta)


class K14(Misconception):
    """The chain rule asks how fast g changes, not how large it is."""

    code, name, equation, chapter = "K14", "g for g'", "6.1", "06-step-2"
    sentence = "The slope, not the value"
    hint = "At which z is the slope of your g zero?"
    formulas = in_step_2(lambda W, delta, z, hidden: (W.T @ delta) * g(hidden, z))


class K17(Misconception):
    """A negative weight passes blame on with a negative sign."""

    code, name, equation, chapter = "K17", "the size of W", "6.1", "06-step-2"
    sentence = "Blame is signed, not shared out"
    hint = "If a weight is negative, should its unit rise or fall to lower the loss?"
    formulas = in_step_2(
        lambda W, delta, z, hidden: (np.abs(W).T @ delta) * g_prime(hidden, z),
        lambda W, delta, z, hidden: ((W / np.sum(W, axis=1, keepdims=True)).T @ delta) * g_prime(hidden, z),
        lambda W, delta, z, hidden: (
            ((W / np.sum(np.abs(W), axis=1, keepdims=True)).T @ delta) * g_prime(hidden, z)
        ),
    )


class K18(Misconception):
    """One layer, one g': the chain rule meets g once on the way from z[l+1] to z[l]."""

    code, name, equation, chapter = "K18", "g' twice", "6.1", "06-step-2"
    sentence = "Once a layer"
    hint = "Count the factors g' in δ[l]."
    formulas = in_step_2(lambda W, delta, z, hidden: (W.T @ delta) * g_prime(hidden, z) ** 2)


class K19(Misconception):
    """a(1 - a) is the slope of sigmoid alone; tanh has 1 - a² and ReLU a step."""

    code, name, equation, chapter = "K19", "a(1 - a) for every g", "6.1", "06-step-2"
    sentence = "That is sigmoid's"
    hint = "Look at the argument `hidden`: do you use it?"
    formulas = in_step_2(
        lambda W, delta, z, hidden: (W.T @ delta) * (g(hidden, z) * (1 - g(hidden, z))),
        lambda W, delta, z, hidden: (W.T @ delta) * (sigmoid(z) * (1 - sigmoid(z))),
    )


class K21(Misconception):
    """ReLU passes a delta on where its own z was positive, whatever the delta's sign."""

    code, name, equation, chapter = "K21", "ReLU masks by the sign of delta", "6.1", "06-step-2"
    sentence = "Mask by z > 0"
    hint = "Which units were switched on in the forward pass?"
    formulas = in_step_2(
        lambda W, delta, z, hidden: (
            np.maximum(W.T @ delta, 0) if hidden == "relu" else (W.T @ delta) * g_prime(hidden, z)
        )
    )


ENTRIES = (K10, K12, K13, K14, K17, K18, K19, K21)
