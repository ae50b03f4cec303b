import warnings

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograder.exercises.cases import Case, PublicFunction
from autograder.sandbox.calls import LocalCaller
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


def spoil(z):
    z[0] = 99.0
    return z


def test_the_caller_hands_out_copies_and_reports_what_became_of_them():
    z = np.zeros(2)
    outcome = LocalCaller(spoil)("spoil", (z,))
    assert z.tolist() == [0, 0]
    assert outcome.args_after[0].tolist() == [99, 0]
    assert outcome.value.tolist() == [99, 0]


def test_the_answer_is_kept_as_it_was():
    buffer = np.zeros(1)

    def count():
        buffer[0] += 1
        return buffer

    caller = LocalCaller(count)
    first = caller("count", ())
    caller("count", ())
    assert first.value.tolist() == [1]


def fails(z):
    raise ValueError("shapes (3,4) and (5,) not aligned")


def test_an_exception_is_reported_with_the_students_own_lines():
    outcome = LocalCaller(fails)("fails", (np.zeros(1),))
    assert outcome.error.kind == "exception"
    assert outcome.error.message == "ValueError: shapes (3,4) and (5,) not aligned"
    assert "raise ValueError" in outcome.error.detail


def test_other_functions_of_the_notebook_are_found_and_builtins_are_not():
    caller = LocalCaller(spoil)
    assert caller("fails", (1,)).error.kind == "exception"
    assert caller("nowhere", ()).error.kind == "missing"
    assert caller("print", ()).error.kind == "missing"


def noisy(z):
    warnings.warn("careful", stacklevel=1)
    return np.exp(z)


def test_a_warning_costs_nothing():
    outcome = LocalCaller(noisy)("noisy", (np.array([1e4]),))
    assert outcome.error is None
    assert outcome.value[0] == np.inf


def test_advisory_is_a_tag():
    assert Case("x", (), "p", frozenset({"advisory"})).advisory
    assert not Case("x", (), "p").advisory


def test_a_function_that_leaves_python_gives_an_error():
    def f():
        raise SystemExit(0)

    assert LocalCaller(f)("f", ()).error.message == "SystemExit: 0"


def test_rescale_keeps_the_structure():
    assert rescale({1: np.ones(2)}, 3.0)[1].tolist() == [3, 3]
    assert rescale((2.0, "text"), 3.0)[1] == "text"
