"""The networks that probe the exercises: drawn from a seed, run forward, kept off ReLU's kink.

Each is chosen to make some mistake show: the probe matters more than the criterion. Distinct widths turn a
wrong index into a wrong shape; a square net turns a forgotten transpose into a number that can be named; in
integer ReLU nets the arithmetic is exact, so the tiniest leftover shows; poisoned caches (Z redrawn, W and X
unrelated) can only be answered by the recipe itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from autograder.exercises import rounding
from autograder.exercises.exercise import Argument
from autograder.misconceptions.slots import LayerContext, deltas
from autograder.trees import Array
from backprop import all_deltas, forward, g, layer_gradients

LayerArrays: TypeAlias = dict[int, Array]

# What a network is given as, to a function that works on one.
WEIGHTS = Argument("W", ("n[l]", "n[l-1]"), layered=True)
PRE_ACTIVATIONS = Argument("Z", ("n[l]", "m"), layered=True)
ACTIVATIONS = Argument("A", ("n[l]", "m"), layered=True)
TARGETS = Argument("Y", ("k", "m"))
HIDDEN_NAME, OUTPUT_NAME = Argument("hidden", branch=True), Argument("output", branch=True)
CACHES = (WEIGHTS, PRE_ACTIVATIONS, ACTIVATIONS, TARGETS, HIDDEN_NAME, OUTPUT_NAME)
# What k is, in an exercise that has outputs.
OUTPUTS_K = {"k": "the number of outputs"}

# A ReLU unit this close to 0, relative to the terms of its sum, is drawn again.
MARGIN = 1e-3


@dataclass(eq=False)
class Net:
    """A network with its caches.

    tags say what it is for: poisoned, exact, kink, single, integer, square, large. kink: layer, unit and
    example that sits exactly at z = 0.
    """

    name: str
    W: LayerArrays
    b: LayerArrays
    X: Array
    Y: Array
    hidden: str
    output: str
    Z: LayerArrays
    A: LayerArrays
    tags: frozenset[str] = frozenset()
    kink: tuple[int, int, int] | None = None

    @property
    def N(self) -> int:
        return max(self.W)

    @property
    def m(self) -> int:
        return int(self.X.shape[1])

    @property
    def part(self) -> str:
        return f"{self.hidden} → {self.output}"

    @cached_property
    def wide(self) -> "Net":
        """The same net with every array as float64, to compute what is expected."""
        if not {"single", "integer"} & self.tags:
            return self
        return self.with_arrays(lambda v: v.astype(np.float64), self.name, self.tags - {"single", "integer"})

    def with_arrays(self, f: Callable[[Array], Array], name: str, tags: frozenset[str]) -> "Net":
        """The net with f of every array."""
        W, b, Z, A = ({l: f(v) for l, v in layers.items()} for layers in (self.W, self.b, self.Z, self.A))
        return replace(self, name=name, W=W, b=b, X=f(self.X), Y=f(self.Y), Z=Z, A=A, tags=tags)

    @property
    def caches(self) -> tuple[LayerArrays, LayerArrays, LayerArrays, Array, str, str]:
        """What all_deltas and backprop are given: W, Z, A, Y, hidden, output."""
        return self.W, self.Z, self.A, self.Y, self.hidden, self.output

    @cached_property
    def delta(self) -> LayerArrays:
        """delta[l] in float64, ReLU'(0) = 0."""
        return all_deltas(*self.caches)

    @cached_property
    def delta_kink(self) -> LayerArrays | None:
        """What ReLU'(0) = 1 would add to each delta[l], exact as these nets are; None without a unit at 0."""
        if self.kink is None:
            return None
        layer, unit, example = self.kink
        on = {l: z.copy() for l, z in self.Z.items()}
        on[layer][unit, example] = 1
        delta = all_deltas(self.W, on, self.A, self.Y, self.hidden, self.output)
        return {l: delta[l] - self.delta[l] for l in delta}

    @cached_property
    def delta_units(self) -> LayerArrays:
        """Rounding errors of delta[l], in units of u: Steps 1 and 2 of the recipe, told of errors."""

        def step_2(back: Array, slope: Array, c: LayerContext) -> Array:
            return rounding.hidden_delta(c.W_next, self.delta[c.l + 1], c.delta_next, c.z, c.hidden)

        units = deltas(
            {"first": lambda output, yhat, z, Y: rounding.output_delta(output, z, Y), "join": step_2},
            *self.caches,
        )
        if self.delta_kink is not None:
            units = {
                l: units[l] + rounding.FUNCTION * np.abs(change) for l, change in self.delta_kink.items()
            }
        return units

    @cached_property
    def delta_detours(self) -> LayerArrays:
        """What rounding.detour allows each delta[l], in units of u; none in the last, which is no product."""

        def back(c: LayerContext) -> Array:
            return np.abs(c.W_next.T) @ c.delta_next + rounding.detour(c.W_next.T, self.delta[c.l + 1])

        return deltas({"first": lambda output, yhat, z, Y: np.zeros(Y.shape), "back": back}, *self.caches)

    @cached_property
    def gradients(self) -> dict[int, tuple[Array, Array]]:
        """(dW, db) of each layer."""
        return {l: layer_gradients(self.delta[l], self.A[l - 1]) for l in self.delta}

    @cached_property
    def gradient_units(self) -> dict[int, tuple[Array, Array]]:
        """Rounding errors of (dW, db) of each layer, in units of u."""
        return {
            l: rounding.layer_gradients(self.delta[l], self.delta_units[l], self.A[l - 1]) for l in self.delta
        }

    @cached_property
    def dW_detours(self) -> LayerArrays:
        """What rounding.detour allows each dW[l], in units of u."""
        return {
            l: (left @ np.abs(self.A[l - 1].T) + rounding.detour(self.delta[l], self.A[l - 1].T)) / self.m
            for l, left in self.delta_detours.items()
        }

    @cached_property
    def gradient_kink(self) -> dict[int, tuple[Array, Array]] | None:
        """What ReLU'(0) = 1 would add to (dW, db) of each layer; None where no unit sits at 0."""
        if self.delta_kink is None:
            return None
        return {l: layer_gradients(change, self.A[l - 1]) for l, change in self.delta_kink.items()}


