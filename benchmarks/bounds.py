"""Rounding bounds by hand beside those that could take their place, for Steps 1, 2 and 3.

    python benchmarks/bounds.py [--nets N] [--seed S]

exercises/rounding.py counts the operations of the recipe by hand. tracing/error_units.py nudges every operation of a
tape, which measures; running_error.py carries a bound through the reference's own formula. Printed for each result and
each of the two: its units of u over those by hand (the smallest, the median and the largest entry); then the largest
error of right formulas worked out in float32, as a part of what the grader would allow, ROUTES times the units (with what
a traced exercise adds to the tape's): above 1 a right answer would be refused. The formulas are those that people write: 1 - a^2 and a (1 - a) for the slopes, 1/(1 +
exp(-z)), softmax without the maximum taken off.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from running_error import given  # noqa: E402

from autograder.exercises import rounding  # noqa: E402
from autograder.exercises.from_loss import ROUNDING  # noqa: E402
from autograder.forward import binary_cross_entropy, sigmoid, softmax_cross_entropy  # noqa: E402
from autograder.tracing.error_units import error_units  # noqa: E402
from autograder.tracing.trace import traced_run  # noqa: E402
from autograder.trees import Array  # noqa: E402
from backprop import g, g_prime, hidden_delta, layer_gradients, output_delta  # noqa: E402


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


# Right formulas of Step 1's y_hat and of Step 2's slope as people write them
OTHER_OUTPUTS: dict[str, Sequence[Callable[[Array], Array]]] = {
    "softmax": (
        lambda z: np.exp(z) / np.exp(z).sum(axis=0),
        lambda z: np.exp(z - np.log(np.exp(z).sum(axis=0))),
    ),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.float32(0.5) * (1 + np.tanh(z / 2))),
}
OTHER_SLOPES: dict[str, Sequence[Callable[[Array], Array]]] = {
    "tanh": (lambda z: 1 - np.tanh(z) ** 2, lambda z: 1 / np.cosh(z) ** 2),
    "sigmoid": (lambda z: g("sigmoid", z) * (1 - g("sigmoid", z)),),
    "relu": (lambda z: (z > 0) * np.float32(1),),
}


@dataclass(frozen=True)
class Compared:
    """One result of one net: units by hand, from the tape, and of our own formula; the largest error of right
    formulas in float32, in units of its u. floor: what a traced exercise adds to the tape's.
    """

    what: str
    by_hand: Array
    from_tape: Array
    running: Array
    error: Array
    floor: Array


def floor(right: Array) -> Array:
    """As exercises/from_forward.py has it."""
    return np.full(right.shape, ROUNDING * max(1.0, float(np.max(np.abs(right)))))


def from_tape(forward: Callable, arguments: dict[str, Array], wanted: list[str]) -> dict[str, Array]:
    tape, _author = traced_run(forward, arguments, list(arguments))
    return error_units(tape, (np.ones(()),), wanted)


def error(formulas: Sequence[Callable[..., Array]], *values: Array) -> Array:
    """The largest error of these formulas in float32; the first is the right one in float64."""
    exact = formulas[0](*values)
    with np.errstate(over="ignore"):
        found = [formula(*(value.astype(np.float32) for value in values)) for formula in formulas]
    return np.max([np.abs(single.astype(float) - exact) for single in found], axis=0) / rounding.U32


def compared(rng: np.random.Generator) -> Iterator[Compared]:
    """Steps 1, 2 and 3 of one random layer: n units of width p, m examples."""
    n, p, m = rng.integers(2, 7, size=3)
    scale = 10 ** rng.uniform(-1, 1)
    z, delta = rng.normal(size=(n, m)) * scale, rng.normal(size=(n, m))
    labels = np.eye(n)[:, rng.integers(0, n, size=m)]
    for output, loss in OUTPUT.items():
        units = from_tape(loss, {"z": z, "Y": labels}, ["z"])["z"]
        formulas = [partial(output_delta, output)]
        formulas += [lambda z, Y, y_hat=y_hat: y_hat(z) - Y for y_hat in OTHER_OUTPUTS[output]]
        hand, ours = rounding.output_delta(output, z, labels), output_delta(output, given(z), given(labels))
        off = error(formulas, z, labels)
        yield Compared(f"Step 1, {output}", hand, units, ours.units, off, floor(ours.value))
    W_next, delta_next = rng.normal(size=(p, n)), rng.normal(size=(p, m))
    for name, layer in HIDDEN.items():
        units = from_tape(layer, {"z": z, "W_next": W_next, "delta_next": delta_next}, ["z"])["z"]
        hand = rounding.hidden_delta(W_next, delta_next, np.abs(delta_next), z, name)
        ours = hidden_delta(given(W_next), given(delta_next), given(z), name)
        slopes = [partial(g_prime, name), *OTHER_SLOPES[name]]
        formulas = [lambda W, d, z, slope=slope: (W.T @ d) * slope(z) for slope in slopes]
        off = error(formulas, W_next, delta_next, z)
        yield Compared(f"Step 2, {name}", hand, units, ours.units, off, floor(ours.value))
    W, b, a_prev = rng.normal(size=(n, p)), rng.normal(size=(n, 1)), rng.normal(size=(p, m))
    found = from_tape(linear_layer, {"W": W, "b": b, "a_prev": a_prev, "delta": delta}, ["W", "b"])
    dW, db = rounding.layer_gradients(delta, np.abs(delta), a_prev)
    of_dW, of_db = layer_gradients(given(delta), given(a_prev))
    products = [lambda d, a: d @ a.T / m, lambda d, a: np.einsum("im,jm->ij", d / m, a)]
    off = error(products, delta, a_prev)
    yield Compared("Step 3, dW", dW, found["W"], of_dW.units, off, floor(of_dW.value))
    means = [lambda d: d.sum(axis=1, keepdims=True) / m, lambda d: d.mean(axis=1, keepdims=True)]
    off = error(means, delta)
    yield Compared("Step 3, db", db, found["b"], of_db.units, off, floor(of_db.value))


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
    print(f"{'':16}{'tape / hand':^25}{'formula / hand':^25}{'error of what is allowed by':^30}")
    print(f"{'':16}{2 * '   least  median    most ':25}{'hand':>10}{'tape':>10}{'formula':>10}")
    for what, several in found.items():
        hand, tape, ours, off, added = (
            np.concatenate([np.ravel(getattr(one, name)) for one in several])
            for name in ("by_hand", "from_tape", "running", "error", "floor")
        )
        # Behind a unit of ReLU that is off the count is 0, and nothing rounds
        rounds = hand > 0
        ratios = [np.quantile(units[rounds] / hand[rounds], [0, 0.5, 1]) for units in (tape, ours)]
        parts = [
            np.max(off / np.maximum(rounding.ROUTES * units, 1e-290)) for units in (hand, tape + added, ours)
        ]
        shown = " ".join(f"{ratio:7.3f}" for three in ratios for ratio in three)
        print(f"{what:16} {shown}" + "".join(f"{part:10.2g}" for part in parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
