"""Students and assignments renamed and forgotten: no score and nothing that a person entered is lost."""

import json
import shutil
import subprocess
import sys

import pytest

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from autograder.grading.grade_course import grade_course
from autograder.grading.renaming import RenamingError, forget, move_submission, rename
from autograder.grading.settings import Settings
from autograder.lms.identities import CollectedNumber, add_collected, read_collected
from autograder.lms.student_list import read_students
from autograder.reports.analysis import analyse
from autograder.reports.records import read_course
from tests.grading.test_grade_submission import RIGHT, notebook

NAME, NEW = "06-step-2", "week-6"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = tmp_path_factory.mktemp("graded") / "course"
    for student in ("ada", "ben"):
        work = course / "submitted" / student / NAME
        work.mkdir(parents=True)
        (work / f"{NAME}.ipynb").write_text(json.dumps(notebook(RIGHT)))
    (course / "students.csv").write_text("id,first_name,last_name,section\nada,Ada,Lovelace,A\n")
    (course / "autograder.toml").write_text("[time]\nada = 1.5\n")
    add_collected(course, [CollectedNumber(NAME, "canvas", "1001", "ada")])
    grade_course(Settings(course), default_url(course))
    with Gradebook(default_url(course)) as book:
        grade = book.nbgrader.find_grade("hidden_delta", NAME, NAME, "ada")
        grade.manual_score = 1.5
        book.nbgrader.find_comment("hidden_delta_solution", NAME, NAME, "ada").manual_comment = "see me"
        book.nbgrader.db.commit()
    return course


@pytest.fixture
def course(graded, tmp_path):
    shutil.copytree(graded, tmp_path / "course")
    return tmp_path / "course"


def marks(course, name=NAME):
    with Gradebook(default_url(course)) as book:
        found = book.marks([name])
    return {
        student: (mark.score, mark.cells["hidden_delta"].manual, mark.cells["hidden_delta"].comment)
        for (student, _), mark in found.items()
    }


def test_a_renamed_student_keeps_everything_and_the_next_run_changes_nothing(course):
    before = marks(course)
    done = rename(course, default_url(course), "student", "ada", "lovelace")
    assert done.remarks == ["autograder.toml names ada: change it there by hand, if it is this student"]
    assert marks(course) == {"lovelace": before["ada"], "ben": before["ben"]}
    assert before["ada"][1:] == (1.5, "see me")
    assert not list(course.glob("**/ada"))
    assert read_collected(course) == {CollectedNumber(NAME, "canvas", "1001", "lovelace")}
    assert read_students(course)["lovelace"].section == "A"
    again = grade_course(Settings(course), default_url(course))
    assert again.changes == []
    assert marks(course)["lovelace"] == before["ada"]
    analyse(read_course(course), [])


def test_a_renamed_assignment_keeps_everything(course):
    before = marks(course)
    rename(course, default_url(course), "assignment", NAME, NEW)
    assert (course / "release" / NEW / f"{NEW}.ipynb").is_file()
    assert marks(course, NEW) == before
    again = grade_course(Settings(course), default_url(course))
    assert [report["assignment"] for report in again.reports] == [NEW, NEW]
    assert again.changes == []
    assert marks(course, NEW) == before
    assert {report["assignment"] for report in read_course(course).reports} == {NEW}


def test_a_rename_by_hand_leaves_the_report_working(course):
    for step in ("submitted", "autograded", "feedback"):
        (course / step / "ben").rename(course / step / "benjamin")
    grade_course(Settings(course), default_url(course))
    (course / ".autograder" / "results" / "ben" / f"{NAME}.json").rename(
        course / ".autograder" / "results" / "ben" / "gone.json"
    )
    path = course / ".autograder" / "results" / "ben" / "gone.json"
    path.write_text(path.read_text().replace(f'"{NAME}"', '"gone"'))
    found = read_course(course)
    assert {report["assignment"] for report in found.reports} == {NAME}
    assert found.left_out == ["ben gone"]


def test_what_is_forgotten_is_gone_and_the_rest_stays(course):
    before = marks(course)
    told = forget(course, default_url(course), "student", "ada", dry_run=True)
    assert "submitted/ada" in told.places
    assert marks(course) == before
    forget(course, default_url(course), "student", "ada")
    assert marks(course) == {"ben": before["ben"]}
    assert not list(course.glob("**/ada"))
    assert read_collected(course) == frozenset()
    assert read_students(course) == {}
    forget(course, default_url(course), "assignment", NAME)
    assert marks(course) == {}
    assert not list((course / "submitted").glob(f"*/{NAME}"))
    with Gradebook(default_url(course)) as book:
        assert book.nbgrader.assignments == []


def test_what_cannot_be_renamed_is_said_and_nothing_is_changed(course):
    before = marks(course)
    url = default_url(course)
    with pytest.raises(RenamingError, match="ben is there already"):
        rename(course, url, "student", "ada", "ben")
    with pytest.raises(RenamingError, match=r"no such student in .*; there are ada, ben"):
        rename(course, url, "student", "nobody", "x")
    with pytest.raises(RenamingError, match="--to a/b: the name of a folder was expected"):
        rename(course, url, "student", "ada", "a/b")
    assert marks(course) == before


def test_one_submission_becomes_another_students(course):
    before = marks(course)
    move_submission(course, default_url(course), NAME, "ada", "501")
    assert marks(course) == {"501": before["ada"], "ben": before["ben"]}
    with Gradebook(default_url(course)) as book:
        assert "ada" not in book.students()
    with pytest.raises(RenamingError, match="both have handed in"):
        move_submission(course, default_url(course), NAME, "501", "ben")


def test_the_command_asks_before_it_forgets(course):
    before = marks(course)
    command = [sys.executable, "-m", "autograder", "forget", str(course), "--student", "ada"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2
    assert "nothing was removed; --yes" in done.stderr
    assert marks(course) == before
    done = subprocess.run([*command, "--yes"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1  # autograder.toml still names her
    assert marks(course) == {"ben": before["ben"]}
