"""What verify says of a traced exercise, and the authors' tutorial for it, tried from its text."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from autograder.authoring.forward_report import forward_report
from autograder.authoring.new_exercise import add_exercise
from autograder.cli.app import app
from autograder.course.own_exercises import BOOK, FILE, load
from autograder.exercises.from_forward import traced_exercise

TUTORIAL = Path(__file__).parents[2] / "book" / "for-authors.md"


def tutorial_code():
    text = TUTORIAL.read_text(encoding="utf-8")
    section = text.split("## A layer's backward pass")[1].split("\n## ")[0]
    return re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]


def test_the_tutorial_works_from_its_text(tmp_path):
    add_exercise(tmp_path, "gate_backward", "13-own", "traced", 4)
    head = (tmp_path / FILE).read_text().split("# gate_backward(")[0]
    (tmp_path / FILE).write_text(head + tutorial_code())
    done = CliRunner().invoke(app, ["verify", "--course", str(tmp_path)])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert re.search(r"traced: \d+ operations and arguments, \d+ mistakes with \d+ different answers", said)
    assert "Your dx leaves out the path through `z` (D-path)" in said


def test_a_file_of_before_gets_its_import(tmp_path):
    (tmp_path / FILE).write_text("import numpy as np\nfrom autograder.authoring import stated\n")
    add_exercise(tmp_path, "one_backward", "13-own", "traced", 4)
    add_exercise(tmp_path, "two_backward", "13-own", "traced", 4)
    source = (tmp_path / FILE).read_text()
    assert set(load(source).own) == {"one_backward", "two_backward"}
    assert source.count("import traced") == 1


def test_the_gate_s_mistakes_are_told(tmp_path):
    add_exercise(tmp_path, "gate_backward", "13-own", "traced", 4)
    course = load((tmp_path / FILE).read_text())
    exercise = course.exercises["gate_backward"]
    first, *told = forward_report(exercise, b"1", course.catalogue)
    assert first.startswith("traced: 7 operations")
    assert len(told) == len(set(told)) == 8
    assert all(re.search(r"\((D-[a-z-]+|K\d+)\)$", line) for line in told)


def test_what_is_not_traced_is_said_with_line_and_reason():
    exercise = traced_exercise(
        "s", "13-own", forward=in_order, arguments={"x": ("n",)}, upstream=("dout",), gradients=("x",)
    )
    (line,) = forward_report(exercise, b"1", BOOK.catalogue)
    at = in_order.__code__.co_firstlineno + 1
    assert line.startswith(
        f"not traced: np.sort has no rule on the tape (line {at}). It is judged all the same"
    )


def in_order(x):
    return np.sort(x)


@pytest.mark.parametrize("id", ["affine", "hidden_delta"])
def test_nothing_is_said_of_exercises_without_a_forward_pass(id):
    assert forward_report(BOOK.exercises[id], b"1", BOOK.catalogue) == []
