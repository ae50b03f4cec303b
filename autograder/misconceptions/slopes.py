"""Mistakes in the slope g'(z), by itself and in Step 2."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.residual_layer import slope, with_delta_z, with_slope
from autograder.misconceptions.slots import LayerContext, needs_net
from backprop import g, g_prime, sigmoid


def slope_from_a(hidden: str, a: Any) -> Any:
    """g' by the formulas that take a: a(1 - a), 1 - a^2, a > 0."""
    if hidden == "relu":
        return np.where(a > 0, 1.0, 0.0)
    return a * (1 - a) if hidden == "sigmoid" else 1 - a * a


class SlopeTakenAtA(Misconception):
    """g' is a function of z, the input of g. Written in terms of a it has another formula (a(1 - a), 1 -
    a²), which must then be given a. Mixing the two applies g twice. ReLU hides it: a > 0 just where z > 0.
    The check sees sigmoid and tanh wrong, ReLU right.
    """

    code, name, equation, chapter = "K12", "g'(a) for g'(z)", "6.1", "06-step-2"
    sentence = "g' takes z: with a in it, g has been applied once too often"
    hint = "What does your g' do with its argument: does it apply g to it first?"
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, A[l])"
    variants = ({"slope": lambda c: g_prime(c.hidden, g(c.hidden, c.z))},)
    formulas: ClassVar[Formulas] = {"g_prime": (lambda name, z: g_prime(name, g(name, z)),)}
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (with_slope(lambda z: slope(np.tanh(z))),),
    }


class SlopeLeftOut(Misconception):
    """$W^T\\delta$ says how the loss changes with a[l]. z[l] comes before a[l], and a[l] = g(z[l]) changes
    with it at the rate g'(z[l]): one factor is missing. The check sees numbers that are too large wherever
    g saturates. Multiply elementwise by g'(z[l]).
    """

    code, name, equation, chapter = "K13", "g' left out", "6.1", "06-step-2"
    sentence = "You stopped one factor early: this is how L changes with a, not with z; multiply by g'(z)"
    hint = "δ[l] is with respect to z[l]; how does a[l] change with z[l]?"
    snippet = "delta[l] = W[l + 1].T @ delta[l + 1]"
    variants = (
        {"slope": lambda c: np.ones_like(c.z, dtype=float)},
        # Of whatever shape it is.
        {"join": lambda back, slope, c: back},
        {"used": lambda c: c.delta if c.l == c.N else c.W_next.T @ c.delta_next},
        {"join": needs_net(lambda back, slope, c: back if c.l == 1 else back * slope)},
        {"join": needs_net(lambda back, slope, c: back if c.l == c.N - 1 else back * slope)},
    )
    formulas: ClassVar[Formulas] = {"residual_delta": (with_delta_z(lambda z, d: d),)}


class ActivationForSlope(Misconception):
    """The chain rule asks how fast a changes with z, not how large a is. The check sees numbers multiplied
    by a: for ReLU they grow with z, for tanh they change sign with it. Use the slope g'(z).
    """

    code, name, equation, chapter = "K14", "g for g'", "6.1", "06-step-2"
    sentence = "The slope, not the value: where g'(z) is needed you have g(z)"
    hint = "At which z is the slope of your g zero?"
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * A[l]"
    variants = ({"slope": lambda c: g(c.hidden, c.z)},)
    formulas: ClassVar[Formulas] = {
        "g_prime": (g,),
        "residual_delta": (with_slope(np.tanh),),
    }


def _of_shape(other: Any, own: Any) -> Any:
    """other, where it has the shape of own; else own."""
    return other if np.shape(other) == np.shape(own) else own


class SlopeOfAnotherLayer(Misconception):
    """δ[l] belongs to layer l, and so does the slope in it. z[l+1] has been used already, in δ[l+1]. Where
    the layers differ in width the shapes object; where they do not, the check sees the numbers of a
    neighbour's slope. Take z[l].
    """

    code, name, equation, chapter = "K15", "g' at another layer's z", "6.1", "06-step-2"
    sentence = "Use layer l's z: the slope belongs to the units whose δ you compute"
    hint = "Whose δ are you computing, and at whose z is your slope taken?"
    in_pairs = 1
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l + 1])"
    variants = (
        {"slope": needs_net(lambda c: g_prime(c.hidden, c.Z[c.l + 1]))},
        {"slope": needs_net(lambda c: slope_from_a(c.hidden, c.A[c.l + 1]))},
        {"slope": needs_net(lambda c: slope_from_a(c.hidden, c.A[c.l - 1]))},
        {"slope": needs_net(lambda c: g_prime(c.hidden, c.Z[c.l - 1]))},
        {"slope": needs_net(lambda c: g_prime(c.hidden, c.Z[c.l - 1] if c.l > 1 else c.A[0]))},
        # Where the shapes object, its own.
        {"slope": needs_net(lambda c: g_prime(c.hidden, _of_shape(c.Z[c.l + 1], c.z)))},
    )


