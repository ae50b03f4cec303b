"""What failed in a browser is tried once more, alone; nothing else is."""

from pathlib import Path

import pytest

from tests.support.inner_run import run_pytest

TESTS = """
import os, pathlib, pytest
TRIED = pathlib.Path(__file__).with_name("tried")

@pytest.fixture
def page():
    return None

def test_late_once(page):
    if {late} and not TRIED.exists():
        TRIED.touch()
        raise AssertionError("late")

@pytest.mark.skipif({skipped}, reason="no stars")
def test_broken_page(page):
    assert not {broken}

def test_a_number():
    assert not {wrong}
"""
NOTHING = {"late": False, "broken": False, "wrong": False, "skipped": False}


def run(tmp_path: Path, *options: str, require: str = "", **faults: bool) -> tuple[int, str]:
    tests = TESTS.format(**{**NOTHING, **faults})
    return run_pytest(tmp_path, tests, "-p", "tests.support.second_try", *options, REQUIRE=require)


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "in two processes"])
def test_a_page_that_was_late_once_is_named_and_the_run_passes(tmp_path, options):
    code, text = run(tmp_path, *options, late=True)
    assert code == 0, text
    assert "1 failed, 2 passed" in text
    assert "passed alone: is it the machine or the page?" in text
    assert "tried again: test_it.py::test_late_once" in text


def test_a_page_that_is_broken_fails_twice(tmp_path):
    code, text = run(tmp_path, broken=True)
    assert code == 1
    assert "Not all of them passed alone either: the run has failed." in text


@pytest.mark.parametrize("late", [False, True])
def test_what_fails_outside_a_browser_fails_at_once(tmp_path, late):
    code, text = run(tmp_path, wrong=True, late=late)
    assert code == 1
    assert "tried again" not in text


def test_a_second_try_does_not_hide_what_was_left_out(tmp_path):
    code, text = run(tmp_path, late=True, skipped=True, require="all")
    assert code == 1
    assert "left out: 1 test: Skipped: no stars" in text


def test_a_run_without_a_failure_has_no_second_try(tmp_path):
    code, text = run(tmp_path)
    assert code == 0
    assert "tried again" not in text
