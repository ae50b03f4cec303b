"""COURSE/.autograder/course.log: who did what, and when."""

import re

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.course import course_log
from autograder.course.course_log import log_command


def lines(course, name="course.log"):
    return (course / ".autograder" / name).read_text().splitlines()


def test_a_command_that_changes_a_course_leaves_a_line(tmp_path, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ada")
    course = tmp_path / "course"
    done = CliRunner().invoke(app, ["init", str(course), "--assignment", "06-step-2"])
    assert done.exit_code == 0, done.output
    (line,) = lines(course)
    assert re.fullmatch(
        r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC ada@\S+ init assignment=\["06-step-2"\].* -> 0', line
    )
    assert CliRunner().invoke(app, ["rename", str(course), "--student", "a", "--to", "b"]).exit_code == 2
    assert lines(course)[1].endswith('rename to="b" student="a" -> 2')
    # What only looks leaves none.
    CliRunner().invoke(app, ["explain", str(course), "ada", "06-step-2"])
    CliRunner().invoke(app, ["forget", str(course), "--student", "a", "--dry-run"])
    assert len(lines(course)) == 2


def test_a_folder_that_is_no_course_gets_none(tmp_path):
    CliRunner().invoke(app, ["grade", str(tmp_path / "nowhere")])
    CliRunner().invoke(app, ["grade", str(tmp_path)])
    assert list(tmp_path.rglob("course.log*")) == []


def test_no_secret_stands_in_it(tmp_path):
    log_command("grade", {"course": tmp_path, "seed": "secret", "db": "postgresql://u:secret@h/d"}, 0)
    assert lines(tmp_path)[0].endswith("grade seed=… db=… -> 0")


def test_its_size_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(course_log, "MOST_BYTES", 2000)
    for number in range(100):
        log_command("grade", {"course": tmp_path, "student": [f"s{number}", "x" * 5000]}, 0)
    sizes = [(tmp_path / ".autograder" / name).stat().st_size for name in course_log.LOG_FILES[:2]]
    assert max(sizes) < 2000 + course_log.MOST_OF_A_LINE + 10
    assert "s99" in lines(tmp_path)[-1]
    kept = sorted(path.name for path in (tmp_path / ".autograder").iterdir())
    assert kept == list(course_log.LOG_FILES[:2])


@pytest.mark.parametrize("others", ["ada2", "x-ada", "ada@example.org"])
def test_whoever_is_forgotten_is_forgotten_here_too(tmp_path, others):
    log_command("collect", {"course": tmp_path, "student": ["ada", others]}, 0)
    log_command("forget", {"course": tmp_path, "student": "ada"}, 0)
    first, last = lines(tmp_path)
    assert f'["{course_log.FORGOTTEN}", "{others}"]' in first
    assert last.endswith(f'forget student="{course_log.FORGOTTEN}" -> 0')


def test_a_log_that_cant_be_written_stops_no_command(tmp_path):
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "course.log").mkdir()
    done = CliRunner().invoke(app, ["init", str(tmp_path), "--assignment", "06-step-2"])
    assert done.exit_code == 0
    assert "log was not written" in done.stderr
    assert "[Errno" not in done.stderr
