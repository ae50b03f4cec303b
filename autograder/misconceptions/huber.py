"""Mistakes in the slope of Huber's loss: beyond the threshold kappa, within it, on both sides of it."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception
from autograder.misconceptions.slots import WrongFormula

# (residual, kappa) -> a slope.
SlopeOfResidual = Callable[[Any, Any], Any]


def right_within(beyond: SlopeOfResidual) -> WrongFormula:
    """The residual up to kappa, another slope beyond."""
    return lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, z - Y, beyond(z - Y, kappa))


def right_beyond(within: SlopeOfResidual) -> WrongFormula:
    """Another slope up to kappa, and kappa with the residual's sign beyond."""
    return lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, within(z - Y, kappa), kappa * np.sign(z - Y))


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
            lambda z, Y, kappa: np.minimum(z - Y, kappa),
            lambda z, Y, kappa: np.maximum(z - Y, -kappa),
            *map(
                right_within,
                (
                    lambda r, kappa: kappa,
                    lambda r, kappa: np.sign(r),
                    lambda r, kappa: 0.0,
                    lambda r, kappa: kappa * r,
                    lambda r, kappa: kappa * np.abs(r),
                    lambda r, kappa: kappa * (np.sign(r) - 0.5),
                    lambda r, kappa: kappa * np.sign(r) - kappa / 2,
                    lambda r, kappa: kappa * np.sign(r) - kappa**2 / 2,
                    lambda r, kappa: -kappa * np.sign(r),
                    lambda r, kappa: kappa / 2 * np.sign(r),
                    lambda r, kappa: kappa**2 * np.sign(r),
                    lambda r, kappa: 1.0,
                    lambda r, kappa: kappa * (r - kappa / 2),
                    lambda r, kappa: kappa * (np.abs(r) - kappa / 2),
                ),
            ),
            lambda z, Y, kappa: np.where(np.abs(z - Y) <= kappa, z - Y, kappa * np.sign(z)),
        )
    }


class HuberSlopeWithinKappa(Misconception):
    """Up to κ the loss is half the square of the residual, so its slope is the residual itself, and passes
    through 0 at the target. The check sees right numbers beyond κ, and wrong ones near the target. Clip the
    residual: np.clip(z - Y, -kappa, kappa).
    """

    code, name, equation, chapter = "K114", "Huber's slope within κ", "5.5", "05-step-1"
    sentence = "Up to κ the slope is the residual itself"
    hint = "How steep is ½r² at r = 0, and what does your code answer there?"
    snippet = "delta = kappa * np.sign(z - Y)   # near the target too"
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": tuple(
            map(
                right_beyond,
                (
                    lambda r, kappa: kappa * np.sign(r),
                    lambda r, kappa: r**2 / 2,
                    lambda r, kappa: r**2,
                    lambda r, kappa: np.sign(r),
                    lambda r, kappa: np.abs(r),
                    lambda r, kappa: r / kappa,
                    lambda r, kappa: kappa * r,
                    lambda r, kappa: 0.0,
                ),
            )
        )
    }


def _by_length(axis: int | None, z: Any, Y: Any, kappa: float) -> Any:
    """A column's residuals, or all, shortened together where their length is more than kappa."""
    r = z - Y
    length = np.sqrt(np.sum(r**2, axis=axis, keepdims=True))
    return np.where(length <= kappa, r, kappa * r / length)


def _held_at_the_median(z: Any, Y: Any, _kappa: float) -> Any:
    middle = np.median(np.abs(z - Y))
    return np.clip(z - Y, -middle, middle)


class ResidualNotHeldAtKappa(Misconception):
    """Each entry's slope follows its own residual up to κ on either side, and stays there. Held at
    another number, with z or the sign held in its place, with the two halves exchanged or one decision
    for all entries it is another loss's slope. The check sees wrong numbers within κ, beyond it, or both.
    One line does all: np.clip(z - Y, -kappa, kappa).
    """

    code, name, equation, chapter = "K115", "the residual not held between -κ and κ", "5.5", "05-step-1"
    sentence = "Each residual z - Y is held by itself, and between -κ and κ"
    hint = "Let one residual grow from 0: what does your answer follow, and at which number does it stop?"
    snippet = "delta = np.clip(z, -kappa, kappa) - Y"
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (
            lambda z, Y, kappa: np.sign(z - Y),
            lambda z, Y, kappa: np.where(np.abs(z - Y) > kappa, z - Y, kappa * np.sign(z - Y)),
            lambda z, Y, kappa: np.clip(z - Y, -kappa, kappa) / kappa,
            lambda z, Y, kappa: np.clip(z - Y, -1, 1),
            lambda z, Y, kappa: np.clip(z - Y, -kappa / 2, kappa / 2),
            lambda z, Y, kappa: np.clip(z, -kappa, kappa) - Y,
            lambda z, Y, kappa: np.where(np.abs(z) <= kappa, z - Y, kappa * np.sign(z - Y)),
            lambda z, Y, kappa: np.clip(z - Y, 0, kappa),
            lambda z, Y, kappa: np.clip(z - Y, -kappa, 0),
            lambda z, Y, kappa: z - Y if np.all(np.abs(z - Y) <= kappa) else kappa * np.sign(z - Y),
            partial(_by_length, 0),
            partial(_by_length, None),
            lambda z, Y, kappa: np.where((z - Y) ** 2 <= kappa, z - Y, kappa * np.sign(z - Y)),
            _held_at_the_median,
        )
    }


class SmoothCurveForHuber(Misconception):
    """Huber's slope is the residual itself up to κ, and then κ: two straight pieces with a corner. tanh, or
    the slope of the pseudo-Huber loss, bends all the way and never arrives at κ. The check sees wrong
    numbers within κ and beyond it. One line does it: np.clip(z - Y, -kappa, kappa).
    """

    code, name, equation, chapter = "K134", "a smooth curve for Huber's slope", "5.5", "05-step-1"
    sentence = (
        "Huber's slope has corners at ±κ: the residual itself up to there, and κ beyond, no smooth curve"
    )
    hint = "What does your function answer at a residual of κ exactly?"
    snippet = "delta = kappa * np.tanh((z - Y) / kappa)"
    formulas: ClassVar[Formulas] = {
        "huber_output_delta": (
            lambda z, Y, kappa: kappa * np.tanh((z - Y) / kappa),
            lambda z, Y, kappa: (z - Y) / np.sqrt(1 + ((z - Y) / kappa) ** 2),
            lambda z, Y, kappa: (z - Y) / (1 + np.abs(z - Y) / kappa),
            lambda z, Y, kappa: np.tanh(z - Y),
        )
    }


ENTRIES = (HuberSlopeBeyondKappa, HuberSlopeWithinKappa, ResidualNotHeldAtKappa, SmoothCurveForHuber)
