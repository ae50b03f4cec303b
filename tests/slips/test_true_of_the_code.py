"""A slip's sentence must be true of the forward code: of its paths, paddings and sums."""

from functools import cache

import numpy as np
import pytest

from autograder.forward import log_softmax, sigmoid
from autograder.slips.catalogue import DerivedMistakes
from autograder.slips.sentences import sentence
from tests.slips.test_catalogue import probes_of

SIZES = [{"n": 4, "d": 6}, {"n": 3, "d": 5}]


@cache
def table(forward, shapes, wanted):
    draws = []
    for seed, letters in enumerate(SIZES):
        rng = np.random.default_rng(seed)
        draws.append({x: rng.normal(size=[letters[d] for d in dims]) for x, dims in shapes})
    return DerivedMistakes(probes_of(forward, draws, wanted, SIZES), wanted), draws


def said(forward, shapes, wanted, student):
    """What a student's backward pass is told, asked with (*upstreams, *arguments); None where it is right."""
    mistakes, draws = table(forward, tuple(shapes.items()), tuple(wanted))
    answers = []
    for probe, arguments in zip(mistakes.probes, draws, strict=True):
        upstream = probe.upstream if probe.upstream[0].shape else ()
        scale = 1.0 if upstream else float(probe.upstream[0])
        answers.append(
            dict(zip(wanted, (scale * g for g in student(*upstream, *arguments.values())), strict=True))
        )
    found = mistakes.explain(answers)
    if found is None:
        return None
    return [sentence(t.slip.kind, t.slip.names, [f"d{x}" for x in t.results]) for t in found.told]


def residual(x, W):
    a = np.tanh(x @ W)
    return x + a @ W.T


def residual_back(dout, x, W, shortcut=1.0, outer=1.0):
    a = np.tanh(x @ W)
    dz = dout @ W * (1 - a**2)
    return shortcut * dout + dz @ W.T, x.T @ dz + outer * dout.T @ a


def cell(x, c):
    o = np.tanh(x)
    c_new = x * c
    h_new = o * np.tanh(c_new)
    return h_new, c_new


def cell_back(dh, dc, x, c):
    return dc * c + dh * np.tanh(x * c) * (1 - np.tanh(x) ** 2), dc * x


def centred_twice(x):
    mean = x.mean(axis=1, keepdims=True)
    var = ((x - mean) ** 2).mean(axis=1, keepdims=True)
    return (x - mean) / (var + 1)


def centred_back(dout, x, var=0.0, mean=1.0):
    c = x - x.mean(axis=1, keepdims=True)
    v = (c**2).mean(axis=1, keepdims=True) + 1
    g = dout / v - mean * (dout / v).mean(axis=1, keepdims=True)
    return (g - var * 2 * c * (dout * c).mean(axis=1, keepdims=True) / v**2,)


def padded(x):
    return np.tanh(np.pad(x, ((0, 0), (2, 0))))


def lower(x):
    return np.tanh(np.tril(x)) + np.triu(x, 1) * 2


def nll(x, W):
    log_var = x @ W
    return (log_var + np.exp(-log_var)).mean()


def nll_back(x, W):
    d = (1 - np.exp(x @ W)) / (x @ W).size
    return d @ W.T, x.T @ d


def cross_entropy(x, T):
    return -(T * log_softmax(x, axis=1)).sum() / len(x)


def cross_entropy_back(x, T, p):
    return ((T.sum(axis=1, keepdims=True) * p - T) / len(x),)


def by_examples(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)


@pytest.mark.parametrize(
    ("forward", "shapes", "student", "says"),
    [
        (
            residual,
            {"x": ("n", "d"), "W": ("d", "n")},
            lambda *a: residual_back(*a, shortcut=0),
            "Your dx leaves out the path on which `x` goes straight into `x + a @ W.T`",
        ),
        (
            residual,
            {"x": ("n", "d"), "W": ("d", "n")},
            lambda *a: residual_back(*a, outer=0),
            "Your dW leaves out the path on which `W` goes straight into `a @ W.T`",
        ),
        (
            cell,
            {"x": ("n", "d"), "c": ("n", "d")},
            cell_back,
            "Your dx and dc leave out the path on which `c_new` goes straight into `np.tanh(c_new)`",
        ),
        (
            centred_twice,
            {"x": ("n", "d")},
            centred_back,
            "Your dx treats `var` as a constant: the path through it is left out",
        ),
        (
            centred_twice,
            {"x": ("n", "d")},
            lambda *a: centred_back(*a, mean=0),
            "Of the paths from `x` only the one straight into `x - mean` on the way to "
            "`(x - mean) / (var + 1)` arrives in your dx, as if = stood where += is needed",
        ),
        (
            padded,
            {"x": ("n", "d")},
            lambda dout, x: ((dout * (1 - padded(x) ** 2))[:, :-2],),
            "The padding of `np.pad(x, ((0, 0), (2, 0)))` is cut off at the end only",
        ),
        (
            lower,
            {"x": ("n", "d")},
            lambda dout, x: (np.tril(dout) + 2 * np.triu(dout, 1),),
            "On the way back through `np.tanh(np.tril(x))` its slope is left out",
        ),
        (
            nll,
            {"x": ("n", "d"), "W": ("d", "n")},
            nll_back,
            "The minus of `-log_var` is lost where its value is worked out",
        ),
        (
            cross_entropy,
            {"x": ("n", "d"), "T": ("n", "d")},
            lambda x, T: cross_entropy_back(x, T, by_examples(x)),
            "Softmax is worked out over another axis than in the forward pass",
        ),
        (
            cross_entropy,
            {"x": ("n", "d"), "T": ("n", "d")},
            lambda x, T: cross_entropy_back(x, T, sigmoid(x)),
            "Sigmoid stands where softmax belongs",
        ),
    ],
)
def test_what_is_said_is_true_of_the_code(forward, shapes, student, says):
    wanted = [name for name in shapes if name != "T"]
    assert said(forward, shapes, wanted, student) == [says]


def test_the_last_examples_product_alone_is_told_wherever_it_is_added_up():
    def back(dout, x, W):
        one = np.zeros_like(dout)
        one[-1] = dout[-1]
        return residual_back(dout, x, W)[0], residual_back(one, x, W)[1]

    assert said(residual, {"x": ("n", "d"), "W": ("d", "n")}, ["x", "W"], back) == [
        "Your dW has the last entry over n alone in it: they are to be added up"
    ]
