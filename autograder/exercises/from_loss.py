"""Exercises known by their loss alone: the instructor states it, nobody writes its gradient into the grader.

    stated_loss_exercise(
        "log_cosh_delta",                                  # the student's function: log_cosh_delta(z, Y)
        "05-step-1",
        loss=lambda z, Y: np.sum(np.log(np.cosh(z - Y))),  # a number, from the same arguments
        arguments={"z": ("k", "m"), "Y": ("k", "m")},      # shapes by letter; (low, high) for a number
        gradients=("z",),                                  # what the student returns, in this order
    )

The gradient is the complex step's (h = 1e-30, no cancellation) where the loss is analytic, else Ridders'
differences with their own error estimate. Exactly at a kink every number between the slopes on its two sides
is right. Inputs whose gradient stays unresolved, close to a kink, are drawn again. A loss that
can be traced names mistakes, too.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.complex_step import batched_complex_step, complex_step
from autograder.exercises.exercise import Exercise
from autograder.exercises.exercise_help import NO_HELP, ExerciseHelp
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.forward_pass import ForwardPass
from autograder.exercises.kinks import slopes_on_both_sides
from autograder.exercises.sampling import (
    Plan,
    Shape,
    declared,
    letters_of,
    plans,
    values_of,
)
from autograder.exercises.versions import PUBLIC_SEED, generator
from autograder.trees import Array
from backprop import finite_difference

Loss: TypeAlias = Callable[..., Any]
# Inputs are of size 1, so is the rounding: units of error relative to max(1, largest gradient).
ROUNDING = 8.0
DTYPES_AND_ZEROS = ((1e-9, ""), (0.0, ""), (2.0, "integer"), (1.0, "single"))
# An estimated error above this, relative to the largest entry, is no verdict
RESOLVED = 1e-9


def is_analytic(f: Callable[[Array], Any], at: Array) -> bool:
    """Does the complex step agree with Ridders' differences? np.abs and the like drop the imaginary part."""
    try:
        exact = complex_step(f, at)
    except (TypeError, ValueError, AttributeError):
        return False
    estimate, error = finite_difference(lambda x: float(np.real(f(x))), at)
    scale = max(1.0, float(np.max(np.abs(estimate))))
    return bool(np.all(np.abs(exact - estimate) <= 20 * error + 1e-7 * scale))


@cache
def _aslant(shape: tuple[int, ...], place: int) -> Array:
    """A direction in which no entry of such an array stands still, and none undoes another.

    place is the array's among the arguments: two of one shape that went the same way would keep their
    difference.
    """
    return generator(PUBLIC_SEED, f"aslant {place}").uniform(1, 2, shape)


def _are_slopes(
    gradients: Sequence[Array], f: Callable[[list[Array]], Any], at: Sequence[Array], scale: float
) -> bool:
    """Does f rise by gradient . v along one direction v? An entry off, or near a kink, shows in it.

    A slope that has a kink itself is measured more closely: its difference is off by an amount like h.
    """
    directions = [_aslant(array.shape, place) for place, array in enumerate(at)]
    slope = sum(float((g * v).sum()) for g, v in zip(gradients, directions, strict=True))

    def agrees(h: float) -> bool:
        ahead = f([array + h * v for array, v in zip(at, directions, strict=True)])
        behind = f([array - h * v for array, v in zip(at, directions, strict=True)])
        return bool(abs(float(np.real(ahead - behind)) / (2 * h) - slope) <= 1e-6 * scale)

    return agrees(1e-5) or agrees(1e-7)


def _scale(gradient: Array) -> float:
    return max(1.0, float(np.abs(gradient).max()))


def gradients_at_once(
    f: Callable[[list[Array]], Any], at: Sequence[Array]
) -> list[tuple[Array, Array]] | None:
    """The gradients by several arrays and their rounding units, from one call of f with stacks of them all.

    None where f takes no stacks, and where it is not analytic: that is looked at each time, for it may be so
    elsewhere.
    """
    try:
        gradients = batched_complex_step(f, at)
    except Exception:
        # It is written for one array, or sums over all of a stack
        return None
    if not _are_slopes(gradients, f, at, min(map(_scale, gradients))):
        return None
    return [(gradient, np.full(gradient.shape, ROUNDING * _scale(gradient))) for gradient in gradients]


class Slopes(NamedTuple):
    """A gradient, its rounding units, and the kinks: how much larger the slope above each entry is."""

    gradient: Array
    units: Array
    kink: Array | None = None


