"""Calls that can be worked out on paper: whole numbers in arrays of 1 by 1, then of 2 by 2.

They show a mistake that is known already; which answers count is decided by an exercise's own probes.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Argument, Exercise
from autograder.exercises.versions import PUBLIC_SEED, generator
from backprop import HIDDEN, OUTPUTS, forward

# What a name may be, by the argument that it is given for; the plainest first.
TINY_BRANCHES: Mapping[str, tuple[str, ...]] = {
    "hidden": tuple(reversed(HIDDEN)),
    "name": tuple(reversed(HIDDEN)),
    "output": OUTPUTS,
}
TINY_NUMBERS: Mapping[str, int] = {"lam": 1}
# Exercises that are given labels but no output's name: the output that the labels belong to
OUTPUT_OF_LABELS: Mapping[str, str] = {"softmax_atoms": "softmax"}
# No 0: at 0 ReLU has no one slope, and nothing tells two factors apart.
WHOLE_NUMBERS = (-3, -2, -1, 1, 2, 3)
TINY_SIZES = (1, 2)
# Drawn for each size, for one draw may be right by chance.
TINY_DRAWS = 3


def tiny_cases(exercise: Exercise) -> Iterator[Case]:
    """Tiny calls of an exercise that has a right answer to them, the plainest branch first and of each the
    smallest; none where its arguments are no plain arrays, names and layers.
    """
    if exercise.right_answer is None or not all(map(_is_plain, exercise.arguments)):
        return
    rng = generator(PUBLIC_SEED, f"{exercise.id} tiny")
    layered = any(argument.layered for argument in exercise.arguments)
    names = [argument.name for argument in exercise.arguments if argument.name in TINY_BRANCHES]
    draw = _net if layered else _arrays
    for chosen in product(*(TINY_BRANCHES[name] for name in names)):
        branch = dict(zip(names, chosen, strict=True))
        for size, _ in product(TINY_SIZES, range(TINY_DRAWS)):
            values = draw(rng, exercise, size, branch)
            if values:
                values |= {**branch, **TINY_NUMBERS}
                args = tuple(values[argument.name] for argument in exercise.arguments)
                yield Case("", args, "", frozenset({"tiny"}))


def _is_plain(argument: Argument) -> bool:
    return argument.layered or bool(argument.shape) or argument.name in (*TINY_BRANCHES, *TINY_NUMBERS)


def _whole(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.choice(WHOLE_NUMBERS, size=shape).astype(float)


def _labels(rng: np.random.Generator, output: str, k: int, m: int) -> np.ndarray:
    """Targets that go with an output: a 1 in each column for softmax, 0 and 1 for sigmoid."""
    if output == "softmax":
        return np.eye(k)[:, rng.integers(0, k, m)]
    if output == "sigmoid":
        return rng.integers(0, 2, (k, m)).astype(float)
    return _whole(rng, (k, m))


def _arrays(
    rng: np.random.Generator, exercise: Exercise, size: int, branch: Mapping[str, str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for argument in exercise.arguments:
        if argument.shape == ("...",):
            found[argument.name] = _whole(rng, (size, size))
        elif argument.name == "Y":
            output = branch.get("output", OUTPUT_OF_LABELS.get(exercise.id, ""))
            found["Y"] = _labels(rng, output, size, size)
        elif argument.shape:
            shape = tuple(n if isinstance(n, int) else size for n in argument.shape)
            found[argument.name] = _whole(rng, shape)
    return found


def _net(
    rng: np.random.Generator, exercise: Exercise, size: int, branch: Mapping[str, str]
) -> dict[str, Any]:
    """A network of two layers with its caches; nothing where a unit has z = 0."""
    W = {l: _whole(rng, (size, size)) for l in (1, 2)}
    b = {l: _whole(rng, (size, 1)) for l in (1, 2)}
    X = _whole(rng, (size, size))
    Z, A = forward(W, b, X, branch["hidden"], branch["output"])
    if any((z == 0).any() for z in Z.values()):
        return {}
    return {"W": W, "b": b, "X": X, "Z": Z, "A": A, "Y": _labels(rng, branch["output"], size, size)}
