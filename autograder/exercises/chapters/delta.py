"""Chapter 4: numerical_delta."""

import numpy as np

from autograder.exercises import oracles
from autograder.exercises.cases import Case, PublicFunction
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.networks import targets
from autograder.exercises.versions import generator
from backprop import central_difference


def numerical_delta_cases(seed: bytes) -> list[Case]:
    """The three losses as functions of z, in steps large enough to tell central from one-sided and exact."""
    rng = generator(seed, "numerical_delta")
    cases = []
    steps = {
        "quadratic": (0.25, 1e-2, 1e-3),
        "softplus_sum": (0.5, 1e-2, 1e-4),
        "log_sum_exp": (0.5, 1e-2, 1e-4),
    }
    labels = {
        "quadratic": "squared error",
        "softplus_sum": "binary cross entropy",
        "log_sum_exp": "cross entropy",
    }
    outputs = {"quadratic": "identity", "softplus_sum": "sigmoid", "log_sum_exp": "softmax"}
    for name, label in labels.items():
        for h in steps[name]:
            for n, m in ((3, 2), (2, 2), (1, 3), (2, 1)):
                z = rng.normal(size=(n, m)) * 1.5
                # A step that is a share of |z| is none here.
                z[int(rng.integers(n)), int(rng.integers(m))] = 0.0
                parameters = {"y": targets(rng, outputs[name], n, m)}
                if name != "log_sum_exp":
                    parameters["c"] = np.ones((n, m))
                f = PublicFunction(name, parameters)
                cases.append(Case(f"{label}, z of shape {n, m}, h = {h:g}", (f, z, h), label))
    # Quarters: every operation is exact at h = 1/4, and at no h of one's own.
    z, y = rng.integers(-9, 10, (2, 4, 3)) / 4
    f = PublicFunction("quadratic", {"c": np.ones((4, 3)), "y": y})
    cases.append(
        Case("squared error of quarters, h = 0.25", (f, z, 0.25), "squared error", frozenset({"exact"}))
    )
    # A third derivative: central differences are off by exactly c h^2
    z = rng.normal(size=(2, 3)) * 1.5
    # A step of h max(1, |z|) is another than h.
    z[0, 0] = np.copysign(1.5 + abs(z[0, 0]), z[0, 0])
    f = PublicFunction("cubic", {"c": np.ones((2, 3))})
    cases.append(Case("sum of cubes, h = 0.5", (f, z, 0.5), "squared error"))
    cases.append(Case("sum of cubes, h = 0.125", (f, z + 1, 0.125), "binary cross entropy"))
    z = np.array([[1.0, -2.0], [3.0, 0.0]])
    f = PublicFunction("quadratic", {"c": np.ones((2, 2)), "y": np.zeros((2, 2))})
    cases.append(Case("the statement's example", (f, z, 0.5), "squared error", frozenset({"exact"})))
    z = rng.normal(size=(9, 2))
    f = PublicFunction("cubic", {"c": np.ones(z.shape)})
    cases.append(Case("sum of 18 cubes", (f, z, 0.125), "cross entropy", frozenset({"large"})))
    return cases


def numerical_delta_target(case: Case) -> Target:
    f, z, h = case.args
    expected = central_difference(f, z, h)
    # f rounds each of its terms; the terms grow with |z|, |y| and with what the function sums.
    y = f.parameters.get("y", 0.0)
    size = float(np.sum((1 + np.abs(z) + np.abs(y) + h) ** (3 if f.name == "cubic" else 2)))
    units = np.full(z.shape, 2 * size / h) + np.abs(expected) * (np.abs(z) / h + 4)
    if "exact" in case.tags:
        units = 1 + np.abs(expected)
    return Target(ExpectedArray("delta", expected, units, case.part), strict=True)


def central(loss_of_z: PublicFunction, z: np.ndarray, h: float) -> np.ndarray:
    """A right numerical_delta."""
    return np.asarray(central_difference(loss_of_z, z, h))


EXERCISES = (
    Exercise(
        "numerical_delta",
        "04-delta",
        numerical_delta_cases,
        numerical_delta_target,
        central,
        arguments=(Argument("loss_of_z"), Argument("z", ("n", "m")), Argument("h")),
        results=(Result("delta", ("n", "m")),),
        parts=dict.fromkeys(("squared error", "binary cross entropy", "cross entropy"), 1 / 3),
        # the difference is not the derivative: its error is of order h^2
        oracle=Oracle(oracles.numerical_delta, error=1e-5),
        restores=True,
        help=HELPS["numerical_delta"],
    ),
)
