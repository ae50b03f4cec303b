"""A student's request for a second look: a tagged cell, a line for the instructor, an answer in the page."""

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.grading.records import read_record
from autograder.grading.result import attention_lines
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook
from tests.support.classroom import STEP_2, Classroom

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
WRONG = RIGHT | {"hidden_delta_solution": NO_SLOPE}
ASKED = "I think the slope is in\n<b>my</b> helper."
LINE = "asks for a second look at hidden_delta: “I think the slope is in <b>my</b> helper.”"


@pytest.fixture
def room(tmp_path):
    return Classroom(tmp_path)


def asking(text=ASKED, kind="markdown", under="hidden_delta", answers=WRONG):
    """Chapter 6's notebook with a request under this test cell."""
    content = notebook(answers)
    place = [c["metadata"]["nbgrader"]["grade_id"] for c in content["cells"]].index(under)
    cell = {"cell_type": kind, "id": "mine", "metadata": {"tags": ["regrade"]}, "source": text}
    cell |= {"outputs": [], "execution_count": None} if kind == "code" else {}
    content["cells"].insert(place + 1, cell)
    return content


def lines(room, student="ada"):
    graded = room.grade()
    return [
        line
        for report in graded.reports
        if report["student"] == student
        for line in attention_lines(report, graded.marks[student, STEP_2])
    ]


def written_report(room):
    done = CliRunner().invoke(app, ["report", str(room.folder)])
    assert done.exit_code in (0, 1), done.output
    return (room.folder / "report" / "index.html").read_text()


def test_a_request_is_a_line_until_a_person_answers_it(room):
    room.hand_in("ada", content=asking())
    assert LINE in lines(room)
    assert "You asked: I think the slope is in &lt;b&gt;my&lt;/b&gt; helper." in room.page("ada")
    assert "(not answered yet)" in room.page("ada")
    page = written_report(room)
    assert "asks for a second look at hidden_delta" in page
    assert "<b>my</b>" not in page
    room.by_hand("ada", STEP_2, "hidden_delta", 6.0, "The helper is not called; half for the product.")
    assert LINE not in lines(room)
    assert "The helper is not called" in room.page("ada")
    assert "You asked:" in room.page("ada")
    assert "(not answered yet)" not in room.page("ada")
    page = written_report(room)
    assert "second look" not in page
    said = CliRunner().invoke(app, ["explain", str(room.folder), "ada", STEP_2]).output
    assert "asks for a second look at hidden_delta" in said


def test_an_answer_to_what_was_asked_before_is_none_to_a_new_request(room):
    room.hand_in("ada", WRONG)
    room.grade()
    room.by_hand("ada", STEP_2, "hidden_delta", 6.0, "Half for the product.")
    room.hand_in("ada", content=asking())
    assert LINE in lines(room)
    assert LINE in lines(room)
    room.by_hand("ada", STEP_2, "hidden_delta", 7.0, "Half for the product, and one for the comment.")
    assert LINE not in lines(room)
    room.hand_in("ada", content=asking("And the sign?"))
    assert "asks for a second look at hidden_delta: “And the sign?”" in lines(room)
    # The answer under the request is as it was, so what a person gave it stays.
    assert room.mark("ada").cells["hidden_delta"].manual == 7.0


def test_the_last_attempts_request_counts_where_an_earlier_one_has_the_points(room):
    room.policy('[attempts]\nkeep = "best"\n')
    room.hand_in("ada", WRONG)
    room.grade()
    room.hand_in("ada", content=asking())
    assert LINE in lines(room)
    assert "You asked: I think" in room.page("ada")
    room.hand_in("ada", WRONG)
    assert not [line for line in lines(room) if "second look" in line]


def test_a_request_in_a_code_cell_is_not_run_and_changes_no_answer(room):
    room.hand_in("ada", content=asking("hidden_delta = None", kind="code", answers=RIGHT))
    room.hand_in("ben", RIGHT)
    room.grade()
    assert room.mark("ada").score == 26
    answers = [read_record(room.folder, name, STEP_2)["answers"] for name in ("ada", "ben")]
    assert answers[0] == answers[1]


def test_without_a_request_the_report_is_as_ever(room):
    room.hand_in("ada", RIGHT)
    (report,) = room.grade().reports
    assert "requests" not in report
    assert "You asked" not in room.page("ada")
