import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder._language import use_language
from autograder.authoring.init_course import init_course
from autograder.feedback import ask_process
from autograder.feedback import check_notebook as checking
from autograder.feedback.ask_process import in_a_fork, in_a_new_python
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook

ROOT = Path(__file__).resolve().parents[2]


def check(*arguments, cwd):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, timeout=120, check=False, env=None,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def write(folder, answers, name="06-step-2.ipynb", extra=()):
    content = notebook(answers)
    for number, source in enumerate(extra):
        content["cells"].insert(
            1, {"cell_type": "code", "id": f"x{number}", "metadata": {}, "source": source, "outputs": []}
        )
    (folder / name).write_text(json.dumps(content))
    return name


def statuses(folder, name, *more):
    done = check(name, "--json", "found.json", *more, cwd=folder)
    found = json.loads((folder / "found.json").read_text())
    return done, {e["id"]: e for e in found[0]["exercises"]}


def test_right_work_is_said_to_be_right_and_to_be_no_grade(tmp_path):
    extra = ("%matplotlib inline", "print('noise')", "1 / 0", "input()")
    done, found = statuses(tmp_path, write(tmp_path, RIGHT, extra=extra))
    assert done.returncode == 0, done.stdout
    assert {e["status"] for e in found.values()} == {"graded"}
    assert "grading uses other numbers" in done.stdout
    assert "noise" not in done.stdout


def test_a_mistake_is_named_and_the_rest_still_tried(tmp_path):
    answers = RIGHT | {
        "hidden_delta_solution": NO_SLOPE,
        "residual_delta_solution": "import os\ndef residual_delta(*a):\n    os._exit(0)\n",
    }
    done, found = statuses(tmp_path, write(tmp_path, answers, "renamed (1).ipynb"))
    assert done.returncode == 1
    assert found["hidden_delta"]["misconceptions"] == ["K13"]
    assert found["residual_delta"]["status"] == "crashed"
    assert found["all_deltas"]["score"] == 6


def test_a_loop_is_stopped_and_stubs_are_not_written_yet(tmp_path):
    loop = {"hidden_delta_solution": "def hidden_delta(*a):\n    while True:\n        pass\n"}
    done, found = statuses(tmp_path, write(tmp_path, loop), "--timeout", "3")
    assert done.returncode == 1
    assert found["hidden_delta"]["status"] == "timeout"
    assert found["all_deltas"]["status"] == "not_run"


@pytest.mark.parametrize("content", ["", "text", '{"cells": [', '{"cells": []}', None])
def test_what_can_not_be_checked_is_said_in_a_line(tmp_path, content):
    if content is not None:
        (tmp_path / "mine.ipynb").write_text(content)
    done = check("mine.ipynb", cwd=tmp_path)
    assert done.returncode == 2
    assert "mine.ipynb" in done.stderr


def test_escapes_of_a_students_making_do_not_reach_the_terminal(tmp_path):
    bad = {"hidden_delta_solution": "def hidden_delta(*a):\n    raise ValueError('\\x1b[31mred\\x07')\n"}
    done, _ = statuses(tmp_path, write(tmp_path, bad))
    assert "red" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


def test_a_courses_own_exercises_are_checked_beside_their_file_or_in_the_course(tmp_path):
    def run(*arguments, cwd=tmp_path):
        command = [sys.executable, "-m", "autograder", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)

    run("new-exercise", "log_cosh_delta", "--assignment", "13-own", "--kind", "stated")
    run("release", "--source", "solutions", "--to", "release")
    released = json.loads((tmp_path / "release" / "13-own" / "13-own.ipynb").read_text())
    for cell in released["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "log_cosh_delta_solution":
            cell["source"] = "def log_cosh_delta(z, Y):\n    return np.tanh(z - Y)\n"
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "13-own.ipynb").write_text(json.dumps(released))
    assert "no exercise was found in it" in run("check", "13-own.ipynb", cwd=mine).stderr
    for where in (("--course", tmp_path), ()):
        if not where:
            (mine / "own_exercises.py").write_text((tmp_path / "own_exercises.py").read_text())
        done = run("check", "13-own.ipynb", *where, cwd=mine)
        assert "log_cosh_delta" in done.stdout, done.stderr
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("ask", [in_a_fork, in_a_new_python])
def test_a_fork_and_a_new_python_say_the_same(ask, tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "ask", ask)
    answers = RIGHT | {
        "hidden_delta_solution": NO_SLOPE,
        "residual_delta_solution": "import os\ndef residual_delta(*a):\n    os._exit(3)\n",
        "all_deltas_solution": "def all_deltas(*a):\n    while True:\n        pass\n",
    }
    # It runs beside the notebook, and nothing of nbgrader's is set: else nothing is found at all.
    place = (
        "import os\n"
        "if 'NBGRADER_EXECUTION' in os.environ or not os.path.exists('06-step-2.ipynb'):\n"
        "    os._exit(9)\n"
        "print('noise')"
    )
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    path = tmp_path / write(tmp_path, answers, extra=(place,))
    found = {exercise["id"]: exercise for exercise in checking.check_notebook(path, 3)["exercises"]}
    assert found["hidden_delta"]["misconceptions"] == ["K13"]
    assert found["residual_delta"]["text"].endswith("the notebook's code ended Python (exit code 3)")
    assert found["all_deltas"]["status"] == "timeout"


def test_on_linux_a_check_starts_no_second_python_but_beside_other_threads(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(ask_process, "in_a_fork", lambda *_: started.append("fork") or ([], 0))
    monkeypatch.setattr(ask_process, "in_a_new_python", lambda *_: started.append("python") or ([], 0))
    for platform, threads in (("linux", 1), ("linux", 2), ("darwin", 1)):
        monkeypatch.setattr(ask_process.sys, "platform", platform)
        monkeypatch.setattr(ask_process.threading, "active_count", lambda count=threads: count)
        ask_process.ask({}, tmp_path, 1)
    assert started == ["fork", "python", "python"]


def test_a_spanish_notebook_is_told_in_spanish_and_is_as_it_was_given(tmp_path):
    """On the student's own machine: neither the course nor its released notebook is there."""
    use_language("es")
    try:
        init_course(tmp_path / "curso", ["06-step-2"])
    finally:
        use_language("en")
    content = json.loads((tmp_path / "curso" / "release" / "06-step-2" / "06-step-2.ipynb").read_text())
    for cell in content["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "hidden_delta_solution":
            cell["source"] = NO_SLOPE
    (tmp_path / "06-step-2.ipynb").write_text(json.dumps(content))
    done, found = statuses(tmp_path, "06-step-2.ipynb")
    assert json.loads((tmp_path / "found.json").read_text())[0]["notes"] == []
    assert {e["status"] for e in found.values()} == {"graded", "not_run"}
    assert found["hidden_delta"]["misconceptions"] == ["K13"]
    assert "Te detuviste un factor antes" in done.stdout
    assert "all_deltas: aún sin escribir" in done.stdout
    assert "expected" not in done.stdout
