"""A notebook's cells are run in a child: what fails, hangs or ends Python costs itself alone."""

import re
import time

import pytest

from autograder.sandbox.zygote import Limits, Zygote
from tests.support.children import AFTER, PRINTED, call


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def f(:", "SyntaxError"),
        ("raise SystemExit", "SystemExit"),
        ("import torch", "torch can't be imported"),
        ("x = '\ud800'", "UnicodeEncodeError"),
        ("\x00", "null bytes"),
        ("while True: pass", "still running after 0.5 seconds"),
        ("import os; os._exit(0)", "the cell ended Python (exit code 0)"),
        ("import ctypes; ctypes.string_at(0)", "the cell ended Python (SIGSEGV)"),
        ("x = (" + "(" * 5000 + ")" * 5000 + ")", "too many nested parentheses"),
        ("import os\nfor fd in range(20):\n    try: os.close(fd)\n    except OSError: pass", "ended Python"),
        (
            "import os\nfor fd in range(20):\n    try: os.write(fd, b'x' * 100)\n    except OSError: pass",
            "only the grader",
        ),
    ],
)
def test_a_cell_that_fails_hangs_or_ends_python_costs_only_itself(zygote, cell, text):
    with zygote.child(["a = 1", cell, AFTER]) as child:
        ((place, error),) = child.load_failures.items()
        assert place == 1
        assert text in error.message
        assert child("g", ()).value == 1


@pytest.mark.parametrize(
    "line",
    [
        "import getpass; getpass.getuser()",
        "import pathlib; pathlib.Path.home()",
        "import os; os.environ['USER']",
        "import asyncio; asyncio.get_running_loop()",
        "import asyncio\nasync def later(): pass\ntask = asyncio.create_task(later())\nawait task",
    ],
)
def test_what_there_is_in_jupyter_alone_is_passed_over(zygote, line):
    """No account, no environment, no running loop: check has them, and the points are the same."""
    with zygote.child([f"{line}\n{AFTER}"]) as child:
        assert 0 in child.load_failures
        assert child("g", ()).value == 1
    with zygote.child([f"{{}}['USER']\n{AFTER}"]) as child:
        assert child("g", ()).error.kind == "missing"


def test_cells_that_fail_in_another_way_than_before_say_only_of_what_kind(zygote):
    """Cells see the clock: a child that is started after hidden numbers were asked says nothing new."""
    cells = ["import time\nraise ValueError(str(time.time()))", "import os; os._exit(3)", AFTER]
    with zygote.child(cells) as first:
        before = dict(first.load_failures)
    assert sorted(before) == [0, 1]
    with zygote.child(cells, told=before) as again:
        assert again.load_failures == before
    with zygote.child(cells, told={}) as other:
        errors = other.load_failures
        assert {place: error.kind for place, error in errors.items()} == {0: "exception", 1: "crashed"}
        for error in errors.values():
            assert error.withheld
            assert (error.message, error.own_text, error.detail, error.type) == ("", "", "", "")
        assert other("g", ()).value == 1


def test_one_more_cell_runs_in_the_child_as_it_is(zygote):
    with zygote.child(
        ["n = 1", "def f():\n    global n\n    n += 1\n    return n, g()", "def g(): return 1"]
    ) as child:
        assert child("f", ()).value == (2, 1)
        child.add("def g(): return 7")
        assert child("f", ()).value == (3, 7)
        child.add("while True: pass")
        assert not child.alive
        child.add("n = 0")
        assert child("f", ()).error.kind == "timeout"


def test_several_bad_cells_are_left_out_each_and_not_waited_for_twice(zygote):
    cells = ["import os\nos._exit(1)", "while True: pass", "x = 1 / 0", "while True: pass", AFTER]
    with zygote.child(cells, seconds=5) as child:
        assert sorted(child.load_failures) == [0, 1, 2, 3]
        assert [child.load_failures[place].kind for place in range(4)] == [
            "crashed",
            "timeout",
            "exception",
            "timeout",
        ]
        assert child("g", ()).value == 1
    lost = zygote.record.losses
    with zygote.child(cells, seconds=5) as child:
        assert len(child.load_failures) == 4
        assert child("g", ()).value == 1
    assert zygote.record.losses == lost == 3


