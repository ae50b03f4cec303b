import json
import unicodedata

import pytest

from autograder._text import printable_name
from autograder.course.submitted import find_submissions
from tests.support.submissions import loaded

NOTEBOOK = json.dumps(loaded())


def handed_in(course, **files):
    folder = course / "submitted" / "ada" / "05-step-1"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return find_submissions(course)[0][0]


@pytest.mark.parametrize("name", ["hw__ipynb__txt", "hw__ipynb__json", "hw__json"])
def test_the_one_file_that_holds_a_notebook_is_taken(tmp_path, name):
    found = handed_in(tmp_path, **{name: NOTEBOOK, "notes__py": "x = 1"})
    assert found.path is not None
    assert f"was named {name.replace('__', '.')}" in found.notes[0]


def test_what_is_there_instead_of_a_notebook_is_named(tmp_path):
    found = handed_in(tmp_path, hw6__py="x = 1", timestamp__txt="2026-01-31 18:00 UTC")
    assert found.path is None
    assert found.error == "no notebook was handed in, but hw6.py; 05-step-1.ipynb was expected"


def test_of_several_notebooks_the_one_of_the_assignments_name_is_taken(tmp_path):
    found = handed_in(tmp_path, **{"05-step-1 (2)__ipynb": NOTEBOOK, "scratch__ipynb": NOTEBOOK})
    assert found.path.name == "05-step-1 (2).ipynb"
    assert any("1 more left out" in note for note in found.notes)


@pytest.mark.parametrize("name", ["Cléo", "Ōe", "हिन्दी"])
def test_a_folder_whose_accents_are_letters_of_their_own_is_a_students(tmp_path, name):
    folder = tmp_path / "submitted" / unicodedata.normalize("NFD", name) / "05-step-1"
    folder.mkdir(parents=True)
    (folder / "05-step-1.ipynb").write_text(NOTEBOOK)
    found, refused = find_submissions(tmp_path)
    assert refused == []
    (student,) = (each.student for each in found)
    assert unicodedata.normalize("NFC", student) == unicodedata.normalize("NFC", name)


def test_names_are_printed_as_they_are_and_what_hides_is_escaped():
    assert printable_name("Cléo") == "Cléo"
    assert printable_name("a\x1b[31m\u202eb\udc80") == "a\\x1b[31m\\u202eb\\udc80"
