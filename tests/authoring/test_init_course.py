"""`autograder init`: from nothing to a course that nbgrader, formgrader and the grader take as it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder._language import use_language
from autograder.authoring.init_course import InitError, init_course
from autograder.cli.app import app
from autograder.course.policies import POLICIES_FILE, read_policies
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from autograder.notebooks.notebook import read_notebook
from tests.grading.test_grade_submission import RIGHT, notebook

NAME, ESSAY = "06-step-2", "02-nonlinearities"
EXERCISES = Path(__file__).resolve().parents[2] / "exercises"


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=cwd,
        check=False,
    )


def sources(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]


def test_a_new_course_is_whole_and_a_second_run_overwrites_nothing(tmp_path):
    course = tmp_path / "course"
    done = init_course(course, [NAME, ESSAY])
    released = course / "release" / NAME / f"{NAME}.ipynb"
    assert released.read_bytes() == (EXERCISES / NAME / f"{NAME}.ipynb").read_bytes()
    assert done.kept == done.remarks == []
    # A line added with >> must not end in the comment before it.
    assert (course / "nbgrader_config.py").read_text(encoding="utf-8").endswith('database"\n')
    with Gradebook(default_url(course)) as book:
        found = {row.name: row.max_score for row in book.nbgrader.assignments}
    assert found == {NAME: 26.0, ESSAY: 16.0}
    mine = {"autograder.toml": "[attempts]\nkeep = 'best'\n", "nbgrader_config.py": "c = get_config()\n"}
    for name, text in mine.items():
        (course / name).write_text(text)
    released.write_text("{}")
    again = init_course(course, [NAME])
    assert again.written == []
    assert "needs the lines c.Autograde" in again.remarks[0]
    assert {name: (course / name).read_text() for name in mine} == mine
    assert released.read_text() == "{}"


def test_what_is_not_there_is_said_before_anything_is_written(tmp_path):
    with pytest.raises(InitError, match=r"--assignment 06-step-9: no such assignment; there are 01-forward"):
        init_course(tmp_path / "course", ["06-step-9"])
    assert not (tmp_path / "course").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(InitError, match="it is no folder"):
        init_course(tmp_path / "file")


def test_the_graded_set_in_one_of_its_variants(tmp_path):
    done = init_course(tmp_path, graded=True, variant="B")
    assert done.assignments == sorted(path.name for path in EXERCISES.glob("g[0-9]*"))
    assert {"g1-forward", "g6-step-2", "g8-batches", "g9-project"} <= set(done.assignments)
    for name in done.assignments:
        released = tmp_path / "release" / name / f"{name}.ipynb"
        assert released.read_bytes() == (EXERCISES / name / "B" / f"{name}.ipynb").read_bytes()
    with pytest.raises(InitError, match="--variant C: no such variant; there are A, B"):
        init_course(tmp_path / "c", graded=True, variant="C")
    with pytest.raises(InitError, match="g6-step-2: no such assignment; there are 01-forward"):
        init_course(tmp_path / "c", ["g6-step-2"])
    with pytest.raises(InitError, match="06-step-2: no such assignment; there are g1-forward"):
        init_course(tmp_path / "c", ["06-step-2"], graded=True)


def test_generate_makes_the_release_again_and_the_course_is_graded(tmp_path):
    course = tmp_path / "course"
    done = run("autograder", "init", course, "--assignment", NAME, "--assignment", ESSAY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in (NAME, ESSAY):
        before = sources(course / "release" / name / f"{name}.ipynb")
        done = run("nbgrader", "generate_assignment", name, "--force", cwd=course)
        assert done.returncode == 0, done.stderr
        assert sources(course / "release" / name / f"{name}.ipynb") == before
    work = course / "submitted" / "ada" / NAME
    work.mkdir(parents=True)
    (work / f"{NAME}.ipynb").write_text(json.dumps(notebook(RIGHT)))
    (course / "students.csv").write_text(
        "id,last_name,first_name,email,section\nada,Lovelace,Ada,ada@x.org,A\nben,Özgür,Ben,,B\n",
        encoding="utf-8",
    )
    done = run("nbgrader", "autograde", NAME, "--student", "ada", cwd=course)
    assert done.returncode == 0, done.stderr
    with Gradebook(default_url(course)) as book:
        known = {s.id: (s.first_name, s.last_name, s.email) for s in book.nbgrader.students}
        score = book.nbgrader.find_submission(NAME, "ada").score
    assert known == {"ada": ("Ada", "Lovelace", "ada@x.org"), "ben": ("Ben", "Özgür", None)}
    assert score > 0


def test_a_course_in_another_language_has_its_notebooks_policies_and_configuration(tmp_path):
    course = tmp_path / "curso"
    try:
        done = CliRunner().invoke(app, ["init", str(course), "--language", "es", "--assignment", "05-step-1"])
        assert done.exit_code == 0, done.output
        assert read_policies(course).language == "es"
        written = (course / POLICIES_FILE).read_text(encoding="utf-8")
        assert "# Las normas del curso." in written
        assert "# lateness" not in written
        assert "# un libro de calificaciones" in (course / "nbgrader_config.py").read_text(encoding="utf-8")
        released = (course / "release" / "05-step-1" / "05-step-1.ipynb").read_bytes()
        cells = read_notebook(released).cells
        assert 'use_language("es")' in cells[0].source
        assert any("la delta de la última capa" in cell.source for cell in cells)
        # Who makes it in English afterwards is told that students read Spanish
        again = CliRunner().invoke(app, ["init", str(course), "--language", "en"])
        assert again.exit_code == 1
        assert 'what students read is in "es"; new notebooks are in "en"' in " ".join(again.output.split())
    finally:
        use_language("en")


def test_a_language_without_a_catalogue_is_refused(tmp_path):
    done = CliRunner().invoke(app, ["init", str(tmp_path / "course"), "--language", "xx"])
    assert done.exit_code == 2
    assert "--language: given 'xx'; expected one of en, es" in done.output
    assert not (tmp_path / "course").exists()
