"""`autograder grade --watch`: graded as it arrives, a limit of tries, nothing lost by a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from autograder.grading import watch
from autograder.grading.settings import Settings
from tests.grading.test_grade_submission import NAME, NO_SLOPE, RIGHT, notebook
from tests.support.classroom import Classroom

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


def test_after_a_kill_the_next_watch_grades_what_was_left(room):
    def start():
        command = [sys.executable, "-m", "autograder", "grade", str(room.folder), "--watch", "--seed", "s"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def line(process, text):
        while (said := process.stdout.readline()) and text not in said:
            pass
        assert text in said
        return said

    room.hand_in("ada")
    first = start()
    line(first, "waiting for more")
    path = room.folder / "submitted" / "ben" / NAME
    path.mkdir(parents=True)
    (path / f"{NAME}.ipynb").write_text(json.dumps(notebook(WRONG)))
    assert f"ben {NAME}: 12 of 26" in line(first, "ben")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    room.hand_in("cleo")
    second = start()
    try:
        assert "3 submissions, 1 of them graded now" in line(second, "waiting for more")
        assert {name: room.mark(name).score for name in ("ada", "ben", "cleo")} == {
            "ada": 26,
            "ben": 12,
            "cleo": 26,
        }
    finally:
        second.send_signal(signal.SIGINT)
        ended = second.wait(timeout=20)
        second.stdout.close()
    assert ended == 0
    assert "ben" in (room.folder / ".autograder" / "watch.log").read_text()
