"""Single rows of the gradebook: made or left alone, due, renamed, gone; and what a new gradebook leaves."""

import tempfile
from datetime import datetime, timedelta

import pytest

from autograder.gradebook.create_gradebook import WRITERS_LOCK
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import GradebookError, default_url
from autograder.gradebook.lateness import DueDates
from autograder.gradebook.renaming import (
    forget_assignment,
    forget_student,
    move_submission_rows,
    rename_assignment,
    rename_student,
)
from autograder.gradebook.write_entries import Entry
from autograder.lms.student_list import ListedStudent
from autograder.notebooks.assignment import load_assignment

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
NAME = "06-step-2"
DUE, LATER = datetime(2026, 3, 2, 18), datetime(2026, 3, 9, 18)
DAY = timedelta(days=1)


def entry(student="ada", status="graded", score=14.0, **more):
    exercise = {"id": "hidden_delta", "score": score, "max_score": 14.0, "status": status}
    report = {"student": student, "assignment": NAME, "exercises": [exercise]}
    return Entry(report, None, frozenset(), **more)


@pytest.fixture
def gradebook(tmp_path):
    with Gradebook(default_url(tmp_path)) as opened:
        opened.add_assignment(load_assignment(None, NAME))
        yield opened


def no_transaction(gradebook, monkeypatch):
    def fails(transaction):
        pytest.fail("nothing was to be written")

    monkeypatch.setattr(gradebook, "_tried", fails)


def test_a_new_gradebook_leaves_nothing_beside_it_and_one_that_is_there_alone(tmp_path, monkeypatch):
    Gradebook(default_url(tmp_path)).__exit__()
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]

    def read_only(**_):
        raise PermissionError

    monkeypatch.setattr(tempfile, "mkstemp", read_only)
    Gradebook(default_url(tmp_path)).__exit__()


def test_solutions_are_the_students_to_write_and_tests_are_locked(gradebook):
    api, db = gradebook.api, gradebook.nbgrader.db
    locked = dict(db.query(api.SourceCell.name, api.SourceCell.locked))
    assert {name: locked[name] for name in ("hidden_delta_solution", "hidden_delta")} == {
        "hidden_delta_solution": False,
        "hidden_delta": True,
    }
    assert {name for name, is_locked in locked.items() if is_locked and name.endswith("_solution")} == set()


def test_what_the_policies_say_of_the_due_date_comes_and_goes_and_what_a_person_entered_stays(gradebook):
    gradebook.write([entry("ada"), entry("ben"), entry("cy")])
    api, db = gradebook.api, gradebook.nbgrader.db

    def state():
        db.expire_all()
        assignment = db.query(api.Assignment).one()
        return assignment.duedate, {row.student_id: row.extension for row in assignment.submissions}

    first = DueDates(DUE, {"ada": DAY, "ben": DAY})
    gradebook.set_due(NAME, first)
    assert state() == (DUE, {"ada": DAY, "ben": DAY, "cy": None})
    db.query(api.SubmittedAssignment).filter_by(student_id="ben").one().extension = 3 * DAY
    db.query(api.SubmittedAssignment).filter_by(student_id="cy").one().extension = 2 * DAY
    db.commit()
    gradebook.set_due(NAME, DueDates(), first)
    assert state() == (None, {"ada": None, "ben": 3 * DAY, "cy": 2 * DAY})
    db.query(api.Assignment).one().duedate = LATER
    db.commit()
    gradebook.set_due(NAME, DueDates(), first)
    assert state()[0] == LATER
    gradebook.set_due(NAME, DueDates())
    assert state()[0] == LATER


def test_when_submissions_were_handed_in_is_set_for_those_that_are_named(gradebook, monkeypatch):
    gradebook.write([entry("ada"), entry("ben")])
    gradebook.set_handed_in({("ada", NAME): DUE, ("ben", "another"): DUE, ("dan", NAME): DUE})
    found = gradebook.marks([NAME])
    assert {student: mark.handed_in for (student, _), mark in found.items()} == {"ada": DUE, "ben": None}
    gradebook.set_handed_in({("ada", NAME): None})
    assert gradebook.marks([NAME])["ada", NAME].handed_in is None
    no_transaction(gradebook, monkeypatch)
    gradebook.set_handed_in({})
    gradebook.set_students([])


