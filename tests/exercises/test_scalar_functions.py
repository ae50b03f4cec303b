import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.exercises.chapters.gradient_checking import GRADIENTS
from autograder.exercises.scalar_functions import FUNCTIONS, make_function
from backprop import finite_difference


def parameters(name, shape, rng):
    given = {"c": rng.uniform(0.5, 2, shape), "y": rng.uniform(0.1, 0.9, shape)}
    wanted = {"quadratic": "cy", "softplus_sum": "cy", "log_sum_exp": "y"}.get(name, "c")
    return {key: given[key] for key in wanted}


@pytest.mark.parametrize("name", sorted(GRADIENTS))
@given(seed=st.integers(0, 10**6))
def test_the_gradients_we_plant_mistakes_in_are_right(name, seed):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(2, 3))
    chosen = parameters(name, (2, 3), rng)
    estimate, error = finite_difference(make_function(name, chosen), theta)
    assert np.all(np.abs(GRADIENTS[name](theta, **chosen) - estimate) <= 20 * error + 1e-9)


def test_every_function_gives_a_float_and_survives_large_inputs():
    rng = np.random.default_rng(0)
    for name in FUNCTIONS:
        f = make_function(name, parameters(name, (2, 3), rng))
        with np.errstate(all="raise", under="ignore"):
            assert type(f(np.full((2, 3), 1000.0))) is float


def test_another_name_is_refused_in_words():
    with pytest.raises(ValueError, match="given the name 'evil'; expected one of linear, quadratic"):
        make_function("evil", {})


def test_a_function_of_arrays_is_none_of_numbers():
    f = make_function("quadratic", {"c": np.ones((2, 3)), "y": np.zeros((2, 3))})
    for theta in (0.5, np.ones(3), np.ones((3, 2))):
        with pytest.raises(ValueError, match=r"theta has the shape \(2, 3\)"):
            f(theta)
