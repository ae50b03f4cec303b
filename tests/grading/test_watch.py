"""`autograder grade --watch`: graded as it arrives, a limit of tries, nothing lost by a kill."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys

import pytest

from autograder.grading import pool, watch
from autograder.grading.settings import Settings
from tests.grading.test_grade_submission import NAME, NO_SLOPE, RIGHT, notebook
from tests.support.classroom import Classroom, graded_here

WRONG = RIGHT | {"hidden_delta_solution": NO_SLOPE}
NOON = 1_800_000_000.0


@pytest.fixture
def room(tmp_path):
    return Classroom(tmp_path)


@pytest.fixture
def over(room):
    """A watch that has begun; its lines in lines."""
    room.hand_in("ada")
    lines = []
    made = watch.Watch(Settings(room.folder, seed="s"), room.url, lines.append)
    made.lines = lines
    made.begin()
    return made


def twice(over, now):
    """Two looks: what looks the same twice has been written to its end."""
    return over.look(now) + over.look(now + 1)


def test_what_arrives_is_graded_and_nothing_else(room, over):
    assert room.mark("ada").score == 26
    assert twice(over, NOON) == []
    room.hand_in("ben", WRONG)
    assert over.look(NOON) == []
    (done,) = over.look(NOON + 1)
    assert [report["student"] for report in done.reports] == ["ben"]
    assert room.mark("ben").score == 12
    assert (room.folder / "feedback" / "ben" / NAME / f"{NAME}.html").is_file()
    assert over.lines[-1].startswith(f"ben {NAME}: 12 of 26")
    assert twice(over, NOON + 2) == []


def test_so_many_tries_an_hour_and_the_last_one_is_graded_then(room, over):
    room.policy("[watch]\ntries_per_hour = 1\n")
    room.hand_in("ben", WRONG)
    assert len(twice(over, NOON)) == 1
    room.hand_in("ben", RIGHT)
    assert twice(over, NOON + 60) == []
    assert room.mark("ben").score == 12
    assert "1 tries this hour" in over.lines[-1]
    assert len(twice(over, NOON + 3700)) == 1
    assert room.mark("ben").score == 26


def test_a_share_that_is_gone_is_told_once_and_nothing_is_lost(room, over):
    shutil.move(room.folder / "submitted", room.folder / "elsewhere")
    assert twice(over, NOON) == []
    assert sum("nothing is lost" in line for line in over.lines) == 1
    shutil.move(room.folder / "elsewhere", room.folder / "submitted")
    room.hand_in("ben")
    assert len(twice(over, NOON)) == 1
    assert room.mark("ada").score == 26


def test_in_a_rush_as_many_processes_grade_as_there_are_cores(room, over, monkeypatch):
    monkeypatch.setattr(watch, "RUSH", 1)
    asked = []

    def processes(todo, *_, **__):
        asked.append("processes")
        return graded_here(todo, 2)

    monkeypatch.setattr(pool, "run_on_processes", processes)
    room.hand_in("ben", WRONG)
    room.hand_in("cleo")
    assert len(twice(over, NOON)) == 1
    assert asked == ["processes"]
    assert (room.mark("ben").score, room.mark("cleo").score) == (12, 26)
    room.hand_in("dan")
    twice(over, NOON + 60)
    assert asked == ["processes"]


def test_a_file_that_goes_away_at_the_look_is_no_trouble(room, over, monkeypatch):
    room.hand_in("ben", WRONG)
    path = room.folder / "submitted" / "ben" / NAME / f".{NAME}.part"
    path.touch()
    scan = os.scandir

    def passing(folder):
        entries = list(scan(folder))
        if any(entry.name == path.name for entry in entries):
            path.unlink()
        return entries

    monkeypatch.setattr(watch.os, "scandir", passing)
    over.look(NOON)
    monkeypatch.setattr(watch.os, "scandir", scan)
    assert not path.exists()
    assert len(twice(over, NOON + 1)) == 1
    assert not [line for line in over.lines if "nothing is lost" in line]


def test_a_share_that_is_gone_at_the_start_is_waited_for(room):
    lines = []
    over = watch.Watch(Settings(room.folder, seed="s"), room.url, lines.append)
    assert over.try_to_begin() is over.try_to_begin() is None
    assert ["nothing is lost" in line for line in lines] == [True]
    room.hand_in("ada")
    assert len(over.try_to_begin().reports) == 1


@pytest.mark.parametrize("vanishes", [True, False])
def test_what_changes_or_vanishes_while_it_is_graded_is_graded_again(room, over, monkeypatch, vanishes):
    grade, submitted = watch.grade_course, room.folder / "submitted"

    def disturbed(*arguments):
        if vanishes:
            shutil.move(submitted, room.folder / "elsewhere")
            submitted.mkdir()
        else:
            room.hand_in("ben", RIGHT)
        return grade(*arguments)

    room.hand_in("ben", WRONG)
    monkeypatch.setattr(watch, "grade_course", disturbed)
    twice(over, NOON)
    monkeypatch.setattr(watch, "grade_course", grade)
    if vanishes:
        assert "nothing is lost" in over.lines[-1]
        submitted.rmdir()
        shutil.move(room.folder / "elsewhere", submitted)
    assert len(twice(over, NOON + 60)) == 1
    assert room.mark("ben").score == (12 if vanishes else 26)
    assert twice(over, NOON + 70) == []


def test_the_course_s_own_name_for_what_was_handed_in_holds(room):
    (room.folder / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.submitted_directory = "handed_in"\n'
    )
    room.hand_in("ada")
    shutil.move(room.folder / "submitted", room.folder / "handed_in")
    assert list(watch.contents_of(room.folder)) == [("ada", NAME)]


def start(room):
    """The command itself over the course."""
    command = [sys.executable, "-m", "autograder", "grade", str(room.folder), "--watch", "--seed", "s"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def line(process, text):
    """The next line that holds this text."""
    while (said := process.stdout.readline()) and text not in said:
        pass
    assert text in said
    return said


def end(process):
    """As Ctrl-C; the exit code."""
    process.send_signal(signal.SIGINT)
    ended = process.wait(timeout=20)
    process.stdout.close()
    return ended


def test_a_full_disk_is_told_once_and_what_came_is_graded_when_there_is_room(room):
    room.hand_in("ada")
    process = start(room)
    try:
        line(process, "waiting for more")
        most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))
        room.hand_in("ben", WRONG)
        line(process, "nothing is lost")
        assert room.mark("ben") is None
        assert room.mark("ada").score == 26
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, most)
        assert "12 of 26" in line(process, f"ben {NAME}")
    finally:
        ended = end(process)
    assert ended == 0
    assert room.mark("ben").score == 12
    assert "26 of 26" in room.page("ada")


def test_after_a_kill_the_next_watch_grades_what_was_left(room):
    room.hand_in("ada")
    first = start(room)
    line(first, "waiting for more")
    path = room.folder / "submitted" / "ben" / NAME
    path.mkdir(parents=True)
    (path / f"{NAME}.ipynb").write_text(json.dumps(notebook(WRONG)))
    assert f"ben {NAME}: 12 of 26" in line(first, "ben")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    room.hand_in("cleo")
    second = start(room)
    try:
        assert "3 submissions, 1 of them graded now" in line(second, "waiting for more")
        assert {name: room.mark(name).score for name in ("ada", "ben", "cleo")} == {
            "ada": 26,
            "ben": 12,
            "cleo": 26,
        }
    finally:
        ended = end(second)
    assert ended == 0
    assert "ben" in (room.folder / ".autograder" / "watch.log").read_text()
