"""The receipt that a student can show: in the feedback page, as a text, and in what `explain` says."""

import hashlib
import json
import re

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.errors import GraderError
from autograder.grading.receipt import receipt_line, utc_now
from autograder.grading.records import read_record
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT
from tests.support.classroom import STEP_2, Classroom

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
LINE = r"Receipt: graded (\S+Z) by deltabook \S+; sha256 of the notebook ([0-9a-f]{64})"


@pytest.fixture
def room(tmp_path):
    return Classroom(tmp_path)


def hashed(room, student):
    path = room.folder / "submitted" / student / STEP_2 / f"{STEP_2}.ipynb"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def receipt(room, student):
    return (room.folder / "feedback" / student / STEP_2 / "receipt.txt").read_text().strip()


@pytest.mark.parametrize("given", ["yesterday", "1e9", "9" * 30, "-" + "9" * 18])
def test_a_fixed_time_that_is_none_is_named(monkeypatch, given):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(GraderError, match=r"SOURCE_DATE_EPOCH is .*seconds since 1970.*unset it"):
        utc_now()


def test_it_stands_in_the_page_beside_it_and_in_the_explanation(room):
    room.hand_in("ada")
    (room.folder / "submitted" / "ben" / STEP_2).mkdir(parents=True)
    room.grade()
    found = re.fullmatch(LINE, receipt(room, "ada"))
    assert found
    assert found[2] == hashed(room, "ada")
    assert found[0] in room.page("ada")
    said = CliRunner().invoke(app, ["explain", str(room.folder), "ada", STEP_2]).output
    assert found[0] in said
    assert "receipt" not in read_record(room.folder, "ben", STEP_2)
    assert not (room.folder / "feedback" / "ben").exists()


def test_it_is_of_what_was_graded_and_stays_when_a_page_is_made_anew(room):
    room.hand_in("ada")
    room.grade()
    before = receipt(room, "ada")
    room.by_hand("ada", STEP_2, "hidden_delta", 9.0)
    room.grade()
    assert "given by hand" in room.page("ada")
    assert before in room.page("ada")
    room.hand_in("ada", RIGHT | {"hidden_delta_solution": NO_SLOPE})
    room.grade()
    assert hashed(room, "ada") in receipt(room, "ada")
    assert hashed(room, "ada") not in before


def test_where_the_best_attempt_counts_it_is_of_that_one(room):
    room.policy('[attempts]\nkeep = "best"\n')
    room.hand_in("ada", time="2026-03-01 10:00:00 UTC")
    room.grade()
    best = hashed(room, "ada")
    room.hand_in("ada", RIGHT | {"hidden_delta_solution": NO_SLOPE}, time="2026-03-01 11:00:00 UTC")
    room.grade()
    assert best in receipt(room, "ada")


def test_a_record_of_an_earlier_version_has_none_and_is_still_explained(room):
    room.hand_in("ada")
    room.grade()
    path = room.folder / ".autograder" / "results" / "ada" / f"{STEP_2}.json"
    record = json.loads(path.read_text())
    line = receipt_line(record.pop("receipt"))
    path.write_text(json.dumps(record))
    said = CliRunner().invoke(app, ["explain", str(room.folder), "ada", STEP_2]).output
    assert line not in said
    assert "score: 26 of 26" in said
