"""Mistakes in measuring slopes: numerical_delta (chapter 4) and gradient_check (chapter 9)."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np

from autograder.misconceptions.misconception import Formulas, Misconception, Rules
from backprop import central_difference

# In the denominator of the relative error (eq. 9.3)
FLOOR = 1e-8


def difference(f: Any, z: Any, h: float, up: float, down: float, over: float) -> Any:
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
        where = ... if axis is None else (i[0], slice(None)) if axis == 1 else (slice(None), i[1])
        step[where] = h
        slope[i] = (f(z + step) - f(z - step)) / (2 * h)
    return slope


def _never_put_back(f: Any, z: Any, h: float) -> Any:
    """Each entry stepped, and those before it too: the step's array is filled up and never emptied."""
    slope, step = np.zeros(z.shape), np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        step[i] = h
        slope[i] = (f(z + step) - f(z - step)) / (2 * h)
    return slope


def _left_behind(at: int) -> Callable[..., Any]:
    """Each entry stepped from z, and left at z + at h while the others are."""

    def wrong(f: Any, z: Any, h: float) -> Any:
        slope, left = np.zeros(z.shape), np.zeros(z.shape)
        for i in np.ndindex(z.shape):
            step = np.zeros(z.shape)
            step[i] = h
            slope[i] = (f(z + left + step) - f(z + left - step)) / (2 * h)
            left[i] = at * h
        return slope

    return wrong


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


def right_check(f: Any, theta: Any, grad: Any, h: float) -> Any:
    """A right gradient_check: (ok, errors), with room for the rounding of f."""
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numeric = central_difference(f, theta, h)
    gap, size = np.abs(numeric - grad), np.abs(numeric) + np.abs(grad)
    room = 4e-15 * abs(f(theta)) / h
    return bool(np.all(gap <= 1e-5 * size + room)), gap / np.maximum(FLOOR, size)


class OneSidedDifference(Misconception):
    """A one-sided difference is off by an amount that shrinks only like h; the central one, with a step to
    each side, by an amount like h². The check uses steps large enough to tell. Step forward and back.
    """

    code, name, equation, chapter = "K65", "a one-sided difference", "9.1", "04-delta"
    sentence = "Central differences step to both sides: f(z + h) - f(z - h), over 2h"
    hint = "At which two points do you ask for f, and how far is z from each of them?"
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
    """From z - h to z + h it is 2h. Divided by h alone every slope doubles. The check sees a factor 2,
    ½, or one with h in it. Divide by 2h.
    """

    code, name, equation, chapter = "K66", "not divided by 2h", "9.1", "04-delta"
    sentence = "The two points lie 2h apart: divide their difference by 2h"
    hint = "How far is it from z - h to z + h?"
    credit = 0.5
    snippet = "(loss_of_z(z + step) - loss_of_z(z - step)) / h"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": (
            lambda f, z, h: difference(f, z, h, 1, 1, 1),
            lambda f, z, h: difference(f, z, h, 1, 1, 4),
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
    sentence = "Each entry has a slope of its own: step one at a time, and add none of them up"
    hint = "Why are so many of your numbers equal?"
    snippet = "(loss_of_z(z + h) - loss_of_z(z - h)) / (2 * h)"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": (
            lambda f, z, h: _together(f, z, h, None),
            lambda f, z, h: _together(f, z, h, 1),
            lambda f, z, h: _together(f, z, h, 0),
            lambda f, z, h: (f(z + h) - f(z - h)) / (2 * h),
        ),
        "gradient_check": (_by(_errors, lambda f, t, h: _together(f, t, h, None)),),
    }


class StepsNeverTakenBack(Misconception):
    """A partial derivative moves one entry and holds the others still. If an entry is not put back before the
    next one moves, every later slope is measured at another point, or is the sum of those so far. The check
    sees the first slope right and others wrong. Undo each step, or take a fresh array for each.
    """

    code, name, equation, chapter = "K118", "an entry not put back", "9.1", "04-delta"
    sentence = "Put each entry back before the next one is moved"
    hint = "Print the step's array, or z itself, at the end of the second turn of your loop."
    snippet = "for i in np.ndindex(z.shape):\n    step[i] = h   # and the one before?"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": (_never_put_back, _left_behind(-1), _left_behind(1)),
        "gradient_check": (
            _by(_errors, _never_put_back),
            _by(_errors, _left_behind(-1)),
            _by(_errors, _left_behind(1)),
        ),
    }


def _quotient(of: Callable[..., Any]) -> Callable[..., Any]:
    """numerical_delta by another formula of f at both points, f at z, and h."""

    def wrong(f: Any, z: Any, h: float) -> Any:
        slope, there = np.zeros(z.shape), f(z)
        for i in np.ndindex(z.shape):
            step = np.zeros(z.shape)
            step[i] = h
            slope[i] = of(f(z + step), f(z - step), there, h)
        return slope

    return wrong