def output_name(net: Net, l: int) -> str:
    """The nonlinearity of layer l."""
    return net.output if l == net.N else net.hidden


def targets(rng: np.random.Generator, output: str, k: int, m: int, soft: bool = False) -> Array:
    """Y (k, m) that suits the output: real numbers, zeros and ones, one-hot or soft columns."""
    if output == "identity":
        return np.asarray(rng.normal(size=(k, m)))
    if output == "sigmoid":
        return np.asarray(
            rng.uniform(0.05, 0.95, (k, m)) if soft else rng.integers(0, 2, (k, m)).astype(float)
        )
    if soft and k > 1:
        Y = rng.uniform(0.1, 1, (k, m))
        return np.asarray(Y / Y.sum(axis=0))
    return np.asarray(np.eye(k)[:, rng.integers(0, k, m)])


# Logits whose sigmoid is beyond 0.99, 0.999, 0.9999, or as near to 0, and the largest of a network: a
# probability of 1.1e-5. Who clips predictions at 1e-4 or more is seen, who clips them at 1e-5 or less is not,
# in every network: in between an average over examples can't tell a clip from rounding in float32.
CONFIDENT = (5.3, 7.3, 9.7, 11.4)


# The widest gap of logits where nothing is sure: below log 2, with which one of three would have a half.
TORN = 0.6


def confident(
    rng: np.random.Generator, output: str, k: int, m: int, sure: Sequence[float] = CONFIDENT
) -> Array:
    """z (k, m) of units that are sure, m >= len(sure), in an order and with signs of the seed's."""
    others = rng.uniform(4, sure[-1], m - len(sure))
    sizes = rng.permutation([*sure, *others]) * rng.choice([-1, 1], m)
    z = rng.uniform(-1, 1, (k, m))
    # Of a softmax the gap of two logits decides.
    z[0], z[-1] = (sizes / 2, -sizes / 2) if output == "softmax" else (sizes, -sizes)
    return np.asarray(z)


def _margin_ok(W: LayerArrays, b: LayerArrays, Z: LayerArrays, A: LayerArrays) -> bool:
    return all(
        bool(np.all(np.abs(Z[l]) > MARGIN * (np.abs(W[l]) @ np.abs(A[l - 1]) + np.abs(b[l]))))
        for l in range(1, max(W))
    )


def _top(net: Net) -> float:
    """The largest a of a hidden layer."""
    return max((float(net.A[l].max()) for l in range(1, net.N)), default=np.inf)


def _most_sure(net: Net) -> float:
    """The largest logit of a sigmoid output, the largest gap of a softmax with log k for its sum; else 0."""
    z = net.Z[net.N]
    if net.output == "softmax":
        return float(np.max(np.ptp(z, axis=0))) * CONFIDENT[-1] / (CONFIDENT[-1] - np.log(len(z)))
    return float(np.max(np.abs(z))) if net.output == "sigmoid" else 0.0


