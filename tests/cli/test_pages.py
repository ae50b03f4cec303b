"""The commands that the pages For instructors, For authors, For students print, run in their order.

Each page is tried from its text alone; what it takes for granted (a download, a table of the LMS, a student
who has another name by now) is put there before the command that needs it.
"""

import json
import re
import shlex
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.feedback import check_notebook
from autograder.feedback.ask_process import in_a_fork
from autograder.grading import pool
from tests.grading.test_grade_submission import RIGHT, notebook
from tests.lms.test_collect import zipped
from tests.support.classroom import STEP_2, graded_here

BOOK = Path(__file__).resolve().parents[2] / "book"
# Tried from the same text by themselves, in tests/sandbox/test_doctor.py and tests/platforms/test_bundle.py
ELSEWHERE = ("doctor", "bundle")
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,06-step-2 (7)\n    Points Possible,,,,,20\n"
    '"L, Ada",501,,501,G,\n"O, Ben",502,,502,G,\n'
)

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)


def commands_of(page):
    blocks = re.findall(r"^```text\n(.*?)^```", (BOOK / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("autograder ")]
    return [shlex.split(line)[1:] for line in lines]


def run(*arguments, ok=(0, 1)):
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    assert done.exit_code in ok, (arguments, done.output)
    return done.output


def download(**works):
    """Moodle's, of Ada (501) and Ben (502)."""
    files = {
        f"{name}_{501 + place}_assignsubmission_file_/{STEP_2}.ipynb": json.dumps(notebook(answers)).encode()
        for place, (name, answers) in enumerate(works.items())
    }
    zipped(Path("downloads.zip"), files)


def graded_download():
    download(Ada=RIGHT, Ben={})
    Path("canvas-export.csv").write_text(CANVAS)


def a_name_for_ada():
    run("rename", "course", "--student", "501", "--to", "ada")


def a_collection_by_mistake():
    # The number has a name by now; the next download brings two more.
    download(Cleo=RIGHT, Dan=RIGHT)
    run("collect", "course", "downloads.zip", "--assignment", STEP_2, "--update")


def a_number_again():
    run("rename", "course", "--student", "ada", "--to", "1001")


def another_name_of_the_assignment():
    run("rename", "course", "--assignment", STEP_2, "--to", "week6")


def a_name_for_ben():
    run("rename", "course", "--student", "502", "--to", "ben")


def a_notebook_here():
    Path(f"{STEP_2}.ipynb").write_text(json.dumps(notebook(RIGHT)))


# Before the command that begins so
BEFORE = {
    "collect course": graded_download,
    "explain course ada": a_name_for_ada,
    "undo course": a_collection_by_mistake,
    "rename course --student 1001": a_number_again,
    "rename course --assignment week6": another_name_of_the_assignment,
    "forget course --student ben": a_name_for_ben,
    "grade-one": a_notebook_here,
    "check": a_notebook_here,
}
# What a person would be asked
YES = {"forget": ["--yes"]}


@pytest.mark.parametrize("name", ["for-instructors.md", "for-authors.md", "for-students.md"])
def test_a_pages_commands_do_in_their_order_what_it_says(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(check_notebook, "ask", in_a_fork)
    if name == "for-authors.md":
        (tmp_path / "submitted").mkdir()
    tried = []
    with mock.patch.object(pool, "run_on_processes", graded_here):
        for command in commands_of(name):
            if command[0] in ELSEWHERE:
                continue
            line = " ".join(command)
            for begin, prepare in BEFORE.items():
                if line.startswith(begin):
                    prepare()
            run(*command, *YES.get(command[0], ()))
            tried.append(command[0])
    if name == "for-instructors.md":
        assert tried.count("init") == 2
        assert {"collect", "undo", "forget", "grade-one", "feedback", "export"} <= set(tried)
        course = tmp_path / "course"
        assert sorted(path.name for path in (course / "submitted").iterdir()) == ["ada"]
        assert json.loads((tmp_path / "result.json").read_text())["score"] == 26
        assert (tmp_path / "for-canvas.csv").read_text().splitlines()[2].endswith(",26")
        assert (tmp_path / "feedback.zip").stat().st_size > 1000
        log = (course / ".autograder" / "course.log").read_text()
        assert "ben" not in log
        assert " collect " in log
    elif name == "for-authors.md":
        assert tried == ["new-exercise"] * 3 + ["verify", "release", "grade"]
    else:
        assert tried == ["check"]
