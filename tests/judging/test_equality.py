import numpy as np

from autograder.judging.equality import same_values, unchanged


def test_same_sees_dtype_shape_and_nan():
    a = np.array([1.0, np.nan])
    assert same_values(a, a.copy())
    assert not same_values(a, a.astype(np.float32))
    assert not same_values(a, a[:, None])
    assert not same_values({1: a}, {2: a})
    assert not same_values(np.array([1.0]), np.array([1.0 + 1e-12]))
    assert not same_values("a", 1)


def test_a_changed_argument_is_seen():
    before = ({1: np.ones((2, 2))}, np.zeros(3), "tanh", 0.5)
    assert unchanged(before, ({1: np.ones((2, 2))}, np.zeros(3), "tanh", 0.5))
    assert not unchanged(before, ({1: np.ones((2, 2))}, np.full(3, -0.0), "tanh", 0.5))
    assert not unchanged(before, ({1: np.ones((2, 2)), 2: np.ones(1)}, np.zeros(3), "tanh", 0.5))
    assert not unchanged(before, ({1: np.ones((2, 2))}, np.zeros(3, dtype=np.float32), "tanh", 0.5))


def test_what_is_restored_may_differ_in_its_last_digit():
    z = np.array([0.3, 1.7])
    assert unchanged((z,), (z + 2e-16,), restores=True)
    assert not unchanged((z,), (z + 2e-16,))
    assert not unchanged((z,), (z + 1e-10,), restores=True)
