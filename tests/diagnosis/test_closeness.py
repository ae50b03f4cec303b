"""When two answers are the same but for rounding."""

import numpy as np
import pytest

from autograder.diagnosis.closeness import CLOSE, CLOSE_FLOAT32, same, same_array, within

A = np.array([[2.0, -1.0], [0.5, 1.0]])


@pytest.mark.parametrize(
    ("u", "v", "alike"),
    [
        (np.ones(3), np.ones((3, 1)), True),
        (np.ones((3, 1)), np.ones(3), True),
        (np.ones(3), np.ones((1, 3)), False),
        (np.ones(4), np.ones((2, 2)), False),
        (np.ones((1, 1)), np.float64(1.0), True),
        (np.zeros((0, 2)), np.zeros((0, 2)), True),
        (np.zeros((0, 2)), np.zeros((2, 0)), False),
        (np.array(["x"]), np.array(["x"]), False),
        (np.ones(2) + 0j, np.ones(2), False),
        (np.array([1, 2]), np.array([1.0, 2.0]), True),
        (np.array([True]), np.array([1.0]), True),
    ],
)
def test_shapes_and_kinds(u, v, alike):
    assert same_array(np.asarray(u), np.asarray(v)) == alike


@pytest.mark.parametrize("place", [(0, 0), (1, 1)])
@pytest.mark.parametrize(("dtype", "close"), [(np.float64, CLOSE), (np.float32, CLOSE_FLOAT32)])
def test_entries_are_compared_relative_to_the_largest(place, dtype, close):
    """The last entry is looked at first, with twice the room."""
    for by, alike in ((0.9, True), (1.1, False), (2.1, False)):
        other = A.copy()
        other[place] += by * close * 2
        assert same_array(A.astype(dtype), other) == alike


def test_a_tolerance_is_added_for_zeros():
    zeros = np.zeros(2)
    assert not same_array(zeros, zeros + 1e-12)
    assert same_array(zeros, zeros + 1e-12, tolerance=2e-12)
    assert not same_array(zeros, zeros + 3e-12, tolerance=2e-12)


def test_nan_and_inf_agree_with_their_like_in_the_same_places():
    assert same_array(np.array([np.nan, 1.0]), np.array([np.nan, 1.0]))
    assert same_array(np.array([np.inf, 1.0]), np.array([np.nan, 1.0]))
    assert not same_array(np.array([1.0, np.nan]), np.array([np.nan, 1.0]))
    assert not same_array(np.array([np.nan, 1.0]), np.array([np.nan, 2.0]))
    assert same_array(np.full(2, np.nan), np.full(2, np.inf))


def test_nested_answers_have_one_structure():
    assert same(({1: A}, A), ({1: A}, A))
    assert not same(({1: A}, A), ({1: A},))
    assert not same(({1: A}, A), ({1: A}, A + 1))
    assert not same({1: A, "x": A}, {1: A})
    assert same(1.0, np.array([[1.0]]))


def test_within_a_bound_entry_by_entry():
    bound = np.array([[0.1, 0.0], [0.0, 0.0]])
    assert within(A + bound * 0.9, A, bound)
    assert not within(A + bound * 1.1, A, bound)
    assert not within(A[0], A, bound)
    assert not within((A,), (A, A), (bound, bound))
    assert not within(A + 0j, A, bound)
