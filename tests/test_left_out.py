"""Tests that need what the machine lacks are left out and counted; where all is asked for, the run fails."""

import os
from pathlib import Path

import pytest

from tests.support.inner_run import run_pytest

TESTS = """
import pytest
from tests.support import machine

machine.NEEDS["moon"] = machine.Need("the moon", "wait for the night", lambda: None)
machine.NEEDS["air"] = machine.Need("air", "open a window", lambda: "here")

@pytest.fixture(scope="module")
def moon():
    return machine.needed("moon")

def test_one(moon): ...
def test_two(moon): ...
@pytest.mark.needs("air", "moon")
def test_three(): raise AssertionError("not to be run")
def test_four(): pytest.skip("no stars")
@pytest.mark.needs("air")
def test_five(): assert machine.needed("air") == machine.required("air") == "here"
def test_six():
    with pytest.raises(SystemExit, match=r"the moon is needed .*: wait for the night"):
        machine.required("moon")
@pytest.mark.xfail(reason="known", strict=True)
def test_seven(): raise AssertionError
"""


def run(tmp_path: Path, *options: str, **variables: str) -> tuple[int, str]:
    return run_pytest(tmp_path, TESTS, *options, **variables)


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "in two processes"])
def test_they_are_counted_by_what_they_need(tmp_path, options):
    code, text = run(tmp_path, *options)
    assert code == 0, text
    assert "2 passed, 4 skipped, 1 xfailed" in text
    assert "left out: 3 tests need the moon (wait for the night)" in text
    assert "left out: 1 test: Skipped: no stars" in text


@pytest.mark.parametrize("variables", [{"CI": "true"}, {"REQUIRE": "all"}, {"CI": "true", "REQUIRE": ""}])
def test_where_all_is_asked_for_the_run_has_failed(tmp_path, variables):
    code, text = run(tmp_path, **variables)
    assert code == 1, text
    assert "left out: 3 tests need the moon" in text
    assert "the run has failed" in text


def test_the_terminal_of_the_caller_changes_nothing():
    assert "TERM" not in os.environ
    assert "NO_COLOR" not in os.environ