def gradient_with_units(f: Callable[[Array], Any], at: Array, analytic: bool) -> Slopes | None:
    """The gradient by one array, entry by entry; None where differences do not resolve it.

    At a kink the two-sided difference settles on the mean of two slopes, however small its step: the entry is
    then the slope below it, and kink says how much larger the one above is.
    """
    if analytic:
        gradient = complex_step(f, at)
        if _are_slopes([gradient], lambda arrays: f(arrays[0]), [at], _scale(gradient)):
            return Slopes(gradient, np.full(at.shape, ROUNDING * _scale(gradient)))
    gradient, error = finite_difference(lambda x: float(np.real(f(x))), at)
    below, jump, error_of_sides = slopes_on_both_sides(f, at)
    at_kink = jump != 0
    gradient, error = np.where(at_kink, below, gradient), np.where(at_kink, error_of_sides, error)
    scale = _scale(gradient)
    if float(np.max(error)) > RESOLVED * scale:
        return None
    units = ROUNDING * scale + 10 * error / 2.0**-53 + 1e-11 * scale / 2.0**-53
    return Slopes(gradient, units, jump if np.any(at_kink) else None)


def stated_loss_exercise(
    id: str,
    assignment: str,
    *,
    loss: Loss,
    arguments: Mapping[str, Shape],
    gradients: Sequence[str],
    parts: Mapping[str, float] | None = None,
    per_example: bool = False,
    bonus: bool = True,
    help: ExerciseHelp = NO_HELP,
) -> Exercise:
    """An exercise that asks for gradients of loss(**arguments).

    arguments: the student's arguments in order, each with the letters of its shape, or (low, high) for a
    number.
    gradients: names of arguments; the student returns one array, or a tuple in this order.
    parts: each part's share of the points; without it the gradients' are alike.
    help: see exercise_help.py.

    The diagnosis speaks of the arguments and gradients by these names. The letter m is the number of
    examples, as everywhere in the book: "one example is right" is said where a shape has it. Give other
    sizes other letters.
    """
    letters = letters_of(arguments)
    unknown = [name for name in gradients if name not in arguments]
    if unknown:
        raise ValueError(
            f"stated_loss_exercise {id}: gradients names {', '.join(unknown)}, none of its arguments "
            f"({', '.join(arguments)}); add it to arguments"
        )

    def along(values: Mapping[str, Any], name: str) -> Callable[[Array], Any]:
        return lambda x: loss(**{**values, name: x})

    @lru_cache(maxsize=1)
    def analytic() -> bool:
        rng = generator(PUBLIC_SEED, f"{id} analytic")
        values = values_of(rng, arguments, Plan(dict.fromkeys(letters, 2), 1.0, 0.5))
        return all(is_analytic(along(values, name), values[name]) for name in gradients)

    def solved(values: Mapping[str, Any]) -> dict[str, Slopes] | None:
        if analytic():
            pairs = gradients_at_once(
                lambda arrays: loss(**{**values, **dict(zip(gradients, arrays, strict=True))}),
                [values[name] for name in gradients],
            )
            if pairs is not None:
                return {name: Slopes(*pair) for name, pair in zip(gradients, pairs, strict=True)}
        found = {}
        for name in gradients:
            pair = gradient_with_units(along(values, name), values[name], analytic())
            if pair is None:
                return None
            found[name] = pair
        return found

    def try_out() -> tuple[Mapping[str, Any], Mapping[str, int]]:
        plan = Plan({letter: n for n, letter in enumerate(letters, 3)}, 1.0, 0.5)
        return values_of(generator(PUBLIC_SEED, f"{id}: trial"), arguments, plan), plan.sizes

    called = tuple(f"d{name}" for name in gradients)
    passed = ForwardPass(loss, (), tuple(gradients), called, try_out, only_names=True)

    def draw(seed: bytes) -> list[Case]:
        rng = generator(seed, id)
        cases = []
        for plan in plans(letters, rng, DTYPES_AND_ZEROS):
            for _ in range(50):
                values = plan.held(values_of(rng, arguments, plan))
                found = solved(values)
                if found is not None or plan.scale == 0:
                    break
            if found is None and plan.may_be_left_out:
                continue
            if found is None:
                raise ValueError(
                    f"stated_loss_exercise {id}: 50 draws gave no input whose gradient differences "
                    "could resolve; is the loss smooth almost everywhere?"
                )
            args = tuple(plan.given(values[name]) for name in arguments)
            right = {name: slopes.gradient for name, slopes in found.items()}
            run = passed.traced_beside(values, plan.sizes, right)
            cases.append(Case(plan.label, args, "gradient", plan.case_tags, {"found": found, "run": run}))
        return cases

    def target(case: Case) -> Target:
        found: dict[str, Slopes] = case.hidden["found"]
        several = len(gradients) > 1
        leaves = tuple(
            ExpectedArray(
                name,
                found[name].gradient,
                found[name].units,
                name if several else case.part,
                found[name].kink,
            )
            for name in gradients
        )
        return Target(leaves if several else leaves[0], single="single" in case.tags)

    return Exercise(
        id,
        assignment,
        draw,
        target,
        arguments=declared(arguments),
        results=declared({name: arguments[name] for name in gradients}),
        square=" = ".join(letters),
        parts=parts or {},
        per_example=per_example,
        bonus=bonus,
        help=help,
        one_by_one=tuple(gradients) if len(gradients) > 1 else (),
        forward=passed,
    )
