"""The released exercises: the same bytes each time, no solution in
them, what stock nbgrader expects of them.
"""

import ast
import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum

from autograder.authoring.release import ReleaseError, release, write_source_notebooks
from autograder.exercises.graded import GRADED_SET
from autograder.notebooks.clear_solutions import clear_solution

ROOT = Path(__file__).resolve().parents[2]
POINTS = {  # the contract: (points, bonus) of each exercise
    "01-forward": {"affine": (4, 0), "forward": (8, 0)},
    "02-nonlinearities": {"sigmoid": (3, 0), "softmax": (3, 0), "g_prime": (6, 0), "why_same_g": (0, 4)},
    "03-losses": {"loss": (8, 0)},
    "04-delta": {"numerical_delta": (6, 0)},
    "05-step-1": {"output_delta": (12, 0), "huber_output_delta": (0, 4)},
    "06-step-2": {"hidden_delta": (14, 0), "all_deltas": (6, 0), "residual_delta": (0, 6)},
    "07-step-3": {"layer_gradients": (10, 0)},
    "08-batches": {"backprop": (12, 0), "l2_backprop": (0, 4)},
    "09-gradient-checking": {"gradient_check": (8, 0)},
    "12-graphs": {"product_messages": (0, 2), "graph_gradients": (0, 4), "softmax_atoms": (0, 4)},
}
OPTIONAL = {  # the optional assignment, outside the hundred points
    "13-layers": {
        "rms_norm_backward": 3,
        "average_pool_backward": 2,
        "glu_backward": 3,
        "gru_backward": 5,
        "triplet_backward": 3,
    },
}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.ipynb"))}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("released")
    return folder, release(ROOT / "solutions", folder)


def test_a_second_release_is_byte_identical_and_touches_nothing(released, tmp_path):
    folder, _ = released
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.ipynb")}
    again = release(ROOT / "solutions", folder)
    assert not any(notebook.changed for notebook in again.notebooks)
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*.ipynb")}
    release(ROOT / "solutions", tmp_path)
    assert files(tmp_path) == files(folder)


def test_the_committed_exercises_are_this_release(released):
    folder, _ = released
    assert files(ROOT / "exercises") == files(folder)


def test_points_are_the_contract(released):
    _, summary = released
    assert (summary.points, summary.bonus) == (100, 28)
    required = [
        notebook for notebook in summary.notebooks if notebook.name not in OPTIONAL and not notebook.graded
    ]
    for notebook in required:
        points = {}
        for cell in json.loads(notebook.path.read_bytes())["cells"]:
            meta = cell["metadata"]["nbgrader"]
            if meta["grade"]:
                bonus = "bonus" in cell["metadata"].get("tags", [])
                points[meta["grade_id"]] = (0, meta["points"]) if bonus else (meta["points"], 0)
        assert points == POINTS[notebook.name]
    assert [notebook.name for notebook in required] == list(POINTS)


def test_optional_points_are_apart(released):
    _, summary = released
    optional = [notebook for notebook in summary.notebooks if notebook.name in OPTIONAL]
    assert [notebook.name for notebook in optional] == list(OPTIONAL)
    for notebook in optional:
        assert (notebook.points, notebook.bonus) == (0, 0)
        assert notebook.optional == sum(OPTIONAL[notebook.name].values())
        cells = json.loads(notebook.path.read_bytes())["cells"]
        metas = [cell["metadata"]["nbgrader"] for cell in cells]
        points = {meta["grade_id"]: meta["points"] for meta in metas if meta["grade"]}
        assert points == OPTIONAL[notebook.name]


def test_no_solution_is_left_in_what_students_get(released):
    folder, _ = released
    import jupytext

    for name in [*POINTS, *OPTIONAL]:
        shown = files(folder)[f"{name}/{name}.ipynb"].decode()
        lines = {line.strip() for cell in json.loads(shown)["cells"] for line in cell["source"]}
        assert "SOLUTION" not in shown
        for cell in jupytext.read(ROOT / "solutions" / name / f"{name}.md").cells:
            if cell.metadata.nbgrader["solution"]:
                stub, removed = clear_solution(cell.source, cell.cell_type)
                assert removed
                assert not lines & {line.strip() for line in removed if len(line.strip()) > 12}
                assert ("NotImplementedError()" if cell.cell_type == "code" else "YOUR ANSWER HERE") in stub