class SlopeTwice(Misconception):
    """From z[l+1] back to z[l] the path crosses g once. A second factor makes every layer's δ too small,
    and the earlier the layer, the smaller. ReLU hides it: its slopes are 0 and 1. The check sees sigmoid and
    tanh wrong by just g'. Multiply once.
    """

    code, name, equation, chapter = "K18", "g' twice", "6.1", "06-step-2"
    sentence = "Each layer has one g, so one factor g': here it stands twice"
    hint = "How often does your code multiply by the slope of one g?"
    snippet = "d = (W_next.T @ delta_next) * slope\nreturn d * slope"
    variants = (
        {"slope": lambda c: g_prime(c.hidden, c.z) ** 2},
        {"used": lambda c: c.delta if c.l == c.N else c.delta * g_prime(c.hidden, c.z)},
        # Once with the layer itself, and again on the way to the one before.
        {"back": needs_net(lambda c: c.W_next.T @ (c.delta_next * g_prime(c.hidden, c.Z[c.l + 1])))},
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (lambda name, z: g_prime(name, z) ** 2,),
        "residual_delta": (with_slope(lambda z: slope(z) ** 2),),
    }


class SigmoidSlopeForAll(Misconception):
    """a(1 - a) is sigmoid's slope. tanh has 1 - a², ReLU 0 or 1. The check sees sigmoid right and the
    others wrong. Choose the slope by the argument `hidden`.
    """

    code, name, equation, chapter = "K19", "a(1 - a) for every g", "2.6", "06-step-2"
    sentence = "That is sigmoid's: tanh and ReLU have slopes of their own"
    hint = "Which nonlinearity has the slope a(1 - a), and which one were you given?"
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
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": (
            with_delta_z(lambda z, d: d * np.tanh(z) * (1 - np.tanh(z))),
            with_delta_z(lambda z, d: d * sigmoid(z) * (1 - sigmoid(z))),
        ),
    }


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
        "residual_delta": (with_slope(lambda z: 1 - z * z),),
    }


class TanhSlopeForAll(Misconception):
    """1 - a² is the slope of tanh. Sigmoid has a(1 - a), ReLU 0 or 1. The check sees tanh right and the
    others wrong. Choose the slope by the argument `hidden`.
    """

    code, name, equation, chapter = "K45", "1 - a² for every g", "2.7", "06-step-2"
    sentence = "That is tanh's: sigmoid and ReLU have slopes of their own"
    hint = "Which nonlinearity has the slope 1 - a², and which one were you given?"
    in_pairs = 1
    snippet = "delta[l] = (W[l + 1].T @ delta[l + 1]) * (1 - A[l] ** 2)"
    variants = (
        {"slope": lambda c: 1 - g(c.hidden, c.z) ** 2},
        {"slope": lambda c: 1 - np.tanh(c.z) ** 2},
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (lambda name, z: 1 - np.tanh(z) ** 2, lambda name, z: 1 - g(name, z) ** 2)
    }


def _relu_instead(c: LayerContext, mask: Any) -> Any:
    return mask if c.hidden == "relu" else g_prime(c.hidden, c.z)


