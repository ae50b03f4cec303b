"""The networks that probe the exercises: drawn from a seed, run forward by our own code, kept off ReLU's kink.

Each is chosen to make some mistake show (design: the probe matters more than the criterion). Distinct widths turn
a wrong index into a wrong shape; a square net turns a forgotten transpose into a number that can be named; in
integer ReLU nets the arithmetic is exact, so the tiniest leftover shows; poisoned caches (Z redrawn, W and X
unrelated) can only be answered by the recipe itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import rounding
from autograder.exercises.versions import generator
from backprop import HIDDEN, OUTPUTS, all_deltas, forward, g, g_prime, layer_gradients

Array: TypeAlias = NDArray
Layers: TypeAlias = dict[int, Array]
MARGIN = 1e-3  # a ReLU unit this close to 0, relative to the terms of its sum, is drawn again


@dataclass(eq=False)
class Net:
    """A network with its caches; tags say what it is for: poisoned, exact, kink, single, integer, square, large ..."""

    name: str
    W: Layers
    b: Layers
    X: Array
    Y: Array
    hidden: str
    output: str
    Z: Layers
    A: Layers
    tags: frozenset[str] = frozenset()
    kink: tuple[int, int, int] | None = None  # layer, unit, example that sits exactly at z = 0

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

        def layers(values: Layers) -> Layers:
            return {l: v.astype(np.float64) for l, v in values.items()}

        return replace(
            self, W=layers(self.W), b=layers(self.b), X=self.X.astype(np.float64), Y=self.Y.astype(np.float64),
            Z=layers(self.Z), A=layers(self.A), tags=self.tags - {"single", "integer"},
        )  # fmt: skip

    @cached_property
    def delta(self) -> Layers:
        """delta[l] in float64, ReLU'(0) = 0."""
        return all_deltas(self.W, self.Z, self.A, self.Y, self.hidden, self.output)

    @cached_property
    def delta_kink(self) -> Layers | None:
        """What ReLU'(0) = 1 would add to each delta[l]; None where no unit sits at 0."""
        if self.kink is None:
            return None
        layer, unit, example = self.kink
        change = {l: np.zeros(d.shape) for l, d in self.delta.items()}
        back = self.W[layer + 1].T @ self.delta[layer + 1]
        change[layer][unit, example] = back[unit, example]
        for l in range(layer - 1, 0, -1):
            change[l] = (self.W[l + 1].T @ change[l + 1]) * g_prime(self.hidden, self.Z[l])
        return change

    @cached_property
    def delta_units(self) -> Layers:
        """Rounding errors of delta[l], in units of u."""
        N = self.N
        units = {N: rounding.output_delta(self.output, self.Z[N], self.Y)}
        for l in range(N - 1, 0, -1):
            units[l] = rounding.hidden_delta(
                self.W[l + 1], self.delta[l + 1], units[l + 1], self.Z[l], self.hidden
            )
        if self.delta_kink is not None:
            units = {
                l: units[l] + rounding.FUNCTION * np.abs(change) for l, change in self.delta_kink.items()
            }
        return units

    @cached_property
    def delta_detours(self) -> Layers:
        """What rounding.detour allows each delta[l], in units of u."""
        found = {self.N: np.zeros(self.Y.shape)}
        for l in range(self.N - 1, 0, -1):
            back = self.W[l + 1].T
            left = np.abs(back) @ found[l + 1] + rounding.detour(back, self.delta[l + 1])
            found[l] = left * g_prime(self.hidden, self.Z[l])
        return found

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
    def dW_detours(self) -> Layers:
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


def _margin_ok(W: Layers, b: Layers, Z: Layers, A: Layers) -> bool:
    return all(
        bool(np.all(np.abs(Z[l]) > MARGIN * (np.abs(W[l]) @ np.abs(A[l - 1]) + np.abs(b[l]))))
        for l in range(1, max(W))
    )


def _top(net: Net) -> float:
    """The largest a of a hidden layer."""
    return max((float(net.A[l].max()) for l in range(1, net.N)), default=np.inf)


def _build(
    name: str,
    parameters: tuple[Layers, Layers, Array, Array],
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
    say: str = "",
) -> Net:
    """A net with normal weights of that size; with ReLU drawn again until no unit is near its kink and one is above reach."""
    name = f"{hidden} → {output}, widths {'-'.join(map(str, widths))}, m = {m}" + (f", {say}" if say else "")
    while True:
        W = {l: rng.normal(size=(widths[l], widths[l - 1])) * weight for l in range(1, len(widths))}
        b = {l: rng.normal(size=(widths[l], 1)) * 0.5 for l in range(1, len(widths))}
        X = rng.normal(size=(widths[0], m)) * scale
        Y = targets(rng, output, widths[-1], m, soft)
        net = _build(name, (W, b, X, Y), hidden, output, tags)
        if hidden != "relu" or (_top(net) > reach and _margin_ok(W, b, net.Z, net.A)):
            return net


def poison(rng: np.random.Generator, net: Net) -> Net:
    """The same shapes with other numbers, Z and A agreeing layer by layer but with no forward pass behind them."""
    Z = {}
    for l, z in net.Z.items():
        fresh = rng.normal(size=z.shape) * 1.2
        Z[l] = np.where(np.abs(fresh) < MARGIN, 0.5, fresh)
    X = rng.normal(size=net.X.shape) * 20  # and W: what is clipped shows
    A = {0: X} | {l: g(output_name(net, l), Z[l]) for l in Z}
    W = {l: rng.normal(size=w.shape) * 8 for l, w in net.W.items()}
    Y = targets(rng, net.output, net.Y.shape[0], net.m, soft=True)
    return replace(
        net, name=net.name + ", caches of another net", W=W, X=X, Y=Y, Z=Z, A=A, tags=net.tags | {"poisoned"}
    )


