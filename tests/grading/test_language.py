"""A course in another language: what students read is in it, and every score stays."""

import json

import pytest
from typer.testing import CliRunner

from autograder import use_language
from autograder.cli.app import app
from autograder.course.policies import PolicyError, read_policies
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT
from tests.support.classroom import Classroom

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
SENTENCE = "Te detuviste un factor antes"


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


def test_a_language_without_a_catalogue_is_refused_with_those_that_have_one(tmp_path):
    (tmp_path / "autograder.toml").write_text('language = "xx"\n')
    with pytest.raises(PolicyError, match="language is 'xx'; expected one of 'en', 'es'"):
        read_policies(tmp_path)


def test_the_commented_file_names_the_key(tmp_path):
    assert CliRunner().invoke(app, ["init", str(tmp_path / "course")]).exit_code == 0
    assert '# language = "es"' in (tmp_path / "course" / "autograder.toml").read_text()