class NoDifferenceOfLosses(Misconception):
    """How steep L is at z is seen from two points beside z: by how much L differs, over how far they lie
    apart. L itself, or the sum of the two, says how high it lies, not how steep it is. The check sees
    numbers that do not even change sign with the slope. Take the difference, and divide it by 2h.
    """

    code, name, equation, chapter = "K110", "no difference over 2h", "9.1", "04-delta"
    sentence = "A slope is the difference f(z + h) - f(z - h), divided by 2h"
    hint = "What should your answer be where L does not change at all?"
    snippet = "(loss_of_z(z + step) + loss_of_z(z - step)) / (2 * h)"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": tuple(
            map(
                _quotient,
                (
                    lambda up, down, there, h: (up + down) / (2 * h),
                    lambda up, down, there, h: up - down,
                    lambda up, down, there, h: up,
                    lambda up, down, there, h: up / (2 * h),
                    lambda up, down, there, h: up / h,
                    lambda up, down, there, h: there,
                    lambda up, down, there, h: (up - 2 * there + down) / h**2,
                    lambda up, down, there, h: (up - down) * 2 * h,
                    lambda up, down, there, h: (up - down) / (2 * h**2),
                    lambda up, down, there, h: (up - down) / h**2,
                    lambda up, down, there, h: up - down / (2 * h),
                    lambda up, down, there, h: (up + down) / 2,
                    lambda up, down, there, h: (up - down) / (up + down),
                ),
            )
        )
    }


def _step_of(length: Callable[[Any, float], Any], over: Callable[[Any, float], Any]) -> Callable[..., Any]:
    """numerical_delta with steps of length(z[i], h), over twice what over(z[i], h) gives."""

    def wrong(f: Any, z: Any, h: float) -> Any:
        slope = np.zeros(z.shape)
        for i in np.ndindex(z.shape):
            step = np.zeros(z.shape)
            step[i] = length(z[i], h)
            slope[i] = (f(z + step) - f(z - step)) / (2 * np.float64(over(z[i], h)))
        return slope

    return wrong


_LENGTHS: tuple[Callable[[Any, float], Any], ...] = (
    lambda z, h: 1.0,
    lambda z, h: h * z,
    lambda z, h: h * abs(z),
    lambda z, h: h * (1 + abs(z)),
    lambda z, h: h * max(1.0, abs(z)),
    lambda z, h: 2 * h,
    lambda z, h: h / 2,
    lambda z, h: h**2,
    *(lambda z, h, own=own: own for own in (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)),
)


class AnotherStep(Misconception):
    """The step is given: h, the same for every entry, and the difference is divided by 2h. Another step is
    off by another amount, and a step that is not the one divided by scales every slope. The check uses an h
    that is large enough to tell. Use h in both places.
    """

    code, name, equation, chapter = "K111", "another step than h", "9.1", "04-delta"
    sentence = "Step by the h that you are given, the same for every entry, and divide by 2h"
    hint = "Where does h stand in your code, and where does another number stand in its place?"
    snippet = "h = 1e-5   # and the argument?"
    formulas: ClassVar[Formulas] = {
        "numerical_delta": tuple(
            _step_of(length, over) for length in _LENGTHS for over in (length, lambda z, h: h)
        )
        + tuple(
            partial(difference, up=up, down=down, over=over)
            for up, down in ((1.0, 2.0), (2.0, 1.0))
            for over in (2.0, 3.0)
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
            _by(lambda n, g: np.abs(n - g) / (FLOOR + np.abs(n) + np.abs(g))),
            _by(lambda n, g: np.abs(n - g) / np.maximum(1, np.abs(n) + np.abs(g))),
            _by(lambda n, g: np.abs(n - g) / np.abs(g)),
            _by(lambda n, g: np.abs(n - g) / np.max(np.abs(n) + np.abs(g))),
            _by(lambda n, g: _errors(n, g) ** 2),
            _by(lambda n, g: np.sqrt(_errors(n, g))),
            _by(lambda n, g: np.abs(n - g) / np.abs(n)),
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
    hint = "Could one wrong entry hide among a thousand right ones, or behind a minus?"
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


class RoundingTakenForError(Misconception):
    """Where f does not change with an entry, its numerical slope is not 0 but the rounding of f over 2h, and
    (9.3) makes a large error of it: one threshold for all errors rejects the right gradient. The check has
    such a slope in every version. Accept a difference of ε|f|/h besides.
    """

    code, name, equation, chapter = (
        "K125",
        "no room for rounding where the slope is 0",
        "9.3",
        "09-gradient-checking",
    )
    sentence = "Where the slope is 0 the numerical one is rounding, about ε|f|/h: ok must allow that much"
    hint = "What is (9.3) for a numerical slope of 1e-10 and a grad of 0?"
    credit = 0.75
    snippet = "ok = bool(np.all(errors < 1e-5))"
    rules: ClassVar[Rules] = {"gradient_check": _by(_errors)}


ENTRIES = (
    OneSidedDifference,
    DividedByHForTwoH,
    SeveralEntriesStepped,
    StepsNeverTakenBack,
    NoDifferenceOfLosses,
    AnotherStep,
    WrongErrorDenominator,
    NoErrorForEachEntry,
    RoundingTakenForError,
)
