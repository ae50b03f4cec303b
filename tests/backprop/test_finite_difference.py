import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backprop import central_difference, finite_difference


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4))
def test_the_error_estimate_covers_the_error(values):
    theta = np.array(values)
    gradient, error = finite_difference(lambda t: float(np.sum(np.exp(t) + np.sin(3 * t))), theta)
    exact = np.exp(theta) + 3 * np.cos(3 * theta)
    assert np.all(np.abs(gradient - exact) <= 2 * error)
    assert np.all(error < 1e-8)


def test_a_kink_nearby_is_admitted():
    gradient, error = finite_difference(lambda t: float(np.sum(np.abs(t))), np.array([0.02]), h=0.1)
    assert abs(gradient[0] - 1) <= error[0] or error[0] > 1e-3


def test_at_a_kink_both_sides_weigh_the_same():
    gradient, _ = finite_difference(lambda t: float(np.sum(np.abs(t))), np.array([0.0]))
    assert gradient[0] == 0


def test_central_difference_of_a_quadratic_is_exact_in_any_shape():
    theta = np.arange(6.0).reshape(2, 3)
    gradient = central_difference(lambda t: float(np.sum(t**2)), theta, h=0.5)
    assert np.allclose(gradient, 2 * theta, rtol=1e-13)
    assert theta.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_the_estimate_is_no_bound():
    """Close to a kink the values that agree best may be wrong: chapter 9 shows it, the docstring says so."""
    relu = lambda t: float(np.maximum(t, 0).sum())  # noqa: E731
    for theta, factor in ((0.003, 8), (0.001, 100)):
        gradient, estimate = finite_difference(relu, np.array([theta]))
        assert abs(gradient[0] - 1) > factor * estimate[0]
    assert "bound of" not in finite_difference.__doc__
    assert "not a bound" in finite_difference.__doc__


def test_the_extrapolation_multiplies_rounding_by_at_most_nine():
    powers = 1.4 ** (2 * np.arange(1, 12))
    assert 9 < np.prod((powers + 1) / (powers - 1)) < 9.1
