"""A course's own exercises: added in a few lines, certified, released, checked in a notebook."""

import json
import subprocess
import sys

import numpy as np
import pytest

from autograder import check
from autograder.authoring.new_exercise import add_exercise
from autograder.authoring.verify import verify
from autograder.course import own_exercises
from autograder.course.own_exercises import AuthoringError, load
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.misconceptions import CATALOGUE
from autograder.sandbox.calls import LocalCaller


@pytest.fixture
def course(tmp_path):
    add_exercise(tmp_path, "log_cosh_delta", "13-own", "stated", 4)
    add_exercise(tmp_path, "swish_prime", "13-own", "worked", 3)
    return tmp_path


def own(course):
    return load((course / own_exercises.FILE).read_text())


def certified(course):
    known = own(course)
    exercises = {id: known.exercises[id] for id in known.own}
    found = verify(course / "solutions", exercises, whole_book=False, course=known)
    return [f"{f.exercise}: {f.what}: {f.message}" for f in found.failures]


def fraction(function, known):
    verdict = assess(known.exercises[function.__name__], LocalCaller(function), b"seed", course=known)
    return verdict.fraction, verdict.codes


def test_what_the_command_makes_is_certified_as_it_is(course):
    assert own(course).own == ("log_cosh_delta", "swish_prime")
    assert certified(course) == []


def test_two_courses_with_an_exercise_of_the_same_name_are_kept_apart(course):
    """A worker of a cluster grades for both, in any order."""
    mine = (course / own_exercises.FILE).read_text()
    theirs = mine.replace("np.log(np.cosh(z - Y))", "np.cosh(z - Y)")

    def log_cosh_delta(z, Y):
        return np.tanh(z - Y)

    for source, points in ((mine, 1), (theirs, 0), (mine, 1)):
        assert (fraction(log_cosh_delta, load(source))[0] == 1) == bool(points)
    assert "log_cosh_delta" not in load("").exercises


SEVEN_FOR_THE_SLOPE = """
from autograder.authoring import mistake, worked
from autograder.misconceptions import Misconception

@worked("13-own", arguments={"z": ("n", "m")})
def seven(z):
    return 7 + 0 * z

@mistake
class SevenForTheSlope(Misconception):
    code, name, chapter, sentence, hint, snippet = "C1", "seven", "13-own", "The slope is not 7", "?", "7"
    formulas = {"seven": (lambda z: 7 * z,)}
    variants = ({"slope": lambda c: 7.0 + 0 * c.z},)
"""


def test_a_course_changes_neither_the_book_nor_another_course():
    """The same answer has the same name, whatever was judged before: a worker grades for several courses, in
    any order.
    """

    def hidden_delta(W_next, delta_next, z, hidden):
        return (W_next.T @ delta_next) * 7

    def named(known):
        return assess(EXERCISES["hidden_delta"], LocalCaller(hidden_delta), b"seed", course=known).codes

    before = list(EXERCISES), list(CATALOGUE)
    assert [named(load(own)) for own in ("", SEVEN_FOR_THE_SLOPE, "", SEVEN_FOR_THE_SLOPE)] == [
        (),
        ("C1",),
    ] * 2
    assert (list(EXERCISES), list(CATALOGUE)) == before
    with pytest.raises(TypeError):
        EXERCISES["hidden_delta"] = None


def test_a_card_on_an_own_exercise_names_no_equation_of_the_book(course, monkeypatch):
    monkeypatch.chdir(course)

    def swish_prime(z):
        return z / (1 + np.exp(-z))

    def log_cosh_delta(z, Y):
        z -= Y
        return np.tanh(z)

    for function, code in ((swish_prime, "C1"), (log_cosh_delta, "K35")):
        card = check(function)
        assert card.judgement.codes == (code,)
        assert "equation" not in card.text + card.html


def test_a_stated_loss_takes_ten_lines(course):
    lines = (
        (course / own_exercises.FILE).read_text().split("stated(")[1].split("\n)\n")[0].strip().split("\n")
    )
    assert len(lines) <= 10


