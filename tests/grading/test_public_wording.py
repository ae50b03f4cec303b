"""What a student's function says while it holds the hidden numbers must not depend on them."""

import json
import zlib

import pytest

from autograder.exercises import EXERCISES
from autograder.grading.documents import autograded, feedback_page
from autograder.grading.grade_submission import grade
from autograder.notebooks.submission import load_assignment
from autograder.sandbox.zygote import Zygote
from tests.grading.test_grade_submission import NAME, RIGHT, notebook

PUBLIC = {zlib.crc32(case.args[2].tobytes()) for case in EXERCISES["hidden_delta"].probes(b"", public=True)}
HEX = (
    "import zlib\n"
    "def told(x): return ''.join(chr(97 + b // 16) + chr(97 + b % 16) for b in np.asarray(x).tobytes())\n"
)
LEAKS = {
    "an error's text": "raise ValueError(told(z))",
    "an error's name": "raise type(told(z), (Exception,), {})()",
    "a type's name": "return type(told(z), (), {})()",
    "a key": "return {int(abs(x) * 1e6): z for x in z.ravel()}",
    "a shape": "return np.zeros((0, *(int(abs(x) * 1e6) % 1000 for x in z.ravel()[:3])))",
    "a factor": "return ((W_next.T @ delta_next) * g_prime(hidden, z)) * (1 + abs(z[0, 0]))",
    "an error on the hidden numbers alone": (
        f"if zlib.crc32(z.tobytes()) not in {PUBLIC}: raise KeyError(told(z))\nreturn z"
    ),
    "an exit": "import os\nraise SystemExit(int(abs(z[0, 0]) * 100))",
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote("strong") as found:
        yield found


def returned(zygote, body, seed):
    lines = "\n".join("    " + line for line in body.split("\n"))
    cell = HEX + f"def hidden_delta(W_next, delta_next, z, hidden):\n{lines}\n"
    data = json.dumps(notebook(RIGHT | {"hidden_delta_solution": cell})).encode()
    assignment = load_assignment(None, NAME)
    report, submission = grade(assignment, data, student="ada", seed=seed, zygote=zygote)
    found = json.dumps(autograded(assignment, report, submission))
    return report, found + feedback_page(report, submission)


@pytest.mark.parametrize("body", LEAKS.values(), ids=LEAKS)
def test_what_is_returned_is_the_same_for_every_seed(zygote, body):
    pages = set()
    for seed in ("one", "two", "three"):
        report, page = returned(zygote, body, seed)
        assert report.exercises[0].score == 0
        pages.add(page)
    assert len(pages) == 1


def test_an_everyday_error_is_told_as_it_is(zygote):
    report, page = returned(zygote, "return W_next @ delta_next", "one")
    assert "mismatch" in page
    assert report.exercises[0].score == 0


def test_an_error_in_some_calls_is_told_without_its_numbers(zygote):
    report, page = returned(
        zygote,
        "if z.shape == (5, 7) and W_next.shape == (4, 5): raise KeyError(told(z))\nreturn z * 0",
        "one",
    )
    assert report.exercises[0].score == 0
    assert "KeyError" in page


def test_behind_the_wall_too_whole_numbers_that_stop_code_in_place_cost_nothing(zygote):
    in_place = "def output_delta(name, z, Y):\n    d = -Y\n    d += g(name, z)\n    return d\n"
    data = json.dumps(notebook({"output_delta_solution": in_place}, "05-step-1")).encode()
    report, _ = grade(load_assignment(None, "05-step-1"), data, student="ada", seed="s", zygote=zygote)
    found = next(exercise for exercise in report.exercises if exercise.id == "output_delta")
    assert found.score == found.max_score


def test_a_helper_that_is_not_written_is_named_in_every_call_that_meets_it(zygote):
    """Only the first error of many has its traceback's lines; where it was raised is told of each."""
    with zygote.child(
        ["def g(z):\n    raise NotImplementedError\ndef f(z):\n    return g(z)\n"], seconds=20
    ) as child:
        errors = [outcome.error for outcome in child.call_many("f", [(1.0,), (2.0,)])]
    assert [error.unwritten(("g",)) for error in errors] == ["g", "g"]
    assert [error.unwritten(()) for error in errors] == ["", ""]
