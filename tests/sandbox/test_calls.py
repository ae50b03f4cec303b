"""Functions called in this process: copies go in and out, errors are reported, others may stand in."""

import warnings

import numpy as np
import pytest

from autograder.sandbox.calls import CallError, LocalCaller, Outcome, repeat_the_end


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


def test_a_function_that_leaves_python_gives_an_error():
    def f():
        raise SystemExit(0)

    assert LocalCaller(f)("f", ()).error.message == "SystemExit: 0"


def test_many_calls_give_what_one_by_one_gives():
    many = [(np.full(2, float(i)),) for i in range(3)]
    found = LocalCaller(spoil).call_many("spoil", many)
    assert [outcome.value.tolist() for outcome in found] == [[99, 0], [99, 1], [99, 2]]
    assert [args[0].tolist() for args in many] == [[0, 0], [1, 1], [2, 2]]


def test_only_pipelined_calls_show_an_array_that_is_written_into_again():
    buffer = np.zeros(1)

    def count():
        buffer[0] += 1
        return buffer

    caller = LocalCaller(count)
    assert [outcome.value.tolist() for outcome in caller.call_many("count", [()] * 3)] == [[1], [2], [3]]
    assert [outcome.value.tolist() for outcome in caller.call_pipelined("count", [()] * 3)] == [[5], [6], [6]]


def test_after_the_end_every_call_has_the_error_that_ended_it():
    """A process that ran out of memory may answer again: what it says then is not its answer."""
    values = [Outcome(i, None, None) for i in range(4)]
    values[1].error = CallError("memory", "more than it may have")
    raised = Outcome(None, CallError("exception", "KeyError: 1"), None)
    assert repeat_the_end(values) == [values[0], values[1], values[1], values[1]]
    assert repeat_the_end([raised, values[0]]) == [raised, values[0]]
    assert repeat_the_end([]) == []
    assert [o.error.kind for o in LocalCaller(spoil).call_many("nowhere", [(), ()])] == ["missing", "missing"]


def test_other_functions_stand_in_for_those_that_the_notebook_has():
    space = {"slope": lambda z: 0 * z}
    exec("def step(z): return slope(z) + 1", space)
    own = LocalCaller(space["step"])
    other = own.with_functions({"slope": lambda z: 7 * z, "nowhere": lambda: 1})
    assert (own("step", (1,)).value, other("step", (1,)).value) == (1, 8)
    assert own("step", (1,)).value == 1
    assert other("nowhere", ()).error.kind == "missing"


def test_what_is_no_function_is_not_found():
    space = {"constant": 3.0}
    exec("def step(z): return z", space)
    assert LocalCaller(space["step"])("constant", ()).error.kind == "missing"


def test_the_innermost_lines_of_a_long_way_are_told():
    space = {}
    exec("def deep(n):\n    if n == 0:\n        raise ValueError('here')\n    return deep(n - 1)", space)
    detail = LocalCaller(space["deep"])("deep", (20,)).error.detail
    assert detail.count(", in deep") == 3
    assert detail.rstrip().endswith("ValueError: here")


@pytest.mark.parametrize(
    ("kind", "raised_in", "said"),
    [
        ("NotImplementedError", "sigmoid", "sigmoid"),
        ("NotImplementedError", "own", ""),
        ("KeyError", "sigmoid", None),
    ],
)
def test_whose_stub_raised_it(kind, raised_in, said):
    error = CallError("exception", "", type=kind, raised_in=raised_in)
    assert error.unwritten(["sigmoid"]) == said


def deep(z):
    return fails(z)


def test_the_innermost_function_is_told_of_an_error():
    assert LocalCaller(deep)("deep", (np.zeros(1),)).error.raised_in == "fails"


def test_calls_one_after_another_keep_what_belongs_to_each():
    def positive(z):
        if z < 0:
            raise ValueError("negative")
        return z

    calls = [(np.float64(x),) for x in (-1.0, 2.0, 3.0)]
    outcomes = LocalCaller(positive).call_pipelined("positive", calls)
    assert [outcome.error is None for outcome in outcomes] == [False, True, True]
    assert [outcome.args_after for outcome in outcomes] == calls


def test_what_an_error_says_is_told_unless_it_is_withheld():
    assert not CallError("exception", "ValueError").withheld
