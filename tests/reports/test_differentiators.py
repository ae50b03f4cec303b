"""A general differentiator in a student's code is told to the teacher, as a fact."""

import inspect
import json

import pytest
from typer.testing import CliRunner

import backprop.autodiff
from autograder.cli.app import app
from autograder.course.graded_set import graded_notebooks
from autograder.reports.differentiators import CLASS, COMPLEX, differentiators_in
from tests.grading.test_graded_set import COMPLEX_STEP, NAME, derived
from tests.support.classroom import Classroom

OWN_CLASS = """
class Layer:
    def __init__(self, W):
        self.W = W
    def __call__(self, a):
        return self.W @ a
"""


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (inspect.getsource(backprop.autodiff), [CLASS]),
        (COMPLEX_STEP, [COMPLEX]),
        ("x = np.asarray(z, dtype=complex)", [COMPLEX]),
        (OWN_CLASS, []),
        ("def hidden_delta(W_next, delta_next):\n    return W_next.T @ delta_next\n", []),
        ("this is no Python", []),
    ],
)
def test_what_can_differentiate_anything_is_found_and_nothing_else(code, found):
    assert differentiators_in([code]) == found


def test_the_report_says_so_of_the_graded_set(tmp_path):
    room = Classroom(tmp_path)
    content = json.loads(graded_notebooks("A")[NAME].read_bytes())
    answers = {
        "skip_delta_solution": derived(
            "skip_delta",
            "slope(lambda x: skip_layer(x, W_next, W_after, slope_), z, delta_next, delta_after)",
        ).replace("z, slope):", "z, slope_):"),
    }
    for cell in content["cells"]:
        cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    room.hand_in("ada", name=NAME, content=content)
    room.hand_in("bob", name=NAME, content=json.loads(graded_notebooks("A")[NAME].read_bytes()))
    (report,) = [r for r in room.grade().reports if r["student"] == "ada"]
    assert [e["score"] for e in report["exercises"]] == [5, 0, 0]
    assert CliRunner().invoke(app, ["report", str(tmp_path)]).exit_code == 1
    found = json.loads((tmp_path / "report" / "class.json").read_text())
    said = [alert for alert in found["alerts"] if "differentiator" in alert["what"]]
    assert [alert["student"] for alert in said] == ["ada"]
    assert said[0]["what"].startswith("complex numbers in the code")
