"""nbgrader's exchange beside a watch: what is taken from it, what is left there, what goes back."""

import hashlib
import json
import os
import pwd

import pytest

from autograder.grading.settings import Settings
from autograder.grading.watch import Watch
from autograder.lms import exchange
from autograder.lms.exchange import ExchangeError, open_exchange
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook
from tests.support.classroom import STEP_2, Classroom

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
ME = pwd.getpwuid(os.geteuid()).pw_name
EARLY, LATE = "2026-03-01 10:00:00.000001 UTC", "2026-03-01 11:00:00.000001 UTC"
WRONG = RIGHT | {"hidden_delta_solution": NO_SLOPE}


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course" / "submitted").mkdir(parents=True)
    (tmp_path / "exchange" / "inbound").mkdir(parents=True)
    room = Classroom(tmp_path / "course")
    room.exchange, room.lines = tmp_path / "exchange", []
    return room


def submit(room, time, answers=RIGHT, student=ME, **files):
    """As `nbgrader submit` does; the folder."""
    folder = room.exchange / "inbound" / f"{student}+{STEP_2}+{time}+abc"
    folder.mkdir()
    (folder / f"{STEP_2}.ipynb").write_text(json.dumps(notebook(answers)))
    (folder / "timestamp.txt").write_text(time)
    (folder / "submission_secret.txt").write_text(f"secret {time}")
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def taken(room):
    path = room.folder / "submitted" / ME / STEP_2 / "timestamp.txt"
    return path.read_text() if path.is_file() else None


def opened(room):
    return open_exchange(room.folder, room.exchange, room.lines.append)


def test_the_newest_is_taken_when_it_is_written_to_its_end(course):
    submit(course, LATE)
    submit(course, EARLY, WRONG)
    door = opened(course)
    door.take_in()
    assert taken(course) is None
    door.take_in()
    assert taken(course) == LATE
    later = submit(course, LATE.replace("11:", "12:"))
    door.take_in()
    (later / "more.txt").write_text("still being written")
    door.take_in()
    assert taken(course) == LATE
    door.take_in()
    assert taken(course) == LATE.replace("11:", "12:")
    assert (course.folder / "submitted" / ME / STEP_2 / "more.txt").is_file()
    assert [p.name for p in (course.folder / "submitted" / ME).iterdir()] == [STEP_2]


def test_what_submitted_has_already_is_not_taken_again(course):
    course.hand_in(ME, time=LATE)
    submit(course, EARLY)
    door = opened(course)
    door.take_in()
    door.take_in()
    assert taken(course) == LATE


def test_links_others_names_and_odd_folders_are_left(course):
    folder = submit(course, EARLY)
    (folder / "passwords.txt").symlink_to("/etc/passwd")
    (folder / "deeper").mkdir()
    submit(course, EARLY, student="somebodyelse")
    (course.exchange / "inbound" / f"..+{STEP_2}+{EARLY}").mkdir()
    (course.exchange / "inbound" / f"{ME}+..+{EARLY}").mkdir()
    (course.exchange / "inbound" / f"{ME}+{STEP_2}+tomorrow").mkdir()
    door = opened(course)
    for _ in range(3):
        door.take_in()
    assert sorted(p.name for p in (course.folder / "submitted").iterdir()) == [ME]
    assert not (course.folder / "submitted" / ME / STEP_2 / "passwords.txt").exists()
    (line,) = course.lines
    assert f"somebodyelse {STEP_2}: the submission of {EARLY} belongs to {ME}" in line


def owned_by(owners, monkeypatch):
    """Folders belong to whom their names' last part says."""
    monkeypatch.setattr(exchange, "_owner", lambda folder: owners.get(folder.name.split("+")[-1], ME))


def test_nobody_hides_a_students_work_behind_a_later_time_under_their_name(course, monkeypatch):
    owned_by({"evil": "mallory"}, monkeypatch)
    submit(course, EARLY)
    for minute in range(30):
        later = LATE.replace("11:00", f"12:{minute:02}")
        submit(course, later, WRONG).rename(
            course.exchange / "inbound" / f"{ME}+{STEP_2}+{later}+evil",
        )
    door = opened(course)
    for _ in range(3):
        door.take_in()
    assert taken(course) == EARLY
    assert len(course.lines) == exchange.MOST_CLAIMS_TOLD
    assert all("belongs to mallory" in line for line in course.lines)


def test_what_one_student_hands_in_is_bounded_and_read_one_file_at_a_time(course, monkeypatch):
    monkeypatch.setattr(exchange, "MOST_TAKEN", 100_000)
    held = []
    monkeypatch.setattr(exchange, "read_bytes", lambda path: held.append(path.name) or path.read_bytes())
    files = {f"{letter}.ipynb": letter * 40_000 for letter in "abcdefgh"}
    submit(course, EARLY, **files)
    door = opened(course)
    door.take_in()
    door.take_in()
    there = {path.name for path in (course.folder / "submitted" / ME / STEP_2).iterdir()}
    assert {f"{STEP_2}.ipynb", "timestamp.txt", "submission_secret.txt"} <= there
    assert 0 < len(there & set(files)) < 3
    assert set(held) <= there


def test_a_course_whose_students_are_all_one_user_says_so(course):
    (course.folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ExchangeCollect.check_owner = False\n"
    )
    submit(course, EARLY, student="somebodyelse")
    door = opened(course)
    door.take_in()
    door.take_in()
    assert [p.name for p in (course.folder / "submitted").iterdir()] == ["somebodyelse"]


def test_feedback_goes_back_under_the_name_that_the_student_asks_for(course):
    submit(course, EARLY, WRONG)
    watch = Watch(Settings(course.folder, seed="s"), course.url, course.lines.append, opened(course))
    watch.begin()
    for now in range(4):
        watch.look(now)
    name = hashlib.md5(f"secret {EARLY}{STEP_2}".encode()).hexdigest()
    page = course.exchange / "feedback" / f"{name}.html"
    assert "12 of 26 points" in page.read_text()
    assert page.parent.stat().st_mode & 0o777 == 0o711
    page.unlink()
    # As after a kill: what is graded and was not given back yet.
    Watch(Settings(course.folder, seed="s"), course.url, course.lines.append, opened(course)).begin()
    assert page.is_file()


def test_a_folder_that_is_no_exchange_is_refused(course):
    with pytest.raises(ExchangeError, match="no folder inbound/ in it"):
        open_exchange(course.folder, course.folder, course.lines.append)
