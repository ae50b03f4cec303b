from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.verify import read_solutions, verify
from autograder.course.own_exercises import BOOK
from autograder.exercises import EXERCISES
from autograder.exercises.expected import ExpectedArray, Target
from autograder.misconceptions import CATALOGUE, Catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def verification():
    return verify(ROOT / "solutions")


def test_every_exercise_is_certified(verification):
    assert verification.passed, verification.failures
    for id in EXERCISES:
        whats = {finding.what for finding in verification.findings if finding.exercise == id}
        assert {"reference", "solution", "stub"} <= whats


def test_every_catalogue_entry_is_tried_where_it_applies(verification):
    tried = {(f.exercise, f.what) for f in verification.findings}
    for code, entry in CATALOGUE.items():
        for exercise in entry.exercises():
            assert (exercise, code) in tried


def test_points_add_up_to_100_and_the_bonus(verification):
    message = next(f.message for f in verification.findings if f.what == "points" and "bonus" in f.message)
    assert message.startswith("100 points and 28 of bonus")


def test_solutions_are_read_with_what_stands_before_them():
    found = read_solutions(ROOT / "solutions")
    assert set(EXERCISES) < set(found)
    assert "hidden_delta" in found["all_deltas"].before
    assert "raise NotImplementedError" in found["backprop"].stub
    assert "BEGIN SOLUTION" in found["backprop"].solution


def test_a_folder_without_solutions_is_refused_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="give the folder of the source notebooks"):
        verify(tmp_path)


def certified(exercise, *codes):
    """What is found of this exercise, by what it is of; of the catalogue's entries these alone are tried."""
    course = replace(BOOK, catalogue=Catalogue(CATALOGUE[code] for code in codes))
    findings = verify(ROOT / "solutions", {exercise.id: exercise}, course=course).findings
    return {finding.what: finding for finding in findings}


def changed(exercise, change):
    def target(case):
        given = exercise.target(case)
        leaf = given.template
        assert isinstance(leaf, ExpectedArray)
        return Target(replace(leaf, expected=change(leaf.expected)))

    return replace(exercise, target=target)


@pytest.mark.parametrize("id", ["affine", "sigmoid", "g_prime", "loss", "output_delta", "hidden_delta"])
def test_a_reference_that_is_wrong_is_found(id):
    wrong = changed(EXERCISES[id], lambda expected: expected * (1 + 1e-9) + 1e-12)
    found = certified(wrong)
    assert not found["reference"].passed
    assert not found["solution"].passed


def test_a_stub_that_would_earn_something_is_found():
    easy = replace(
        EXERCISES["affine"],
        target=lambda case: Target(ExpectedArray("z", np.zeros(()), np.zeros(()), case.part)),
    )
    found = certified(easy)
    assert not found["solution"].passed


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (EXERCISES["output_delta"].reference, "form 2 of 2 earns everything"),
        (CATALOGUE["K5"].forms("output_delta")[0], "form 2 of 2 is named K5"),
    ],
)
def test_a_form_that_is_not_typical_is_certified_too(monkeypatch, second, said):
    entry = CATALOGUE["K4"]
    typical = entry.forms("output_delta")[0]
    monkeypatch.setattr(entry, "forms", lambda exercise_id: [typical, second])
    found = certified(EXERCISES["output_delta"], "K4", "K5")
    assert not found["K4"].passed
    assert said in found["K4"].message