def build(
    name: str,
    parameters: tuple[LayerArrays, LayerArrays, Array, Array],
    hidden: str,
    output: str,
    tags: Sequence[str],
) -> Net:
    W, b, X, Y = parameters
    Z, A = forward(W, b, X, hidden, output)
    return Net(name, W, b, X, Y, hidden, output, Z, A, frozenset(tags))


def draw(
    rng: np.random.Generator,
    widths: Sequence[int],
    m: int,
    hidden: str,
    output: str,
    *,
    tags: Sequence[str] = (),
    scale: float = 1.0,
    weight: float = 0.7,
    reach: float = 0.0,
    soft: bool = False,
    sure: bool = False,
    torn: bool = False,
    say: str = "",
) -> Net:
    """A net with normal weights of that size, but for a last layer whose predictions were too sure.

    sure: one of them is as sure as may be. torn: no softmax over three or more units gives one above 0.5.

    With ReLU it is drawn again until no unit is near its kink and one is above reach.
    """
    name = f"{hidden} → {output}, widths {'-'.join(map(str, widths))}, m = {m}" + (f", {say}" if say else "")
    while True:
        W = {l: rng.normal(size=(widths[l], widths[l - 1])) * weight for l in range(1, len(widths))}
        b = {l: rng.normal(size=(widths[l], 1)) * 0.5 for l in range(1, len(widths))}
        X = rng.normal(size=(widths[0], m)) * scale
        Y = targets(rng, output, widths[-1], m, soft)
        net = build(name, (W, b, X, Y), hidden, output, tags)
        most = _most_sure(net)
        if sure or torn or most > CONFIDENT[-1]:
            factor = TORN / float(np.max(np.ptp(net.Z[net.N], axis=0))) if torn else CONFIDENT[-1] / most
            W[net.N], b[net.N] = W[net.N] * factor, b[net.N] * factor
            net = build(name, (W, b, X, Y), hidden, output, tags)
        if hidden != "relu" or (_top(net) > reach and _margin_ok(W, b, net.Z, net.A)):
            return net


def poison(rng: np.random.Generator, net: Net) -> Net:
    """The same shapes with other numbers: Z and A agree layer by layer, no forward pass is behind them."""
    Z = {}
    for l, z in net.Z.items():
        fresh = rng.normal(size=z.shape) * 1.2
        Z[l] = np.where(np.abs(fresh) < MARGIN, 0.5, fresh)
    if net.output != "identity":
        Z[net.N] = confident(rng, net.output, *Z[net.N].shape)
    # X and W are large: what is clipped shows.
    X = rng.normal(size=net.X.shape) * 20
    A = {0: X} | {l: g(output_name(net, l), Z[l]) for l in Z}
    W = {l: rng.normal(size=w.shape) * 8 for l, w in net.W.items()}
    Y = targets(rng, net.output, net.Y.shape[0], net.m, soft=True)
    return replace(
        net, name=net.name + ", caches of another net", W=W, X=X, Y=Y, Z=Z, A=A, tags=net.tags | {"poisoned"}
    )


# Half of the least size of a loud network's weights, of its inputs, and of its units that are on.
LOUD = 110.0


def loud(rng: np.random.Generator, output: str, N: int = 3) -> Net:
    """Caches of no forward pass, in which every usual clip shows, for every seed and on both sides of 0.

    Each dW[l], and each db[l] and delta[l] below the last layer, has an entry above LOUD and another below
    -LOUD. Those of a last layer of sigmoid or softmax units stay within 1, and reach beyond 0.9 and -0.9.
    Few entries are large, two by two at most: tests that look at all errors at once must not see these alone.
    """
    widths, m = (2, *[3] * (N - 1), 2), 2

    def sizes(*shape: int) -> Array:
        return rng.uniform(2 * LOUD, 4 * LOUD, shape)

    # In each hidden layer units 0 and 1 are on and the last is off, in every example.
    Z = {l: sizes(widths[l], m) * np.array([[1.0], [1.0], [-1.0]]) for l in range(1, N)}
    # One output is too high, the other too low, with a certainty that is wrong.
    sign = np.array([[1.0], [-1.0]])
    Z[N] = np.ones((1, m)) * sign * (LOUD if output == "identity" else CONFIDENT[0])
    Y = -Z[N] if output == "identity" else np.where(Z[N] > 0, 0.05, 0.95)
    A = {0: sizes(2, m) * sign} | {l: g(output if l == N else "relu", Z[l]) for l in Z}
    W = {l: sizes(widths[l], widths[l - 1]) for l in Z}
    delta = A[N] - Y
    for l in range(N - 1, 0, -1):
        # All that comes back to unit 0 is positive, all that comes to unit 1 negative.
        W[l + 1][:, :2] *= np.where(delta[:, :1] < 0, -1.0, 1.0) * [1.0, -1.0]
        delta = (W[l + 1].T @ delta) * (Z[l] > 0)
    net = draw(rng, widths, m, "relu", output)
    return replace(
        net, name=net.name + ", large caches", W=W, X=A[0], Y=Y, Z=Z, A=A, tags=frozenset({"poisoned"})
    )


