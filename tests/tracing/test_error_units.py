"""How far rounding moves a gradient: also that of the formulas that people write for a named function."""

import numpy as np
import pytest

from autograder.exercises.rounding import ROUTES, U64
from autograder.forward import softplus
from autograder.tracing.error_units import error_units
from autograder.tracing.gradient import gradients
from autograder.tracing.trace import traced_run


def log_of_softplus(z):
    return np.sum(np.log(softplus(z)))


@pytest.mark.parametrize("z", [-8.0, -6.0, 0.0, 5.0])
def test_the_plain_formula_of_softplus_is_as_right_as_the_stable_one(z):
    """1 + exp(z) has lost digits of exp(z), and the logarithm hands that on: no mistake of the student's."""
    at = np.full((2, 3), z) + np.linspace(0, 0.1, 6).reshape(2, 3)
    tape, _author = traced_run(log_of_softplus, {"z": at}, ["z"])
    upstream = [np.ones(())]
    right = gradients(tape, upstream, ["z"])["z"]
    plain = np.exp(at) / (1 + np.exp(at)) / np.log(1 + np.exp(at))
    allowed = ROUTES * U64 * error_units(tape, upstream, ["z"])["z"]
    assert np.all(np.abs(plain - right) <= allowed)
    # What is wrong in the fifth digit stays wrong
    assert np.all(1e-5 * np.abs(right) > allowed)
