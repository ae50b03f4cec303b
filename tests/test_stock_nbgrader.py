"""Stock nbgrader on our notebooks: generate_assignment and autograde, unmodified, give honest submissions our points."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cases import LocalCaller
from autograder.exercises import EXERCISES
from autograder.judge import judge
from autograder.release import write_source_notebooks
from autograder.submission import load_assignment

ROOT = Path(__file__).resolve().parents[1]
NAME = "06-step-2"
ANSWERS = {
    "ada": {
        "hidden_delta_solution": (
            "def hidden_delta(W_next, delta_next, z, hidden):\n"
            "    return np.einsum('ji,jm->im', W_next, delta_next) * g_prime(hidden, z)\n"
        ),
        "all_deltas_solution": (
            "def all_deltas(W, Z, A, Y, hidden, output):\n"
            "    delta = {len(W): output_delta(output, Z[len(W)], Y)}\n"
            "    for l in range(len(W) - 1, 0, -1):\n"
            "        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)\n"
            "    return delta\n"
        ),
        "residual_delta_solution": (
            "def residual_delta(W, z, delta_a):\n"
            "    dz = delta_a / np.cosh(z) ** 2\n"
            "    return dz, W.T @ dz + delta_a\n"
        ),
    },
    "bob": {  # right for sigmoid and tanh alone; the rest a stub
        "hidden_delta_solution": (
            "def hidden_delta(W_next, delta_next, z, hidden):\n"
            "    slope = 1 if hidden == 'relu' else g_prime(hidden, z)\n"
            "    return (W_next.T @ delta_next) * slope\n"
        ),
    },
}


def nbgrader(course: Path, *arguments: str) -> str:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("NBGRADER_EXECUTION", None)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course made with stock tools alone: our notebooks with solutions in source/, two honest submissions."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'nets'\nc.Exchange.root = 'exchange'\n"
    )
    (folder / "all").mkdir()
    write_source_notebooks(ROOT / "solutions", folder / "all")
    (folder / "source").mkdir()
    (folder / "all" / NAME).rename(folder / "source" / NAME)
    nbgrader(folder, "generate_assignment", NAME)
    for student, answers in ANSWERS.items():
        content = json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes())
        for cell in content["cells"]:
            grade_id = cell["metadata"]["nbgrader"]["grade_id"]
            cell["source"] = answers.get(grade_id, cell["source"])
        handed_in = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
        handed_in.parent.mkdir(parents=True)
        handed_in.write_text(json.dumps(content))
    nbgrader(folder, "autograde", NAME)
    return folder


def test_stock_release_is_ours_cell_by_cell(course):
    stock = json.loads((course / "release" / NAME / f"{NAME}.ipynb").read_bytes())["cells"]
    ours = json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes())["cells"]
    assert ["".join(cell["source"]) for cell in stock] == ["".join(cell["source"]) for cell in ours]
    assert [cell["metadata"]["nbgrader"] for cell in stock] == [cell["metadata"]["nbgrader"] for cell in ours]


def test_stock_autograde_gives_our_points(course):
    from nbgrader.api import Gradebook

    assignment = load_assignment(None, NAME)
    for student, answers in ANSWERS.items():
        space: dict = {}
        for cell in assignment.cells:
            if cell.cell_type == "code" and not cell.source.startswith("check("):
                source = answers.get(cell.grade_id or "", cell.source)
                exec(source.replace("from autograder import check", ""), space)
        expected = {
            exercise.id: exercise.points
            * judge(EXERCISES[exercise.id], LocalCaller(space[exercise.id]), b"public", public=True).fraction
            for exercise in assignment.exercises
        }
        with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
            submission = gradebook.find_submission(NAME, student)
            scores = {
                grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            assert submission.max_score == assignment.max_score == 26
        assert scores == pytest.approx(expected)
        if student == "ada":
            assert expected == {"hidden_delta": 14, "all_deltas": 6, "residual_delta": 6}
        else:
            assert 0 < scores["hidden_delta"] < 14
            assert scores["residual_delta"] == 0


def test_the_test_cells_output_is_the_plain_number_and_nothing_else(course):
    content = json.loads((course / "autograded" / "ada" / NAME / f"{NAME}.ipynb").read_bytes())
    for cell in content["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade"):
            (output,) = cell["outputs"]
            assert list(output["data"]) == ["text/plain"]
            assert float("".join(output["data"]["text/plain"])) == meta["points"]
