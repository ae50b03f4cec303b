"""Chapter 7: layer_gradients."""

from functools import cache

import numpy as np

from autograder.exercises import oracles, rounding
from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result, Step
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.networks import Net
from autograder.exercises.probe_networks import suite
from autograder.exercises.versions import generator
from autograder.misconceptions.slots import STEP_3_B, STEP_3_W, LayerContext, step_3_b, step_3_W
from backprop import layer_gradients


def layer_gradients_cases(seed: bytes) -> list[Case]:
    """One layer out of each network: the right delta[l] and the a[l-1] before it."""
    cases = []
    for index, net in enumerate(suite(seed)):
        l = 1 + index % net.N
        dtype = net.W[1].dtype
        args = (net.delta[l].astype(dtype), net.A[l - 1])
        n, p = net.W[l].shape
        say = "".join(f", {tag}" for tag in ("square", "exact", "single", "integer") if tag in net.tags)
        say = say.replace("single", "float32").replace("integer", "a_prev of integers")
        cases.append(
            Case(
                f"{n} {'unit' if n == 1 else 'units'}, {p} before them, m = {net.m}{say}",
                args,
                "dW, db",
                _tags(net),
            )
        )
    return cases + _whole_numbers(generator(seed, "layer_gradients"))


def _tags(net: Net) -> frozenset[str]:
    """The net's, for one layer of it: whole numbers are promised here, and no unit sits on a kink."""
    return net.tags - {"kink", "advisory"}


def _whole_numbers(rng: np.random.Generator) -> list[Case]:
    """Both arguments of whole numbers, their means none; and the call that the statement prints."""
    delta, a_prev = rng.integers(-4, 5, (3, 5)), rng.integers(-4, 5, (4, 5))
    delta[:, 0] += 1 - delta.sum(axis=1) % 5
    a_prev[0] = 1
    example = (np.array([[1, 3], [0, 2]]), np.array([[1, 1], [2, 0], [0, 4]]))
    tags = frozenset({"integer"})
    return [
        Case("delta and a_prev of integers, m = 5", (delta, a_prev), "dW, db", tags),
        Case("the statement's example", example, "dW, db", tags | {"exact"}),
    ]


def layer_gradients_target(case: Case) -> Target:
    delta, a_prev = (x.astype(np.float64) for x in case.args)
    dW, db = layer_gradients(delta, a_prev)
    units = cache(lambda: rounding.layer_gradients(delta, np.abs(delta), a_prev))
    leaves = (
        ExpectedArray(
            "dW",
            dW,
            lambda: units()[0],
            "dW",
            detour=lambda: rounding.detour(delta, a_prev.T) / delta.shape[1],
        ),
        ExpectedArray("db", db, lambda: units()[1], "db"),
    )
    return Target(leaves, exact="exact" in case.tags, single="single" in case.tags)


EXERCISES = (
    Exercise(
        "layer_gradients",
        "07-step-3",
        layer_gradients_cases,
        layer_gradients_target,
        layer_gradients,
        arguments=(Argument("delta", ("n_l", "m")), Argument("a_prev", ("n_prev", "m"))),
        results=(Result("dW", ("n_l", "n_prev")), Result("db", ("n_l", 1))),
        parts={"dW": 0.7, "db": 0.3},
        oracle=Oracle(oracles.layer_gradients),
        explained_as="steps",
        steps=(Step(STEP_3_W, step_3_W), Step(STEP_3_B, step_3_b)),
        surroundings=LayerContext,
        help=HELPS["layer_gradients"],
    ),
)
