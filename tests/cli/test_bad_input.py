"""Bad input through the real `autograder grade`: each case its line and its status, and the class goes on.

One course with a student for every way in which a submission can be bad, graded once, in one run, behind the
wall.
"""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grading.test_grade_submission import RIGHT, notebook

ROOT = Path(__file__).resolve().parents[2]
NAME = "06-step-2"
# all_deltas without a call of hidden_delta: what is wrong there costs points there alone
ALONE = RIGHT | {
    "all_deltas_solution": "def all_deltas(W, Z, A, Y, hidden, output):\n"
    "    delta = {len(W): output_delta(output, Z[len(W)], Y)}\n"
    "    for l in range(len(W) - 1, 0, -1):\n"
    "        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])\n"
    "    return delta\n"
}
HEAD = "def hidden_delta(W_next, delta_next, z, hidden):\n    "


def written(hidden_delta):
    """The honest notebook, hidden_delta's cell exchanged."""
    return notebook(ALONE | {"hidden_delta_solution": hidden_delta})


def returning(expression):
    return written(f"{HEAD}return {expression}\n")


def without(grade_id):
    content = notebook(ALONE)
    content["cells"] = [c for c in content["cells"] if c["metadata"]["nbgrader"]["grade_id"] != grade_id]
    return content


def twice(grade_id, first):
    """The cell two times: an older version of it above the right one."""
    content = notebook(ALONE)
    place = next(
        i for i, c in enumerate(content["cells"]) if c["metadata"]["nbgrader"]["grade_id"] == grade_id
    )
    content["cells"].insert(place, content["cells"][place] | {"source": first})
    return content


