"""The server behind `make mutants`: a change is noticed, hangs or can not be made, for one job alone."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import functools

def double(x):
    return x * 2

def times(n):
    def by_n(x):
        return x * n
    return by_n

triple = times(3)

@functools.cache
def kept(x):
    return x + 1

kept(1)
"""
TESTS = """
from subject import double, kept, triple

def test_double():
    assert double(2) == 4

def test_triple():
    assert triple(2) == 6

def test_kept():
    assert kept(1) == 2
"""
Asked = Callable[[str, str, str], str]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """What the server says of one test with one piece of the code put for another."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "subject.py").write_text(CODE)
    (folder / "test_subject.py").write_text(TESTS)
    (jobs, ours), (answers, theirs) = os.pipe(), os.pipe()
    options = ["-x", "-q", "-s", "-p", "no:cacheprovider", "-p", "mutant_server", f"--serve={jobs},{theirs}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, "--rootdir=.", "test_subject.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "tools")])},
        pass_fds=(jobs, theirs),
        stdout=subprocess.DEVNULL,
    )
    os.close(jobs)
    os.close(theirs)

    def answer() -> str:
        assert select.select([answers], [], [], 60)[0], "no answer in a minute"
        return str(json.loads(os.read(answers, 4096)))

    def asked(test: str, old: str, new: str) -> str:
        job = {"tests": [f"test_subject.py::{test}"], "seconds": 3, "file": "subject.py"}
        os.write(ours, json.dumps(job | {"text": CODE.replace(old, new)}).encode() + b"\n")
        return answer()

    assert answer() == "ready"
    yield asked
    os.close(ours)
    assert process.wait(60) == 0


def test_a_change_that_a_test_notices_fails_and_the_next_job_does_not_see_it(ask: Asked) -> None:
    assert ask("test_double", "x * 2", "x * 3") == "failed"
    assert ask("test_double", "x * 2", "2 * x") == "passed"
    assert ask("test_triple", "x * 2", "x * 3") == "passed"


def test_a_function_made_by_another_and_a_result_that_was_kept_are_changed_too(ask: Asked) -> None:
    assert ask("test_triple", "x * n", "x + n") == "failed"
    assert ask("test_kept", "x + 1", "x + 2") == "failed"


def test_a_change_that_never_ends_is_late(ask: Asked) -> None:
    assert ask("test_double", "return x * 2", "while True: pass") == "late"


def test_a_change_that_takes_other_variables_can_not_be_made(ask: Asked) -> None:
    assert ask("test_triple", "x * n", "x * 3") == "unchangeable"
