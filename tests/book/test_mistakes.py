"""The page of all mistakes says what each of them keeps of the points."""

import re
import sys

import pytest

from autograder.exercises import EXERCISES
from autograder.feedback.words import share_words
from autograder.misconceptions import CATALOGUE
from tests.support.built_book import HTML, ROOT, build

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mistakes import WHOLE_RECIPE, credit_words, upper


def test_each_entry_states_its_credit_on_the_page():
    assert build()[0] == 0
    page = (HTML / "common-mistakes.html").read_text("utf-8")
    found = {
        code.upper(): re.sub(r"<[^>]+>", "", text).replace("’", "'")
        for code, text in re.findall(r'<section id="(k\d+)">(.*?)</section>', page, re.DOTALL)
    }
    assert set(found) == set(CATALOGUE)
    assert [code for code, text in found.items() if credit_words(CATALOGUE[code]) not in text] == []


@pytest.mark.parametrize("code", CATALOGUE)
def test_what_is_stated_is_what_the_grader_gives(code):
    said = credit_words(CATALOGUE[code])
    if code == "K35":
        assert "a fifth" in said
        return
    kept = {CATALOGUE.credit_of(code)}
    if WHOLE_RECIPE & set(CATALOGUE[code].exercises()):
        kept.add(CATALOGUE.credit_of(code, whole_recipe=True))
    assert all(share_words(share) in said for share in kept if share), said
    assert said.count("of the points") == len(kept - {0})
    assert ("nothing" in said) == (0 in kept)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("sum for mean", "Sum for mean"),
        ("dW transposed", "dW transposed"),
        ("db not summed", "db not summed"),
        ("g' twice", "g' twice"),
    ],
)
def test_a_title_begins_with_a_capital_unless_a_name_stands_there(name: str, title: str):
    assert upper(name) == title


def test_the_exercises_with_a_least_share_are_those_that_ask_for_all_steps():
    from autograder.diagnosis import credit

    assert {id for id, e in EXERCISES.items() if e.explained_as in credit.WHOLE_RECIPE} == WHOLE_RECIPE
