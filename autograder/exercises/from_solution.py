"""Exercises known by a right solution: its numbers on drawn inputs are the expected ones.

    worked_exercise("swish_prime", "02-nonlinearities", swish_prime, arguments={"z": ("n", "m")})

How far a right answer may be off is measured on the solution itself: what it moves by when its inputs are off
by rounding (its condition), plus rounding of the answer. `autograder verify` says whether that fits.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.exercise_help import NO_HELP, ExerciseHelp
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.sampling import Plan, Shape, declared, letters_of, plans, values_of
from autograder.exercises.versions import generator
from autograder.trees import Array

# Operations on numbers of the answer's size
SOLUTION_ROUNDING = 8.0
# Relative; far above rounding, so that what comes of it is the condition alone
INPUT_NUDGE = 2.0**-20

WorkedSolution: TypeAlias = Callable[..., Any]


def worked_exercise(
    id: str,
    assignment: str,
    solution: WorkedSolution,
    *,
    arguments: Mapping[str, Shape],
    results: Mapping[str, Shape] | None = None,
    bonus: bool = False,
    help: ExerciseHelp = NO_HELP,
) -> Exercise:
    """An exercise that asks for solution(*arguments): an array, or a tuple of arrays.

    arguments: the student's arguments in order, each with the letters of its shape, or (low, high) for a
    number.
    results: likewise what the solution gives, in order, () being a number's shape. The diagnosis speaks of
    both by these names; without results it calls them result 1, result 2, and can't say that they are wrong
    where an argument of the same shape is positive. The letter m is the number of examples, as everywhere in
    the book: "one example is right" is said where a shape has it. Give other sizes other letters.
    help: see exercise_help.py.

    ValueError, when the exercise is asked, where the solution gives another number of results than declared.
    """
    letters = letters_of(arguments)

    def draw(seed: bytes) -> list[Case]:
        rng = generator(seed, id)
        return [_case(rng, plan) for plan in plans(letters, rng)]

    def _case(rng: np.random.Generator, plan: Plan) -> Case:
        values = values_of(rng, arguments, plan)
        nudges = [
            {
                name: value * (1 + INPUT_NUDGE * rng.uniform(-1, 1, np.shape(value)))
                for name, value in values.items()
            }
            for _ in range(4)
        ]
        return Case(plan.label, tuple(values.values()), "values", frozenset(plan.tags), {"nudged": nudges})

    def target(case: Case) -> Target:
        expected = _arrays(solution(*case.args))
        units = [SOLUTION_ROUNDING * max(1.0, float(np.max(np.abs(array), initial=0))) for array in expected]
        spread = [np.zeros(array.shape) for array in expected]
        for nudged in case.hidden["nudged"]:
            for i, moved in enumerate(_arrays(solution(*nudged.values()))):
                spread[i] = np.maximum(spread[i], np.abs(moved - expected[i]) / INPUT_NUDGE)
        several = len(expected) > 1
        names = list(results or (f"result {i + 1}" if several else "result" for i in range(len(expected))))
        if len(names) != len(expected):
            raise ValueError(
                f"worked_exercise {id}: results names {len(names)}, the solution gives {len(expected)}"
            )
        leaves = tuple(
            ExpectedArray(name, array, moved + unit, name if several else case.part)
            for name, array, moved, unit in zip(names, expected, spread, units, strict=True)
        )
        return Target(leaves if several else leaves[0])

    return Exercise(
        id,
        assignment,
        draw,
        target,
        reference=solution,
        arguments=declared(arguments),
        results=declared(results or {}),
        square=" = ".join(letters),
        bonus=bonus,
        help=help,
        one_by_one=tuple(results) if results is not None and len(results) > 1 else (),
    )


def _arrays(value: Any) -> list[Array]:
    return [np.asarray(item, dtype=float) for item in (value if isinstance(value, tuple) else (value,))]
