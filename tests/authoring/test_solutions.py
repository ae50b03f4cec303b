"""The solutions earn full marks, the stubs nothing, and every worked example in a statement is right."""

import doctest
import json
import re
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.release import write_source_notebooks
from autograder.diagnosis.assess import assess
from autograder.exercises import ALL_EXERCISES, EXERCISES
from autograder.exercises.graded import GRADED_SET
from autograder.notebooks.submission import assignment_names, load_assignment
from autograder.sandbox.calls import LocalCaller

ROOT = Path(__file__).resolve().parents[2]
SEED = b"a seed of the tests"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    paths = write_source_notebooks(ROOT / "solutions", folder)
    return {path.stem: json.loads(path.read_bytes())["cells"] for path in paths}


def source(cell) -> str:
    return "".join(cell["source"])


def namespace(cells) -> dict:
    """Run a notebook's code cells but for its test cells."""
    space: dict = {}
    for cell in cells:
        meta = cell["metadata"]["nbgrader"]
        if cell["cell_type"] == "code" and not meta["grade"]:
            exec(source(cell).replace("from autograder import check", ""), space)
    return space


def with_solutions(notebooks):
    """All but the graded set, of which no solution exists; tests/exercises/test_graded.py is about that."""
    return [(name, cells) for name, cells in notebooks.items() if name not in GRADED_SET]


def graded(cells):
    return [
        cell["metadata"]["nbgrader"]
        for cell in cells
        if cell["metadata"]["nbgrader"]["grade"] and cell["cell_type"] == "code"
    ]


def test_every_exercise_has_a_judge_and_no_judge_lacks_an_exercise(notebooks):
    ids = {meta["grade_id"]: name for name, cells in notebooks.items() for meta in graded(cells)}
    first = {twins.by_variant["A"].id: name for name, places in GRADED_SET.items() for twins in places}
    assert ids == {exercise.id: exercise.assignment for exercise in EXERCISES.values()} | first


def test_solutions_earn_full_marks(notebooks):
    for name, cells in with_solutions(notebooks):
        space = namespace(cells)
        for meta in graded(cells):
            for seed, public in ((SEED, False), (b"another", False), (b"public", True)):
                caller = LocalCaller(space[meta["grade_id"]])
                judgement = assess(EXERCISES[meta["grade_id"]], caller, seed, public=public)
                failed = [check for check in judgement.checks if not check.passed]
                assert judgement.fraction == 1.0, (name, meta["grade_id"], failed)
                assert (judgement.status, judgement.codes) == ("graded", ())


def test_stubs_earn_nothing():
    for name in assignment_names(None):
        assignment = load_assignment(None, name)
        space: dict = {}
        for cell in assignment.cells:
            if cell.cell_type == "code" and not cell.source.startswith("check("):
                exec(cell.source.replace("from autograder import check", ""), space)
        for exercise in assignment.exercises:
            if not exercise.manual:
                judgement = assess(ALL_EXERCISES[exercise.id], LocalCaller(space[exercise.id]), SEED)
                assert judgement.fraction == 0, exercise.id
                assert judgement.status != "graded" or judgement.checks


def test_worked_examples_in_the_statements_are_right(notebooks):
    tried = 0
    for name, cells in with_solutions(notebooks):
        space = namespace(cells)
        for cell in cells:
            for block in re.findall(r"```python\n(.*?)```", source(cell), re.DOTALL):
                where = f"{name}, {cell['metadata']['nbgrader']['grade_id']}"
                test = doctest.DocTestParser().get_doctest(block, space | {"np": np}, where, None, 0)
                report: list[str] = []
                result = doctest.DocTestRunner().run(test, out=report.append)
                assert result.attempted
                assert not result.failed, "".join(report)
                tried += 1
    assert tried >= 16  # one for each exercise that is code


def test_every_statement_says_equation_shapes_coverage_and_points(notebooks):
    for cells in notebooks.values():
        texts = {cell["metadata"]["nbgrader"]["grade_id"]: source(cell) for cell in cells}
        for cell in cells:
            meta = cell["metadata"]["nbgrader"]
            if meta["grade"]:
                statement = texts[f"{meta['grade_id']}_statement"]
                bonus = "bonus" in cell["metadata"].get("tags", [])
                assert f"({meta['points']} {'bonus ' if bonus else ''}points" in statement
                if cell["cell_type"] == "code":
                    assert "$" in statement or "(2." in statement
                    assert "**What the graded check covers**" in statement
                    words = " ".join(statement.split())
                    assert "Another shape or type than asked" in words
                    assert (
                        "arguments that are changed or answers that differ on a second call, cost a fifth"
                        in words
                    )
                    assert ">>> " in statement