def with_a_dead_unit(rng: np.random.Generator, widths: Sequence[int] = (3, 4, 2), m: int = 4) -> Net:
    """A ReLU network whose layer 1 has a unit that is off in every example and would get much blame.

    The gradients of its weights and of its bias are 0: the least slope of a unit that is off shows there.
    """
    net = draw(rng, widths, m, "relu", "identity")
    net.b[1][-1] = -50.0
    net.W[2][:, -1] = 64.0
    name = f"{net.name}, one unit never on"
    return build(name, (net.W, net.b, net.X, net.Y), "relu", "identity", ())


def integer_relu(rng: np.random.Generator, widths: Sequence[int], m: int, *, at_zero: int = 0) -> Net:
    """Small integers, identity output, m a power of two: every sum is exact in float32 and float64.

    Weights are even and biases odd, so that no z is 0. at_zero = l puts exactly one unit of layer l at z = 0,
    where any slope in [0, 1] is right.
    """
    sizes = "-".join(map(str, widths))
    name = f"relu → identity, small integers, widths {sizes}, m = {m}"
    tags = ["exact", "kink"] if at_zero else ["exact"]
    while True:
        W = {l: 2.0 * rng.integers(-2, 3, (widths[l], widths[l - 1])) for l in range(1, len(widths))}
        b = {l: 2.0 * rng.integers(-2, 2, (widths[l], 1)) + 1 for l in range(1, len(widths))}
        X = rng.integers(-4, 5, (widths[0], m)).astype(float)
        Y = rng.integers(-9, 10, (widths[-1], m)).astype(float)
        if not at_zero:
            return build(name, (W, b, X, Y), "relu", "identity", tags)
        unit, example = int(rng.integers(widths[at_zero])), int(rng.integers(m))
        Z, _ = forward(W, b, X, "relu", "identity")
        b[at_zero][unit] -= Z[at_zero][unit, example]
        Z, A = forward(W, b, X, "relu", "identity")
        if sum(int(np.count_nonzero(Z[l] == 0)) for l in range(1, len(widths) - 1)) == 1:
            kink = (at_zero, unit, example)
            tagged = frozenset(tags)
            net = Net(f"{name}, one unit at z = 0", W, b, X, Y, "relu", "identity", Z, A, tagged, kink)
            change = net.delta_kink
            if change is not None and all(np.any(change[l]) for l in range(1, at_zero + 1)):
                return net


def scaled(net: Net, factor: float) -> Net:
    """The integer net with X, b and Y times a power of two: still exact, but absolute leftovers stand out."""
    b = {l: v * factor for l, v in net.b.items()}
    name = f"{net.name}, inputs times 2^{int(np.log2(factor))}"
    return build(name, (net.W, b, net.X * factor, net.Y * factor), net.hidden, net.output, [*net.tags])


def single(net: Net) -> Net:
    """The net with every array rounded to float32, run forward in float32."""
    return net.with_arrays(lambda v: v.astype(np.float32), net.name + ", float32", net.tags | {"single"})


def integers(net: Net) -> Net:
    """The net with X and Y as integer arrays, their values unchanged."""
    X, Y = net.X.astype(np.int64), net.Y.astype(np.int64)
    A = {**net.A, 0: X}
    return replace(net, name=net.name + ", X and Y of integers", X=X, Y=Y, A=A, tags=net.tags | {"integer"})


def whole(net: Net) -> Net:
    """The integer net with every array of integers.

    No statement promises weights of whole numbers, and into a copy of them no fraction can be written: a
    remark only.
    """
    name, tags = net.name + ", all arrays of integers", net.tags | {"integer", "advisory"}
    return net.with_arrays(lambda v: v.astype(np.int64), name, tags)
