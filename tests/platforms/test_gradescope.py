"""results.json as Gradescope's page on the format asks."""

from autograder.grading.receipt import Receipt
from autograder.platforms.gradescope import gradescope_failure, gradescope_result
from autograder.platforms.one_notebook import OneResult, grade_notebook
from tests.platforms.test_one_notebook import WITHOUT_SLOPE, write_notebook

FIELDS = {"name", "score", "max_score", "status", "output", "output_format", "visibility"}


def one(tmp_path) -> OneResult:
    return grade_notebook(write_notebook(tmp_path / "06-step-2.ipynb", WITHOUT_SLOPE), seed="s")


def test_each_exercise_is_a_test_with_its_card(tmp_path) -> None:
    graded = one(tmp_path)
    found = gradescope_result(graded)
    assert [t["name"] for t in found["tests"]] == [e["id"] for e in graded.report["exercises"]]
    for test in found["tests"]:
        assert set(test) == FIELDS
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] == "visible"
        assert 0 <= test["score"] <= test["max_score"]
    assert "K13" in found["tests"][0]["output"]
    assert "score" not in found, "Gradescope adds up, so that essays graded there count"
    assert "Receipt: graded" in found["output"]
    assert found["stdout_visibility"] == "hidden"


def test_remarks_are_for_the_instructor(tmp_path) -> None:
    *_, last = gradescope_result(one(tmp_path), ("no Landlock here",))["tests"]
    assert last["visibility"] == "hidden"
    assert last["output"] == "no Landlock here"
    assert last["max_score"] == 0


def test_an_essay_is_a_persons() -> None:
    report = {"exercises": [{"id": "why", "score": 0.0, "max_score": 4.0, "status": "manual"}], "notes": []}
    receipt = Receipt(graded_at="2027-01-01T00:00:00Z", sha256="0" * 64, grader="deltabook")
    found = gradescope_result(OneResult(report, {}, "", receipt, {}))  # type: ignore[arg-type]
    assert found["tests"] == []
    assert "To be graded by a person: why" in found["output"]


def test_what_could_not_be_graded_has_no_score() -> None:
    found = gradescope_failure("no notebook")
    assert found["output"] == "no notebook"
    assert found["tests"] == []
