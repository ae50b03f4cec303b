"""More mistakes in the slope g'(z): z for it, a division by it, another g's, one like it."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.residual_layer import slope, with_slope
from autograder.misconceptions.slots import in_every_branch
from backprop import g, g_prime, sigmoid


class ZForSlope(Misconception):
    """δ[l] needs how steep g is at z[l]: a number between 0 and 1 for sigmoid, tanh and ReLU. z says only
    where to look. The check sees the right numbers with z in place of g'(z). Put z into g'.
    """

    code, name, equation, chapter = "K91", "z for g'(z)", "6.1", "06-step-2"
    sentence = "The slope g'(z) is the factor, not z"
    hint = "How steep is your g at z = 5, and which number did you multiply by there?"
    in_pairs = 1
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * Z[l]"
    variants = ({"slope": in_every_branch(lambda c: c.z)},)
    elsewhere: ClassVar[Formulas] = {"residual_delta": (with_slope(lambda z: z),)}


class SlopeTakenAtBlame(Misconception):
    """g' is asked at the z that went into g on the way forward. What comes back through Wᵀ is another number,
    and the slope there belongs to no unit. The check sees sigmoid and tanh wrong. Hand z to g'.
    """

    code, name, equation, chapter = "K113", "g' taken at what comes back", "6.1", "06-step-2"
    sentence = "g' takes the z of the forward pass, not what comes back through Wᵀ"
    hint = "Which number went into g when a[l] was computed?"
    in_pairs = 0
    snippet = "d = W_next.T @ delta_next\nd * g_prime(hidden, d)"
    # Of ReLU's it is a mask by the sign of δ, which has its own name.
    variants = (
        {"slope": lambda c: g_prime(c.hidden, c.z if c.hidden == "relu" else c.W_next.T @ c.delta_next)},
    )


class DividedBySlope(Misconception):
    """If a moves half as fast as z, then z gets half of a's blame: the slope multiplies. The check sees
    numbers that explode where g is flat. Write * g'.
    """

    code, name, equation, chapter = "K98", "divided by g'", "6.1", "06-step-2"
    sentence = "δ is multiplied by g', not divided by it"
    hint = "How much should a unit be blamed whose g is flat?"
    in_pairs = 0
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) / g_prime(hidden, Z[l])"
    variants = (
        {"join": lambda back, slope, c: back / slope},
        *({"join": lambda back, slope, c, e=e: back / (slope + e)} for e in (1e-8, 1e-7, 1e-10, 1e-12)),
    )
    elsewhere: ClassVar[Formulas] = {"residual_delta": (with_slope(lambda z: 1 / slope(z)),)}


class ReluSlopeForAll(Misconception):
    """1 where z > 0 and 0 elsewhere is the slope of ReLU. Sigmoid has a(1 - a), tanh 1 - a². The check sees
    ReLU right and the others wrong. Choose the slope by the argument `hidden`.
    """

    code, name, equation, chapter = "K99", "ReLU's slope for every g", "2.8", "06-step-2"
    sentence = "That is ReLU's slope"
    hint = "Look at the name that you are given: does your code use it?"
    in_pairs = 1
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * (Z[l] > 0)"
    variants = ({"slope": lambda c: (c.z > 0) * 1.0},)
    elsewhere: ClassVar[Formulas] = {
        "g_prime": (lambda name, z: (z > 0) * 1.0,),
        "residual_delta": (with_slope(lambda z: (z > 0) * 1.0),),
    }


# In a = σ(z), whose slope is a(1 - a).
NEARLY_SIGMOID_SLOPE: tuple[Callable[[Any], Any], ...] = (
    lambda a: 1 - a,
    lambda a: a * (1 + a),
    lambda a: a**2,
    lambda a: (1 - a) ** 2,
    lambda a: a**2 * (1 - a),
    lambda a: a * (1 - a) ** 2,
)


class SigmoidSlopeMisremembered(Misconception):
    """σ' is a(1 - a): what σ gives, times what is missing to 1. Both factors are needed: where a is near 0 or
    near 1 the curve is flat. The check sees sigmoid's slope wrong, and the others right. Write a * (1 - a).
    """

    code, name, equation, chapter = "K106", "a slope like σ', but another", "2.6", "02-nonlinearities"
    sentence = "σ' is a(1 - a), both factors, with a minus between 1 and a"
    hint = "What should the slope of σ be far to the right, where a is nearly 1?"
    in_pairs = 0
    snippet = "slope = a * (1 + a)"
    variants = tuple(
        {"slope": lambda c, f=f: f(sigmoid(c.z)) if c.hidden == "sigmoid" else g_prime(c.hidden, c.z)}
        for f in NEARLY_SIGMOID_SLOPE
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": tuple(
            lambda name, z, f=f: f(sigmoid(z)) if name == "sigmoid" else g_prime(name, z)
            for f in NEARLY_SIGMOID_SLOPE
        )
    }


class SlopeOfAnotherExample(Misconception):
    """Each example went its own way forward, so each has slopes of its own: g'(z[l]) has a column for each.
    The slopes of one example, or of the mean of all, are right for a batch of one alone. The check sees that,
    and others wrong. Take g' of the whole z.
    """

    code, name, equation, chapter = "K130", "one example's g' for all", "6.1", "06-step-2"
    sentence = "Each example has slopes of its own: g'(z) has a column for each"
    hint = "How many columns has your g'(z), and how many has z?"
    in_pairs = 0
    snippet = "(W_next.T @ delta_next) * g_prime(hidden, z[:, :1])"
    variants = (
        {"slope": lambda c: g_prime(c.hidden, c.z[:, :1])},
        {"slope": lambda c: g_prime(c.hidden, c.z[:, -1:])},
        {"slope": lambda c: g_prime(c.hidden, np.mean(c.z, axis=1, keepdims=True))},
    )


# Steps up and down from z.
DIFFERENCES = ((1e-3, 1e-3), (1e-2, 1e-2), (1e-4, 1e-4), (1e-3, 0.0), (1e-4, 0.0), (1e-5, 0.0), (1e-6, 0.0))


class SlopeByDifferences(Misconception):
    """A difference of g over a small step comes near its slope, to a few digits. g' has a formula, and that
    gives all digits. The check sees numbers that are off by a little, and by half where a step leads across
    ReLU's kink. Write the formula.
    """

    code, name, equation, chapter = "K131", "g' by differences of g", "6.1", "06-step-2"
    sentence = "g' has a formula: a difference of g over a step has a few of its digits"
    hint = "To how many digits does your g' agree with the formula at z = 1?"
    in_pairs = 0
    snippet = "slope = (g(z + 1e-3) - g(z - 1e-3)) / 2e-3"
    variants = tuple(
        {"slope": lambda c, up=up, down=down: (g(c.hidden, c.z + up) - g(c.hidden, c.z - down)) / (up + down)}
        for up, down in DIFFERENCES
    )
    # In a whole network so small an error may be lost among others.
    within = ("hidden_delta",)


ENTRIES = (
    ZForSlope,
    SlopeTakenAtBlame,
    DividedBySlope,
    ReluSlopeForAll,
    SigmoidSlopeMisremembered,
    SlopeOfAnotherExample,
    SlopeByDifferences,
)