def test_right_in_other_ways_and_wrong_in_small_ones(course):
    known = own(course)

    def log_cosh_delta(z, Y):
        return np.sinh(z - Y) / np.cosh(z - Y)

    assert fraction(log_cosh_delta, known)[0] == 1

    def log_cosh_delta(z, Y):
        return np.tanh(z - Y) / z.shape[1]

    assert fraction(log_cosh_delta, known)[0] < 1

    def swish_prime(z):
        s = 0.5 * (1 + np.tanh(z / 2))
        return s * (1 + z - z * s)

    assert fraction(swish_prime, known)[0] == 1

    def swish_prime(z):
        s = 1 / (1 + np.exp(-z))
        return s * (1 + z - z * s) + 1e-6

    assert fraction(swish_prime, known)[0] < 1

    def swish_prime(z):
        return z / (1 + np.exp(-z))

    assert fraction(swish_prime, known)[0] < 1
    assert fraction(swish_prime, known)[1] == ("C1",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("s * (1 + z * (1 - s))", "s * (1 + z)", "swish_prime: solution: values"),
        ("np.tanh(z - Y)\n", "z - Y\n", "log_cosh_delta: solution: values"),
        ('def swish_prime(z):\n    """', 'def swish(z):\n    """', "swish_prime: solution: "),
    ],
)
def test_verify_tells_what_is_wrong_with_a_solution(course, old, new, says):
    path = course / "solutions" / "13-own" / "13-own.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert any(failure.startswith(says) for failure in certified(course)), certified(course)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("z / (1 + np.exp(-z)),)}", "z * 0 + 1,)}", None),
        (
            "lambda z: z / (1 + np.exp(-z))",
            "lambda z: swish_prime(z)",
            "C1: the value for its slope: earns everything",
        ),
    ],
)
def test_verify_tells_of_a_mistake_that_is_none(course, old, new, says):
    path = course / own_exercises.FILE
    path.write_text(path.read_text().replace(old, new))
    failures = certified(course)
    assert failures == [] if says is None else any(says in failure for failure in failures)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stated('x', 'y'", "line 2: no Python"),
        ("1 / 0", "line 2: ZeroDivisionError"),
        (
            "stated('hidden_delta', 'x', loss=len, arguments={'z': ('n',)}, gradients=('z',))",
            "is an exercise of the book",
        ),
        (
            "stated('x', 'y', loss=len, arguments={'z': ('n',)}, gradients=('w',))",
            "line 2: ValueError: stated_loss_exercise x: gradients names w",
        ),
        ("@mistake\nclass C(Misconception):\n    code = 'C1'", "C lacks name, sentence"),
        (
            "@mistake\nclass C(Misconception):\n    code = name = sentence = hint = equation = chapter = "
            "snippet = 'K1'",
            "has the code 'K1'; expected C1, C2",
        ),
        (
            "@mistake\nclass C(Misconception):\n    code = name = sentence = hint = equation = chapter = "
            "snippet = 'C1'",
            "names no exercise; expected an exercise of this file",
        ),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_line(text, says):
    head = "from autograder.authoring import *; from autograder.misconceptions import Misconception"
    with pytest.raises(AuthoringError) as caught:
        load(f"{head}\n{text}\n")
    assert str(caught.value).startswith("own_exercises.py")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("id", "assignment", "says"),
    [
        ("Swish", "13-own", "small letters"),
        ("def", "13-own", "expected a function's name"),
        ("../x", "13-own", "expected a function's name"),
        ("fresh", "../x", "expected a folder's name"),
        ("fresh", "06-step-2", "the book has an assignment of this name"),
        ("swish_prime", "13-own", "has it already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_changed(course, id, assignment, says):
    before = {p: p.read_bytes() for p in course.rglob("*") if p.is_file()}
    with pytest.raises(AuthoringError, match=says):
        add_exercise(course, id, assignment, "stated", 4)
    assert {p: p.read_bytes() for p in course.rglob("*") if p.is_file()} == before


def test_check_finds_the_course_s_own_exercises_beside_the_notebook(course, monkeypatch):
    def log_cosh_delta(z, Y):
        return np.tanh(z - Y)

    monkeypatch.chdir(course)
    assert "right" in check(log_cosh_delta).text


def autograder(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_from_nothing_to_a_released_notebook(tmp_path):
    """new-exercise, verify, release."""
    for arguments in (
        ("new-exercise", "log_cosh_delta", "--assignment", "13-own"),
        ("new-exercise", "swish_prime", "--assignment", "13-own", "--kind", "worked"),
        ("verify", "--course", "."),
        ("release", "--source", "solutions", "--to", "release"),
    ):
        done = autograder(*arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    released = json.loads((tmp_path / "release" / "13-own" / "13-own.ipynb").read_text())
    assert "BEGIN SOLUTION" not in json.dumps(released)
    assert (tmp_path / "own_exercises.py").read_text().endswith(",)}\n")
    done = autograder("new-exercise", "swish_prime", "--assignment", "13-own", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    (tmp_path / "empty").mkdir()
    done = autograder("verify", "--course", tmp_path / "empty")
    assert done.returncode == 2
    assert "new-exercise" in done.stderr
