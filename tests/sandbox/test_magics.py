import time

import pytest

from autograder.sandbox.inside import magics
from autograder.sandbox.inside.cells import CellRunner
from autograder.sandbox.inside.imports import Inert
from autograder.sandbox.launch import ipythons_texts
from autograder.sandbox.zygote import Limits, Zygote
from tests.support.children import AFTER

MANAGER = magics.transformer_manager(ipythons_texts())


def transformed(source):
    return magics.transformed(source, MANAGER)


def test_magics_become_python_and_mistakes_stay_as_they_are():
    compile(transformed("%matplotlib inline\nx = 1\n!ls\nx?"), "cell", "exec")
    assert transformed("def f(:") == "def f(:"
    assert transformed("print('a = %d' % 3)\n").strip() == "print('a = %d' % 3)"


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%timeit -n 1 -r 1", "\n%%prun -q"])
def test_a_magic_that_runs_its_cell_still_runs_it(magic):
    names = {}
    exec(transformed(f"{magic}\ndef f():\n    return 3\n"), names)
    assert names["f"]() == 3


def test_a_timed_line_is_run():
    names = {}
    exec(transformed("if True:\n    %time x = 3\n"), names)
    assert names["x"] == 3


COPIED = (
    "    def f():\n        return 3\n",
    ">>> def f():\n...     return 3\n",
    "In [3]: def f():\n   ...:     return 3\n",
    "%matplotlib inline\n!ls\nf?\ndef f():\n    return 3\n",
    "if True:\n    %cd x\nwhat = %timeit -o 1\nfiles = !ls\ndef f():\n    return 3\n",
    "text = (7\n%2)\ndef f():\n    return 3 * text\n",
    "x = await g()\n%cd x\ndef f():\n    return 3\n",
)


@pytest.mark.parametrize("manager", [MANAGER, lambda: None], ids=["IPython", "without IPython"])
@pytest.mark.parametrize("source", COPIED)
def test_a_cell_is_read_alike_where_there_is_no_ipython(source, manager):
    async def g():
        return 1

    names, errors = {"g": g}, []
    runner = CellRunner(
        names,
        lambda text: magics.transformed(text, manager),
        Inert,
        failed=lambda place, error: errors.append(error),
    )
    runner.run([source], {}, {})
    assert errors == []
    assert names["f"]() == 3


def test_a_cell_of_another_language_does_nothing_where_there_is_no_ipython():
    assert magics.transformed("%%html\n<b>x</b>", lambda: None) == ""


HOSTILE = {
    "newlines": ["\n" * 99_000 + "x = 1"] * 10,
    "a thousand magics": ["%time x\n" * 1000],
    "help": ["x?\n" * 30_000],
    "assigned magics before parentheses": ["a = %t\n" * 2000 + "(" * 3000],
    "parentheses": ["(" * 19_000 + "\n%x\n" * 10] * 20,
    "many cells": ["%x\n" + "(" * 500] * 2000,
    "many texts with numbers": [
        f'%x\nraise ValueError("%d layers of {i}" % 3)  #{"y" * 130}' for i in range(2000)
    ],
    "many cells that raise": ['%x\nraise ValueError(f"{}, {} of the layers".format(1, 2))'] * 2000,
    "lines that call": ["%x\n" + ",f a\n;f a\n/f a\n" * 2000],
    "prompts": [">>> %x\n" + "... !ls\n" * 5000, "In [1]: %x\n" + "   ...: a = !ls\n" * 5000],
    "continued": ["%x \\\n" * 20_000],
}


def test_ipythons_own_module_says_the_same():
    from IPython.core.inputtransformer2 import TransformerManager

    cells = [
        "%matplotlib inline\nx = 1",
        "!ls",
        "x?",
        "a = %time 3",
        ">>> f()\n... g()",
        "?x",
        "if 1:\n  !ls",
    ]
    assert [transformed(cell) for cell in cells] == [magics.transformed(c, TransformerManager) for c in cells]
    assert MANAGER is not TransformerManager


@pytest.mark.parametrize("cells", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_costs_the_grader_nothing_and_the_child_its_time(cells):
    limits = Limits(cell_seconds=0.5, loading_seconds=1.5)
    with Zygote("strong", limits) as zygote:
        before, start = time.process_time(), time.monotonic()
        with zygote.child([*cells, AFTER], seconds=5) as child:
            # It runs, or the notebook has hung for as long as it may.
            answer = child("g", ())
            assert answer.value == 1 or answer.error.kind == "timeout", answer
        assert time.process_time() - before < 1.5
        assert time.monotonic() - start < 15


def test_a_cell_that_is_rewritten_without_end_is_left_out_and_the_others_run():
    slow = "%x\n" + ",f a\n;f a\n/f a\n" * 20_000
    with Zygote("strong", Limits(cell_seconds=0.5)) as zygote, zygote.child([slow, AFTER]) as child:
        assert {place: error.kind for place, error in child.load_failures.items()} == {0: "timeout"}
        assert child("g", ()).value == 1


def test_magics_are_rewritten_where_the_cells_run():
    cells = ["%matplotlib inline\n%config x = 1\nn = 3\n!ls\nn?", "%%time\ndef f(): return n"]
    with Zygote("strong") as zygote, zygote.child(cells) as child:
        assert child.load_failures == {}
        assert child("f", ()).value == 3