class WrongReluSlope(Misconception):
    """ReLU is flat where z < 0 and has slope 1 where z > 0. The check sees the ReLU cases wrong, on one
    side of 0. Write np.where(z > 0, 1, 0).
    """

    code, name, equation, chapter = "K46", "ReLU's slope", "2.8", "02-nonlinearities"
    sentence = "ReLU's slope is 1 where z > 0 and 0 elsewhere"
    hint = "Draw ReLU left of 0 and right of 0: how steep is it?"
    in_pairs = 1
    snippet = "slope = np.where(z < 0, 1, 0)"
    variants = (
        {"slope": lambda c: _relu_instead(c, np.where(c.z < 0, 1.0, 0.0))},
        {"slope": lambda c: _relu_instead(c, np.sign(c.z))},
        *(
            {"slope": lambda c, s=s: _relu_instead(c, np.where(c.z > 0, 1.0, s))}
            for s in (0.01, 0.1, 0.001, 0.2, 0.05, 1e-4, 1e-5, 1e-6)
        ),
        {"slope": lambda c: _relu_instead(c, np.where(c.z > 1, 1.0, 0.0))},
        {"slope": lambda c: _relu_instead(c, np.where(c.z <= 0, 1.0, 0.0))},
        {"slope": lambda c: _relu_instead(c, np.where(c.z > 0, 1.0, -1.0))},
        {"slope": lambda c: _relu_instead(c, np.where(c.z >= 1, 1.0, 0.0))},
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (
            lambda name, z: np.where(z < 0, 1.0, 0.0) if name == "relu" else g_prime(name, z),
            lambda name, z: np.sign(z) if name == "relu" else g_prime(name, z),
            *(
                lambda name, z, s=s: np.where(z > 0, 1.0, s) if name == "relu" else g_prime(name, z)
                for s in (0.01, 0.1, 0.001, 0.2, 1.0, -1.0, 0.05, 1e-4, 1e-5, 1e-6)
            ),
            lambda name, z: np.where(z > 1, 1.0, 0.0) if name == "relu" else g_prime(name, z),
            lambda name, z: np.where(z >= 1, 1.0, 0.0) if name == "relu" else g_prime(name, z),
            lambda name, z: np.where(z <= 0, 1.0, 0.0) if name == "relu" else g_prime(name, z),
            lambda name, z: np.where(z > 0, z, 1.0) if name == "relu" else g_prime(name, z),
        )
    }


LIKE_TANH: tuple[Callable[[Any], Any], ...] = (
    lambda z: 1 / np.cosh(z),
    lambda z: 2 * np.tanh(z),
    lambda z: (1 - np.tanh(z)) ** 2,
    lambda z: np.tanh(z) ** 2,
    lambda z: 1 + np.tanh(z),
)


def minus_tanh_slope(z: Any) -> Any:
    """The wrong way round. But for g_prime these are the numbers of a flipped sign, K5."""
    return np.tanh(z) ** 2 - 1


class TanhSlopeWithoutSquare(Misconception):
    """The slope of tanh is 1 - tanh². Without the square, or with a plus, it is another function, larger than
    1 somewhere or not flat on both sides. The check sees tanh wrong. Write 1 - np.tanh(z) ** 2.
    """

    code, name, equation, chapter = "K47", "a slope like tanh', but another", "2.7", "02-nonlinearities"
    sentence = "tanh' is 1 - tanh²: minus, and squared"
    hint = "How steep is tanh at z = 0, at 0.5 and at -10?"
    in_pairs = 1
    snippet = "slope = 1 - np.tanh(z)"
    variants = (
        {"slope": lambda c: 1 - np.tanh(c.z) if c.hidden == "tanh" else g_prime(c.hidden, c.z)},
        {"slope": lambda c: 1 + np.tanh(c.z) ** 2 if c.hidden == "tanh" else g_prime(c.hidden, c.z)},
        *(
            {"slope": lambda c, f=f: f(c.z) if c.hidden == "tanh" else g_prime(c.hidden, c.z)}
            for f in LIKE_TANH
        ),
    )
    formulas: ClassVar[Formulas] = {
        "g_prime": (
            lambda name, z: 1 - np.tanh(z) if name == "tanh" else g_prime(name, z),
            lambda name, z: 1 + np.tanh(z) ** 2 if name == "tanh" else g_prime(name, z),
            *(
                lambda name, z, f=f: f(z) if name == "tanh" else g_prime(name, z)
                for f in (*LIKE_TANH, minus_tanh_slope)
            ),
        )
    }
    elsewhere: ClassVar[Formulas] = {
        "residual_delta": tuple(
            map(
                with_slope,
                (lambda z: 1 - np.tanh(z), lambda z: 1 + np.tanh(z) ** 2, *LIKE_TANH),
            )
        ),
    }


ENTRIES = (
    SlopeTakenAtA,
    SlopeLeftOut,
    ActivationForSlope,
    SlopeOfAnotherLayer,
    SlopeTwice,
    SigmoidSlopeForAll,
    ZInSlopeFormulaOfA,
    TanhSlopeForAll,
    WrongReluSlope,
    TanhSlopeWithoutSquare,
)
