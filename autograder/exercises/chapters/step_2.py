"""Chapter 6: hidden_delta, all_deltas, and the residual layer as a forward pass."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from autograder.exercises import oracles, rounding
from autograder.exercises.cases import Case
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Oracle, Result, Step
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.networks import CACHES, HIDDEN_NAME, MARGIN, OUTPUTS_K, Net
from autograder.exercises.number_sizes import ORDINARY_NUMBERS, OTHER_SIZES
from autograder.exercises.probe_networks import suite
from autograder.exercises.versions import generator
from autograder.misconceptions.slots import STEP_2, LayerContext, step_2
from autograder.trees import Array
from backprop import HIDDEN, OUTPUTS, all_deltas, g_prime, hidden_delta

# The parts of the credit: of hidden_delta for each nonlinearity, of all_deltas for each output. Layer 1
# counts as one before the output layer in a network of one layer too: a loop that leaves it out costs these
# alone.
OUTPUT_LAYER, OTHER_LAYERS = "output layer", "layers before"
# Among ordinary numbers: the slopes of sigmoid and tanh are 5e-4 there, and no less by any seed.
LARGEST_ORDINARY_Z = 4.5


def hidden_delta_cases(seed: bytes) -> list[Case]:
    """Step 2 by itself, W[l+1], delta[l+1] and z being any arrays that fit.

    There are many shapes, sizes and dtypes for each g.
    """
    rng = generator(seed, "hidden_delta")
    cases = []

    def add(name: str, say: str, W: Array, delta: Array, z: Array, *tags: str) -> None:
        n, k, m = W.shape[1], W.shape[0], z.shape[1]
        sizes = f"{n} {'unit' if n == 1 else 'units'}, {k} in the next layer, m = {m}"
        cases.append(Case(f"{name}, {say or sizes}", (W, delta, z, name), name, frozenset(tags)))

    def ordinary(k: int, n: int, m: int) -> tuple[Array, Array, Array]:
        z = np.clip(2 * rng.normal(size=(n, m)), -LARGEST_ORDINARY_Z, LARGEST_ORDINARY_Z)
        return rng.normal(size=(k, n)), rng.normal(size=(k, m)), np.where(np.abs(z) < MARGIN, 0.5, z)

    def held(name: str, args: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        """With a delta[l+1] that makes the largest |delta[l]| 3.

        So who clips at 5 is right with ordinary numbers.
        """
        W, delta, z = args
        top = np.abs(hidden_delta(W, delta, z, name)).max()
        # Units of ReLU may all be off.
        return W, delta * 3 / top if top else delta, z

    for name in HIDDEN:
        for k, n, m in ((4, 5, 7), (2, 6, 7), (3, 4, 1), (1, 4, 5), (3, 1, 4)):
            add(name, "", *held(name, ordinary(k, n, m)))
        add(name, "square, m = 4", *held(name, ordinary(4, 4, 4)), "square")
        add(name, "a square W and one example", *held(name, ordinary(8, 8, 1)), "square")
        W, delta, z = (x.astype(np.float32) for x in held(name, ordinary(2, 4, 5)))
        add(name, "float32", W, delta, z, "single")
        W, delta, z = ordinary(3, 4, 5)
        add(name, "small z", *held(name, (W, delta, z / 4)))
        add(name, "tiny z", W, delta, z * 1e-9, "size")
        add(name, "tiny delta", W, delta * 1e-9, z, "size")
        far = np.array([*(s * v for v in (6, 11, 15, 16, 18, 20, 25, 31, 40) for s in (1.0, -1.0)), 1.0, 0.5])
        add(name, "large z", W, delta, rng.permutation(far).reshape(z.shape), "size")
        add(name, "large delta", W * 300, delta * 100, z, "size")
        add(name, "delta[l+1] = 0", W, delta * 0, z)
        whole = rng.integers(1, 5, (2, 4, 4)) * rng.choice([-1, 1], (2, 4, 4))
        add(name, "whole numbers", whole[0, :3], whole[1, :3], whole[1], "integer", "advisory")
    for name in ("tanh", "sigmoid"):
        W, delta, z = ordinary(2, 3, 5)
        add(name, "z = 0", *held(name, (W, delta, z * 0)))
    add("sigmoid", "", *held("sigmoid", ordinary(13, 17, 2)), "large")
    add("tanh", "", *held("tanh", ordinary(2, 3, 13)), "large")
    # Small integers with no z = 0: every product and sum is exact, at any power of two.
    W, delta = (rng.integers(-4, 5, size).astype(float) for size in ((3, 4), (3, 8)))
    z = 2.0 * rng.integers(-4, 4, (4, 8)) + 1
    for power in (-5, -20, 10):
        tags = ("exact",) if power == -5 else ("exact", "size")
        add("relu", f"small integers times 2^{power}", W, delta * 2.0**power, z * 2.0**power, *tags)
    for k, n, m in ((3, 3, 4), (2, 3, 4)):
        W, delta = (2.0 * rng.integers(-3, 3, size) + 1 for size in ((k, n), (k, m)))
        z = 2.0 * rng.integers(-4, 4, (n, m)) + 1
        unit, example = int(rng.integers(n)), int(rng.integers(m))
        z[unit, example] = 0.0
        # With another slope nothing would be another
        if W[:, unit] @ delta[:, example] == 0:
            delta[0, example] += 2
        delta = delta * 2.0**-5
        add("relu", f"small integers, one unit at z = 0, m = {m}", W, delta, z, "exact", "kink")
    args = (np.array([[1, 2], [3, 4]]), np.array([[1], [10]]), np.array([[5], [-5]]), "relu")
    cases.append(Case("relu, the statement's example", args, "relu", frozenset({"integer", "exact"})))
    return cases


def hidden_delta_target(case: Case) -> Target:
    W, delta, z = (x.astype(np.float64, copy=False) for x in case.args[:3])
    name = case.args[3]
    expected = hidden_delta(W, delta, z, name)
    kink = np.where(z == 0, W.T @ delta, 0.0) if name == "relu" and (z == 0).any() else None

    def units() -> Array:
        found = rounding.hidden_delta(W, delta, np.abs(delta), z, name)
        return found if kink is None else found + rounding.FUNCTION * np.abs(kink)

    def detour() -> Array:
        return rounding.detour(W.T, delta) * g_prime(name, z)

    part = f"{name}, {OTHER_SIZES if case.tags & {'size', 'integer'} else ORDINARY_NUMBERS}"
    leaf = ExpectedArray("delta", expected, units, part, kink, detour=detour)
    return Target(leaf, exact="exact" in case.tags, single="single" in case.tags, small_apart=True)


def cache_cases(seed: bytes) -> list[Case]:
    """Every network of the suite by its caches: (W, Z, A, Y, hidden, output)."""
    return [
        Case(net.name, (net.W, net.Z, net.A, net.Y, net.hidden, net.output), net.part, net.tags, {"net": net})
        for net in suite(seed)
    ]


def _units(net: Net, l: int) -> Array:
    return net.delta_units[l]


def _detour(net: Net, l: int) -> Array:
    return net.delta_detours[l]


def all_deltas_target(case: Case) -> Target:
    net: Net = case.hidden["net"].wide
    kinks = net.delta_kink or {}
    leaves = {
        l: ExpectedArray(
            f"delta[{l}]",
            net.delta[l],
            partial(_units, net, l),
            f"{net.output}, {OUTPUT_LAYER if l == net.N > 1 else OTHER_LAYERS}",
            kinks.get(l),
            detour=partial(_detour, net, l),
        )
        for l in net.delta
    }
    flags = {"exact": "exact" in case.tags, "single": "single" in case.tags, "joint": "kink" in case.tags}
    return Target(leaves, **flags)


def residual_layer(W: Array, z: Array, a_prev: Array) -> Array:
    """a = tanh(z) + a_prev, where the cached z = W a_prev + b feels changes of a_prev through W (eq. 6.2)."""
    z = z + W @ a_prev
    return np.tanh(z) + a_prev


def no_change(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> Array:
    """The caches are those of the a_prev that came in."""
    return np.zeros(shape)


EXERCISES = (
    Exercise(
        "hidden_delta",
        "06-step-2",
        hidden_delta_cases,
        hidden_delta_target,
        hidden_delta,
        arguments=(
            Argument("W_next", ("n_next", "n_l")),
            Argument("delta_next", ("n_next", "m")),
            Argument("z", ("n_l", "m")),
            HIDDEN_NAME,
        ),
        results=(Result("delta", ("n_l", "m")),),
        parts={
            f"{name}, {part}": share / 3
            for name in HIDDEN
            for part, share in ((ORDINARY_NUMBERS, 0.75), (OTHER_SIZES, 0.25))
        },
        oracle=Oracle(oracles.hidden_delta),
        per_example=True,
        explained_as="steps",
        steps=(Step(STEP_2, step_2),),
        surroundings=LayerContext,
        help=HELPS["hidden_delta"],
    ),
    Exercise(
        "all_deltas",
        "06-step-2",
        cache_cases,
        all_deltas_target,
        all_deltas,
        arguments=CACHES,
        results=(Result("delta", ("n[l]", "m"), layered=True),),
        parts={
            f"{output}, {part}": share / 3
            for output in OUTPUTS
            for part, share in ((OUTPUT_LAYER, 0.3), (OTHER_LAYERS, 0.7))
        },
        letters=OUTPUTS_K,
        oracle=Oracle(oracles.all_deltas),
        depends_on=("hidden_delta", "output_delta"),
        per_example=True,
        explained_as="deltas",
        help=HELPS["all_deltas"],
    ),
    traced_exercise(
        "residual_delta",
        "06-step-2",
        forward=residual_layer,
        arguments={"W": ("n", "n"), "z": ("n", "m"), "a_prev": ("n", "m")},
        values={"a_prev": no_change},
        upstream=("delta_a",),
        gradients=("z", "a_prev"),
        results=("delta_z", "delta_a_prev"),
        signature=("W", "z", "delta_a"),
        bonus=True,
        example={"W": [[2, 0], [1, 1]], "z": [[0], [0]], "delta_a": [[1], [10]]},
        parts={"delta_z": 0.25, "delta_a_prev": 0.75},
        per_example=True,
        help=HELPS["residual_delta"],
    ),
)
