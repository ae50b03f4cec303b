"""--db: the URL itself, or a file that holds it."""

import pytest

from autograder.gradebook.gradebook_url import GradebookError, given_url

SECRET = "postgresql+psycopg://ada:secret@host/scores"


def test_the_url_may_stand_in_a_file(tmp_path):
    path = tmp_path / "url"
    path.write_text(f"{SECRET}\n")
    assert given_url(f"@{path}") == SECRET
    assert given_url(SECRET) == SECRET
    assert given_url(None) is None


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\xff\xfe"])
def test_a_file_without_a_url_is_one_line(tmp_path, content):
    path = tmp_path / "url"
    path.write_bytes(content)
    with pytest.raises(GradebookError, match="--db @") as found:
        given_url(f"@{path}")
    assert "\n" not in str(found.value)
    with pytest.raises(GradebookError, match="can't be read"):
        given_url(f"@{tmp_path / 'none'}")
