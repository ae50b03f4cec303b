import numpy as np

from autograder.diagnosis.answer_arrays import all_leaves, examples, leaves_of_answer
from autograder.exercises.cases import Case
from autograder.judging.evidence import Evidence
from autograder.sandbox.calls import CallError

ONES, TWOS = np.ones((2, 1)), np.full((2, 1), 2.0)
CASE = Case("", ({1: ONES, 2: ONES}, np.ones((2, 4))), "")
WANT = ({1: ONES, 2: ONES}, {1: TWOS, 2: TWOS})


def evidence(answer, error=None):
    exactly = {1: 0 * ONES, 2: 0 * ONES}
    return Evidence(CASE, answer, WANT, lambda: (exactly, exactly), error)


def found(leaves):
    return [(leaf.path, leaf.right, leaf.came) for leaf in leaves]


def test_what_did_not_come_is_among_all_leaves_alone():
    partial = evidence(({1: ONES}, {1: TWOS, 2: ONES}))
    assert found(leaves_of_answer("backprop", partial)) == [
        (("dW", 1), True, True), (("db", 1), True, True), (("db", 2), False, True)
    ]  # fmt: skip
    assert found(all_leaves("backprop", partial)) == [
        (("dW", 1), True, True), (("dW", 2), False, False), (("db", 1), True, True), (("db", 2), False, True)
    ]  # fmt: skip


def test_an_error_and_another_structure_are_arrays_that_never_came():
    for nothing in (
        evidence(None, CallError("exception", "no")),
        evidence(None),
        evidence(ONES),
        evidence({}),
    ):
        assert [(right, came) for _, right, came in found(all_leaves("backprop", nothing))] == [
            (False, False)
        ] * 4


def test_a_case_knows_its_examples_and_layers():
    leaf = next(all_leaves("backprop", evidence(WANT)))
    assert (leaf.m, leaf.layers) == (4, 2)


def test_the_examples_of_affine_are_those_of_a_not_of_b():
    W, a, b = np.ones((3, 2)), np.ones((2, 5)), np.ones((3, 1))
    assert examples(Case("", (W, a, b), "")) == 5
    assert examples(Case("", (W, a), "")) == 5
