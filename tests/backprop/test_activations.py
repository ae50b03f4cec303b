import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop import HIDDEN, g, g_prime, sigmoid, softmax

REAL = st.floats(-700, 700)


@given(z=REAL)
def test_sigmoid_agrees_with_long_double(z):
    exact = 1 / (1 + np.exp(-np.longdouble(z)))
    assert abs(sigmoid(np.array(z)) - exact) <= 4 * np.finfo(float).eps * exact


@pytest.mark.parametrize("z", [-1000.0, -745.2, 0.0, 40.0, 1000.0])
def test_sigmoid_is_quiet_at_the_extremes(z):
    with np.errstate(all="raise", under="ignore"):
        a = sigmoid(np.array([[z]]))
    assert a.shape == (1, 1)
    assert 0 <= a[0, 0] <= 1


@given(z=st.floats(-300, 300))
@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_g_prime_agrees_with_the_complex_step(name, z):
    exact = {
        "sigmoid": lambda w: np.exp(-w) / (1 + np.exp(-w)) ** 2,
        "tanh": lambda w: 4 * np.exp(-2 * w) / (1 + np.exp(-2 * w)) ** 2,
    }[name](np.abs(np.longdouble(z)))
    assert abs(g_prime(name, np.array(z)) - exact) <= 8 * np.finfo(float).eps * exact
    analytic = {"sigmoid": lambda w: 1 / (1 + np.exp(-w)), "tanh": np.tanh}[name]
    h = 1e-30
    if abs(z) < 30:
        assert g_prime(name, np.array(z)) == pytest.approx(analytic(z + 1j * h).imag / h, rel=1e-9, abs=1e-15)


def test_relu_slope_is_one_where_z_is_positive():
    assert g_prime("relu", np.array([-2.0, -0.0, 0.0, 1e-300, 3.0])).tolist() == [0, 0, 0, 1, 1]


@given(st.lists(REAL, min_size=1, max_size=5), st.floats(-1e3, 1e3))
def test_softmax_columns_sum_to_one_and_forget_a_constant(column, shift):
    z = np.array(column)[:, None]
    assert softmax(z).sum(axis=0) == pytest.approx(1, rel=1e-14)
    assert np.allclose(softmax(z + shift), softmax(z), rtol=1e-9, atol=1e-12)


def test_softmax_works_by_column():
    z = np.array([[1000.0, 0.0], [-1000.0, 0.0]])
    assert softmax(z).tolist() == [[1, 0.5], [0, 0.5]]


def test_another_name_is_refused_in_words():
    with pytest.raises(ValueError, match="given the name 'swish'; expected one of identity, sigmoid"):
        g("swish", np.zeros(1))
    with pytest.raises(ValueError, match=r"given the name 'softmax'; expected one of sigmoid, tanh, relu"):
        g_prime("softmax", np.zeros(1))


@pytest.mark.parametrize("name", HIDDEN)
def test_lists_and_integers_are_numbers_too(name):
    assert g(name, np.array([[1, -2]])).shape == (1, 2)
    assert g_prime(name, np.array([[1, -2]])).dtype == np.float64
