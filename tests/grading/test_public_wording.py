"""What a student's function says while it holds the hidden numbers must not depend on them."""

import json
import zlib
from dataclasses import replace
from types import SimpleNamespace

import pytest

from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.facts import Fact
from autograder.feedback.words import check_message, error_words
from autograder.grading.documents import autograded, page_facts
from autograder.grading.feedback_page import render_page
from autograder.grading.grade_submission import grade
from autograder.grading.public_wording import in_public_words
from autograder.notebooks.submission import load_assignment
from autograder.sandbox.calls import CallError, Outcome
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
    return report, found + render_page(page_facts(report, submission))


@pytest.mark.parametrize("body", LEAKS.values(), ids=LEAKS)
def test_what_is_returned_is_the_same_for_every_seed(zygote, body):
    pages = set()
    for seed in ("one", "two", "three"):
        report, page = returned(zygote, body, seed)
        assert report.exercises[0].score == 0
        pages.add(page)
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("np.zeros((0, *sys.prefix.encode()[:6]))", "another shape or type than expected"),
        ("np.zeros((0, int(time.time()) % 90_000 + 1_000))", "another shape or type than expected"),
        ("[0.0] * (1_000 + sys.prefix.encode()[1])", "another shape or type than expected"),
        ("np.zeros((17, 17))", "(17, 17)"),
    ],
)
def test_a_form_spells_nothing_of_the_machine(zygote, form, told):
    _, page = returned(zygote, f"import sys, time\nreturn {form}", "one")
    assert told in page


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("return W_next.T @ delta_next", "K13"),
        ("return -((W_next.T @ delta_next) * g_prime(hidden, z))", "the sign is flipped"),
        ("return ((W_next.T @ delta_next) * g_prime(hidden, z)).astype(np.float32)", "float32"),
    ],
)
def test_what_is_chosen_by_the_hidden_numbers_has_no_name(zygote, chosen, told):
    """A function that knows the public numbers could choose among mistakes and remarks by what else it is
    given.
    """
    right = "return (W_next.T @ delta_next) * g_prime(hidden, z)"
    for otherwise in (right, "return z * 0"):
        body = f"if zlib.crc32(z.tobytes()) in {PUBLIC}: {otherwise}\n{chosen}"
        report, _ = returned(zygote, body, "one")
        assert told not in page_facts(report, None)["exercises"][0]["body"]
        assert report.exercises[0].to_json()["misconceptions"] == []
    # The control: who makes the mistake everywhere is told its name.
    report, _ = returned(zygote, chosen, "one")
    assert told in page_facts(report, None)["exercises"][0]["body"]


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


@pytest.mark.parametrize(("kind", "told"), [("exception", "ValueError: math domain error"), ("memory", None)])
def test_an_error_is_told_by_the_public_numbers_only_where_it_is_of_the_same_kind(kind, told):
    exercise = EXERCISES["hidden_delta"]

    def failing(error):
        return SimpleNamespace(
            call_many=lambda name, many: [Outcome(None, error, args) for args in many],
            with_functions=lambda functions: None,
        )

    hidden = CallError("exception", "KeyError: 'what was hidden'", type="KeyError")
    public = CallError(kind, "ValueError: math domain error", type="ValueError")
    before = assess(exercise, failing(hidden), b"secret")
    found = in_public_words(before, lambda: assess(exercise, failing(public), b"", public=True))
    assert (found.status, found.fraction) == (before.status, before.fraction)
    said = error_words(found.error)
    assert said == (told or "an error on the numbers of the grading, not on the public ones")
    assert "hidden" not in repr(found.checks) + repr(found.error)