def as_nbformat_3():
    cells = []
    for cell in notebook(ALONE)["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        if cell["cell_type"] == "code":
            old |= {"input": cell["source"], "language": "python", "outputs": [], "collapsed": False}
        else:
            old |= {"source": cell["source"]}
        cells.append(old)
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


HONEST = json.dumps(notebook(ALONE), indent=1).encode()
LOST = {"hidden_delta": 0.0, "all_deltas": 6.0, "residual_delta": 6.0}  # that exercise alone
FULL = LOST | {"hidden_delta": 14.0}
NONE = dict.fromkeys(FULL, 0.0)

# student -> (what is handed in, the status of hidden_delta, the points, words that are printed on its line)
UNREADABLE = {
    "text": (b"Dear professor, my laptop was stolen.", "ungradable", NONE, "not JSON"),
    "empty-file": (b"", "ungradable", NONE, "empty"),
    "script": (b"def hidden_delta(): pass\n", "ungradable", NONE, "not JSON"),
    "zip": (b"PK\x03\x04" + bytes(100), "ungradable", NONE, "zip archive"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "ungradable", NONE, "not JSON"),
    "a-list": (b"[1, 2, 3]", "ungradable", NONE, "JSON list"),
    "truncated": (HONEST[: len(HONEST) // 2], "ungradable", NONE, "cut off"),
    "nested": (b"[" * 100_000, "ungradable", NONE, "nested"),
    "no-cells": (b'{"cells": "all of them", "nbformat": 4}', "ungradable", NONE, "a list of cells"),
}
READ = {
    "nbformat-3": (as_nbformat_3(), "graded", FULL, "nbformat 3"),
    "bom": (b"\xef\xbb\xbf" + HONEST, "graded", FULL, "byte order mark"),
    "missing-cell": (
        without("hidden_delta_solution"),
        "missing",
        LOST,
        "hidden_delta_solution is missing",
    ),
    "missing-test": (without("hidden_delta"), "graded", FULL, "hidden_delta was missing"),
    "duplicated": (
        twice("hidden_delta_solution", HEAD + "return 0\n"),
        "graded",
        FULL,
        "there 2 times",
    ),
    "duplicated-test": (twice("hidden_delta", "check(hidden_delta)"), "graded", FULL, "there 2 times"),
}
WRONG = {
    "wrong-name": (
        written("def hiden_delta(W, d, z, hidden):\n    return (W.T @ d) * g_prime(hidden, z)\n"),
        "missing",
        LOST,
        "hidden_delta",
    ),
    "not-a-function": (written("hidden_delta = 42\n"), "missing", LOST, "hidden_delta"),
    "syntax": (
        written("def hidden_delta(W_next, delta_next, z, hidden)\n    return 0\n"),
        "not_run",
        LOST,
        "not run",
    ),
    "no-return": (written(f"{HEAD}delta = W_next.T @ delta_next\n"), "graded", LOST, "None"),
    "a-dict": (returning("{1: W_next.T @ delta_next}"), "graded", LOST, "dict"),
    "text-for-array": (returning("'0.5 0.25'"), "graded", LOST, "str"),
    "array-of-text": (returning("(W_next.T @ delta_next).astype(str)"), "graded", LOST, "text"),
    "objects": (returning("np.array([object()])"), "graded", LOST, "object"),
    "exception": (written(f"{HEAD}raise ValueError('no idea')\n"), "crashed", LOST, "crashed: hidden_delta"),
    "system-exit": (written(f"{HEAD}raise SystemExit(0)\n"), "crashed", LOST, "crashed: hidden_delta"),
    "loop": (written(f"{HEAD}while True:\n        pass\n"), "timeout", LOST, "out of time: hidden_delta"),
    "exits": (written(f"import os\n{HEAD}os._exit(0)\n"), "crashed", LOST, "crashed: hidden_delta"),
    "memory": (written(f"{HEAD}return bytearray(2**44)\n"), "memory", LOST, "memory: hidden_delta"),
    "loop-in-a-cell": (written("while True:\n    pass\n"), "timeout", LOST, "out of time: hidden_delta"),
    "exit-in-a-cell": (written("import os\nos._exit(0)\n"), "not_run", LOST, "not run: hidden_delta"),
}
CASES = UNREADABLE | READ | WRONG


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(course, exit code, printed text, reports by student) of one run over the whole course."""
    course = tmp_path_factory.mktemp("course")
    folder = course / "submitted"
    for student, (content, *_) in CASES.items():
        path = folder / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    (folder / "no-folder").mkdir()
    (folder / "no-notebook" / NAME).mkdir(parents=True)
    (folder / "a-folder" / NAME / f"{NAME}.ipynb").mkdir(parents=True)
    (folder / "a-pipe" / NAME).mkdir(parents=True)
    os.mkfifo(folder / "a-pipe" / NAME / f"{NAME}.ipynb")
    (folder / "a-link" / NAME).mkdir(parents=True)
    (folder / "a-link" / NAME / f"{NAME}.ipynb").symlink_to(folder / "bom" / NAME / f"{NAME}.ipynb")
    (folder / "zz-honest" / NAME).mkdir(parents=True)
    (folder / "zz-honest" / NAME / f"{NAME}.ipynb").write_bytes(HONEST)
    done = grade(course, "--timeout", "1", "--scores", "--json", course / "reports.json")
    reports = json.loads((course / "reports.json").read_text())
    return course, done, {report["student"]: report for report in reports}


def grade(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder", "grade", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def line_of(done, student):
    lines = [line for line in done.stdout.splitlines() if line.startswith(f"  {student} {NAME}: ")]
    return "".join(lines)


def test_the_batch_is_never_stopped_and_says_that_something_needs_attention(graded):
    _, done, reports = graded
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "graded now" in done.stdout
    assert len(reports) == len(CASES) + 6
    assert reports["zz-honest"]["score"] == 26
    assert not line_of(done, "zz-honest")
    assert re.search(r"^truncated +06-step-2 +– +26$", done.stdout, re.MULTILINE)  # no zero


@pytest.mark.parametrize("student", CASES)
def test_each_has_its_status_its_points_and_its_line(graded, student):
    _, done, reports = graded
    _, status, points, words = CASES[student]
    exercises = {exercise["id"]: exercise for exercise in reports[student]["exercises"]}
    assert exercises["hidden_delta"]["status"] == status
    assert {id: exercise["score"] for id, exercise in exercises.items()} == points
    assert words in line_of(done, student), done.stdout
    if status == "ungradable":
        assert {exercise["status"] for exercise in exercises.values()} == {"ungradable"}


@pytest.mark.parametrize("student", ["no-folder", "no-notebook", "a-folder", "a-pipe", "a-link"])
def test_where_nothing_can_be_read_the_work_is_missing(graded, student):
    _, done, reports = graded
    assert {exercise["status"] for exercise in reports[student]["exercises"]} == {"missing"}
    words = {"no-folder": "nothing was handed in", "a-link": "symbolic link", "a-folder": "no plain file"}
    assert words.get(student, "no notebook was handed in") in line_of(done, student)


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_no_silent_zero_in_nbgraders_gradebook(graded):
    """What could not be read has no score there, and waits for a person."""
    from nbgrader.api import Gradebook

    course, _, _ = graded
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        for student in UNREADABLE:
            for grade in gradebook.find_submission(NAME, student).notebooks[0].grades:
                assert grade.auto_score is None
                assert grade.needs_manual_grade
        assert gradebook.find_submission(NAME, "zz-honest").score == 26


def test_students_are_told_why(graded):
    course, _, _ = graded
    for student, (_, status, _, words) in CASES.items():
        page = (course / "feedback" / student / NAME / f"{NAME}.html").read_text()
        if status == "ungradable":
            assert words in page


@pytest.mark.parametrize("made", [(), ("somewhere",)])
def test_no_course_is_one_line_and_exit_code_2(tmp_path, made):
    for name in made:
        (tmp_path / "course" / name).mkdir(parents=True)
    done = grade(tmp_path / "course")
    assert done.returncode == 2
    assert "submitted/" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


SYSTEMS = {"OSError", "PermissionError", "IsADirectoryError", "NotADirectoryError", "FileExistsError"}


@pytest.mark.parametrize("package", ["autograder", "deltabook", "tools"])
def test_no_message_shows_an_error_of_the_system_as_python_writes_it(package):
    """An error number and the file's name in quotes are no sentence: reason(error) says it, or strerror."""
    found = []
    for path in sorted((ROOT / package).rglob("*.py")):
        handlers = [
            n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ExceptHandler)
        ]
        for handler in handlers:
            caught = {n.id for n in ast.walk(handler.type or handler) if isinstance(n, ast.Name)}
            if not (handler.name and handler.type and caught & SYSTEMS):
                continue
            for node in ast.walk(handler):
                shown = node.value if isinstance(node, ast.FormattedValue) else None
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str" and node.args:
                    shown = node.args[0]
                if isinstance(shown, ast.Name) and shown.id == handler.name:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