def integer_relu(rng: np.random.Generator, widths: Sequence[int], m: int, *, at_zero: int = 0) -> Net:
    """Small integers throughout, identity output, m a power of two: every sum is exact in float32 and float64.

    Weights are even and biases odd, so that no z is 0. at_zero = l puts exactly one unit of layer l at z = 0, where
    any slope in [0, 1] is right.
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
            return _build(name, (W, b, X, Y), "relu", "identity", tags)
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
    return _build(name, (net.W, b, net.X * factor, net.Y * factor), net.hidden, net.output, [*net.tags])


def single(net: Net) -> Net:
    """The net with every array rounded to float32, run forward in float32."""

    def layers(values: Layers) -> Layers:
        return {l: np.asarray(v, dtype=np.float32) for l, v in values.items()}

    return replace(
        net, name=net.name + ", float32", W=layers(net.W), b=layers(net.b),
        X=net.X.astype(np.float32), Y=net.Y.astype(np.float32),
        Z=layers(net.Z), A=layers(net.A), tags=net.tags | {"single"},
    )  # fmt: skip


def integers(net: Net) -> Net:
    """The net with X and Y as integer arrays, their values unchanged."""
    X, Y = net.X.astype(np.int64), net.Y.astype(np.int64)
    A = {**net.A, 0: X}
    return replace(net, name=net.name + ", X and Y of integers", X=X, Y=Y, A=A, tags=net.tags | {"integer"})


WIDTHS = (3, 5, 4, 6, 2)
# Beyond what anyone writes out layer by layer, or caps by mistake: units, layers, examples. One a net, for a student's
# loops take their time for each entry.
LARGE = (
    ((12, 17, 13, 14), 2, "sigmoid", "softmax"),
    ((2, 3) * 5, 2, "tanh", "identity"),
    ((3, 2, 2), 13, "relu", "sigmoid"),
)


def _suite(rng: np.random.Generator) -> Iterator[Net]:
    pairs = [(hidden, output) for hidden in HIDDEN for output in OUTPUTS]
    # Some ReLU unit is above 8, where none that is cut off at 6 can be.
    general = [
        draw(rng, WIDTHS, 7, hidden, output, scale=2.5 if hidden == "relu" else 1.0, reach=8.0) for hidden, output in pairs
    ]  # fmt: skip
    yield from general
    for net in general:
        yield poison(rng, net)
    diagonal = list(zip(HIDDEN, OUTPUTS[1:] + OUTPUTS[:1], strict=True))
    for hidden, output in diagonal:
        yield draw(rng, (4, 4, 4, 4), 4, hidden, output, tags=["square"], soft=True)
        yield draw(rng, (3, 5, 6, 2), 1, hidden, output)
    for hidden, output in zip(HIDDEN, ("sigmoid", "identity", "sigmoid"), strict=True):
        yield draw(rng, (3, 4, 1), 5, hidden, output)
    for hidden, output in zip(HIDDEN, OUTPUTS, strict=True):
        yield draw(rng, (4, 3), 6, hidden, output, soft=True, say="one layer")
    yield draw(rng, (3, 4, 3), 6, "tanh", "softmax", soft=True, say="soft labels")
    yield draw(rng, (3, 4, 3), 5, "tanh", "sigmoid", scale=6, say="confident units")
    yield draw(rng, (3, 4, 2), 5, "sigmoid", "softmax", scale=1e-9, say="tiny inputs")
    yield draw(rng, (3, 4, 2), 5, "tanh", "identity", scale=0, say="inputs 0")
    exact = integer_relu(rng, (3, 4, 5, 2), 8)
    yield exact
    yield scaled(exact, 2.0**-20)
    yield scaled(exact, 2.0**10)
    yield integer_relu(rng, (2, 3, 3, 2), 4, at_zero=1)
    yield integer_relu(rng, (2, 3, 3, 2), 4, at_zero=2)
    yield integers(integer_relu(rng, (3, 2, 2), 4))
    yield integers(
        replace(draw(rng, (2, 3, 2), 3, "sigmoid", "softmax"), X=rng.integers(-2, 3, (2, 3)).astype(float))
    )
    yield single(draw(rng, (3, 4, 2), 5, "tanh", "softmax"))
    yield single(draw(rng, (3, 4, 2), 5, "relu", "identity"))
    for widths, m, hidden, output in LARGE:
        yield draw(rng, widths, m, hidden, output, tags=["large"], weight=0.25 if m == 2 else 0.7)


@lru_cache(maxsize=4)
def suite(seed: bytes) -> tuple[Net, ...]:
    """All probe networks of a seed, the same for every exercise, so that one submission draws them once."""
    return tuple(_rerun(net) for net in _suite(generator(seed, "networks")))


def _rerun(net: Net) -> Net:
    """Caches from the inputs as they are given (integer or float32), where a forward pass stands behind them."""
    if "poisoned" in net.tags or not {"single", "integer"} & net.tags:
        return net
    Z, A = forward(net.W, net.b, net.X, net.hidden, net.output)
    return replace(net, Z=Z, A=A)
