"""Our writer against the real nbgrader: export, generate_feedback and the models read what we wrote."""

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import GradebookError, default_url
from autograder.gradebook.write_entries import Entry
from autograder.grading.documents import autograded
from autograder.grading.grade_submission import grade
from autograder.notebooks.submission import load_assignment
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook
from tests.support.in_process import InProcess

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
NAMES = ("02-nonlinearities", "06-step-2")
WORK = {
    ("ada", "06-step-2"): RIGHT,
    ("bob", "06-step-2"): RIGHT | {"hidden_delta_solution": NO_SLOPE},
    ("cy", "06-step-2"): {},
    ("ada", "02-nonlinearities"): {"why_same_g": "The target decides."},
}


def nbgrader(course, *arguments):
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def entries(course):
    made = []
    for (student, name), answers in WORK.items():
        assignment = load_assignment(None, name)
        data = json.dumps(notebook(answers, name)).encode()
        report, submission = grade(assignment, data, student=student, seed="s", zygote=InProcess())
        target = course / "autograded" / student / name / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(autograded(assignment, report, submission)))
        made.append(Entry(report.to_json(), datetime(2026, 1, 31, 18), submission.untouched))
    return made


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    made = entries(folder)
    with Gradebook(default_url(folder)) as gradebook:
        for name in NAMES:
            gradebook.add_assignment(load_assignment(None, name))
        gradebook.write(made)
    return folder, made


def test_export_agrees_with_our_json(course):
    folder, made = course
    nbgrader(folder, "export", "--to", "grades.csv")
    with (folder / "grades.csv").open(newline="") as file:
        rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    for entry in made:
        row = rows[entry.report["student"], entry.report["assignment"]]
        assert float(row["score"]) == pytest.approx(entry.report["score"], abs=1e-9)
        assert float(row["max_score"]) == entry.report["max_score"]
        assert row["timestamp"].startswith("2026-01-31 18:00")


def test_nbgraders_feedback_shows_our_scores_and_cards(course):
    folder, made = course
    for name in NAMES:
        nbgrader(folder, "generate_feedback", name, "--quiet")
    for entry in made:
        report = entry.report
        path = folder / "feedback" / report["student"] / report["assignment"] / f"{report['assignment']}.html"
        page = path.read_text()
        assert re.search(rf"Score: {report['score']:g}(\.0)? / {report['max_score']:g}", page), path
        for exercise in report["exercises"]:
            if exercise["status"] != "manual":
                assert f"Feedback on {exercise['id']}" in page


def test_essays_wait_for_a_person_and_blanks_do_not(course):
    folder, _ = course
    with Gradebook(default_url(folder)) as gradebook:
        gb = gradebook._gradebook
        essay = gb.find_grade("why_same_g", "02-nonlinearities", "02-nonlinearities", "ada")
        assert essay.needs_manual_grade
        assert essay.auto_score is None
        blank = gb.find_comment("hidden_delta_solution", "06-step-2", "06-step-2", "cy")
        assert blank.auto_comment == "No response."
        assert not gb.find_submission("06-step-2", "cy").needs_manual_grade


def test_what_people_entered_survives_a_regrade(course):
    folder, made = course
    with Gradebook(default_url(folder)) as gradebook:
        gb = gradebook._gradebook
        where = ("02-nonlinearities", "02-nonlinearities", "ada")
        essay = gb.find_grade("why_same_g", *where)
        essay.manual_score, essay.extra_credit, essay.needs_manual_grade = 3.0, 0.5, False
        gb.find_comment("why_same_g", *where).manual_comment = "Well said"
        gb.db.commit()
    with Gradebook(default_url(folder)) as gradebook:
        gradebook.add_assignment(load_assignment(None, "02-nonlinearities"))
        gradebook.write(made)
    with Gradebook(default_url(folder)) as gradebook:
        gb = gradebook._gradebook
        essay = gb.find_grade("why_same_g", *where)
        assert (essay.manual_score, essay.extra_credit, essay.score) == (3.0, 0.5, 3.5)
        assert gb.find_comment("why_same_g", *where).manual_comment == "Well said"
        assert len(gradebook.graded()) == len(WORK)


def test_being_late_costs_what_the_course_says_and_nothing_once_it_says_nothing(tmp_path):
    with Gradebook(default_url(tmp_path)) as gradebook:
        assignment = load_assignment(None, "06-step-2")
        gradebook.add_assignment(assignment)
        exercises = [{"id": e.id, "score": 1.0, "status": "graded"} for e in assignment.exercises]
        for student, hour in (("ada", 17), ("bob", 20)):
            report = {"student": student, "assignment": "06-step-2", "exercises": exercises}
            gradebook.write([Entry(report, datetime(2026, 1, 31, hour), frozenset())])
        gb = gradebook._gradebook
        gb.find_assignment("06-step-2").duedate = datetime(2026, 1, 31, 18)
        gb.db.commit()

        def scores():
            gb.db.expire_all()
            found = gb.assignment_submissions("06-step-2")
            return {s.student.id: s.score - s.late_submission_penalty for s in found}

        for penalty, expected in (
            (lambda student, score, seconds: 0.5 * seconds / 3600, 2.0),
            (lambda student, score, seconds: 100.0, 0.0),  # at most the score
            (lambda student, score, seconds: -1.0, 3.0),  # never a gift
            (lambda student, score, seconds: score, 0.0),
            (None, 3.0),
        ):
            gradebook.charge_lateness("06-step-2", penalty)
            assert scores() == {"ada": 3.0, "bob": expected}


def test_a_failing_chunk_writes_nothing(tmp_path):
    with Gradebook(default_url(tmp_path)) as gradebook:
        gradebook.add_assignment(load_assignment(None, "06-step-2"))
        report = {"student": "ada", "assignment": "06-step-2", "exercises": []}
        with pytest.raises(GradebookError):
            gradebook.write(
                [Entry(report, None, frozenset()), Entry(report | {"assignment": "no"}, None, frozenset())]
            )
        assert gradebook.graded() == set()


def test_a_student_without_a_submission_is_known_but_has_none(tmp_path):
    with Gradebook(default_url(tmp_path)) as gradebook:
        gradebook.add_assignment(load_assignment(None, "06-step-2"))
        report = {"student": "ada", "assignment": "06-step-2", "exercises": []}
        gradebook.write([Entry(report, None, frozenset(), handed_in=False)])
        assert gradebook.students() == {"ada"}
        assert gradebook.graded() == set()


def test_another_schema_and_what_is_no_database_are_refused(tmp_path):
    Gradebook(default_url(tmp_path)).__exit__()
    database = sqlite3.connect(tmp_path / "gradebook.db")
    database.execute("UPDATE alembic_version SET version_num = 'from the future'")
    database.commit()
    database.close()
    with pytest.raises(GradebookError, match="from the future"):
        Gradebook(default_url(tmp_path))
    (tmp_path / "text.db").write_text("no database at all, " * 100)
    with pytest.raises(GradebookError, match="can't be opened"):
        Gradebook(f"sqlite:///{tmp_path}/text.db")
    with pytest.raises(GradebookError):
        Gradebook("nonsense")


def test_a_run_killed_while_it_makes_the_gradebook_leaves_none(tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", killed)
    with pytest.raises(KeyboardInterrupt):
        Gradebook(default_url(tmp_path))
    monkeypatch.undo()
    assert not (tmp_path / "gradebook.db").exists()
    with Gradebook(default_url(tmp_path)) as gradebook:
        assert gradebook.students() == set()
