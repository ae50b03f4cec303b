"""Chapter 8: backprop, and the L2 penalty stated."""

from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import oracles
from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.chapters.step_2 import cache_cases
from autograder.exercises.complex_step import batched_complex_step, complex_g, complex_losses
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.from_loss import ROUNDING
from autograder.exercises.networks import CACHES, OUTPUTS_K, Net, draw
from autograder.exercises.probe_networks import suite
from autograder.exercises.versions import generator
from autograder.trees import Array
from backprop import HIDDEN, OUTPUTS, backprop

# The shares of dW and db, and of the layers in each.
RESULTS = {"dW": 0.7, "db": 0.3}
LAYERS = {"output layer": 0.3, "layers between": 0.4, "layer 1": 0.3}


def _layer(l: int, N: int) -> str:
    return "layer 1" if l == 1 else "output layer" if l == N else "layers between"


def backprop_target(case: Case) -> Target:
    net: Net = case.hidden["net"].wide
    kinks = net.gradient_kink or {}
    leaves: tuple[dict[int, ExpectedArray], dict[int, ExpectedArray]] = ({}, {})
    for l, pair in net.gradients.items():
        for i, kind in enumerate(("dW", "db")):
            kink = kinks[l][i] if kinks else None
            detour = None if i else partial(_detour, net, l)
            part = f"{kind}, {net.output}, {_layer(l, net.N)}"
            leaves[i][l] = ExpectedArray(
                f"{kind}[{l}]", pair[i], partial(_units, net, l, i), part, kink, detour=detour
            )
    flags = {"exact": "exact" in case.tags, "single": "single" in case.tags, "joint": "kink" in case.tags}
    return Target(leaves, **flags)


def _units(net: Net, l: int, i: int) -> Array:
    return net.gradient_units[l][i]


def _detour(net: Net, l: int) -> Array:
    return net.dW_detours[l]


def l2_loss(
    W: dict[int, Any], b: dict[int, Any], X: Array, Y: Array, hidden: str, output: str, lam: float
) -> Any:
    """J + (lambda/2) sum of all squared weights (eq. 8.1); arrays may be complex, and stacked in front."""
    z: Any = None
    penalty: Any = 0.0
    for l in sorted(W):
        z = W[l] @ (X if z is None else complex_g(hidden, z)) + b[l]
        penalty = penalty + np.sum(W[l] * W[l], axis=(-2, -1))
    return np.mean(complex_losses(output, z, Y), axis=-1) + lam / 2 * penalty


def l2_cases(seed: bytes) -> list[Case]:
    """Networks with a forward pass behind their caches, and a lambda each; one with lambda = 0."""
    rng = generator(seed, "l2_backprop")
    cases = []
    # What the complex step can do of a large net: one layer of many units, many layers of few.
    large = (
        draw(rng, (9, 10), 9, "tanh", "sigmoid", tags=["large"], soft=True),
        draw(rng, (2,) * 10, 3, "tanh", "identity", tags=["large"]),
    )
    for net in (*(net for net in suite(seed) if "large" not in net.tags), *large):
        # No loss is stated there, or it has no slope
        if {"poisoned", "kink"} & net.tags:
            continue
        if 4 <= net.N < 9 and (HIDDEN.index(net.hidden) + OUTPUTS.index(net.output)) % 3:
            # Each hidden and each output in one deep net: every entry costs a forward pass here
            continue
        lam = (
            0.5 if "exact" in net.tags else 0.0 if "soft labels" in net.name else float(rng.uniform(0.05, 2))
        )
        args = (net.W, net.Z, net.A, net.Y, net.hidden, net.output, lam)
        cases.append(
            Case(f"{net.name}, lambda = {lam:.2g}", args, net.part, net.tags - {"exact"}, {"net": net})
        )
    return cases


def _l2_gradients(
    W: dict[int, Array], b: dict[int, Array], X: Array, Y: Array, hidden: str, output: str, lam: float
) -> dict[int, tuple[Array, Array]]:
    N = len(W)

    def f(parameters: list[Any]) -> Any:
        weights, biases = (dict(zip(W, half, strict=True)) for half in (parameters[:N], parameters[N:]))
        return l2_loss(weights, biases, X, Y, hidden, output, lam)

    found = batched_complex_step(f, [*W.values(), *b.values()])
    return {l: (found[l - 1], found[N + l - 1]) for l in W}


def l2_small_answer(
    W: dict[int, Array],
    Z: dict[int, Array],
    A: dict[int, Array],
    Y: Array,
    hidden: str,
    output: str,
    lam: float,
) -> tuple[dict[int, Array], dict[int, Array]]:
    """(dW, db) of the stated loss by the complex step; the caches must be those of a forward pass."""
    b = {l: np.mean(Z[l] - W[l] @ A[l - 1], axis=1, keepdims=True) for l in W}
    found = _l2_gradients(W, b, A[0], Y, hidden, output, lam)
    return {l: pair[0] for l, pair in found.items()}, {l: pair[1] for l, pair in found.items()}


def l2_target(case: Case) -> Target:
    net: Net = case.hidden["net"].wide
    gradients = _l2_gradients(net.W, net.b, net.X, net.Y, net.hidden, net.output, case.args[6])
    leaves: tuple[dict[int, ExpectedArray], dict[int, ExpectedArray]] = ({}, {})
    for l, pair in gradients.items():
        scale = max(1.0, *(float(np.abs(array).max()) for array in pair))
        for i, kind in enumerate(("dW", "db")):
            units = np.full(pair[i].shape, ROUNDING * scale)
            leaves[i][l] = ExpectedArray(f"{kind}[{l}]", pair[i], units, kind)
    return Target(leaves, single="single" in case.tags)


GRADIENT_RESULTS = (
    Result("dW", ("n[l]", "n[l-1]"), layered=True),
    Result("db", ("n[l]", 1), layered=True),
)

EXERCISES = (
    Exercise(
        "backprop",
        "08-batches",
        cache_cases,
        backprop_target,
        backprop,
        arguments=CACHES,
        results=GRADIENT_RESULTS,
        letters=OUTPUTS_K,
        parts={
            f"{result}, {output}, {layer}": of_result * of_layer / 3
            for result, of_result in RESULTS.items()
            for output in OUTPUTS
            for layer, of_layer in LAYERS.items()
        },
        oracle=Oracle(oracles.backprop),
        explained_as="gradients",
        help=HELPS["backprop"],
    ),
    Exercise(
        "l2_backprop",
        "08-batches",
        l2_cases,
        l2_target,
        small_answer=l2_small_answer,
        arguments=(*CACHES, Argument("lam")),
        results=GRADIENT_RESULTS,
        letters=OUTPUTS_K,
        parts={"dW": 0.9, "db": 0.1},
        depends_on=("backprop",),
        bonus=True,
        explained_as="penalised gradients",
        help=HELPS["l2_backprop"],
    ),
)
