"""Chapter 6: hidden_delta, all_deltas, and the residual layer stated."""

from functools import partial
from typing import Any

import numpy as np

from autograder import rounding
from autograder.cases import Case
from autograder.exercise import Array, Exercise, Leaf, Target, generator
from autograder.exercises.stated import stated_loss_exercise
from autograder.nets import Net, suite
from backprop import HIDDEN, all_deltas, hidden_delta


def _layers(index: int, net: Net) -> list[int]:
    """Which hidden layers of a net to ask about: one of a long net, all that are special."""
    if net.N == 1:
        return []
    if "kink" in net.tags and net.kink is not None:
        return [net.kink[0]]
    if {"square", "exact"} & net.tags:
        return list(range(1, net.N))
    return [1 + index % (net.N - 1)]


def hidden_delta_cases(seed: bytes) -> list[Case]:
    """One Step 2 out of each network, delta[l+1] being the right one; and z at 0 and where g' has died away."""
    cases = []
    for index, net in enumerate(suite(seed)):
        tags = net.tags - {"integer"}
        for l in _layers(index, net):
            args = (net.W[l + 1], net.delta[l + 1].astype(net.W[1].dtype), net.Z[l], net.hidden)
            n = net.W[l].shape[0]
            sizes = f"{n} {'unit' if n == 1 else 'units'}, {net.W[l + 1].shape[0]} in the next layer, m = {net.m}"
            say = "".join(f", {tag}" for tag in ("square", "exact", "single") if tag in tags)
            say += ", one unit at z = 0" if "kink" in tags else ""
            cases.append(
                Case(f"{net.hidden}, {sizes}{say}".replace("single", "float32"), args, net.hidden, tags)
            )
    rng = generator(seed, "hidden_delta")
    for name in HIDDEN:
        W, delta = rng.normal(size=(3, 4)), rng.normal(size=(3, 5))
        z = rng.choice([-40.0, 40.0, 20.0, -15.0, 1.0], (4, 5))
        cases.append(Case(f"{name}, large z", (W, delta, z, name), name))
        tiny = rng.normal(size=(4, 5)) * 1e-9
        cases.append(Case(f"{name}, tiny z", (W, delta, np.where(tiny == 0, 1e-9, tiny), name), name))
        whole = rng.integers(1, 5, (2, 4, 4)) * rng.choice([-1, 1], (2, 4, 4))
        args = (whole[0, :3], whole[1, :3], whole[1], name)
        cases.append(Case(f"{name}, whole numbers", args, name, frozenset({"integer", "advisory"})))
        near = rng.normal(size=(4, 5))
        cases.append(Case(f"{name}, large delta", (W * 300, delta * 100, near, name), name))
        one = (rng.normal(size=(8, 8)), rng.normal(size=(8, 1)), rng.normal(size=(8, 1)), name)
        cases.append(Case(f"{name}, a square W and one example", one, name, frozenset({"square"})))
        cases.append(Case(f"{name}, delta[l+1] = 0", (W, delta * 0, z, name), name))
    return cases


def hidden_delta_target(case: Case) -> Target:
    W, delta, z = (x.astype(np.float64, copy=False) for x in case.args[:3])
    name = case.args[3]
    expected = hidden_delta(W, delta, z, name)
    kink = np.where(z == 0, W.T @ delta, 0.0) if name == "relu" and (z == 0).any() else None

    def units() -> Array:
        found = rounding.hidden_delta(W, delta, np.abs(delta), z, name)
        return found if kink is None else found + rounding.FUNCTION * np.abs(kink)

    leaf = Leaf("delta", expected, units, case.part, kink)
    return Target(leaf, exact="exact" in case.tags, single="single" in case.tags)


def cache_cases(seed: bytes) -> list[Case]:
    """Every network of the suite by its caches: (W, Z, A, Y, hidden, output)."""
    return [
        Case(net.name, (net.W, net.Z, net.A, net.Y, net.hidden, net.output), net.part, net.tags, {"net": net})
        for net in suite(seed)
    ]


def _flags(case: Case) -> dict[str, bool]:
    return {"exact": "exact" in case.tags, "single": "single" in case.tags, "joint": "kink" in case.tags}


def _units(net: Net, l: int) -> Array:
    return net.delta_units[l]


def _deltas_target(case: Case, delta: dict[int, Array]) -> Target:
    net: Net = case.hidden["net"].wide
    kinks = net.delta_kink or {}
    leaves = {l: Leaf(f"delta[{l}]", delta[l], partial(_units, net, l), net.part, kinks.get(l)) for l in net.delta}
    return Target(leaves, **_flags(case))


def all_deltas_target(case: Case) -> Target:
    return _deltas_target(case, case.hidden["net"].wide.delta)


def residual_loss(W: Array, z: Array, delta_a: Array, nudge_z: Array, nudge_a_prev: Array) -> Any:
    """A loss whose gradient at the layer's output a is delta_a; z feels a nudge of a_prev through W (eq. 6.2)."""
    a = np.tanh(z + nudge_z + W @ nudge_a_prev) + nudge_a_prev
    return np.sum(delta_a * a, axis=(-2, -1))


EXERCISES = (
    Exercise(
        "hidden_delta", "06-step-2", hidden_delta_cases, hidden_delta_target, hidden_delta, per_example=True
    ),
    Exercise(
        "all_deltas", "06-step-2", cache_cases, all_deltas_target, all_deltas,
        depends_on=("hidden_delta", "output_delta"), per_example=True,
    ),
    stated_loss_exercise(
        "residual_delta",
        "06-step-2",
        loss=residual_loss,
        arguments={"W": ("n", "n"), "z": ("n", "m"), "delta_a": ("n", "m")},
        nudges={"nudge_z": ("n", "m"), "nudge_a_prev": ("n", "m")},
        gradients=("nudge_z", "nudge_a_prev"),
        per_example=True,
    ),
)  # fmt: skip
