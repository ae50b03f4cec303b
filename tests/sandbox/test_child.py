"""A child is called: arrays in, arrays out; errors, ends and limits; many calls in few messages."""

import sys
import time

import numpy as np
import pytest

from autograder.exercises.cases import PublicFunction
from autograder.sandbox import launch
from autograder.sandbox.calls import CallError
from autograder.sandbox.child import _names as names_of
from autograder.sandbox.inside.wire import FrameError
from autograder.sandbox.zygote import Limits, Zygote
from tests.support.children import QUICK, call


def test_values_cross_and_the_arguments_stay_ours(zygote):
    code = (
        "def f(x, layers, name, flag):\n    x += 1\n    layers[2] *= 0\n"
        "    return x * 2, layers, [name, flag], None"
    )
    x, layers = np.zeros((2, 3), np.float32), {1: np.ones(2), 2: np.arange(3)}
    outcome = call(zygote, code, "f", x, layers, "relu", True)
    assert outcome.error is None
    doubled, back, names, nothing = outcome.value
    assert doubled.dtype == np.float32
    assert doubled.tolist() == [[2.0] * 3] * 2
    assert back[2].dtype == np.int64
    assert (names, nothing) == (["relu", True], None)
    assert not x.any()  # ours did not change
    assert layers[2].tolist() == [0, 1, 2]
    assert outcome.args_after[0].tolist() == [[1.0] * 3] * 2  # theirs did, and we see it
    assert outcome.args_after[1][2].tolist() == [0, 0, 0]
    assert outcome.args_after[2:] == ("relu", True)


def test_public_functions_live_on_the_students_side(zygote):
    public = PublicFunction("quadratic", {"c": np.ones(3), "y": np.zeros(3)})
    outcome = call(zygote, "def f(g, x):\n    return g(x)", "f", public, np.array([1.0, 2.0, 2.0]))
    assert outcome.value == 4.5
    assert outcome.args_after[0] is public


def test_calls_share_state_and_children_do_not(zygote):
    code = "seen = []\ndef f():\n    seen.append(1)\n    return len(seen)"
    for _ in range(2):
        with zygote.child([code]) as child:
            assert [child("f", ()).value for _ in range(3)] == [1, 2, 3]


def test_random_numbers_are_the_same_in_every_child(zygote):
    code = (
        "import numpy as np, random\ndef f():\n"
        "    return np.random.rand(), random.random(), hash('a'), list({'a', 'b', 'c'})"
    )
    with Zygote("strong", QUICK) as another:
        values = [call(z, code, "f").value for z in (zygote, zygote, another)]
    assert values[0] == values[1] == values[2]


def test_an_argument_that_cannot_cross_is_our_own_mistake_and_loud(zygote):
    with zygote.child(["def f(x): return x"]) as child, pytest.raises(TypeError, match="can't cross"):
        child("f", ({"a": 1},))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("return {1, 2}", "returned a set"),
        ("return np.array([None])", "dtype object"),
        ("return {'dW': 1}", "key of type str"),
        ("return (1, lambda: 0)", "returned a function"),
        ("return np.zeros(10**7)", "too long"),
        ("return [0] * 10**6", "a list of very many entries"),
        ("return [[0] * 50] * 50", "a list of very many entries"),
        ("return {i: (0,) for i in range(1500)}", "a list of very many entries"),
        ("return ['x' * 3999] * 400", "too long"),
    ],
)
def test_what_cannot_cross_back_is_a_protocol_error_and_the_child_lives(zygote, body, text):
    with zygote.child([f"import numpy as np\ndef f():\n    {body}\ndef g(): return 1"], public=True) as child:
        outcome = child("f", ())
        assert outcome.error.kind == "protocol"
        assert text in outcome.error.message
        assert child("g", ()).value == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("return 1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import sys; sys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("return f()", "RecursionError: maximum recursion"),
        (
            "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()",
            "Odd: (its text can't be had)",
        ),
        ("return input('?')", "EOFError"),
        ("import torch", "ModuleNotFoundError: torch can't be imported: only NumPy and the standard library"),
        (
            "import backprop",
            "ModuleNotFoundError: backprop can't be imported where exercises are graded: write it yourself",
        ),
        ("import _thread; _thread.start_new_thread(f, ())", "RuntimeError: can't start new thread"),
        ("raise ValueError('\\x1b[31m' + 'x' * 10**6)", "ValueError (its text"),
    ],
)
def test_whatever_is_raised_is_an_exception_and_the_child_lives(zygote, body, text):
    with zygote.child([f"def f():\n    {body}\ndef g(): return 1"], public=True) as child:
        outcome = child("f", ())
        assert outcome.error.kind == "exception"
        assert outcome.error.message.startswith(text)
        assert len(outcome.error.message) < 700
        assert child("g", ()).value == 1


