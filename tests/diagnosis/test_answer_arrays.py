import numpy as np
import pytest

from autograder import trees
from autograder.diagnosis.answer_arrays import AnswerArrays
from autograder.exercises import EXERCISES
from autograder.exercises.cases import Case
from autograder.judging.evidence import Evidence
from autograder.sandbox.calls import CallError

ONES, TWOS = np.ones((2, 1)), np.full((2, 1), 2.0)
LAYERS = {1: ONES, 2: ONES}
CASE = Case(
    "", (LAYERS, {1: np.ones((2, 4)), 2: np.ones((2, 4))}, LAYERS, np.ones((2, 4)), "relu", "softmax"), ""
)
WANT = ({1: ONES, 2: ONES}, {1: TWOS, 2: TWOS})


def arrays(answer, error=None, exercise="backprop", want=WANT, case=CASE):
    exactly = {1: 0 * ONES, 2: 0 * ONES}
    return AnswerArrays(EXERCISES[exercise], Evidence(case, answer, want, lambda: (exactly, exactly), error))


def found(arrays):
    return [(array.name, array.right, array.came) for array in arrays]


def test_what_did_not_come_is_among_the_expected_alone():
    partial = arrays(({1: ONES}, {1: TWOS, 2: ONES}))
    assert found(partial.came) == [("dW[1]", True, True), ("db[1]", True, True), ("db[2]", False, True)]
    assert found(partial.expected) == [
        ("dW[1]", True, True),
        ("dW[2]", False, False),
        ("db[1]", True, True),
        ("db[2]", False, True),
    ]


@pytest.mark.parametrize(
    ("answer", "error"), [(None, CallError("exception", "no")), (None, None), (ONES, None), ({}, None)]
)
def test_an_error_and_another_structure_are_arrays_that_never_came(answer, error):
    assert [(right, came) for _, right, came in found(arrays(answer, error).expected)] == [(False, False)] * 4


def test_a_case_is_known_by_what_was_declared_of_it():
    inputs = arrays(WANT).inputs
    assert (inputs.sizes, inputs.layers) == ({"m": 4, "k": 2}, 2)
    assert inputs.branches == {"hidden": "relu", "output": "softmax"}


def test_the_examples_of_affine_are_those_of_a_not_of_b():
    W, a, b = np.ones((3, 2)), np.ones((2, 5)), np.ones((3, 1))
    assert EXERCISES["affine"].sizes((W, a, b)) == {"n_l": 3, "n_prev": 2, "m": 5}


def has_shape(declared, array, sizes):
    """Has the array the declared sizes? Those that differ from layer to layer may be anything."""
    if declared.shape in ((), ("...",)):
        return True
    return len(declared.shape) == np.ndim(array) and all(
        size == sizes.get(letter, letter) or "[" in str(letter)
        for letter, size in zip(declared.shape, np.shape(array), strict=True)
    )


@pytest.mark.parametrize("exercise", list(EXERCISES.values()), ids=list(EXERCISES))
def test_every_case_and_answer_has_the_declared_names_and_shapes(exercise):
    """A letter is one size throughout a case, of its results too."""
    for case, target in zip(*exercise.asked(b"declared"), strict=True):
        sizes = exercise.sizes(case.args)
        for argument, value in zip(exercise.arguments, case.args, strict=True):
            assert argument.branch == isinstance(value, str)
            assert argument.layered == isinstance(value, dict)
            assert all(has_shape(argument, array, sizes) for array in trees.leaves(value)), argument
        expected = target.template
        parts = expected if isinstance(expected, tuple) else (expected,)
        assert len(parts) == len(exercise.results) or exercise.compared_as == "verdict"
        for result, part in zip(exercise.results, parts, strict=False):
            assert result.layered == isinstance(part, dict)
            assert all(has_shape(result, leaf.expected, sizes) for leaf in trees.leaves(part)), result
            if not result.layered:
                assert part.name == result.name
