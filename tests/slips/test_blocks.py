"""Nonlinearities written in several operations: a slope left out, another function's, on one path only."""

import numpy as np
import pytest

from autograder.forward import softplus
from autograder.slips.blocks import block_from
from tests.slips.test_catalogue import probes_of
from tests.slips.test_true_of_the_code import said

SHAPES = {"x": ("n", "d")}
F = "`z / (1 + np.abs(z))`"


def soft(x):
    z = x + 1
    a = z / (1 + np.abs(z))
    return a * a


def soft_back(slope):
    def student(dout, x):
        z = x + 1
        a = z / (1 + np.abs(z))
        return (2 * a * dout * slope(z, a),)

    return student


def forked(x):
    a = softplus(x)
    return a + a**3


@pytest.mark.parametrize(
    ("slope", "says"),
    [
        (lambda z, a: 1.0, f"On the way back through {F} to `z` the slope is left out"),
        (lambda z, a: a, f"The value of {F} stands where its slope in `z` belongs"),
        (
            lambda z, a: (1 + np.abs(z)) ** 2,
            f"On the way back through {F} to `z` the slope divides instead of multiplying",
        ),
        (
            lambda z, a: 1 - np.tanh(z) ** 2,
            f"The slope of {F} in `z` is another one: it looks like 1 - tanh(x)²",
        ),
        (
            lambda z, a: 1 / (1 + np.abs(a)) ** 2,
            f"The slope of {F} in `z` is taken at its value, not at `z`",
        ),
    ],
)
def test_a_nonlinearity_of_several_operations_is_one_function(slope, says):
    assert said(soft, SHAPES, list(SHAPES), soft_back(slope)) == [says]


def test_a_slope_that_is_missing_on_one_path_is_told_with_the_path():
    def student(dout, x):
        a, s = softplus(x), 1 / (1 + np.exp(-x))
        return (dout * s + 3 * a**2 * dout,)

    (sentence,) = said(forked, SHAPES, list(SHAPES), student)
    assert sentence == "On the path through `a**3` the slope of `softplus(x)` is left out"


def test_what_is_straight_or_made_of_other_arguments_is_no_nonlinearity():
    def straight(x, w):
        z = x + 1
        a = 3 * z / 2 - z
        return a * w

    draw = {"x": np.full((3, 2), 0.5), "w": np.ones((3, 2))}
    run = probes_of(straight, [draw], ["x", "w"], [{"n": 3, "d": 2}])[0].run
    blocks = [block_from(run, node) for node in run.tape.nodes if node.index in run.live]
    assert [block.bends for block in blocks if block] in ([False], [False, False])
