import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograder.exercises.cases import Case, PublicFunction
from autograder.trees import copy_value, rescale

NUMBERS = st.floats(-5, 5).map(lambda x: np.array([[x]])) | st.floats() | st.text() | st.none()
VALUES = st.recursive(
    NUMBERS,
    lambda inner: (
        st.dictionaries(st.integers(0, 5), inner) | st.tuples(inner, inner) | st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


def arrays(value):
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from arrays(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from arrays(item)


@given(VALUES)
def test_a_copy_shares_no_array(value):
    copied = copy_value(value)
    assert type(copied) is type(value)
    originals, copies = list(arrays(value)), list(arrays(copied))
    assert len(originals) == len(copies)
    for a, b in zip(originals, copies, strict=True):
        assert not np.shares_memory(a, b)
        assert np.array_equal(a, b)


def test_a_public_function_is_callable_by_name():
    f = PublicFunction("quadratic", {"c": np.ones(2), "y": np.zeros(2)})
    assert f(np.array([3.0, 4.0])) == 12.5


def test_advisory_is_a_tag():
    assert Case("x", (), "p", frozenset({"advisory"})).advisory
    assert not Case("x", (), "p").advisory


def test_rescale_keeps_the_structure():
    assert rescale({1: np.ones(2)}, 3.0)[1].tolist() == [3, 3]
    assert rescale((2.0, "text"), 3.0)[1] == "text"
