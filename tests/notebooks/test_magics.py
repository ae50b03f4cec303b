import time

import pytest

from autograder.notebooks.magics import BUSY, plain_python, transformed


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


HOSTILE = {
    "newlines": ["\n" * 99_000 + "x = 1"] * 10,
    "a thousand magics": ["%time x\n" * 1000],
    "help": ["x?\n" * 30_000],
    "assigned magics before parentheses": ["a = %t\n" * 2000 + "(" * 3000],
    "parentheses": ["(" * 19_000 + "\n%x\n" * 10] * 20,
    "many cells": ["%x\n" + "(" * 500] * 2000,
}


@pytest.mark.parametrize("cells", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_costs_a_few_seconds_at_most(cells):
    start = time.process_time()
    plain_python(cells)
    assert time.process_time() - start < 6


def test_what_was_not_rewritten_is_said():
    cells, remarks = plain_python(["x?\n" * 30_000, "%matplotlib inline"])
    assert remarks == [BUSY]
    assert cells[0].startswith("x?")
    assert "run_line_magic" in cells[1]
