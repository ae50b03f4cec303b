"""What check() says, card by card, is what was read and found good: tests/golden/messages.md."""

import inspect
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from autograder.feedback.words import note_words

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from gallery import card, golden, words

from autograder.judging import comparison, judge, precision
from autograder.misconceptions import CATALOGUE

TO_UPDATE = "read the new words, then: python benchmarks/gallery.py --golden"


def test_every_card_says_what_it_said():
    differing = [heading for heading, body in golden().items() if words(card(heading)) != body]
    assert not differing, TO_UPDATE


def test_every_entry_of_the_catalogue_has_a_card_that_names_it():
    said = golden()
    for code, entry in CATALOGUE.items():
        if entry.exercises():
            assert f"({code}," in said[f"{code} in {entry.exercises()[0]}"].replace("\n    ", " "), TO_UPDATE


@pytest.mark.parametrize(
    "name", [n for m in (comparison, judge, precision) for n in vars(m) if n.startswith("NOTE_")]
)
def test_every_note_is_on_a_card(name):
    note = next(getattr(m, name) for m in (comparison, judge, precision) if hasattr(m, name))
    assert any(note_words(note) in " ".join(body.split()) for body in golden().values()), TO_UPDATE


def test_a_card_says_one_thing_once():
    for heading, body in golden().items():
        text = re.sub(r"[^\w\s.:!?]", "", " ".join(body.split()))
        said = Counter(s for s in re.split(r"(?<=[.:!?])\s", text) if len(s.split()) > 4)
        assert [sentence for sentence, count in said.items() if count > 1] == [], heading


def test_no_card_has_a_script_or_a_style_and_every_hint_is_folded_away():
    for heading in list(golden())[:5]:
        page = card(heading).html
        assert "<script" not in page
        assert "<style" not in page
        assert page.count("<details") >= page.count("A hint") > 0


def test_no_sign_of_the_catalogue_is_taken_for_markdown():
    """The book sets an entry's sentence bold before its explanation: a * in it ended that too early."""
    for code, entry in CATALOGUE.items():
        text = inspect.cleandoc(entry.__doc__).replace("\n", " ")
        page = MarkdownIt().render(f"**{entry.sentence}.** {text}")
        assert page.startswith("<p><strong>"), code
        assert (page.count("<strong>"), page.count("<em>")) == (1, 0), code
