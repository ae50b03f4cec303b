"""The language of sentences: English as the code has it, others from their catalogue, numbers as written."""

import re
import subprocess
import sys
from gettext import NullTranslations
from pathlib import Path

import pytest

from autograder import _language, _templates, check
from autograder._language import _, language, localised, n_, use_language
from autograder.feedback.case_words import case_words


@pytest.fixture
def spanish():
    use_language("es")
    yield
    use_language("en")


def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next


def test_english_is_what_stands_in_the_code():
    assert language() == "en"
    assert _("{points:g} points {not filled") == "{points:g} points {not filled"
    assert _("{points:g} points", points=0.5) == "0.5 points"
    assert n_("{n} word", "{n} words", 1) == "1 word"
    assert n_("{n} word", "{n} words", 2) == "2 words"
    assert localised("0.5") == "0.5"


@pytest.mark.usefixtures("spanish")
def test_spanish_comes_from_the_catalogue_with_its_own_decimals():
    assert _("± {id}: {fraction:.0%} of the points", id="affine", fraction=0.75) == (
        "± affine: 75\u00a0% de los puntos"
    )
    assert _("{percent:.3g} % of the points", percent=12.5) == "el 12,5 % de los puntos"
    assert _("a sentence that no catalogue has") == "a sentence that no catalogue has"
    assert n_("{n} of {size} numbers is off", "{n} of {size} numbers are off", 2, size=4) == (
        "2 de 4 números son incorrectos"
    )
    assert case_words("tanh, z of shape (4, 7), inputs of size 0.6, widths 3-5-2, m = 7") == (
        "tanh, z de forma (4, 7), entradas de tamaño 0,6, anchos 3-5-2, m = 7"
    )


@pytest.mark.usefixtures("spanish")
def test_a_card_is_in_one_language_and_its_numbers_stay_python():
    found = check(hidden_delta)
    for text in (found.text, re.sub(r"<[^>]*>", "", found.html)):
        assert "Te detuviste un factor antes" in text
        for english in ("expected", "yours", "hint", "advice", "values of", "smallest", "Note"):
            assert english not in text
    assert all(len(line) <= 79 for line in found.text.split("\n"))
    assert "¿cómo cambia a[l] con z[l]?" in found.text


def test_the_environment_chooses_and_english_needs_no_catalogue():
    code = (
        "import sys; from autograder import check; from autograder._language import _;"
        "print(_('not run'), 'gettext' in sys.modules)"
    )
    for chosen, said in (("es", "no ejecutado True"), ("", "not run False")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"DELTABOOK_LANGUAGE": chosen, "PATH": ""},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert done.stdout.strip() == said


def test_an_unknown_language_says_which_there_are():
    with pytest.raises(ValueError, match="given 'xx'; expected one of en, es"):
        use_language("xx")
    assert language() == "en"


def test_pages_of_a_language_from_right_to_left_say_so(monkeypatch):
    page = "feedback.html.j2"
    monkeypatch.setattr(_language._Chosen, "language", "he")
    assert _language.right_to_left()
    monkeypatch.setattr(_language, "_catalogue", lambda _code: NullTranslations())
    assert '<html lang="he" dir="rtl">' in _templates._environment(True).from_string(head_of(page)).render()
    comment = _templates.in_html(_)("Comment: {comment}", comment="<2-step-06")
    assert comment == "Comment: \N{FIRST STRONG ISOLATE}&lt;2-step-06\N{POP DIRECTIONAL ISOLATE}"
    monkeypatch.setattr(_language._Chosen, "language", "es")
    assert '<html lang="es">' in _templates._environment(True).from_string(head_of(page)).render()


def head_of(name):
    """A template's first two lines, which say the language."""
    text = (Path(_templates.__file__).with_name("templates") / name).read_text(encoding="utf-8")
    return "\n".join(text.split("\n")[:2])
