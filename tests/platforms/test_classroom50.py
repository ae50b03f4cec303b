"""result.json as the schema classroom50/result/v1 asks: its required fields, their forms, no others."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.errors import GraderError
from autograder.grading.receipt import Receipt
from autograder.platforms.classroom50 import classroom50_result
from autograder.platforms.one_notebook import OneResult
from tests.platforms.test_one_notebook import WITHOUT_SLOPE, write_notebook

RUNNER = {
    "CLASSROOM": "cs-test",
    "ASSIGNMENT": "06-step-2",
    "OWNER": "alice",
    "SUBMISSION_TAG": "submit/2027-01-12T10-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://git.example/commit/a",
    "RELEASE_URL": "https://git.example/releases/a",
}
TEXTS = {"classroom", "assignment", "owner", "submission", "commit", "release", "review"}
FIELDS = TEXTS | {"schema", "assignment_type", "datetime", "score", "max-score", "tests"}


def valid(result: dict) -> None:
    """What the schema can say, and what its text adds: scores are whole and within their maximum."""
    assert set(result) == FIELDS
    assert result["schema"] == "classroom50/result/v1"
    assert all(isinstance(result[name], str) and result[name] for name in TEXTS)
    assert result["assignment_type"] in ("individual", "group")
    assert result["submission"].startswith("submit/")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["datetime"])
    for row in (result, *result["tests"]):
        assert type(row["score"]) is type(row["max-score"]) is int
        assert 0 <= row["score"] <= row["max-score"]
    assert all(type(test["passed"]) is bool and test["test-name"] for test in result["tests"])
    assert result["score"] == sum(test["score"] for test in result["tests"])


def graded(*rows: tuple[str, float, float, str]) -> OneResult:
    exercises = [{"id": i, "score": s, "max_score": m, "status": status} for i, s, m, status in rows]
    receipt = Receipt(graded_at="2027-01-01T00:00:00Z", sha256="0" * 64, grader="deltabook")
    return OneResult({"exercises": exercises, "notes": []}, {}, "", receipt, {})  # type: ignore[arg-type, typeddict-item]


def test_points_are_whole_there_and_exact_in_words() -> None:
    found = classroom50_result(
        graded(("a", 2.5, 5, "graded"), ("b", 4, 4, "graded"), ("why", 0, 4, "manual")), RUNNER
    )
    valid(found)
    assert (found["score"], found["max-score"]) == (6, 9)
    assert found["tests"][0]["message"] == "2.5 of 5 points"
    assert [test["test-name"] for test in found["tests"]] == ["a", "b", "receipt"]


def test_a_group_and_a_review_are_taken_over() -> None:
    environment = {**RUNNER, "ASSIGNMENT_TYPE": "group", "REVIEW_URL": "https://git.example/compare"}
    found = classroom50_result(graded(("a", 1, 1, "graded")), environment)
    valid(found)
    assert found["assignment_type"] == "group"
    assert found["review"] == "https://git.example/compare"


def test_outside_the_runner_it_is_refused() -> None:
    with pytest.raises(GraderError, match="no OWNER, COMMIT_URL; expected what Classroom 50's runner sets"):
        classroom50_result(graded(), {k: v for k, v in RUNNER.items() if k not in ("OWNER", "COMMIT_URL")})


def test_by_the_command(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "06-step-2.ipynb", WITHOUT_SLOPE)
    arguments = [
        "grade-one",
        str(notebook),
        "--json",
        str(tmp_path / "result.json"),
        "--format",
        "classroom50",
    ]
    done = CliRunner().invoke(app, arguments, env=RUNNER)
    assert done.exit_code == 1
    valid(json.loads((tmp_path / "result.json").read_text()))
