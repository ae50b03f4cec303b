"""Differences by three points, known by a property: exact for parabolas, and off by known terms beyond.

The slope at 0 of the parabola through the values at 0, s1 and s2 is the derivative less s1 s2 / 6 times
the third derivative and s1 s2 (s1 + s2) / 24 times the fourth, where no higher one is left. So nobody writes
the quotient down. By the fourth one side is told from the other.
"""

from collections.abc import Callable

import numpy as np

from autograder.exercises.cases import Case, PublicFunction
from autograder.exercises.exercise import Argument, Exercise, Result
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.graded.quotients import quotients
from autograder.exercises.sampling import EXAMPLE
from autograder.exercises.versions import generator
from autograder.trees import Array

STEP_SIZES = (0.5, 0.25, 0.03125, 1e-2, 1e-3)
SHAPES = ((3, 2), (2, 2), (1, 3), (2, 1), (1, 1))
# A function rounds each of its terms; these are operations on numbers of their size.
OPERATIONS = 4.0


def difference_exercise(
    id: str,
    assignment: str,
    points: Callable[[float], tuple[float, float]],
    *,
    along: str = "",
) -> Exercise:
    """An exercise that asks for the slopes of f at z by its values there and at two steps points(h).

    Entry by entry, or, where along names an argument, along that one direction: a number then.
    """
    name = "slope" if along else "delta"
    shape = () if along else ("n", "m")

    def draw(seed: bytes) -> list[Case]:
        rng = generator(seed, id)
        cases = []
        for h in STEP_SIZES:
            for n, m in SHAPES:
                z, c, y = rng.normal(size=(3, n, m))
                # A step that is a share of |z| is none here.
                z[int(rng.integers(n)), int(rng.integers(m))] = 0.0
                for f in (
                    PublicFunction("quadratic", {"c": c, "y": y}),
                    PublicFunction("cubic", {"c": c}),
                    PublicFunction("quartic", {"c": c}),
                ):
                    cases.append(
                        _case(f"{f.name}, z of shape {n, m}, h = {h:g}", f, z, h, rng.normal(size=(n, m)))
                    )
        f = PublicFunction("cubic", {"c": np.ones((2, 1))})
        cases.append(_case(EXAMPLE, f, np.array([[1.0], [-2.0]]), 0.5, np.array([[1.0], [2.0]])))
        return cases

    def _case(label: str, f: PublicFunction, z: Array, h: float, v: Array) -> Case:
        args = (f, z, v, h) if along else (f, z, h)
        return Case(label, args, name, hidden={"v": v if along else np.ones(z.shape)})

    def target(case: Case) -> Target:
        f, z, h, v = case.args[0], case.args[1], case.args[-1], case.hidden["v"]
        slope, third, fourth = _derivatives(f, z)
        first, second = points(h)
        found = slope * v - first * second * (third * v**3 / 6 + fourth * v**4 * (first + second) / 24)
        size = np.sum(
            (1 + np.abs(z) + np.abs(v) + np.abs(f.parameters.get("y", 0.0))) ** 4
            * (1 + np.abs(f.parameters["c"]))
        )
        units = OPERATIONS * float(size) / min(abs(first), abs(second), abs(second - first))
        expected = np.asarray(np.sum(found)) if along else found
        return Target(ExpectedArray(name, expected, np.full(expected.shape, units), name), strict=True)

    def terms(case: Case) -> list[dict[str, Array]]:
        return quotients(
            case.args[0], case.args[1], case.args[-1], case.hidden["v"], points(1.0), bool(along)
        )

    given = [Argument("loss_of_z" if not along else "f"), Argument("z", ("n", "m"))]
    given += [Argument(along, ("n", "m"))] if along else []
    return Exercise(
        id,
        assignment,
        draw,
        target,
        arguments=(*given, Argument("h")),
        results=(Result(name, shape),),
        square="n = m",
        restores=True,
        terms=terms,
    )


def _derivatives(f: PublicFunction, z: Array) -> tuple[Array, Array, Array]:
    """The first, the third and the fourth derivative of functions that have none beyond, entry by entry."""
    c, none = f.parameters["c"], np.zeros(z.shape)
    if f.name == "quartic":
        return 4 * c * z**3, 24 * c * z, 24 * c
    if f.name == "cubic":
        return 3 * c * z**2, 6 * c, none
    return c * (z - f.parameters["y"]), none, none
