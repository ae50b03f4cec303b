"""The gradebook on a real PostgreSQL server and in SQLite: what
graders and people write at once is all kept.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.gradebook.create_gradebook import SCHEMA
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import GradebookError, default_url
from autograder.gradebook.write_entries import Entry
from autograder.notebooks.submission import load_assignment
from tests.grading.test_grade_course import hand_in
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT
from tests.support.formgrader import formgrader, nbgrader
from tests.support.postgres import postgresql

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
ROOT = Path(__file__).resolve().parents[2]
NAME, ESSAY = "06-step-2", "02-nonlinearities"
STUDENTS = [f"s{number:02}" for number in range(12)]
ROUNDS = 6


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


def fresh(server: str, name: str) -> str:
    """An empty database on the server."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server.rsplit('/', 1)[0]}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, server: str) -> str:
    if request.param == "sqlite":
        return default_url(tmp_path)
    return fresh(server, f"db_{abs(hash(request.node.name))}")


def entry(student: str, score: float) -> Entry:
    exercises = [
        {"id": e.id, "score": score, "max_score": e.points, "status": "manual" if e.manual else "graded"}
        for e in load_assignment(None, ESSAY).exercises
    ]
    report = {"student": student, "assignment": ESSAY, "exercises": exercises}
    return Entry(report, datetime(2026, 1, 31, 18), frozenset())


def test_concurrent_graders_and_people_lose_nothing(url: str) -> None:
    """Three graders write the same submissions again and again from the
    first moment on, while a person grades.

    The person's session is nbgrader's own, used as formgrader does: one open gradebook, a commit an edit.
    """
    from nbgrader.api import Gradebook as Stock
    from nbgrader.api import MissingEntry

    begin, made = threading.Barrier(3), threading.Event()

    def grader(number: int) -> None:
        begin.wait()
        with Gradebook(url) as gradebook:
            made.set()
            gradebook.add_assignment(load_assignment(None, ESSAY))
            for turn in range(1, ROUNDS + 1):
                order = STUDENTS if number % 2 else STUDENTS[::-1]
                gradebook.write([entry(student, turn / ROUNDS) for student in order])

    def person() -> None:
        made.wait(60)
        with Stock(url) as gradebook:
            for student in STUDENTS:
                for _ in range(2400):
                    try:
                        grade = gradebook.find_grade("why_same_g", ESSAY, ESSAY, student)
                        break
                    except MissingEntry:
                        gradebook.db.rollback()
                        threading.Event().wait(0.05)
                grade.manual_score, grade.extra_credit = 2.0, 0.25
                grade.needs_manual_grade = False
                gradebook.db.commit()
                gradebook.find_comment("why_same_g", ESSAY, ESSAY, student).manual_comment = f"For {student}"
                gradebook.db.commit()
                softmax = gradebook.find_grade("softmax", ESSAY, ESSAY, student)
                softmax.manual_score = 1.5
                gradebook.db.commit()

    with ThreadPoolExecutor(4) as pool:
        for done in [*(pool.submit(grader, number) for number in range(3)), pool.submit(person)]:
            done.result()
    with Stock(url) as gradebook:
        assert sorted(student.id for student in gradebook.students) == STUDENTS
        assert len(gradebook.assignment_submissions(ESSAY)) == len(STUDENTS)
        for student in STUDENTS:
            essay = gradebook.find_grade("why_same_g", ESSAY, ESSAY, student)
            assert (essay.manual_score, essay.extra_credit, essay.score) == (2.0, 0.25, 2.25)
            assert (
                gradebook.find_comment("why_same_g", ESSAY, ESSAY, student).manual_comment == f"For {student}"
            )
            softmax = gradebook.find_grade("softmax", ESSAY, ESSAY, student)
            assert (softmax.manual_score, softmax.auto_score) == (1.5, 1.0)
            sigmoid = gradebook.find_grade("sigmoid", ESSAY, ESSAY, student)
            assert (sigmoid.manual_score, sigmoid.auto_score, sigmoid.needs_manual_grade) == (
                None,
                1.0,
                False,
            )


