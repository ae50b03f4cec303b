"""An edition.toml that can't be built is refused before anything is, with the key, what was given
and expected.
"""

import sys
from pathlib import Path

import pytest

from tests.support.built_book import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import edition_file


def read(folder: Path, text: str) -> edition_file.Edition:
    path = folder / "edition.toml"
    path.write_text(text, encoding="utf-8")
    return edition_file.read_edition(path)


def test_nothing_said_is_the_book_itself(tmp_path: Path) -> None:
    edition = read(tmp_path, "")
    assert edition.left_out == ()
    assert "06-step-2" in edition.assignments
    assert edition.name == tmp_path.name


def test_what_a_chapter_leaves_its_exercises_leave_too(tmp_path: Path) -> None:
    edition = read(tmp_path, 'leave_out = ["06-step-2"]')
    assert "06-step-2" not in edition.assignments
    assert "05-step-1" in edition.assignments
    other = read(tmp_path, 'chapters = ["06-step-2"]\nexercises = ["06-step-2"]')
    assert other.assignments == ("06-step-2",)
    assert "05-step-1" in other.left_out


def test_the_graded_set_is_there_if_it_is_named(tmp_path: Path) -> None:
    assert not any(map(edition_file.is_graded, read(tmp_path, "").assignments))
    graded = sorted(p.parent.name for p in (ROOT / "exercises").glob("g[0-9]*/*.ipynb"))
    assert graded
    assert read(tmp_path, f"exercises = ['{graded[0]}']").assignments == (graded[0],)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel = 'x'", "the key titel is unknown; did you mean title?"),
        ("qqq = 1", "the key qqq is unknown; expected one of title,"),
        ("title = 3", "title is 3; expected a text in quotes"),
        ("title = ' '", "title is ' '; expected a text"),
        ("chapters = 'x'", "chapters is 'x'; expected a list"),
        ("chapters = ['x']", "chapters names x; the book's chapters are 01-forward,"),
        ("chapters = []", "chapters leaves no chapter"),
        ("chapters = ['01-forward']\nleave_out = ['11-deep']", "both leave_out and chapters"),
        ("logo = 'no.svg'", "logo: no.svg is not there"),
        ("logo = 'edition.toml'", "logo: edition.toml is no picture; expected .svg"),
        ("address = 'uni.example'", "address is 'uni.example'; expected an address"),
        ("exercises = ['99-x']", "exercises names 99-x; there are 01-forward,"),
        ("[[dates]]\nday = 'soon'\ntext = 'x'", "dates, entry 1: day is 'soon'; expected a date"),
        ("[[dates]]\nday = 2027-01-12", "dates, entry 1: text is missing; expected a str"),
        ("[[dates]]\nday = 2027-01-12\ntext = 'x'\nnote = 'y'", "dates, entry 1: note is unknown"),
        (
            "[[dates]]\nday = 2027-01-12\ntext = 'x'\nsolutions = 'y'",
            "expected day, text; a key of the edition itself stands above the first [[…]]",
        ),
        ("dates = 3", "dates is 3; expected tables, each under [[dates]]"),
        ("[[own_chapters]]\nfile = 'no.md'\nafter = '06-step-2'", "the file no.md is not there"),
        ("title = 'unfinished", "can't be read"),
    ],
)
def test_what_cannot_be_built_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(edition_file.EditionError) as told:
        read(tmp_path, text)
    assert said in str(told.value)
    assert str(tmp_path / "edition.toml") in str(told.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("more.md", 'after = "x"', "after = 'x'; expected one of 01-forward"),
        ("security.md", 'after = "06-step-2"', "the book has a page security already"),
        ("more.md", 'after = "11-deep"', "more follows 11-deep, which is left out"),
    ],
)
def test_an_own_chapter_needs_a_place_and_a_name(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text("# More\n")
    with pytest.raises(edition_file.EditionError) as told:
        read(tmp_path, f'leave_out = ["11-deep"]\n[[own_chapters]]\nfile = "{name}"\n{text}')
    assert said in str(told.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(edition_file.EditionError, match="is not there; expected a file as the page"):
        edition_file.read_edition(tmp_path / "edition.toml")