def test_every_notebook_is_what_students_and_nbgrader_need(released):
    folder, _ = released
    for path in folder.rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        first = notebook.cells[0]
        assert first.source.startswith("import numpy as np\n")
        assert "from autograder import check" in first.source
        ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
        assert ids == [cell.id for cell in notebook.cells]
        for cell in notebook.cells:
            meta = cell.metadata.nbgrader
            assert meta.checksum == compute_checksum(cell)
            if cell.cell_type == "code":
                ast.parse(cell.source)
                assert not cell.outputs
            if meta.grade and not meta.solution:
                assert cell.source.endswith(f"check({meta.grade_id})")
                assert meta.locked
                assert f"{meta.grade_id}_solution" in ids[: ids.index(meta.grade_id)]
                assert f"{meta.grade_id}_statement" in ids[: ids.index(meta.grade_id)]
            if meta.solution and cell.cell_type == "code":
                body = ast.parse(cell.source).body[-1]
                assert ast.get_docstring(body), meta.grade_id
                assert "# YOUR CODE HERE\n    raise NotImplementedError()" in cell.source


def test_stale_notebooks_go_and_others_stay(tmp_path):
    release(ROOT / "solutions", tmp_path)
    stale = tmp_path / "99-old" / "99-old.ipynb"
    stale.parent.mkdir()
    stale.write_bytes((tmp_path / "03-losses" / "03-losses.ipynb").read_bytes())
    foreign = tmp_path / "mine" / "mine.ipynb"
    foreign.parent.mkdir()
    foreign.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    summary = release(ROOT / "solutions", tmp_path)
    assert summary.removed == (stale,)
    assert not stale.parent.exists()
    assert foreign.exists()
    assert not list((tmp_path / "03-losses").glob(".*"))


def test_source_notebooks_keep_their_solutions(tmp_path):
    paths = write_source_notebooks(ROOT / "solutions", tmp_path)
    assert len(paths) == len(POINTS) + len(OPTIONAL) + len(GRADED_SET)
    notebook = nbformat.read(tmp_path / "05-step-1" / "05-step-1.ipynb", as_version=4)
    MetadataValidator().validate_nb(notebook)
    assert "### BEGIN SOLUTION\n    return g(output, z) - Y" in notebook.cells[5].source


LOSSES = (ROOT / "solutions/03-losses/03-losses.md").read_text()
FAULTS = {
    "points": (
        LOSSES.replace('"points": 8', '"points": "many"'),
        "03-losses.md, cell loss: given points: 'many'",
    ),
    "test cell": (
        LOSSES.replace("check(loss)", "check(los)"),
        "cell loss: given a test cell that ends in 'check(los)'",
    ),
    "twice": (LOSSES.replace('"loss_statement"', '"setup"'), "cell setup: given a second cell"),
    "unlocked": (
        LOSSES.replace('"grade_id": "loss", "locked": true', '"grade_id": "loss", "locked": false'),
        "given locked: false",
    ),
    "no end": (LOSSES.replace("### END SOLUTION", ""), "BEGIN SOLUTION without END SOLUTION"),
    "other function": (
        LOSSES.replace("def loss(", "def lose("),
        "cell loss_solution: given code without that function",
    ),
    "no python": (
        LOSSES.replace("def loss(", "def loss(("),
        "cell loss_solution: given code that is no Python",
    ),
    "no setup": (LOSSES.replace("from autograder import check", "pass"), "cell 1: given another first cell"),
    "leak": (
        LOSSES.replace("you will", "").replace(
            "The output decides", "    return float(L.sum() / m)  # (3.4)\n\nThe output decides"
        ),
        "cell loss_statement: given "
        "'return float(L.sum() / m)  # (3.4)', a line of the solution of loss_solution",
    ),
    "hidden tests": (LOSSES.replace("check(loss)", "# HIDDEN TESTS\ncheck(loss)"), "HIDDEN TESTS in a cell"),
    "bad id": (LOSSES.replace('"loss_statement"', '"loss statement"'), "given the grade_id 'loss statement'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_rule_names_file_cell_given_and_expected_and_writes_nothing(fault, tmp_path):
    text, message = FAULTS[fault]
    assert text != LOSSES, "the fault was not planted"
    (tmp_path / "solutions" / "03-losses").mkdir(parents=True)
    (tmp_path / "solutions" / "03-losses" / "03-losses.md").write_text(text)
    with pytest.raises(ReleaseError) as error:
        release(tmp_path / "solutions", tmp_path / "out")
    assert message in str(error.value)
    assert "; expected " in str(error.value)
    assert not (tmp_path / "out").exists()


def test_no_solutions_at_all(tmp_path):
    with pytest.raises(FileNotFoundError, match="no notebook in"):
        release(tmp_path, tmp_path / "out")
