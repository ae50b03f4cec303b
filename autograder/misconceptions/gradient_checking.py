"""Mistakes in measuring slopes: numerical_delta (chapter 4) and gradient_check (chapter 9)."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception
from backprop import central_difference

FLOOR = 1e-8


def difference(f: Any, z: Any, h: float, up: float = 1.0, down: float = 1.0, over: float = 2.0) -> Any:
    """(f(z + up h) - f(z - down h)) / (over h) for every entry."""
    slope = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        step = np.zeros(z.shape)
        step[i] = h
        slope[i] = (f(z + up * step) - f(z - down * step)) / (over * h)
    return slope


def _together(f: Any, z: Any, h: float, axis: int | None) -> Any:
    """Every entry of a row, of a column or of everything stepped at once."""
    slope = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        step = np.zeros(z.shape)
        where = (
            (slice(None), slice(None))
            if axis is None
            else (i[0], slice(None))
            if axis == 1
            else (slice(None), i[1])
        )
        step[where] = h
        slope[i] = (f(z + step) - f(z - step)) / (2 * h)
    return slope


Errors = Callable[[Any, Any], Any]


def _errors(numeric: Any, grad: Any) -> Any:
    return np.abs(numeric - grad) / np.maximum(FLOOR, np.abs(numeric) + np.abs(grad))


def _by(formula: Errors, slope: Any = central_difference) -> Callable[..., Any]:
    """gradient_check with other errors; its verdict is as strict as a right one's."""

    def wrong(f: Any, theta: Any, grad: Any, h: float) -> Any:
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        with np.errstate(all="ignore"):
            errors = formula(slope(f, theta, h), grad)
        return bool(np.all(errors < 1e-6)), errors

    return wrong


class OneSidedDifference(Misconception):
    """A one-sided difference is off by an amount that shrinks only like h; the central one, with a step to
    each side, by an amount like h². The check uses steps large enough to tell. Step forward and back.
    """

    code, name, equation, chapter = "K65", "a one-sided difference", "9.1", "04-delta"
    sentence = "Central differences step to both sides: f(z + h) - f(z - h), over 2h"
    hint = "Try f(z) = z² at z = 0."
    snippet = "(loss_of_z(z + step) - loss_of_z(z)) / h"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": (
            lambda f, z, h: difference(f, z, h, 1, 0, 1),
            lambda f, z, h: difference(f, z, h, 0, 1, 1),
            lambda f, z, h: difference(f, z, h, 1, 0, 2),
            lambda f, z, h: difference(f, z, h, 0.5, 0, 0.5),
        ),
        "gradient_check": (
            _by(_errors, lambda f, t, h: difference(f, t, h, 1, 0, 1)),
            _by(_errors, lambda f, t, h: difference(f, t, h, 0, 1, 1)),
        ),
    }


class DividedByHForTwoH(Misconception):
    """From z - h to z + h it is 2h. Divided by h alone every slope doubles. The check sees a factor 2.
    Divide by 2h.
    """

    code, name, equation, chapter = "K66", "divided by h for 2h", "9.1", "04-delta"
    sentence = "The two points lie 2h apart"
    hint = "How far is it from z - h to z + h?"
    snippet = "(loss_of_z(z + step) - loss_of_z(z - step)) / h"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": (
            lambda f, z, h: difference(f, z, h, 1, 1, 1),
            lambda f, z, h: difference(f, z, h, 1, 1, 4),
            lambda f, z, h: difference(f, z, h, 0.5, 0.5, 2),
            lambda f, z, h: difference(f, z, h, 1, 1, 2 / h),
            lambda f, z, h: difference(f, z, h, 1, 1, 2 / h**2),
            lambda f, z, h: difference(f, z, h, 1, 1, 0.5),
        ),
        "gradient_check": (_by(_errors, lambda f, t, h: difference(f, t, h, 1, 1, 1)),),
    }


