"""What an author gets wrong is told at once: taken names, a code given twice, a loss that is none."""

import pytest

from autograder.authoring.new_exercise import add_exercise
from autograder.course.own_exercises import AuthoringError, load

HEAD = """import numpy as np
from autograder.authoring import mistake, stated, worked
from autograder.misconceptions import Misconception
"""
SHAPES = '{{"z": ("h+2", "m"), "Y": ("h+2", "m")}}'
LOSS = f'stated("mine", "13-own", loss={{}}, arguments={SHAPES}, gradients=("z",))\n'


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("hidden_delta", "hidden_delta: it is an exercise of the book"),
        ("check", "check: Python or the notebook has something of this name"),
        ("np", "np: Python or the notebook"),
        ("sum", "sum: Python or the notebook .* such as my_sum"),
        ("random", "random: Python or the notebook"),
    ],
)
def test_a_name_that_is_taken_is_refused_and_nothing_is_written(tmp_path, name, says):
    with pytest.raises(AuthoringError, match=says):
        add_exercise(tmp_path, name, "13-own", "stated", 4)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("loss", "says"),
    [
        ("lambda z, Y: z - Y", r"line 4: mine: its loss gives an array of shape \(5, 5\).*one number was"),
        ("lambda z, Y: np.sum(z) + lost", "line 4: mine: its loss raises NameError"),
        ("lambda z, Y: 'x'", "mine: its loss gives 'x'"),
    ],
)
def test_a_loss_that_is_no_number_is_told_with_its_line(loss, says):
    with pytest.raises(AuthoringError, match=says):
        load(HEAD + LOSS.format(loss))


def test_sizes_that_depend_on_each_other_work():
    assert load(HEAD + LOSS.format("lambda z, Y: np.sum((z - Y) ** 2)")).own == ("mine",)


def test_two_mistakes_of_one_code_are_told():
    one = """
@worked("13-own", arguments={"z": ("n",)}, results={"a": ("n",)})
def twice(z):
    return 2 * z
"""
    entry = """
@mistake
class {}(Misconception):
    code, name, chapter, sentence, hint, snippet = "C1", "x", "13-own", "x", "x", "x"
    formulas = {{"twice": (lambda z: z,)}}
"""
    with pytest.raises(AuthoringError, match="Second has the code C1, as First has; each mistake needs one"):
        load(HEAD + one + entry.format("First") + entry.format("Second"))
