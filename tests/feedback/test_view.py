"""What is shown of a judgement, before it becomes text or HTML."""

import numpy as np
import pytest

from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.feedback.card import Html, card_html, fill
from autograder.feedback.view import Card, Cause, CheckLine, mark_of, wrong_numbers
from autograder.sandbox.calls import LocalCaller
from backprop import g_prime

BAD = "<script>alert('&')</script>"


@pytest.mark.parametrize(
    ("answer", "mark"),
    [(2.0, "✓"), (2.05, "✓"), (-2.05, "±"), (-2.2, "×"), (0.0, "×"), (np.nan, "∅"), (np.inf, "∅")],
)
def test_a_number_is_marked(answer, mark):
    assert mark_of(answer, 2.0, 0.1) == mark


def test_a_wrong_sign_is_marked_as_one_in_the_table():
    def hidden_delta(W_next, delta_next, z, hidden):
        return -(W_next.T @ delta_next) * g_prime(hidden, z)

    verdict = assess(EXERCISES["hidden_delta"], LocalCaller(hidden_delta), b"public", public=True)
    table = wrong_numbers(verdict)
    assert {mark for row in table.rows for mark, _ in row} <= {"±", "✓"}
    assert "± right but for its sign" in table.legend


def test_hidden_numbers_are_in_no_judgement():
    """What a judgement holds may be shown: the evidence of a hidden run is in none, right, wrong or without
    an answer.
    """

    def wrong(W_next, delta_next, z, hidden):
        return W_next.T @ delta_next

    def fails(*_):
        raise ValueError

    for function in (wrong, fails):
        caller = LocalCaller(function, "hidden_delta")
        hidden = assess(EXERCISES["hidden_delta"], caller, b"secret")
        assert hidden.visible == ()
        assert wrong_numbers(hidden) is None
        assert assess(EXERCISES["hidden_delta"], caller, b"", public=True).visible


def test_whatever_is_filled_into_a_card_is_escaped_but_the_cards_own_pieces():
    page = card_html(
        Card(
            id=BAD, headline=BAD, symbol="×", detail=BAD, caution=BAD, notes=[BAD],
            causes=[Cause("K13", BAD, BAD, BAD, BAD, BAD), Cause("", "", BAD)],
            checks=[CheckLine(False, BAD, BAD)],
        )
    )  # fmt: skip
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;") == 12
    assert fill("note", note=Html("<b>x</b>")).count("<b>x</b>") == 1


def test_graded_work_is_told_its_mistakes_name_first_and_its_hint_openly():
    cause = Cause("K13", "g' left out", "You returned ∇_a L", "6.1", "06-step-2", "Look at z")
    advice, final = (card_html(Card("f", "f", "×", causes=[cause], final=final)) for final in (False, True))
    assert "<b>You returned ∇_a L.</b> (K13, g&#x27; left out)" in advice
    assert "<summary" in advice
    assert "<b>g&#x27; left out: You returned ∇_a L</b>" in final
    assert '<p style="margin:0.3em 0">Hint: Look at z</p>' in final
    assert "<details" not in final


@pytest.mark.parametrize("url", [".", "https://a.example/b"])
def test_no_environment_changes_what_graded_work_is_told(monkeypatch, url):
    card = Card("f", "f", "×", causes=[Cause("K13", "a name", "A sentence", "6.1", "06-step-2")], final=True)
    monkeypatch.delenv("DELTABOOK_URL", raising=False)
    told = card_html(card)
    monkeypatch.setenv("DELTABOOK_URL", url)
    assert card_html(card) == told
    assert "equation (6.1) of the book, and K13 among" in told


def test_a_mistake_of_a_courses_own_leads_to_no_page_of_the_book():
    own = Cause("C1", "a name", "A sentence")
    page = card_html(Card("f", "f", "×", causes=[own]))
    assert "(C1, a name)" in page
    assert "equation" not in page
    assert "A hint" not in page
