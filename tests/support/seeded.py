"""Exercises drawn again and again: twenty seeds, arguments compared, what a function earns."""

import numpy as np

from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.exercises.cases import PublicFunction
from autograder.judging.judge import judge
from autograder.sandbox.calls import LocalCaller

SEEDS = [b"seed %d" % i for i in range(20)]


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, PublicFunction):
        return a.name == b.name and same(dict(a.parameters), dict(b.parameters))
    return np.array_equal(a, b, equal_nan=isinstance(a, np.ndarray) and a.dtype.kind == "f")


def flawless(exercise, function, seed):
    """Does it earn everything? A wrong part keeps less than its points, whatever its mistake is called."""
    return judge(EXERCISES[exercise], LocalCaller(function, exercise), seed).score.flawless


def fraction(exercise, function, seed):
    return assess(EXERCISES[exercise], LocalCaller(function, exercise), seed).fraction