def test_what_some_calls_raised_is_told_by_the_public_numbers():
    exercise = EXERCISES["hidden_delta"]

    def partly(text):
        def answer(name, args):
            if args[-1] == "tanh":
                return Outcome(None, CallError("exception", f"KeyError: {text}", type="KeyError"), args)
            return Outcome(exercise.reference(*args), None, args)

        many = lambda name, calls: [answer(name, args) for args in calls]  # noqa: E731
        return SimpleNamespace(
            call_many=many, call_pipelined=many, with_functions=lambda functions: partly(text)
        )

    before = assess(exercise, partly("hidden"), b"secret")
    (failed, extreme) = (check for check in before.checks if not check.passed)
    assert "raised KeyError: hidden" in check_message(failed)
    assert "raised KeyError: hidden" in check_message(extreme)
    found = in_public_words(before, lambda: assess(exercise, partly("public"), b"", public=True))
    assert found.fraction == before.fraction
    (failed, extreme) = (check for check in found.checks if not check.passed)
    assert check_message(failed).startswith("raised KeyError: public (tanh")
    assert check_message(extreme).startswith("raised KeyError: public (")
    assert "hidden'" not in repr(found.checks)


def test_no_hidden_case_is_named_whatever_fails_first():
    """Which case fails first is the student's choice, who has seen the numbers."""
    exercise = EXERCISES["hidden_delta"]
    before = assess(exercise, partly_wrong("sigmoid"), b"secret")
    (failed, extreme) = (check for check in before.checks if not check.passed)
    hidden = tuple(replace(c, case="" if c.passed else "a hidden case") for c in before.checks)
    before = replace(before, checks=hidden)
    public = assess(exercise, partly_wrong("sigmoid"), b"", public=True)
    found = in_public_words(before, lambda: public)
    (failed, extreme) = (check for check in found.checks if not check.passed)
    assert "first in: sigmoid" in check_message(failed)
    assert "other numbers than expected" in check_message(extreme)
    assert "a hidden case" not in repr(found)
    # And where the public numbers show nothing, no case at all.
    found = in_public_words(before, lambda: assess(exercise, partly_wrong(""), b"", public=True))
    (failed, extreme) = (check for check in found.checks if not check.passed)
    said = "other numbers than expected on the numbers of the grading, not on the public ones"
    assert check_message(failed) == check_message(extreme) == said


def test_a_credit_is_told_with_the_verdict_and_never_by_the_public_numbers_alone():
    exercise = EXERCISES["hidden_delta"]

    def judged(factor, **public):
        return assess(exercise, partly_wrong("sigmoid", factor), b"" if public else b"secret", **public)

    def said(before, public):
        found = in_public_words(before, lambda: public)
        assert found.fraction == before.fraction
        return {check_message(check) for check in found.checks if not check.passed}

    half, none = "half of the points: a factor 2 or ½, K6", "other numbers than expected"
    assert said(judged(2), judged(2, public=True)) == {half}
    # A name that the public numbers don't give may have been chosen by the hidden ones: its share is told.
    here = "half of the points, for a mistake on the numbers of the grading, not on the public ones"
    assert said(judged(2), judged(1, public=True)) == {here}
    assert said(judged(2), judged(1.7, public=True)) == {here}
    assert said(judged(1.7), judged(2, public=True)) == {
        f"{none} on the numbers of the grading, not on the public ones"
    }


def test_no_hidden_case_is_named_by_a_remark():
    right = assess(EXERCISES["hidden_delta"], partly_wrong(""), b"secret")
    before = replace(right, notes=(Fact("advisory_error", ("a hidden case",)), Fact("bool")))
    public = replace(right, notes=(Fact("bool"), Fact("advisory_answer", ("a public case",))))
    found = in_public_words(before, lambda: public)
    assert found.notes == (Fact("bool"), Fact("advisory_answer", ("a public case",)))
    # A remark that the hidden numbers alone give is told as little as their cases.
    found = in_public_words(before, lambda: right)
    assert found.notes == (Fact("advisory_here"),)


def partly_wrong(hidden, factor=1.7):
    """A caller of a hidden_delta that is wrong for this activation, by a factor."""
    exercise = EXERCISES["hidden_delta"]

    def answer(args):
        return Outcome(exercise.reference(*args) * (factor if args[-1] == hidden else 1), None, args)

    many = lambda name, calls: [answer(args) for args in calls]  # noqa: E731
    return SimpleNamespace(call_many=many, call_pipelined=many, with_functions=lambda _: partly_wrong(hidden))


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
