"""The recipe against three oracles: the complex step, HIPS autograd, long double."""

import itertools

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from backprop import HIDDEN, OUTPUTS, all_deltas, backprop, forward, hidden_delta, initialise, layer_gradients

EPS = np.finfo(float).eps
PAIRS = list(itertools.product(HIDDEN, OUTPUTS))


def network(hidden, output, seed=0, sizes=(3, 5, 4, 6, 2), m=7):
    rng = np.random.default_rng(seed)
    W, b = initialise(sizes, rng)
    b = {l: rng.normal(size=b[l].shape) for l in b}
    X = rng.normal(size=(sizes[0], m))
    Y = rng.random((sizes[-1], m))
    if output == "softmax":
        Y /= Y.sum(axis=0)
    Z, A = forward(W, b, X, hidden, output)
    return W, b, X, Y, Z, A


def J(W, b, X, Y, hidden, output, xp=np):
    """The mean loss written a second time, analytic in its weights, for the oracles."""
    a = X
    N = max(W)
    for l in range(1, N + 1):
        z = xp.dot(W[l], a) + b[l]
        if l == N:
            break
        if hidden == "tanh":
            a = xp.tanh(z)
        elif hidden == "sigmoid":
            a = 1 / (1 + xp.exp(-z))
        else:
            a = z * (np.real(z) > 0) if xp is np else z * (z > 0)
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = xp.log(1 + xp.exp(z)) - Y * z
    else:
        L = Y * (xp.log(xp.sum(xp.exp(z), axis=0)) - z)
    return xp.sum(L) / X.shape[1]


@pytest.mark.parametrize(("hidden", "output"), PAIRS)
def test_every_gradient_agrees_with_the_complex_step(hidden, output):
    W, b, X, Y, Z, A = network(hidden, output)
    dW, db = backprop(W, Z, A, Y, hidden, output)
    h = 1e-30
    for theta, gradient in ((W, dW), (b, db)):
        for l in theta:
            for i in np.ndindex(theta[l].shape):
                moved = {k: v.astype(complex) for k, v in theta.items()}
                moved[l][i] += 1j * h
                args = (moved, b) if theta is W else (W, moved)
                assert gradient[l][i] == pytest.approx(
                    J(*args, X, Y, hidden, output).imag / h, rel=1e-11, abs=1e-14
                )


@pytest.mark.parametrize(("hidden", "output"), PAIRS)
def test_every_gradient_agrees_with_autograd(hidden, output):
    W, b, X, Y, Z, A = network(hidden, output, seed=3)
    dW, db = backprop(W, Z, A, Y, hidden, output)
    exact_W, exact_b = autograd.grad(lambda p: J(p[0], p[1], X, Y, hidden, output, anp))((W, b))
    for l in W:
        np.testing.assert_allclose(dW[l], exact_W[l], rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(db[l], exact_b[l], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("hidden", "output"), PAIRS)
def test_deltas_agree_with_long_double_to_rounding(hidden, output):
    W, _, _, Y, Z, A = network(hidden, output, seed=5)
    delta = all_deltas(W, Z, A, Y, hidden, output)
    wide = {
        k: {l: v.astype(np.longdouble) for l, v in d.items()} for k, d in {"W": W, "Z": Z, "A": A}.items()
    }
    exact = all_deltas(wide["W"], wide["Z"], wide["A"], Y.astype(np.longdouble), hidden, output)
    for l in delta:
        assert delta[l].shape == Z[l].shape
        assert np.max(np.abs(delta[l] - exact[l])) <= 200 * EPS * max(1, np.max(np.abs(exact[l])))


def test_a_worked_example():
    delta = hidden_delta(
        np.array([[2.0, -1.0]]), np.array([[3.0, 0.0]]), np.array([[1.0, 1.0], [-1.0, 1.0]]), "relu"
    )
    assert delta.tolist() == [[6, 0], [0, 0]]
    dW, db = layer_gradients(np.array([[1.0, 3.0]]), np.array([[2.0, 0.0], [1.0, 1.0]]))
    assert dW.tolist() == [[1, 2]]
    assert db.tolist() == [[2]]


def test_nothing_given_is_changed():
    W, _, _, Y, Z, A = network("tanh", "softmax")
    before = [v.copy() for d in (W, Z, A) for v in d.values()]
    backprop(W, Z, A, Y, "tanh", "softmax")
    assert all(
        np.array_equal(u, v) for u, v in zip(before, [v for d in (W, Z, A) for v in d.values()], strict=True)
    )