def test_an_errors_detail_shows_the_students_own_lines(zygote):
    detail = call(zygote, ["x = 1", "def f():\n    y = 2\n    return y / 0\n"], "f").error.detail
    assert 'File "<cell 2>", line 3, in f' in detail
    assert "return y / 0" in detail
    assert "worker" not in detail
    code = (
        "import numpy as np\ndef f():\n"
        "    raise ValueError(np.__file__ + str(np.linalg.inv(np.zeros((2, 2)))))\n"
        "def g(): raise ValueError(np.__file__)"
    )
    with zygote.child([code], public=True) as child:
        for name in ("f", "g"):
            error = child(name, ()).error
            assert str(launch.numpy_folder()) not in error.message + error.detail
            assert sys.base_prefix not in error.message + error.detail


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("while True: pass", "timeout", "still running after 0.5 seconds"),
        ("import time; time.sleep(99)", "timeout", "still running"),
        (
            "import signal\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    while True: pass",
            "timeout",
            "still",
        ),
        ("import re; re.match('(a+)+b', 'a' * 64)", "timeout", "still running"),
        ("return 9 ** 9 ** 9 ** 9", "timeout", "still running"),
        ("import os; os._exit(3)", "crashed", "ended Python (exit code 3)"),
        ("import os; os._exit(0)", "crashed", "ended Python (exit code 0)"),
        ("import ctypes; ctypes.string_at(0)", "crashed", "ended Python (SIGSEGV)"),
        ("import os; os.abort()", "crashed", "ended Python"),
        ("import numpy as np; return np.ones(10**9)", "memory", "MemoryError"),
        ("return 'x' * 10**10", "memory", "MemoryError"),
        (
            "import numpy as np; held = []\n    while True: held.append(np.zeros(10**7))",
            "memory",
            "MemoryError",
        ),
    ],
)
def test_hanging_dying_and_greedy_calls(zygote, body, kind, text):
    started = time.monotonic()
    with zygote.child([f"def f():\n    {body}\ndef g(): return 1"], public=True) as child:
        error = child("f", ()).error
        assert (error.kind, text in error.message) == (kind, True), error
        after = child("g", ())
        if kind == "memory":
            assert after.value == 1  # a MemoryError is an exception like others
        else:
            assert after.error == error  # and so it stays
    # Long before the child's whole life is over.
    assert time.monotonic() - started < 8


def test_a_childs_whole_life_is_bounded(zygote):
    with zygote.child(["import time\ndef f():\n    time.sleep(0.1)"], seconds=1.0) as child:
        errors = [child("f", ()).error for _ in range(10)]
    assert errors[0] is None
    assert errors[-1].kind == "timeout"


def test_a_missing_function_is_missing_and_builtins_are_not_the_students(zygote):
    with zygote.child(["x = 3"]) as child:
        assert [child(name, ()).error.kind for name in ("f", "x", "print", "exec")] == ["missing"] * 4
        assert not child.has("f")
    assert call(zygote, "def f(): pass", "f").error is None


def test_a_closed_child_says_so(zygote):
    with zygote.child(["def f(): pass"]) as child:
        assert child.has("f")
    assert child("f", ()).error.kind == "crashed"


