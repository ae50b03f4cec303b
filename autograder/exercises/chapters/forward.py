"""Chapter 1: affine and forward."""

from functools import cache, partial
from typing import Any

import numpy as np

from autograder.exercises import oracles, rounding
from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result, Step
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.networks import (
    ACTIVATIONS,
    HIDDEN_NAME,
    OUTPUT_NAME,
    PRE_ACTIVATIONS,
    WEIGHTS,
    Net,
    output_name,
)
from autograder.exercises.number_sizes import ORDINARY_NUMBERS, OTHER_SIZES
from autograder.exercises.probe_networks import suite
from autograder.exercises.versions import generator
from autograder.misconceptions.forward_slots import AFFINE, ForwardContext, affine_at
from autograder.trees import Array
from backprop import HIDDEN, OUTPUTS, affine, forward

# The parts of affine's credit.


def affine_cases(seed: bytes) -> list[Case]:
    """W a_prev + b on many shapes, on exact integers at three scales, on integer and float32 arrays."""
    rng = generator(seed, "affine")
    cases = []

    def add(name: str, n: int, p: int, m: int, *tags: str, scale: float = 1.0, whole: bool = False) -> None:
        W, a, b = (
            rng.integers(-8, 9, size).astype(float) if whole else rng.normal(size=size)
            for size in ((n, p), (p, m), (n, 1))
        )
        # Where b and z are nearly 0, six decimals are too few: elsewhere they cost the small numbers' part.
        b = b if whole else np.copysign(0.5 + np.abs(b), b)
        args: tuple[Any, ...] = (W, a * scale, b * scale)
        if "integer" in tags:
            args = tuple(x.astype(np.int64) for x in args)
        if "single" in tags:
            args = tuple(x.astype(np.float32) for x in args)
        label = f"{name}W {n} by {p}, m = {m}"
        part = OTHER_SIZES if scale not in (0.0, 1.0) else ORDINARY_NUMBERS
        cases.append(Case(label, args, part, frozenset(tags)))

    for _ in range(2):
        add("", 5, 3, 7)
    add("square, ", 4, 4, 4, "square")
    for n, p, m in ((3, 5, 1), (1, 4, 6), (4, 1, 5), (1, 1, 1), (6, 2, 3)):
        add("", n, p, m)
    add("", 17, 13, 12, "large")
    for power in (0, -20, 10):
        add(f"integers times 2^{power}, ", 3, 4, 8, "exact", scale=2.0**power, whole=True)
    add("tiny inputs, ", 3, 4, 5, scale=1e-9)
    add("inputs 0, ", 3, 4, 5, scale=0.0)
    add("arrays of integers, ", 2, 3, 4, "integer", "exact", whole=True)
    add("float32, ", 3, 4, 5, "single")
    example = (np.array([[1, 2], [3, 4]]), np.array([[1, 0], [1, 5]]), np.array([[10], [20]]))
    cases.append(Case("the statement's example", example, ORDINARY_NUMBERS, frozenset({"integer", "exact"})))
    return cases


def affine_target(case: Case) -> Target:
    W, a, b = (x.astype(np.float64) for x in case.args)
    z = affine(W, a, b)
    units = rounding.product(W, np.abs(W), a, np.abs(a)) + 2 * np.abs(b) + np.abs(z)
    leaf = ExpectedArray("z", z, units, case.part)
    return Target(leaf, exact="exact" in case.tags, single="single" in case.tags, small_apart=True)


def forward_cases(seed: bytes) -> list[Case]:
    """Every network of the suite that a forward pass stands behind."""
    return [
        Case(net.name, (net.W, net.b, net.X, net.hidden, net.output), net.part, net.tags, {"net": net})
        for net in suite(seed)
        if "poisoned" not in net.tags
    ]


def _forward_leaves(net: Net, Z: Any, A: Any) -> Any:
    """Leaves of (Z, A) with errors run along: each layer's z inherits those of the a before."""

    @cache
    def units() -> tuple[dict[int, Array], dict[int, Array]]:
        units_z, units_a = {}, {0: np.abs(A[0])}
        for l, z in Z.items():
            W, b = net.W[l], net.b[l]
            terms = rounding.product(W, np.abs(W), A[l - 1], units_a[l - 1])
            units_z[l] = terms + 2 * np.abs(b) + np.abs(z)
            units_a[l] = rounding.activation(output_name(net, l), z, units_z[l])
        return units_z, units_a

    def of(i: int, l: int) -> Array:
        return units()[i][l]

    return (
        {l: ExpectedArray(f"Z[{l}]", z, partial(of, 0, l), f"Z, {net.part}") for l, z in Z.items()},
        {l: ExpectedArray(f"A[{l}]", a, partial(of, 1, l), f"A, {net.part}") for l, a in A.items()},
    )


def _flags(case: Case) -> dict[str, bool]:
    return {"exact": "exact" in case.tags, "single": "single" in case.tags}


def forward_target(case: Case) -> Target:
    net = case.hidden["net"].wide
    Z, A = forward(net.W, net.b, net.X, net.hidden, net.output)
    return Target(_forward_leaves(net, Z, A), **_flags(case))


EXERCISES = (
    Exercise(
        "affine",
        "01-forward",
        affine_cases,
        affine_target,
        affine,
        arguments=(
            Argument("W", ("n_l", "n_prev")),
            Argument("a_prev", ("n_prev", "m")),
            Argument("b", ("n_l", 1)),
        ),
        results=(Result("z", ("n_l", "m")),),
        parts={ORDINARY_NUMBERS: 0.75, OTHER_SIZES: 0.25},
        oracle=Oracle(oracles.affine),
        explained_as="steps",
        steps=(Step(AFFINE, affine_at),),
        surroundings=ForwardContext,
        help=HELPS["affine"],
    ),
    Exercise(
        "forward",
        "01-forward",
        forward_cases,
        forward_target,
        forward,
        arguments=(
            WEIGHTS,
            Argument("b", ("n[l]", 1), layered=True),
            Argument("X", ("n[0]", "m")),
            HIDDEN_NAME,
            OUTPUT_NAME,
        ),
        results=(PRE_ACTIVATIONS, ACTIVATIONS),
        parts={f"{name}, {h} → {output}": 1 / 18 for name in "ZA" for h in HIDDEN for output in OUTPUTS},
        oracle=Oracle(oracles.forward),
        explained_as="forward",
        depends_on=("affine",),
        help=HELPS["forward"],
    ),
)
