"""The probe networks of a seed: which of them stand in every version, and why."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from autograder.exercises.networks import (
    Net,
    build,
    draw,
    integer_relu,
    integers,
    loud,
    poison,
    scaled,
    single,
    whole,
    with_a_dead_unit,
)
from autograder.exercises.versions import generator
from backprop import HIDDEN, OUTPUTS, forward


def statement_examples() -> Iterator[Net]:
    """The networks that the statements of forward, all_deltas and backprop print, in whole numbers."""
    nets = (
        ("forward", ([[1, -1], [2, 0]], [[3, 4]]), ([[0], [1]], [[5]]), [[1], [2]], [[0]]),
        ("all_deltas", ([[1, 1]], [[2]], [[3]]), ([[0]],) * 3, [[1], [1]], [[7]]),
        ("backprop", ([[1, 1]], [[2]]), ([[0]],) * 2, [[1, 0], [0, 3]], [[0, 8]]),
    )
    for id, weights, biases, X, Y in nets:
        W, b = ({l: np.array(v) for l, v in enumerate(arrays, 1)} for arrays in (weights, biases))
        name = f"relu → identity, the example of {id}"
        tags = ("exact", "integer")
        yield build(name, (W, b, np.array(X), np.array(Y)), "relu", "identity", tags)


# No two layers that follow one another are of one width, but in the nets that are all square: there W for its
# transpose runs, and in small nets it may give the same.
WIDTHS = (3, 5, 4, 6, 2)
# Beyond what anyone writes out layer by layer, or caps by mistake: units, layers, examples. One a net, for a
# student's loops take their time for each entry.
LARGE_NETWORKS = (
    ((12, 17, 13, 14), 2, "sigmoid", "softmax"),
    ((2, 3) * 5, 2, "tanh", "identity"),
    ((3, 2, 4), 13, "relu", "sigmoid"),
)


def _suite(rng: np.random.Generator) -> Iterator[Net]:
    pairs = [(hidden, output) for hidden in HIDDEN for output in OUTPUTS]
    # Some ReLU unit is above 8, where none that is cut off at 6 can be.
    scales = {"relu": 2.5}
    general = [draw(rng, WIDTHS, 7, h, output, scale=scales.get(h, 1.0), reach=8.0) for h, output in pairs]
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
    yield draw(rng, (3, 4, 3), 6, "tanh", "softmax", soft=True, torn=True, say="soft labels")
    yield draw(rng, (3, 4, 3), 5, "tanh", "sigmoid", scale=6, sure=True, say="confident units")
    yield draw(rng, (3, 4, 3), 5, "tanh", "softmax", scale=6, sure=True, say="confident units")
    yield draw(rng, (3, 4, 2), 5, "sigmoid", "softmax", scale=1e-9, say="tiny inputs")
    yield draw(rng, (3, 4, 2), 5, "tanh", "identity", scale=0, say="inputs 0")
    exact = integer_relu(rng, (3, 4, 5, 2), 8)
    yield exact
    yield scaled(exact, 2.0**-20)
    yield scaled(exact, 2.0**10)
    yield integer_relu(rng, (2, 3, 3, 2), 4, at_zero=1)
    yield integer_relu(rng, (2, 3, 3, 2), 4, at_zero=2)
    yield integers(integer_relu(rng, (3, 2, 4), 4))
    yield integers(
        replace(draw(rng, (2, 3, 2), 3, "sigmoid", "softmax"), X=rng.integers(-2, 3, (2, 3)).astype(float))
    )
    yield whole(integer_relu(rng, (3, 2, 4), 4))
    yield from statement_examples()
    yield single(draw(rng, (3, 4, 2), 5, "tanh", "softmax"))
    yield single(draw(rng, (3, 4, 2), 5, "relu", "identity"))
    for widths, m, hidden, output in LARGE_NETWORKS:
        yield draw(rng, widths, m, hidden, output, tags=["large"], weight=0.25 if m == 2 else 0.7)
    for output in OUTPUTS:
        yield loud(rng, output)
    yield with_a_dead_unit(rng)


@lru_cache(maxsize=4)
def suite(seed: bytes) -> tuple[Net, ...]:
    """All probe networks of a seed, the same for every exercise, so that one submission draws them once."""
    return tuple(_rerun(net) for net in _suite(generator(seed, "networks")))


def _rerun(net: Net) -> Net:
    """Caches from the inputs as given (integer or float32), where a forward pass stands behind them."""
    if "poisoned" in net.tags or not {"single", "integer"} & net.tags:
        return net
    Z, A = forward(net.W, net.b, net.X, net.hidden, net.output)
    return replace(net, Z=Z, A=A)
