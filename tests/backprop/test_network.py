import numpy as np

from backprop import affine, forward, initialise, sigmoid, softmax


def test_affine_by_hand():
    W, a, b = (
        np.array([[1.0, 2.0], [0.0, -1.0]]),
        np.array([[3.0, 1.0], [1.0, 0.0]]),
        np.array([[1.0], [10.0]]),
    )
    assert affine(W, a, b).tolist() == [[6, 2], [9, 10]]


def test_forward_layer_by_layer_and_example_by_example():
    rng = np.random.default_rng(1)
    W, b = initialise((3, 5, 4), rng)
    X = rng.normal(size=(3, 7))
    Z, A = forward(W, b, X, "sigmoid", "softmax")
    assert sorted(Z) == [1, 2]
    assert sorted(A) == [0, 1, 2]
    assert A[0] is X
    for i in range(7):
        a = X[:, i]
        a = sigmoid(W[1] @ a + b[1][:, 0])
        z = W[2] @ a + b[2][:, 0]
        assert np.allclose(Z[2][:, i], z)
        assert np.allclose(A[2][:, i], softmax(z[:, None])[:, 0])


def test_initialise_has_the_variance_it_promises():
    W, b = initialise((200, 300), np.random.default_rng(0), scale=2.0)
    assert abs(W[1].var() * 200 / 4 - 1) < 0.02
    assert b[1].shape == (300, 1)
    assert not b[1].any()
