"""A full disk, a read-only one, a broken gradebook, broken records: a clear
line, nothing lost, and the same result after.
"""

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.grading import jobs

ROOT = Path(__file__).resolve().parents[2]
NAME = "01-forward"
AFFINE = "def affine(W, a_prev, b):\n    return W @ a_prev + b\n"
# Only root may mount a small disk.
needs_root = pytest.mark.needs("root")


def hand_in(course, students):
    content = json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes())
    for cell in content["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "affine_solution":
            cell["source"] = AFFINE
    for student in students:
        path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))


def grade(course):
    """Exit code, what was printed, and the reports but for their seconds. The jobs run in this process."""
    made = Path(tempfile.mkdtemp()) / "out.json"
    arguments = ["grade", str(course), "--seed", "s", "--jobs", "1", "--json", str(made)]
    with patch(
        "autograder.grading.pool.run_on_processes",
        lambda todo, count, meanwhile: ((job, jobs.run_here(job)) for job in todo),
    ):
        done = CliRunner().invoke(app, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    reports = json.loads(made.read_text()) if made.exists() else None
    return done.exit_code, done.output, reports and [r | {"seconds": 0} for r in reports]


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    course = tmp_path_factory.mktemp("whole") / "course"
    hand_in(course, ("ada", "ben"))
    return grade(course)[2]


@contextmanager
def small_disk(folder, size):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@needs_root
def test_a_full_disk(tmp_path, expected):
    with small_disk(tmp_path / "disk", "2m") as disk:
        course = disk / "course"
        hand_in(course, ("ada", "ben"))
        for left in (20, 230):  # too little for the gradebook; too little for what is returned
            space = os.statvfs(disk)
            (disk / "filler").write_bytes(b"x" * (space.f_bavail * space.f_frsize - left * 1024))
            code, said, _ = grade(course)
            assert code == 2, said
            assert "No space left" in said or "disk is full" in said, said
            (disk / "filler").unlink()
        code, said, reports = grade(course)
        assert reports == expected, said


@needs_root
def test_a_read_only_disk(tmp_path, expected):
    with small_disk(tmp_path / "disk", "4m") as disk:
        course = disk / "course"
        hand_in(course, ("ada", "ben"))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        code, said, _ = grade(course)
        assert code == 2
        assert "Read-only file system" in said
        assert "run the same command again" in said
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert grade(course)[2] == expected


@pytest.mark.parametrize("damage", [b"no database at all" * 99, "cut"], ids=["text", "cut off"])
def test_a_broken_gradebook_is_left_alone_and_said_to_be_broken(tmp_path, expected, damage):
    course = tmp_path / "course"
    hand_in(course, ("ada", "ben"))
    whole = None
    if damage == "cut":
        grade(course)
        whole = (course / "gradebook.db").read_bytes()
        damage = whole[:20_000]
    (course / "gradebook.db").write_bytes(damage)
    code, said, _ = grade(course)
    assert code == 2, said
    assert "gradebook" in said
    assert (course / "gradebook.db").read_bytes() == damage
    if whole is None:
        (course / "gradebook.db").unlink()
    else:
        (course / "gradebook.db").write_bytes(whole)
    assert grade(course)[2] == expected


def test_broken_records_are_graded_again(tmp_path, expected):
    course = tmp_path / "course"
    hand_in(course, ("ada", "ben"))
    grade(course)
    records = sorted((course / ".autograder").rglob("*.json"))
    assert records
    for record, damage in zip(records, (b"", b'{"key": 1}', b"[", b"\xff"), strict=False):
        record.write_bytes(damage)
    assert grade(course)[2] == expected
