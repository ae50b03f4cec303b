"""The folders that nbgrader_config.py names, from submission to feedback; and a release of another name."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.notebooks.assignment import load_assignment
from autograder.notebooks.course_folders import ConfigError, course_folder
from tests.grading.test_grade_submission import RIGHT, notebook

NAME = "06-step-2"
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "nn"
c.CourseDirectory.submitted_directory = "handed-in"
c.CourseDirectory.autograded_directory = "graded"
c.CourseDirectory.feedback_directory = "pages"
c.CourseDirectory.release_directory = "given"
"""


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=cwd,
        check=False,
    )


def test_a_course_with_other_folders_is_graded_in_them(tmp_path):
    course = tmp_path / "course"
    work = course / "handed-in" / "ada" / NAME
    work.mkdir(parents=True)
    (work / f"{NAME}.ipynb").write_text(json.dumps(notebook(RIGHT)))
    (course / "nbgrader_config.py").write_text(CONFIG)
    done = run("-m", "autograder", "grade", course, "--jobs", "1", cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert (course / "graded" / "ada" / NAME / f"{NAME}.ipynb").is_file()
    assert (course / "pages" / "ada" / NAME / f"{NAME}.html").is_file()
    assert not (course / "autograded").exists()
    done = run("-m", "nbgrader", "generate_feedback", NAME, "--force", cwd=course)
    assert done.returncode == 0, done.stderr
    done = run("-m", "autograder", "report", course, cwd=tmp_path)
    assert "Traceback" not in done.stderr
    (page,) = (course / "report" / "students").glob("ada-*.html")
    assert f"../../pages/ada/{NAME}/{NAME}.html" in page.read_text()


def test_a_missing_folder_is_named_as_the_course_names_it(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    done = run("-m", "autograder", "grade", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert "no folder handed-in/; expected handed-in/<student>/<assignment>/<assignment>.ipynb" in done.stderr


def test_a_change_of_the_file_is_seen_and_another_structure_refused(tmp_path):
    assert course_folder(tmp_path, "release") == tmp_path / "release"
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    assert course_folder(tmp_path, "release") == tmp_path / "given"
    assert course_folder(tmp_path, "source") == tmp_path / "source"
    other = "c = get_config()\nc.CourseDirectory.directory_structure = '{student_id}/{nbgrader_step}'\n"
    (tmp_path / "nbgrader_config.py").write_text(other)
    with pytest.raises(ConfigError, match=r"directory_structure is .* was expected, nbgrader's own"):
        course_folder(tmp_path, "release")


def test_a_release_of_another_name_says_what_was_expected(tmp_path):
    packaged = Path(__file__).resolve().parents[2] / "exercises" / NAME / f"{NAME}.ipynb"
    folder = tmp_path / "release" / NAME
    folder.mkdir(parents=True)
    shutil.copy(packaged, folder / "Week 6.ipynb")
    says = rf"release/{NAME}/ holds Week 6.ipynb; {NAME}.ipynb was expected"
    with pytest.raises(FileNotFoundError, match=says):
        load_assignment(tmp_path, NAME)
    work = tmp_path / "submitted" / "ada" / NAME
    work.mkdir(parents=True)
    (work / f"{NAME}.ipynb").write_text(json.dumps(notebook(RIGHT)))
    done = run("-m", "autograder", "grade", tmp_path, "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 1
    assert f"release/{NAME}/ holds Week 6.ipynb; {NAME}.ipynb was expected" in done.stdout
