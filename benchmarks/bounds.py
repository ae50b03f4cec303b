"""Rounding bounds by hand beside those that follow from a traced forward pass, for Steps 1, 2 and 3.

    python benchmarks/bounds.py [--nets N] [--seed S]

exercises/rounding.py counts the operations of the recipe, tracing/error_units.py nudges every operation of a tape.
Printed for each result: units of u from the tape over units by hand (the smallest, the median and the largest entry);
then the error of the right formula worked out in float32, as a part of each (the largest: above 1 breaks the bound
before ROUTES widens it).
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from autograder.exercises import rounding  # noqa: E402
from autograder.forward import binary_cross_entropy, sigmoid, softmax_cross_entropy  # noqa: E402
from autograder.tracing.error_units import error_units  # noqa: E402
from autograder.tracing.trace import traced_run  # noqa: E402
from autograder.trees import Array  # noqa: E402
from backprop import g, g_prime  # noqa: E402


def softmax_loss(z, Y):
    return softmax_cross_entropy(z, Y, axis=0).sum()


def sigmoid_loss(z, Y):
    return binary_cross_entropy(z, Y).sum()


def tanh_layer(z, W_next, delta_next):
    return (delta_next * (W_next @ np.tanh(z))).sum()


def sigmoid_layer(z, W_next, delta_next):
    return (delta_next * (W_next @ sigmoid(z))).sum()


def relu_layer(z, W_next, delta_next):
    return (delta_next * (W_next @ np.maximum(z, 0))).sum()


def linear_layer(W, b, a_prev, delta):
    return (delta * (W @ a_prev + b)).sum() / a_prev.shape[1]


HIDDEN = {"tanh": tanh_layer, "sigmoid": sigmoid_layer, "relu": relu_layer}
OUTPUT = {"softmax": softmax_loss, "sigmoid": sigmoid_loss}


@dataclass(frozen=True)
class Compared:
    """One result of one net: units by hand, units from the tape, and the error in float32 in units of its u."""

    what: str
    by_hand: Array
    from_tape: Array
    error: Array


def from_tape(forward: Callable, arguments: dict[str, Array], wanted: list[str]) -> dict[str, Array]:
    tape, _author = traced_run(forward, arguments, list(arguments))
    return error_units(tape, (np.ones(()),), wanted)


def error(formula: Callable[..., Array], *values: Array) -> Array:
    exact = formula(*values)
    single = formula(*(value.astype(np.float32) for value in values))
    return np.abs(single.astype(float) - exact) / rounding.U32


def compared(rng: np.random.Generator) -> Iterator[Compared]:
    """Steps 1, 2 and 3 of one random layer: n units of width p, m examples."""
    n, p, m = rng.integers(2, 7, size=3)
    scale = 10 ** rng.uniform(-1, 1)
    z, delta = rng.normal(size=(n, m)) * scale, rng.normal(size=(n, m))
    labels = np.eye(n)[:, rng.integers(0, n, size=m)]
    for output, loss in OUTPUT.items():
        units = from_tape(loss, {"z": z, "Y": labels}, ["z"])["z"]
        off = error(lambda z, Y, output=output: g(output, z) - Y, z, labels)
        yield Compared(f"Step 1, {output}", rounding.output_delta(output, z, labels), units, off)
    W_next, delta_next = rng.normal(size=(p, n)), rng.normal(size=(p, m))
    for name, layer in HIDDEN.items():
        units = from_tape(layer, {"z": z, "W_next": W_next, "delta_next": delta_next}, ["z"])["z"]
        hand = rounding.hidden_delta(W_next, delta_next, np.abs(delta_next), z, name)
        off = error(lambda W, d, z, name=name: W.T @ d * g_prime(name, z), W_next, delta_next, z)
        yield Compared(f"Step 2, {name}", hand, units, off)
    W, b, a_prev = rng.normal(size=(n, p)), rng.normal(size=(n, 1)), rng.normal(size=(p, m))
    found = from_tape(linear_layer, {"W": W, "b": b, "a_prev": a_prev, "delta": delta}, ["W", "b"])
    dW, db = rounding.layer_gradients(delta, np.abs(delta), a_prev)
    yield Compared("Step 3, dW", dW, found["W"], error(lambda d, a: d @ a.T / m, delta, a_prev))
    one = error(lambda d: np.sum(d, axis=1, keepdims=True) / m, delta)
    yield Compared("Step 3, db", db, found["b"], one)


def main() -> int:
    """Print the table; 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nets", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    found: defaultdict[str, list[Compared]] = defaultdict(list)
    for _ in range(options.nets):
        for one in compared(rng):
            found[one.what].append(one)
    print(f"{'':18} tape / hand: {'least':>6} {'median':>7} {'most':>7}   error / hand, / tape, / (8 x tape)")
    for what, several in found.items():
        hand, tape, off = (
            np.concatenate([np.ravel(getattr(one, name)) for one in several])
            for name in ("by_hand", "from_tape", "error")
        )
        # Behind a unit of ReLU that is off the count is 0, and nothing rounds
        least, median, most = np.quantile((tape / np.maximum(hand, 1e-290))[hand > 0], [0, 0.5, 1])
        parts = [np.max(off / np.maximum(units, 1e-290)) for units in (hand, tape, rounding.ROUTES * tape)]
        print(
            f"{what:18}              {least:6.3f} {median:7.3f} {most:7.3f}   "
            f"{parts[0]:12.2f} {parts[1]:7.2f} {parts[2]:7.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
