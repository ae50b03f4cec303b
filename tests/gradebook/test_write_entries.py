"""What a regrade does to a score given by hand, and what happens where somebody else is writing."""

import sqlite3
import time

import pytest
from sqlalchemy.exc import IntegrityError, InvalidRequestError, OperationalError

from autograder.gradebook.gradebook import TRIES_OF_A_TRANSACTION, Gradebook
from autograder.gradebook.gradebook_url import GradebookError, default_url
from autograder.gradebook.write_entries import Entry
from autograder.notebooks.assignment import load_assignment

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
NAME = "06-step-2"


def entry(score=14.0, status="graded"):
    exercise = {"id": "hidden_delta", "score": score, "max_score": 14.0, "status": status}
    return Entry({"student": "ada", "assignment": NAME, "exercises": [exercise]}, None, frozenset())


@pytest.fixture
def gradebook(tmp_path):
    with Gradebook(default_url(tmp_path)) as opened:
        opened.add_assignment(load_assignment(None, NAME))
        yield opened


def grade_of(gradebook):
    return gradebook.nbgrader.find_grade("hidden_delta", NAME, NAME, "ada")


def test_a_cell_graded_by_hand_keeps_its_score_and_asks_for_another_look(gradebook):
    gradebook.write([entry(0.0)])
    grade = grade_of(gradebook)
    assert not grade.needs_manual_grade
    grade.manual_score = 7.0
    gradebook.nbgrader.db.commit()
    gradebook.write([entry(14.0)])
    grade = grade_of(gradebook)
    assert (grade.auto_score, grade.manual_score, grade.score) == (14.0, 7.0, 7.0)
    assert grade.needs_manual_grade


@pytest.mark.parametrize(("status", "auto"), [("ungradable", None), ("missing", 0.0)])
def test_what_could_not_be_graded_waits_for_a_person(gradebook, status, auto):
    gradebook.write([entry(0.0, status)])
    assert grade_of(gradebook).auto_score == auto
    assert grade_of(gradebook).needs_manual_grade


def in_the_way(gradebook, monkeypatch, error, times):
    """The first so many transactions fail; how long each wait before another try is."""
    waits, begin, left = [], gradebook._begin, [error] * times

    def fails():
        if left:
            raise left.pop()
        begin()

    monkeypatch.setattr(gradebook, "_begin", fails)
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


@pytest.mark.parametrize("kind", [OperationalError, IntegrityError])
def test_where_somebody_else_was_in_the_way_it_is_tried_again(gradebook, monkeypatch, kind):
    waits = in_the_way(gradebook, monkeypatch, kind("INSERT", {}, Exception("locked")), 2)
    gradebook.write([entry()])
    assert gradebook.graded() == {("ada", NAME)}
    assert len(waits) == 2
    assert 0 < waits[0] < waits[1]


def test_in_the_end_it_gives_up_and_says_so(gradebook, monkeypatch):
    error = OperationalError("INSERT", {}, Exception("locked"))
    waits = in_the_way(gradebook, monkeypatch, error, TRIES_OF_A_TRANSACTION)
    with pytest.raises(GradebookError, match="can't be written"):
        gradebook.write([entry()])
    assert len(waits) == TRIES_OF_A_TRANSACTION - 1
    assert gradebook.graded() == set()


def full_disk():
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("INSERT", {}, cause)


@pytest.mark.parametrize("error", [InvalidRequestError("it is wrong"), full_disk()], ids=["wrong", "full"])
def test_what_waiting_does_not_mend_is_not_tried_again(gradebook, monkeypatch, error):
    waits = in_the_way(gradebook, monkeypatch, error, 1)
    with pytest.raises(GradebookError, match=r"wrong|disk is full"):
        gradebook.write([entry()])
    assert waits == []
