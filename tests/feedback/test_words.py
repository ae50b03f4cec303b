"""Facts in words: each kind has its sentence, and a sentence says what was given, where and what is
expected.
"""

import ast
from pathlib import Path

import numpy as np
import pytest

from autograder.exercises import EXERCISES
from autograder.exercises.expected import ExpectedArray, Target
from autograder.facts import Fact
from autograder.feedback import report_words, words
from autograder.feedback.view import check_lines
from autograder.feedback.words import check_message, check_summary, problem_words
from autograder.judging.comparison import Check, compare
from autograder.judging.gradient_check import compare_check
from autograder.sandbox.calls import CallError

PACKAGE = Path(words.__file__).resolve().parents[1]
LAYERS, ONE = "expected a dict keyed by the layer number", "expected a tuple of 1"
NO_SENTENCE = {"everything"}


def leaf(shape, name="delta"):
    return ExpectedArray(name, np.ones(shape), np.ones(shape), "part")


@pytest.mark.parametrize(
    ("template", "answer", "said"),
    [
        (leaf((3, 2)), None, "the answer is None (is a return missing?); expected an array of shape (3, 2)"),
        (leaf((3, 2)), 1j, "the answer is a complex; expected an array of shape (3, 2)"),
        (leaf((3, 2)), np.ones((3, 2)) + 0j, "the answer has dtype complex128; expected real numbers"),
        (leaf((3, 2)), np.ones((2, 3)), "the answer has shape (2, 3); expected shape (3, 2)"),
        (leaf((3, 2)), [[1, 1]] * 3, "the answer is a list; expected an array of shape (3, 2)"),
        (leaf(()), "one", "the answer is a str; expected a number"),
        (leaf(()), np.ones(3), "the answer has shape (3,); expected a single number"),
        ({1: leaf(2, "db[1]")}, (1, 2), "the answer is a tuple of 2; " + LAYERS),
        ({1: leaf(2, "db[1]")}, {}, "the answer is an empty dict; expected the keys 1 to 1"),
        ({1: leaf(2, "db[1]")}, {1: np.ones(3)}, "db[1] has shape (3,); expected shape (2,)"),
        ((leaf(2), leaf(2)), np.ones(2), "the answer is an array of shape (2,); expected a tuple of 2"),
        (({1: leaf(2)}, leaf(2)), (7, np.ones(2)), "item 0 of the answer is an int; " + LAYERS),
        (({1: (leaf(2),)},), ({1: {2: 3}},), "item 0 of the answer[1] is a dict with keys 2; " + ONE),
    ],
)
def test_what_is_wrong_with_a_form_is_said_with_what_was_given_and_expected(template, answer, said):
    assert problem_words(compare(Target(template), answer).problems[0]) == said


def test_a_gradient_checks_form_is_said_too():
    case, target = (many[0] for many in EXERCISES["gradient_check"].asked(b"", public=True))
    whole, ok, errors = (
        compare_check(case, target, given).problems for given in (None, ("yes", None), (True, None))
    )
    shape = target.template[1].expected.shape
    assert problem_words(whole[0]) == "the answer is None (is a return missing?); expected (ok, errors)"
    assert problem_words(ok[0]) == "ok is a str; expected True or False"
    said = f"errors is None (is a return missing?); expected an array of theta's shape {shape}"
    assert problem_words(errors[0]) == said


def test_parts_that_failed_alike_share_a_line_and_one_alone_keeps_its_case():
    """By what was found, never by the text: a case or an error may have brackets and colons of its own."""
    error = CallError("exception", "ValueError: f(x) (see: g)", type="ValueError")
    raised = [Check("values", False, 0.1, part, Fact("raised", (error,)), f"{part} (1)") for part in "ab"]
    (line,) = check_lines(raised)
    assert (line.name, line.message) == ("values of a; b", "raised ValueError: f(x) (see: g)")
    (line,) = check_lines(raised[:1])
    assert line.message == "raised ValueError: f(x) (see: g) (a (1))"
    many = Check("values", False, 0.1, "c", Fact("other_numbers", (2, 5)), "c, first")
    assert check_message(many) == "other numbers than expected in 2 of 5 arrays, first in: c, first"
    hidden = Check("values", False, 0.1, "c", Fact("other_numbers"), "c")
    assert check_message(hidden) == "other numbers than expected, first in: c"
    assert check_summary(many) == check_summary(hidden) == "other numbers than expected"


def kinds_in(folder):
    """The literal kinds that a folder's code makes facts of."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fact":
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


@pytest.mark.parametrize(
    ("folder", "tables"),
    [
        ("judging", (words.FAILED, words.EXPECTED, words.NOTES)),
        ("diagnosis", (words.FAILED, words.NOTES)),
        ("feedback", (words.NOTES,)),
        ("notebooks", (report_words.SUBMISSION,)),
        ("grading", (report_words.REASONS, report_words.ATTENTION_ALONE, words.FAILED, words.NOTES)),
    ],
)
def test_each_kind_of_fact_has_its_sentence(folder, tables):
    known = set().union(*tables) | NO_SENTENCE
    found = set(kinds_in(folder))
    assert found
    assert found <= known
