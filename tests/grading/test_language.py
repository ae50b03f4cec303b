"""A course in another language: what students read is in it, and every score stays."""

import json
import re
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from autograder import _language, check
from autograder._language import use_language
from autograder.cli.app import app
from autograder.course.policies import PolicyError, read_policies
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT
from tests.support.classroom import Classroom

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
SENTENCE = "Te detuviste un factor antes"


def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next


@pytest.fixture
def room(tmp_path):
    yield Classroom(tmp_path)
    use_language("en")


def test_students_read_spanish_and_scores_stay(room):
    room.hand_in("bob", RIGHT | {"hidden_delta_solution": NO_SLOPE})
    (english,) = room.grade().reports
    assert SENTENCE not in room.page("bob")
    room.policy('language = "es"\n')
    (spanish,) = room.grade().reports
    page = room.page("bob")
    assert '<html lang="es">' in page
    assert SENTENCE in page
    assert "12 de 26 puntos" in page
    assert "Lo que entregaste" in page
    told = json.dumps(spanish, ensure_ascii=False)
    assert "números distintos de los esperados" in told
    assert spanish["score"] == english["score"]
    assert [e["misconceptions"] for e in spanish["exercises"]] == [
        e["misconceptions"] for e in english["exercises"]
    ]


class Texts(HTMLParser):
    """The texts of a page that stand in no element with a direction of its own, without isolated pieces."""

    OWN = frozenset({"bdi", "pre", "code", "title", "option", "style", "script"})
    VOID = frozenset({"meta", "input", "br", "link"})

    def __init__(self):
        super().__init__()
        self.within, self.found = [], []

    def handle_starttag(self, tag, attrs):
        self.within += [tag] * (tag not in self.VOID)

    def handle_endtag(self, tag):
        assert self.within.pop() == tag

    def handle_data(self, data):
        if not self.OWN.intersection(self.within):
            self.found.append(re.sub("\u2068[^\u2069]*\u2069", "", data))


def test_names_keep_their_direction_in_a_language_from_right_to_left(room, tmp_path, monkeypatch):
    """06-step-2 would be read 2-step-06 in Hebrew, had it no direction of its own."""
    (tmp_path / "locale" / "he").mkdir(parents=True)
    monkeypatch.setattr(_language, "_catalogues", lambda: tmp_path / "locale")
    monkeypatch.setattr(_language, "_catalogue", lambda _code: NullTranslations())
    room.policy('language = "he"\n')
    room.hand_in("2-bob", RIGHT | {"hidden_delta_solution": NO_SLOPE})
    room.grade()
    assert CliRunner().invoke(app, ["report", str(room.folder)]).exit_code in (0, 1)
    pages = [room.page("2-bob"), *(path.read_text() for path in (room.folder / "report").rglob("*.html"))]
    assert len(pages) > 3
    for page in pages:
        assert '<html lang="he" dir="rtl">' in page
        texts = Texts()
        texts.feed(page)
        assert [text for text in texts.found if "06-step-2" in text or "2-bob" in text] == []
    card = check(hidden_delta).html
    assert 'dir="rtl" style="border:1px solid currentColor;border-right:6px' in card
    for part in ("<pre ", "<table ", '<div data-case-inputs="" '):
        assert card.count(part) == card.count(f'{part}dir="ltr"') > 0


def test_a_language_without_a_catalogue_is_refused_with_those_that_have_one(tmp_path):
    (tmp_path / "autograder.toml").write_text('language = "xx"\n')
    with pytest.raises(PolicyError, match="language is 'xx'; expected one of 'en', 'es'"):
        read_policies(tmp_path)


def test_the_commented_file_names_the_key(tmp_path):
    assert CliRunner().invoke(app, ["init", str(tmp_path / "course")]).exit_code == 0
    assert '# language = "es"' in (tmp_path / "course" / "autograder.toml").read_text()
