"""The folder of submissions: found in order, and whatever could lead elsewhere refused with a line."""

import os
from pathlib import Path

import pytest

from autograder.course.submitted import find_submissions, read_bytes
from autograder.notebooks.notebook import NotebookError


def put(course: Path, student: str, assignment: str, name: str | None = None) -> Path:
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{assignment}.ipynb")
    path.write_bytes(b"{}")
    return path


def test_submissions_are_found_in_order_and_tricks_are_refused(tmp_path):
    good = put(tmp_path, "ada", "05-step-1")
    put(tmp_path, "ada", "04-delta", "My delta (final).ipynb")
    put(tmp_path, "bob", "05-step-1", "one.ipynb")
    put(tmp_path, "bob", "05-step-1", "two.ipynb")
    put(tmp_path, "Zoë O'Neil", "05-step-1")
    put(tmp_path, "=cmd()", "05-step-1")
    put(tmp_path, "-rf", "05-step-1")
    put(tmp_path, "bell\x07", "05-step-1")
    put(tmp_path, ".hidden", "05-step-1")
    (tmp_path / "submitted" / "cyd" / "05-step-1").mkdir(parents=True)
    (tmp_path / "submitted" / "note.txt").write_text("hello")
    (tmp_path / "submitted" / "eve").symlink_to(tmp_path / "submitted" / "ada")
    (tmp_path / "submitted" / "bob" / "04-delta").symlink_to("/etc")
    link = put(tmp_path, "dan", "05-step-1", "other.txt").with_name("05-step-1.ipynb")
    link.symlink_to(good)
    os_fifo = tmp_path / "submitted" / "fay" / "05-step-1"
    os_fifo.mkdir(parents=True)

    os.mkfifo(os_fifo / "05-step-1.ipynb")
    found, refused = find_submissions(tmp_path)
    assert [(f.student, f.assignment, f.path is not None) for f in found] == [
        ("Zoë O'Neil", "05-step-1", True),
        ("ada", "04-delta", True),
        ("ada", "05-step-1", True),
        ("bob", "05-step-1", False),
        ("cyd", "05-step-1", False),
        ("dan", "05-step-1", False),
        ("fay", "05-step-1", False),
    ]
    by = {(f.student, f.assignment): f for f in found}
    assert "was named My delta (final).ipynb; 04-delta.ipynb was expected" in by["ada", "04-delta"].notes[0]
    assert "several others: one.ipynb, two.ipynb" in by["bob", "05-step-1"].error
    assert "no notebook was handed in" in by["cyd", "05-step-1"].error
    assert "symbolic link" in by["dan", "05-step-1"].notes[0]
    assert "no plain file" in by["fay", "05-step-1"].notes[0]
    lines = "\n".join(refused)
    for words in (
        "=cmd()",
        "-rf",
        r"bell\x07",
        "note.txt",
        "eve was left out: it is a symbolic link",
        "bob/04-delta",
    ):
        assert words in lines
    assert ".hidden" not in lines
    assert "\x07" not in lines


def test_reading_bytes_follows_no_link_and_waits_for_no_pipe(tmp_path):

    (tmp_path / "real").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    assert read_bytes(tmp_path / "real") == b"secret"
    for name in ("link", "pipe", "absent"):
        with pytest.raises(NotebookError, match="can't be read") as error:
            read_bytes(tmp_path / name)
        assert error.value.reason == "unreadable"


def test_no_course(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder submitted/"):
        find_submissions(tmp_path)
