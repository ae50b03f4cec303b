"""What is said of answers that are right in a part: a row, a column, all numbers up to a size."""

import numpy as np
import pytest

from autograder.diagnosis.answer_arrays import AnswerArray, Inputs
from autograder.diagnosis.partly_right import partly_right
from autograder.exercises.exercise import Result


def wrong_at(*places, shape=(3, 4), result=("n", "m"), seed=0):
    """An answer that is wrong in these rows (first index) and columns (second), right elsewhere."""
    expected = np.random.default_rng(seed).uniform(1, 2, shape)
    answer = expected.copy()
    for place in places:
        answer[place] *= 3
    inputs = Inputs(frozenset(), {}, 0, {})
    return AnswerArray(inputs, Result("y", result), None, answer, expected, False, np.zeros(shape))


ALL = slice(None)
ONLY_COLUMN = "Only the {} column is right: each column is an example, and all of them are asked for."
ONLY_ROW = "Only the {} row is right: each row is a unit, and all of them are asked for."


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ([(ALL, slice(1, None))], ONLY_COLUMN.format("first")),
        ([(ALL, slice(0, -1))], ONLY_COLUMN.format("last")),
        ([slice(1, None)], ONLY_ROW.format("first")),
        ([slice(0, -1)], ONLY_ROW.format("last")),
        ([(ALL, 0)], "Right except the first column: does your loop reach it?"),
        ([(ALL, -1)], "Right except the last column: does your loop reach it?"),
        ([0], "Right except the first row: does your loop reach it?"),
        ([-1], "Right except the last row: does your loop reach it?"),
        ([(ALL, 1)], None),
        ([ALL], None),
    ],
)
def test_a_row_or_a_column(places, sentence):
    assert partly_right([wrong_at(*places), wrong_at(*places, seed=1)]) == sentence
    assert partly_right([wrong_at(*places)]) is None
    assert partly_right([wrong_at(*places), wrong_at(ALL, seed=1)]) is None


def test_lines_are_spoken_of_where_columns_are_examples():
    for result in (("n", "p"), ("n",), (1, "m")):
        arrays = [wrong_at((ALL, 0), result=result, seed=seed) for seed in (0, 1)]
        assert partly_right(arrays) is None


def test_of_two_columns_the_wrong_one_is_no_exception():
    arrays = [wrong_at((ALL, 0), shape=(3, 2), seed=seed) for seed in (0, 1)]
    assert partly_right(arrays) == ONLY_COLUMN.format("last")


def clipped(count, top, extra=0.0):
    expected = np.linspace(-1, 1, count)[None]
    answer = np.minimum(expected, top)
    answer[0, 0] += extra
    inputs = Inputs(frozenset(), {}, 0, {})
    return AnswerArray(inputs, Result("y", (1, "m")), None, answer, expected, False, np.zeros((1, count)))


@pytest.mark.parametrize(
    ("array", "cut"),
    [
        (clipped(9, 0.1), True),
        (clipped(9, 0.3), False),
        (clipped(9, -0.6), False),
        (clipped(9, 0.1, extra=0.1), False),
    ],
    ids=["four off, four right", "three off", "two right", "another is wrong too"],
)
def test_a_limit_needs_four_numbers_beyond_and_four_within(array, cut):
    assert bool(partly_right([array])) == cut
