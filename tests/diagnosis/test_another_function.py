"""Another curve than sigmoid and another quotient than softmax are told as such, where that is true."""

import numpy as np
import pytest

from tests.support.judged import judged


def softmax_of(e):
    return lambda z: e(z) / e(z).sum(axis=0)


@pytest.mark.parametrize("curve", [
    lambda z: 0.5 + np.arctan(z) / np.pi,
    lambda z: 0.5 * (1 + z / (1 + np.abs(z))),
    lambda z: 1 / (1 + np.exp(-z)) + 0.1 * (np.abs(z) < 3),
])  # fmt: skip
def test_a_curve_that_is_no_sigmoid_is_told(curve):
    assert judged("sigmoid", curve).codes == ("K72",)


def half_of_the_rows(z):
    a = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    a[..., ::2] = 0
    return a


@pytest.mark.parametrize("other", [
    half_of_the_rows,
    lambda z: np.round(1 / (1 + np.exp(-np.clip(z, -700, 700))), 3),
])  # fmt: skip
def test_what_is_no_curve_or_nearly_right_is_not(other):
    assert "K72" not in judged("sigmoid", other).codes


@pytest.mark.parametrize("quotient", [
    softmax_of(lambda z: np.exp((z - z.max(axis=0)) / 2)),
    lambda z: np.exp(z - z.max(axis=0)) / len(z),
    lambda z: np.exp(z - z.max(axis=0)) / (np.exp(z - z.max(axis=0)).sum(axis=0) + 0.1),
])  # fmt: skip
def test_another_quotient_is_told(quotient):
    assert judged("softmax", quotient).codes == ("K59",)


def test_columns_in_another_order_are_no_quotient():
    verdict = judged("softmax", lambda z: softmax_of(lambda z: np.exp(z - z.max(axis=0)))(z)[:, ::-1])
    assert verdict.codes == ()


def test_what_goes_wrong_after_the_first_step_of_forward_is_told():
    def forward(W, b, X, hidden, output):
        Z, A = {}, {0: X}
        for l in W:
            Z[l] = W[l] @ A[l - 1] + b[l]
            A[l] = 3 * np.cos(Z[l])
        return Z, A

    assert judged("forward", forward).pattern.startswith("A[0] and Z[1] are right")


@pytest.mark.parametrize(("change", "words"), [
    (np.trunc, "decimals, which are cut off"),
    (lambda z: np.round(z, 2), "your numbers have 2 decimals"),
])  # fmt: skip
def test_decimals_that_are_gone_are_told(change, words):
    assert words in judged("affine", lambda W, a, b: change(W @ a + b)).pattern


def test_one_number_in_anothers_place_is_no_cap():
    def g_prime(name, z):
        s = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
        return np.where(z > 0, 1.0, 0.3) if name == "relu" else s * (1 - s)

    assert "clip" not in (judged("g_prime", g_prime).pattern or "")
