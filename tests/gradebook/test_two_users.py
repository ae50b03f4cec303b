"""A course on a shared machine, with nbgrader's exchange and a watch: a teacher and a student, each a user of
their own, from release to the fetched feedback. The student has nbgrader's own commands and nothing else.
"""

import json
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook
from tests.support.built_book import ROOT
from tests.support.two_users import USERS, TwoUsers

NAME = "06-step-2"
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "backprop"\nc.Exchange.root = "{exchange}"\n'
SECONDS = 60


@pytest.fixture
def users():
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        both = TwoUsers(folder)
        yield both
        both.close()
    finally:
        shutil.rmtree(folder)


def own(users, user, path, text):
    """A file of the user's, and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    while path != users.folder / user:
        shutil.chown(path, USERS[user], USERS[user])
        path = path.parent


def until(find):
    """What is found, waited for."""
    end = time.monotonic() + SECONDS
    while not (found := find()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def fetched(users, count):
    """The feedback pages that the student fetches when so many are there, the oldest submission's first."""
    there = users.folder / "exchange" / "backprop" / "feedback"
    assert until(lambda: len(list(there.glob("*.html"))) == count)
    done = users.run("student", "nbgrader", "fetch_feedback", NAME)
    assert done[0] == 0, done[1]
    pages = sorted((users.folder / "student" / NAME / "feedback").glob("*/*.html"))
    return [page.read_text() for page in pages]


def submit(users, answers):
    own(users, "student", users.folder / "student" / NAME / f"{NAME}.ipynb", json.dumps(notebook(answers)))
    done = users.run("student", "nbgrader", "submit", NAME)
    assert done[0] == 0, done[1]


def test_a_student_submits_and_fetches_feedback_by_nbgraders_own_commands(users):
    exchange, course = users.folder / "exchange", users.folder / "teacher" / "backprop"
    exchange.mkdir()
    exchange.chmod(0o777)
    config = CONFIG.format(exchange=exchange)
    own(users, "teacher", course / "nbgrader_config.py", config)
    own(users, "student", users.folder / "student" / "nbgrader_config.py", config)
    released = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text()
    own(users, "teacher", course / "release" / NAME / f"{NAME}.ipynb", released)
    own(users, "teacher", course / "source" / NAME / f"{NAME}.ipynb", released)
    done = users.run("teacher", "nbgrader", "release_assignment", NAME, folder=course)
    assert done[0] == 0, done[1]
    done = users.run("student", "nbgrader", "fetch_assignment", NAME)
    assert done[0] == 0, done[1]
    assert (users.folder / "student" / NAME / f"{NAME}.ipynb").is_file()
    watched = ["grade", course, "--watch", "--exchange", exchange / "backprop"]
    users.run("teacher", "autograder", *watched, folder=course, wait=False)
    assert until((exchange / "backprop" / "feedback").is_dir)
    submit(users, RIGHT | {"hidden_delta_solution": NO_SLOPE})
    (page,) = fetched(users, 1)
    assert "12 of 26 points" in page
    assert "deltastudent" in page
    submit(users, RIGHT)
    assert "26 of 26 points" in fetched(users, 2)[1]
    assert (exchange / "backprop" / "feedback").stat().st_uid == USERS["teacher"]