class SeveralEntriesStepped(Misconception):
    """A partial derivative moves one entry and holds the others still. Moving a row, a column or everything
    at once adds their slopes up. The check sees equal numbers. Step one entry at a time, and put it back.
    """

    code, name, equation, chapter = "K67", "more than one entry stepped", "9.1", "04-delta"
    sentence = "Step one entry at a time"
    hint = "Why are so many of your numbers equal?"
    snippet = "(loss_of_z(z + h) - loss_of_z(z - h)) / (2 * h)"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": (
            lambda f, z, h: _together(f, z, h, None),
            lambda f, z, h: _together(f, z, h, 1),
            lambda f, z, h: _together(f, z, h, 0),
            lambda f, z, h: (f(z + h) - f(z - h)) / (2 * h),
        )
    }


class WrongErrorDenominator(Misconception):
    """A difference of 1e-4 is nothing beside 1000 and everything beside 1e-4. Absolute errors accept a
    wrong small gradient and reject a right large one. Divide by |numerical| + |grad|, with a floor for
    zeros.
    """

    code, name, equation, chapter = "K69", "the error's denominator", "9.3", "09-gradient-checking"
    sentence = "Relative error: over max(1e-8, |numerical| + |grad|), for each entry"
    hint = "Is an error of 1e-4 large?"
    snippet = "errors = np.abs(numerical - grad)"
    formulas: ClassVar[Formulas] = {
        "gradient_check": (
            _by(lambda n, g: np.abs(n - g)),
            _by(lambda n, g: np.abs(n - g) / np.maximum(FLOOR, np.maximum(np.abs(n), np.abs(g)))),
            _by(lambda n, g: np.abs(n - g) / np.maximum(np.abs(n), np.abs(g))),
            _by(lambda n, g: np.abs(n - g) / (np.abs(n) + np.abs(g))),
            _by(lambda n, g: np.abs(n - g) / np.maximum(FLOOR, np.abs(g))),
            _by(lambda n, g: np.abs(n - g) / np.maximum(FLOOR, np.abs(n))),
            _by(lambda n, g: np.abs(n - g) / np.maximum(FLOOR, np.abs(n + g))),
            _by(lambda n, g: 2 * np.abs(n - g) / np.maximum(FLOOR, np.abs(n) + np.abs(g))),
            _by(lambda n, g: (n - g) ** 2),
        )
    }


def _of_the_whole(n: Any, g: Any) -> Any:
    return np.full(
        np.shape(n), np.linalg.norm(n - g) / max(FLOOR, float(np.linalg.norm(n) + np.linalg.norm(g)))
    )


class NoErrorForEachEntry(Misconception):
    """One number for the whole vector drowns a wrong small entry among large right ones. An error keeps no
    sign: a negative one passes every threshold. Give each entry an error of its own, with np.abs.
    """

    code, name, equation, chapter = (
        "K70",
        "not one absolute error for each entry",
        "9.3",
        "09-gradient-checking",
    )
    sentence = "One error for each entry, as an absolute value"
    hint = "Could one wrong entry hide among a thousand right ones?"
    snippet = "np.linalg.norm(n - grad) / (np.linalg.norm(n) + np.linalg.norm(grad))"
    formulas: ClassVar[Formulas] = {
        "gradient_check": (
            _by(_of_the_whole),
            _by(lambda n, g: np.full(np.shape(n), np.max(_errors(n, g)))),
            _by(lambda n, g: np.full(np.shape(n), np.mean(_errors(n, g)))),
            _by(lambda n, g: (n - g) / np.maximum(FLOOR, np.abs(n) + np.abs(g))),
            _by(lambda n, g: (g - n) / np.maximum(FLOOR, np.abs(n) + np.abs(g))),
        )
    }


ENTRIES = (
    OneSidedDifference,
    DividedByHForTwoH,
    SeveralEntriesStepped,
    WrongErrorDenominator,
    NoErrorForEachEntry,
)