def test_unknown_schemas_and_servers_are_refused(url: str, server: str) -> None:
    Gradebook(url).__exit__()
    engine = create_engine(url)
    with engine.begin() as connection:
        (found,) = connection.execute(text("SELECT version_num FROM alembic_version")).one()
        assert found == SCHEMA
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    engine.dispose()
    with pytest.raises(GradebookError, match="from the future"):
        Gradebook(url)
    wrong = server.replace("open%20sesame", "shut")
    with pytest.raises(GradebookError, match="can't be opened") as refused:
        Gradebook(wrong)
    assert "shut" not in str(refused.value)  # no password on the screen


def test_a_connection_that_breaks_between_two_chunks_loses_nothing(server: str) -> None:
    url = fresh(server, "breaks")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with Gradebook(url) as gradebook:
        gradebook.add_assignment(load_assignment(None, ESSAY))
        for student in STUDENTS[:3]:
            gradebook.write([entry(student, 1.0)])
            with engine.connect() as connection:
                ended = connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'breaks'")
                ).all()
            assert ended
        gradebook.write([entry("s09", 1.0)])
        assert gradebook.graded() == {(student, ESSAY) for student in [*STUDENTS[:3], "s09"]}
    engine.dispose()


def test_someone_elses_tables_are_refused(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    engine.dispose()
    with pytest.raises(GradebookError, match="unknown"):
        Gradebook(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM invoices"))
    engine.dispose()


def test_a_class_and_a_formgrader_on_one_server(tmp_path: Path, server: str) -> None:
    """Two graders on two machines' folders and a formgrader, all at once on one PostgreSQL database."""
    url = fresh(server, "whole_class")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    courses = [tmp_path / "one", tmp_path / "two"]
    for course in courses:
        for student in STUDENTS[:4]:
            hand_in(
                course, student, RIGHT | ({"hidden_delta_solution": NO_SLOPE} if student == "s03" else {})
            )
        (course / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n")

    def command(course: Path, *more: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            str(course),
            "--seed",
            "s",
            "--jobs",
            "1",
            "--timeout",
            "60",
            *more,
        ]

    def run(course: Path, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(course, "--json", str(course / "r.json"), *more),
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    assert run(courses[0], "--db", url).returncode == 0
    reports = json.loads((courses[0] / "r.json").read_text())
    assert {r["student"]: r["score"] for r in reports} == dict.fromkeys(STUDENTS[:4], 26.0) | {"s03": 12.0}
    assert not (courses[0] / "gradebook.db").exists()
    with formgrader(courses[0], tmp_path / "home") as server_of_grades:
        notebooks = server_of_grades.get(f"submitted_notebooks/{NAME}/{NAME}")
        assert {n["student"]: n["score"] for n in notebooks} == {r["student"]: r["score"] for r in reports}
        graders = []
        for course in courses:
            with (course / "said").open("w") as said:
                graders.append(
                    subprocess.Popen([*command(course, "--force"), "--db", url], env=environment, stdout=said)
                )
        given = {}
        turn = 0
        while any(grader.poll() is None for grader in graders) or turn == 0:
            turn += 1
            for notebook in notebooks:
                for grade in server_of_grades.get(f"grades?submission_id={notebook['id']}"):
                    value = {"manual_score": turn % 5, "extra_credit": 0.5}
                    stored = server_of_grades.put(f"grade/{grade['id']}", value)
                    assert stored["manual_score"] == turn % 5
                    given[grade["id"]] = turn % 5
        for course, grader in zip(courses, graders, strict=True):
            said = (course / "said").read_text()
            # Points given while a grader writes may wait for another look; then it says so, and exits with 1.
            assert grader.wait(60) == ("wait for another look in formgrader" in said), said
        for notebook in notebooks:
            for grade in server_of_grades.get(f"grades?submission_id={notebook['id']}"):
                assert (grade["manual_score"], grade["extra_credit"]) == (given[grade["id"]], 0.5)
                assert grade["auto_score"] == (
                    0
                    if (notebook["student"], grade["name"]) == ("s03", "hidden_delta")
                    else grade["max_score"]
                )
    nbgrader(courses[0], tmp_path / "home", "export --to grades.csv")
    assert len((courses[0] / "grades.csv").read_text().splitlines()) == 1 + 4
    again = run(courses[0])  # --db from the course's own configuration
    assert again.returncode == ("wait for another look in formgrader" in again.stdout), again.stdout
    assert "4 submissions, 0 of them graded now" in again.stdout
    assert "the gradebook postgresql+psycopg://teacher:***@" in again.stdout
