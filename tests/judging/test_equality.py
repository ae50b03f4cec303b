import numpy as np

from autograder.judging.equality import form, same_values, unchanged


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
    small = np.array([1e-3])
    assert unchanged((small,), (small + 9e-16,), restores=True)
    assert not unchanged((small,), (small + 2e-15,), restores=True)


def test_words_truths_and_nothing_are_the_same_by_type_and_value():
    assert same_values("a", "a")
    assert not same_values("a", "b")
    assert same_values(None, None)
    assert not same_values(None, "a")
    assert not same_values(None, 0.0)
    assert not same_values(object(), {})
    assert same_values(object(), object())


def test_the_last_digits_of_a_sum_may_differ_and_no_more():
    """Relative to each entry, and to the largest, from which a small one may be a difference."""
    eps = np.finfo(float).eps
    large = np.array([8.0, 1e-20])
    assert same_values(large, large + np.array([0, 31 * eps]))
    assert not same_values(large, large + np.array([0, 33 * eps]))
    assert same_values(large, large * [1 + 7 * eps, 1])
    assert not same_values(large, large * [1 + 9 * eps, 1])
    small = np.array([1e-9])
    assert not same_values(small, small + 9 * eps * 1e-9)
    assert same_values(np.array([np.inf, 1.0]), np.array([np.inf, 1.0 + eps]))
    assert not same_values(np.array([np.inf]), np.array([-np.inf]))
    assert not same_values(np.array([1, 2]), np.array([1, 3]))


def test_slack_is_absolute():
    a = np.array([1.0])
    assert same_values(a, a + 1e-6, slack=1e-5)
    assert same_values([a, {1: a}], [a, {1: a + 1e-6}], slack=1e-5)
    assert not same_values([a, {1: a}], [a, {1: a + 1e-4}], slack=1e-5)


def test_arguments_of_other_kinds_are_compared_too():
    def f(x):
        return x

    before = ([np.ones(2)], (np.zeros(2), 3), f)
    assert unchanged(before, ([np.ones(2)], (np.zeros(2), 3), lambda x: x))
    assert not unchanged(before, ([np.full(2, 2.0)], (np.zeros(2), 3), f))
    assert not unchanged(before, ([np.ones(2)], (np.ones(2), 3), f))


def test_a_form_has_every_arrays_shape_and_every_name():
    W, z = {1: np.ones((2, 3)), 2: np.ones((1, 2))}, np.ones(4)
    assert form((W, (z, "tanh"), 0.5)) == (((2, 3), (1, 2)), ((4,), "tanh"), None)