def test_a_notebook_of_nothing_but_traps_ends():
    limits = Limits(cell_seconds=0.1)
    with Zygote("strong", limits) as zygote:
        started = time.monotonic()
        for _ in range(3):
            with zygote.child(["while True: pass"] * 100 + [AFTER], seconds=2) as child:
                assert child("g", ()).error.kind == "timeout"
        assert time.monotonic() - started < 4


def test_cells_that_are_slow_one_after_the_other_are_bounded_for_the_notebook():
    """Each only just within its limit: no single one is to blame, all together are."""
    limits = Limits(cell_seconds=0.6, loading_seconds=1.5)
    with Zygote("strong", limits) as zygote:
        started = time.monotonic()
        for _ in range(3):
            with zygote.child(
                [f"import time\ntime.sleep(0.5)  # {i}" for i in range(20)], seconds=0.7
            ) as child:
                assert child("g", ()).error.kind in ("timeout", "missing")
        assert time.monotonic() - started < 8


def test_cells_that_raise_cost_the_functions_after_them_nothing(zygote):
    cells = [f"raise ValueError('{'x' * 400} {i}')" for i in range(1900)]
    with zygote.child([*cells, AFTER], seconds=20) as child:
        assert len(child.load_failures) == 1900
        assert child("g", ()).value == 1


def test_plots_widgets_and_magics_cost_nothing(zygote):
    cells = [
        (
            "import numpy as np\nimport matplotlib.pyplot as plt\n"
            "from IPython.display import display, HTML\nimport ipywidgets as w"
        ),
        (
            "from autograder import check\nget_ipython().run_line_magic('matplotlib', 'inline')\n"
            "display(HTML('x'))"
        ),
        (
            "fig, (ax, bx) = plt.subplots(1, 2)\nax.plot([1, 2]); bx[0].set(title='x')\nplt.show()\n"
            "for a in fig.axes: 1 / 0"
        ),
        (
            "@w.interact(x=(0, 1))\ndef f(x):\n    with plt.style.context('x') as c:\n        c + 1\n"
            "    return x + 1"
        ),
        "y = check(f)\nprint('hello', y)",
        "from tqdm import tqdm\nn = sum(tqdm(range(4)))\ndef g(): return n",
    ]
    with zygote.child([*cells, PRINTED]) as child:
        assert child.load_failures == {}
        assert child("f", (1.0,)).value == 2.0
        assert child("g", ()).value == 6
        assert child("printed", ()).value == ["hello None\n"]


def test_a_flood_of_output_neither_blocks_nor_is_kept(zygote):
    code = (
        "import os\nfor _ in range(300):\n"
        "    print('x' * 10**5); os.write(1, b'y' * 10**5); os.write(2, b'z' * 10**5)\nprint('end')"
    )
    with zygote.child([code, AFTER, PRINTED]) as child:
        assert child.load_failures == {}
        printed = "".join(child("printed", ()).value)
        assert printed.startswith("xxx")
        assert printed.endswith("end\n")
        assert re.search(r"29,9\d\d,\d{3} characters left out", printed)
        assert len(printed) < 9_000
        assert child("g", ()).value == 1


def test_the_streams_of_a_notebook_are_empty_and_its_name_is_main(zygote):
    code = (
        "import sys\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\n"
        "assert sys.stdin.read() == ''\nassert __name__ == '__main__'\ndef f(): return P().x"
    )
    assert call(zygote, code, "f").value == 1


def test_a_process_that_ends_before_the_first_cell_is_no_cells_doing(zygote):
    child = zygote.child([AFTER])
    fork = child.fork

    def ended(seconds):
        forked = fork(seconds)
        forked.end()
        return forked

    child.fork = ended
    with child:
        assert child.record.losses == 0
        assert child.load_failures == {}
        assert not child.alive
        assert child("g", ()).error == child.dead
