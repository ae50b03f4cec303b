"""Right functions as text: the same numbers as the functions themselves, in a namespace that knows
NumPy alone.
"""

import numpy as np
import pytest

import backprop
from autograder.exercises import EXERCISES
from autograder.exercises.rounding import U64
from autograder.sandbox.substitution import replacement_cell


@pytest.mark.parametrize("name", sorted({name for e in EXERCISES.values() for name in e.depends_on}))
def test_the_text_does_what_the_function_does(name):
    space = {"np": None, name: None}
    exec(replacement_cell({name: EXERCISES[name].reference}), space)
    assert set(space) == {"np", name, "__builtins__"}
    for case in EXERCISES[name].probes(b"replacement")[:12]:
        np.testing.assert_equal(space[name](*case.args), EXERCISES[name].reference(*case.args))


def test_several_functions_share_what_they_call():
    space = dict.fromkeys(("all_deltas", "my_step"))
    functions = {"all_deltas": backprop.all_deltas, "my_step": backprop.hidden_delta}
    exec(replacement_cell(functions), space)
    z = np.linspace(-2, 2, 6).reshape(2, 3)
    assert np.abs(space["my_step"](np.eye(2), z, z, "tanh") - z * (1 - np.tanh(z) ** 2)).max() < 8 * U64
    with pytest.raises(ValueError, match="sigmoid, tanh, relu"):
        space["my_step"](np.eye(2), z, z, "swish")


def test_what_the_notebook_has_not_is_not_given_to_it():
    space = {}
    exec(replacement_cell({"all_deltas": backprop.all_deltas}), space)
    assert set(space) == {"__builtins__"}