def test_errors_are_plain_records():
    assert CallError("timeout", "x") == CallError("timeout", "x", "")


def test_many_calls_give_what_one_by_one_gives(zygote):
    cells = [
        (
            "def f(x):\n    if x[0] == 3: raise ValueError(x[0])\n    x += 1\n"
            "    return x if x[0] != 6 else object()"
        )
    ]
    many = [(np.array([float(i), 2.0]),) for i in range(150)]
    with zygote.child(cells, public=True) as one, zygote.child(cells, public=True) as all_at_once:
        singly = [one("f", args) for args in many]
        together = all_at_once.call_many("f", many)
    assert len(together) == 150
    assert [(o.error, repr(o.value), repr(o.args_after)) for o in together] == [
        (o.error, repr(o.value), repr(o.args_after)) for o in singly
    ]
    assert together[3].error.message == "ValueError: 3.0"
    assert together[5].error.kind == "protocol"
    assert together[4].value.tolist() == [5.0, 3.0]


def test_a_batch_ends_where_its_call_hangs_or_dies_and_gives_what_came_before(zygote):
    for body, kind in (("while True: pass", "timeout"), ("import os; os._exit(1)", "crashed")):
        cell = f"import time\ndef f(i):\n    time.sleep(0.02)\n    if i == 3:\n        {body}\n    return i"
        with zygote.child([cell]) as child:
            outcomes = child.call_many("f", [(i,) for i in range(6)])
            assert [o.value for o in outcomes[:3]] == [0, 1, 2]
            assert [o.error.kind for o in outcomes[3:]] == [kind] * 3


def test_a_slow_call_has_its_own_time_within_a_batch():
    with (
        Zygote("strong", Limits(call_seconds=0.6)) as own,
        own.child(["import time\ndef f(i):\n    time.sleep(0.1)\n    return i"]) as child,
    ):
        assert [o.value for o in child.call_many("f", [(i,) for i in range(9)])] == list(range(9))


def test_what_a_child_sends_in_its_life_is_bounded():
    cell = "import numpy as np\ndef f(n): return np.zeros(n)\ndef g(): return 1"
    with Zygote("strong", Limits(frame_bytes=2 << 20, child_bytes=4 << 20)) as zygote:
        with zygote.child([cell]) as child:
            # The control: a few go.
            assert [o.error for o in child.call_many("f", [(100_000,)] * 4)] == [None] * 4
        with zygote.child([cell]) as child:
            outcomes = child.call_many("f", [(100_000,)] * 8)
            assert {outcome.error.kind for outcome in outcomes} == {"protocol"}
            assert "one process may send" in outcomes[-1].error.message
            assert child("g", ()).error.kind == "protocol"


def test_replies_too_long_together_come_one_by_one(zygote):
    cell = "import numpy as np\ndef f(n): return ['x' * 3999] * n if n > 9 else np.ones((1 << 17) * n)"
    with zygote.child([cell]) as child:
        outcomes = child.call_many("f", [(n,) for n in (1, 2, 3, 130, 130, 130, 1)])
    assert [len(o.value) for o in outcomes] == [1 << 17, 2 << 17, 3 << 17, 130, 130, 130, 1 << 17]


@pytest.mark.parametrize(
    ("header", "payload", "problem"),
    [
        ({"nonce": "another", "names": ["f"]}, b"", "nobody asked for"),
        ({"nonce": "n", "names": ["f"], "more": 1}, b"", "nobody asked for"),
        ({"nonce": "n"}, b"", "nobody asked for"),
        ({"nonce": "n", "names": ["f"]}, b"1", "nobody asked for"),
        ({"nonce": "n", "names": "f"}, b"", "no known form"),
    ],
)
def test_the_names_that_a_child_says_it_has_come_in_one_form(header, payload, problem):
    with pytest.raises(FrameError, match=problem):
        names_of(header, payload, "n")
    assert names_of({"nonce": "n", "names": ["f", 3]}, b"", "n") == {"f"}
