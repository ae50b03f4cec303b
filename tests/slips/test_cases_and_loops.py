"""Functions by cases, maxima behind masks, overlapping slices, two mistakes at once, answers all wrong."""

import numpy as np
import pytest

from autograder.forward import relu, sigmoid
from autograder.slips.catalogue import DerivedMistakes
from autograder.slips.place import part_of_the_way
from tests.slips.test_catalogue import probes_of
from tests.slips.test_true_of_the_code import SIZES, said


def elu(x, b):
    z = x + b
    return np.where(z > 0, z, np.exp(z) - 1)


def elu_back(dout, x, b, slope):
    dz = dout * slope(x + b)
    return dz, dz.sum(axis=0)


def overlapping(x):
    out = np.zeros((x.shape[0], x.shape[1] - 2))
    for i in range(x.shape[1] - 2):
        out[:, i] = np.tanh(x[:, i : i + 3]).sum(axis=1)
    return out


def overlapping_back(dout, x):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[1]):
        dx[:, i : i + 3] = dout[:, i : i + 1] * (1 - np.tanh(x[:, i : i + 3]) ** 2)
    return (dx,)


def pooled(x, b):
    return relu(x + b).max(axis=1)


def pooled_back(dout, x, b, keep, place=np.argmax):
    z = x + b
    rows = np.arange(len(x))
    dx = np.zeros(x.shape)
    at = place(z, axis=1)
    dx[rows, at] = dout * keep(z[rows, at])
    return dx, dx.sum(axis=0)


def focal(z, w):
    p = sigmoid(z * w)
    return (1 - p) ** 2 * np.log(p)


def focal_back(dout, z, w):
    p = sigmoid(z * w)
    ds = dout * (-2 * (1 - p) * np.log(p) + (1 - p) / p) * p * (1 - p)
    return ds * w, (ds * z).sum(axis=0)


LAYER = {"x": ("n", "d"), "b": ("d",)}
CASES = "`np.where(z > 0, z, np.exp(z) - 1)`"
FIRST_OF_ALL = "The gradient of `relu(x + b).max(axis=1)` goes to the entry at the other end"


@pytest.mark.parametrize(
    ("forward", "shapes", "student", "says"),
    [
        (
            elu,
            LAYER,
            lambda *a: elu_back(*a, slope=np.exp),
            f"The slope of `np.exp(z) - 1` is taken everywhere on the way back through {CASES}",
        ),
        (
            elu,
            LAYER,
            lambda *a: elu_back(*a, slope=lambda z: np.where(z > 0, 1, np.exp(z) - 1)),
            "The value of `np.exp(z) - 1` stands where the slope of `np.exp(z)` belongs",
        ),
        (
            elu,
            LAYER,
            lambda *a: elu_back(*a, slope=lambda z: np.where(z > 0, z, np.exp(z) - 1)),
            f"The value of {CASES} stands where the slopes of its branches belong",
        ),
        (
            overlapping,
            {"x": ("n", "d")},
            overlapping_back,
            "The slices of `x` overlap, and their gradients overwrite one another, as if = stood where += is "
            "needed",
        ),
        (
            pooled,
            LAYER,
            lambda *a: pooled_back(*a, keep=np.ones_like),
            "The mask of `relu(x + b)` is left out on the way back",
        ),
        (pooled, LAYER, lambda *a: pooled_back(*a, keep=lambda z: z > 0, place=np.argmin), FIRST_OF_ALL),
        (
            focal,
            {"z": ("n", "d"), "w": ("d",)},
            focal_back,
            "The way back through `(1 - p) ** 2 * np.log(p)` to `np.log(p)` multiplies by `1 - p` where its "
            "power `(1 - p) ** 2` belongs",
        ),
    ],
)
def test_what_is_said_is_true_of_the_code(forward, shapes, student, says):
    assert said(forward, shapes, list(shapes), student) == [says]


def two_steps(x, W, b):
    h = np.tanh(x @ W)
    return sigmoid(h * b)


def two_steps_back(dout, x, W, b, inner=True, outer=True, summed=np.sum):
    h = np.tanh(x @ W)
    s = sigmoid(h * b)
    dz = dout * s * (1 - s) if outer else dout
    dh = dz * b * (1 - h**2) if inner else dz * b
    return dh @ W.T, x.T @ dh, summed(dz * h, axis=0)


STEPS = {"x": ("n", "d"), "W": ("d", "n"), "b": ("n",)}
OUTER = "On the way back through `sigmoid(h * b)` its slope is left out"


@pytest.mark.parametrize(
    ("wrong", "other"),
    [
        ({"inner": False}, "On the way back through `np.tanh(x @ W)` its slope is left out"),
        ({"summed": np.mean}, "The gradient of `b` is averaged over n where it is to be summed"),
    ],
)
def test_two_mistakes_one_behind_the_other_are_told_both(wrong, other):
    told = said(two_steps, STEPS, list(STEPS), lambda *a: two_steps_back(*a, outer=False, **wrong))
    assert set(told) == {OUTER, other}


def turned(x, t):
    angle = np.array([[1.0], [2.0], [4.0]])[: len(x) % 3 + 1].sum() * t
    return np.tanh(x) * angle


def turned_back(dout, x, t, rest):
    angle = np.array([[1.0], [2.0], [4.0]])[: len(x) % 3 + 1].sum()
    return dout * (1 - np.tanh(x) ** 2) * angle * t, rest * np.ones(t.shape)


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        (1e-17, "Your dt is 0 throughout"),
        (0.0, "Your dt treats `angle` as a constant: the path through it is left out"),
    ],
)
def test_what_only_rounding_keeps_from_0_is_told_as_0_and_by_no_cause(rest, says):
    shapes = {"x": ("n", "d"), "t": ("d",)}
    assert said(turned, shapes, ["x", "t"], lambda *a: turned_back(*a, rest=rest)) == [says]


def answers_of(forward, shapes, student):
    """(probes, a student's answers) on two sizes."""
    draws = []
    for seed, letters in enumerate(SIZES):
        rng = np.random.default_rng(seed)
        draws.append({x: rng.normal(size=[letters[d] for d in dims]) for x, dims in shapes.items()})
    wanted = list(shapes)
    mistakes = DerivedMistakes(probes_of(forward, draws, wanted, SIZES), wanted)
    answers = [
        dict(zip(wanted, student(*probe.upstream, *arguments.values()), strict=True))
        for probe, arguments in zip(mistakes.probes, draws, strict=True)
    ]
    return mistakes, answers


def test_answers_that_are_all_wrong_and_fit_one_another_tell_the_part_of_the_way():
    def odd_slope(z):
        return np.cos(3 * z)

    mistakes, answers = answers_of(elu, LAYER, lambda *a: elu_back(*a, slope=odd_slope))
    assert not mistakes.explain(answers).told
    assert part_of_the_way(mistakes.probes, answers) == ("", "z")


def test_answers_that_do_not_fit_one_another_tell_no_part_of_the_way():
    def torn(*a):
        dx, db = elu_back(*a, slope=lambda z: np.cos(3 * z))
        return dx, 2 * db + 1

    mistakes, answers = answers_of(elu, LAYER, torn)
    assert not mistakes.explain(answers).told
    assert part_of_the_way(mistakes.probes, answers) is None