def test_canvas_test_student_is_there_only_once_it_has_handed_in(gradebook):
    listed = [ListedStudent("tester", "Student", "Test"), ListedStudent("ada", "Lovelace", "Ada", "a@b")]
    gradebook.set_students(listed)
    assert gradebook.students() == {"ada"}
    gradebook.write([entry("tester")])
    gradebook.set_students([*listed, ListedStudent("ada")])
    api, db = gradebook.api, gradebook.nbgrader.db
    names = {row.id: (row.first_name, row.last_name, row.email) for row in db.query(api.Student)}
    assert names == {"tester": ("Test", "Student", None), "ada": ("Ada", "Lovelace", "a@b")}


def test_a_mark_without_a_penalty_and_with_nothing_to_gain(gradebook):
    gradebook.write([entry("ada", score=2.0)])
    api, db = gradebook.api, gradebook.nbgrader.db
    db.query(api.GradeCell).filter_by(name="all_deltas").one().max_score = 0
    where = (NAME, NAME, "ada")
    gradebook.nbgrader.find_comment("hidden_delta_solution", *where).manual_comment = "see me"
    db.commit()
    mark = gradebook.marks([NAME])["ada", NAME]
    assert (mark.penalty, mark.score) == (0.0, 2.0)
    assert mark.cells["all_deltas"].maximum == 0.0
    assert {name: cell.comment for name, cell in mark.cells.items() if cell.comment} == {
        "hidden_delta": "see me"
    }


def test_what_a_person_has_seen_and_left_asks_for_no_other_look(gradebook):
    def asks():
        return gradebook.nbgrader.find_grade("hidden_delta", NAME, NAME, "ada").needs_manual_grade

    gradebook.write([entry(status="missing", score=0.0)])
    assert asks()
    gradebook.nbgrader.find_grade("hidden_delta", NAME, NAME, "ada").needs_manual_grade = False
    gradebook.nbgrader.db.commit()
    gradebook.write([entry(status="missing", score=0.0, before={"hidden_delta": "missing"})])
    assert not asks()
    gradebook.write([entry(status="missing", score=0.0)])
    assert asks()


def test_on_a_server_writers_wait_for_one_another(gradebook, monkeypatch):
    asked = []
    monkeypatch.setattr(gradebook.nbgrader.engine.dialect, "name", "postgresql")
    monkeypatch.setattr(gradebook.nbgrader.db, "execute", lambda *given: asked.append(given))
    gradebook._begin()
    [(statement, values)] = asked
    assert "pg_advisory_xact_lock" in str(statement)
    assert values == {"key": WRITERS_LOCK}


# ---- renamed and gone -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda api, db: rename_student(api, db, "nobody", "ben"),
        lambda api, db: rename_assignment(api, db, "no-such", "other"),
        lambda api, db: move_submission_rows(api, db, NAME, "nobody", "ben"),
        lambda api, db: forget_student(api, db, "nobody"),
        lambda api, db: forget_assignment(api, db, "no-such"),
    ],
)
def test_what_is_not_in_the_gradebook_is_neither_renamed_nor_forgotten(gradebook, change):
    gradebook.write([entry("ada")])
    gradebook.change(change)
    assert gradebook.students() == {"ada"}
    assert gradebook.graded() == {("ada", NAME)}


def test_a_renamed_student_keeps_what_is_known_of_the_person(gradebook):
    known = ListedStudent("ada", "Lovelace", "Ada", "a@b", "501")
    gradebook.set_students([known, ListedStudent("lovelace", "", "Augusta")])
    gradebook.change(lambda api, db: rename_student(api, db, "ada", "lovelace"))
    api, db = gradebook.api, gradebook.nbgrader.db
    [row] = db.query(api.Student)
    assert (row.id, row.first_name, row.last_name, row.email, row.lms_user_id) == (
        "lovelace",
        "Augusta",
        "Lovelace",
        "a@b",
        "501",
    )


def test_two_submissions_of_one_assignment_are_not_made_one(gradebook):
    gradebook.write([entry("ada"), entry("ben")])
    with pytest.raises(GradebookError, match="ada and ben both have a submission"):
        gradebook.change(lambda api, db: rename_student(api, db, "ada", "ben"))
    with pytest.raises(GradebookError, match=f"an assignment {NAME} already"):
        gradebook.change(lambda api, db: rename_assignment(api, db, NAME, NAME))
