import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop import OUTPUTS, log_sum_exp, loss, losses

Z = st.floats(-11000, 11000)  # long double's exp reaches that far


def exact(output, z, Y):
    """The textbook forms, in long double with its wider exponent."""
    z, Y = z.astype(np.longdouble), Y.astype(np.longdouble)
    if output == "identity":
        return np.sum((z - Y) ** 2, axis=0) / 2
    if output == "sigmoid":
        return np.sum(Y * np.log1p(np.exp(-z)) + (1 - Y) * np.log1p(np.exp(z)), axis=0)
    return -np.sum(Y * (z - np.log(np.sum(np.exp(z - z.max(axis=0)), axis=0)) - z.max(axis=0)), axis=0)


@given(st.lists(st.tuples(Z, st.floats(0, 1)), min_size=1, max_size=4))
@pytest.mark.parametrize("output", OUTPUTS)
def test_losses_agree_with_the_textbook_forms_in_long_double(output, pairs):
    z, Y = (np.array(column)[:, None] for column in zip(*pairs, strict=True))
    if output == "softmax":
        Y = (Y + 1e-3) / np.sum(Y + 1e-3)
    scale = np.sum(np.abs(z)) + np.sum((z - Y) ** 2) + 1
    assert np.abs(losses(output, z, Y) - exact(output, z, Y)) <= 16 * np.finfo(float).eps * scale


def test_confidently_wrong_is_finite():
    z, Y = np.array([[1000.0], [-1000.0]]), np.array([[0.0], [1.0]])
    assert loss("sigmoid", z, Y) == 2000
    assert loss("softmax", z, Y) == 2000


@pytest.mark.parametrize(
    ("z", "true"),
    [
        ([40.0, 0.0], np.exp(-40.0)),
        ([1e6 + 3, 1e6], np.log1p(np.exp(-3.0))),
        ([-1e300 + 1e284, -1e300], 0.0),
        ([700.0, 0.0], np.exp(-700.0)),
    ],
)
def test_a_small_loss_of_softmax_keeps_its_digits(z, true):
    value = loss("softmax", np.array(z)[:, None], np.array([[1.0], [0.0]]))
    assert abs(value - true) <= 4 * np.finfo(float).eps * true


def test_log_sum_exp_keeps_a_rest_that_one_plus_would_swallow():
    assert log_sum_exp(np.array([[0.0], [-40.0]]))[0, 0] == pytest.approx(np.exp(-40.0), rel=1e-15)
    assert log_sum_exp(np.array([[2.0, 3.0], [2.0, 3.0]])) == pytest.approx(np.array([[2, 3]]) + np.log(2))


def test_loss_is_the_mean_of_the_examples_and_a_float():
    z, Y = np.array([[1.0, 3.0]]), np.array([[0.0, 0.0]])
    value = loss("identity", z, Y)
    assert value == (0.5 + 4.5) / 2
    assert type(value) is float


def test_log_sum_exp_keeps_its_row():
    assert log_sum_exp(np.zeros((4, 3))).shape == (1, 3)


def test_another_output_is_refused_in_words():
    with pytest.raises(ValueError, match="given the output 'relu'; expected identity, sigmoid or softmax"):
        loss("relu", np.zeros((1, 1)), np.zeros((1, 1)))
