"""What `autograder grade` prints of a large class, and on a terminal of few letters."""

import os
import subprocess
import sys

import pytest

from autograder.cli.grade import _attention_lines
from autograder.grading.grade_course import Graded
from autograder.grading.report_store import ReportStore


def report(student, **exercise):
    found = {"id": "softmax", "status": "not_run", "attention": "not_run", "why": "", "checks": []} | exercise
    return {
        "student": student,
        "assignment": "a",
        "notes": [],
        "exercises": [found, found | {"id": "tanh", "status": "graded", "attention": ""}],
    }


@pytest.fixture
def lines(tmp_path):
    """What is printed of a class with these reports."""

    def printed(*reports):
        store = ReportStore(tmp_path)
        for each in reports:
            store[each["student"], each["assignment"]] = each
        return _attention_lines(
            Graded(store.of([(r["student"], r["assignment"]) for r in reports]), [], 0, [])
        )

    return printed


def test_stubs_are_counted_and_what_is_unusual_is_listed(lines):
    stubs = [report(f"s{number}", reason="as_released") for number in range(40)]
    found = lines(*stubs, report("t", reason="cell_fails", why="its cell does not run"))
    assert len(found) == 2
    assert found[0].startswith("t a: not run: softmax (its cell does not run)")
    assert found[1].startswith("40 submissions have stubs")


def test_a_few_stubs_are_listed(lines):
    assert len(lines(*[report(f"s{number}", reason="unwritten") for number in range(3)])) == 3


def test_a_terminal_of_few_letters_gets_escapes_and_no_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "Cléo.ipynb"],
        cwd=tmp_path,
        env=os.environ | {"LANG": "C.UTF-8", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert b"Cl\\xe9o.ipynb" in done.stderr
    assert b"Traceback" not in done.stderr
