import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes

from autograder.exercises.expected import ExpectedArray, Target
from autograder.feedback.words import problem_words
from autograder.judging.comparison import compare, compare_all

RNG = np.random.default_rng(3)


def target(shape=(4, 7), **flags):
    expected = RNG.normal(size=shape)
    return Target(ExpectedArray("a", expected, 10 * np.abs(expected) + 1, "values"), **flags)


def test_finite_comes_before_close():
    t = target()
    answer = t.template.expected.copy()
    answer[0, 0] = np.nan
    assert compare(t, answer).leaves[0].state == "nonfinite"


@given(array_shapes(min_dims=0, max_dims=3, max_side=8))
def test_another_shape_is_said_and_never_passes(shape):
    t = target()
    if shape == (4, 7):
        return
    result = compare(t, np.zeros(shape))
    assert result.wrong
    assert str(shape) in problem_words(result.problems[0])
    assert "(4, 7)" in problem_words(result.problems[0])


def test_a_flat_column_has_its_values_judged_and_its_shape_said_and_a_flat_row_has_none():
    column, row = target((5, 1)), target((1, 5))
    result = compare(column, column.template.expected[:, 0])
    assert not result.wrong
    assert result.other_form
    assert "has shape (5,); expected shape (5, 1)" in problem_words(result.problems[0])
    assert compare(row, row.template.expected[0]).wrong
    assert not compare(row, row.template.expected[0]).other_form


def test_a_nested_list_has_its_values_judged_and_its_type_said():
    t = target()
    result = compare(t, t.template.expected.tolist())
    assert not result.wrong
    assert "is a list" in problem_words(result.problems[0])


@pytest.mark.parametrize(
    "answer", [None, "text", {}, {1: 2}, (), [[1, 2], [3]], 1j, np.array(["a"]), object(), 10**400]
)
def test_strange_answers_are_described(answer):
    result = compare(target(), answer)
    assert result.wrong
    assert result.problems


def test_complex_numbers_are_refused_even_where_their_imaginary_parts_are_zero():
    t = target()
    result = compare(t, t.template.expected + 0j)
    assert result.wrong
    assert result.problems[0].aspect == "dtype"


def test_numbers_that_float32_holds_are_no_rounding_of_exact_ones():
    """On exact probes a difference in the 9th digit is a difference quotient's, unless the numbers
    were float32's.
    """
    near = 1 + 2.0**-20  # float32 holds it, and it lies within 1e-9 of the units
    for size, state in ((2, "wrong"), (1, "gap")):
        leaf = ExpectedArray("delta", np.ones(size), np.full(size, 1e4), "part")
        assert compare(Target(leaf, exact=True), np.full(size, near)).leaves[0].state == state
        assert compare(Target(leaf, exact=True), np.full(size, near + 1e-9)).leaves[0].state == "gap"


def test_dicts_need_their_keys():
    expected = np.ones((2, 3))
    t = Target({l: ExpectedArray(f"dW[{l}]", expected, expected, "dW") for l in (1, 2)})
    assert not compare(t, {1: expected, 2: expected}).wrong
    short = compare(t, {1: expected})
    assert short.wrong
    assert "expected the keys 1 to 2" in problem_words(short.problems[0])
    longer = compare(t, {0: expected, 1: expected, 2: expected})
    assert not longer.wrong
    assert longer.problems


def test_any_slope_between_0_and_1_is_right_at_a_kink_and_no_other():
    expected, kink = np.array([[1.0, 0.0]]), np.array([[0.0, -2.0]])
    t = Target(ExpectedArray("delta", expected, np.abs(expected) + 1, "relu", kink))
    for c in (0, 0.3, 1):
        assert not compare(t, expected + c * kink).wrong
    for c in (-0.1, 1.1):
        assert compare(t, expected + c * kink).wrong


def test_one_slope_must_explain_all_arrays_of_a_net():
    zeros, ones = np.zeros((2, 1)), np.ones((2, 1))
    t = Target(
        {1: ExpectedArray("d1", zeros, ones, "p", ones), 2: ExpectedArray("d2", zeros, ones, "p", ones)},
        joint=True,
    )
    assert not compare(t, {1: zeros + 0.5, 2: zeros + 0.5}).wrong
    assert compare(t, {1: zeros, 2: zeros + 1}).wrong
    for slope in (-0.1, 1.1, 2):
        assert compare(t, {1: zeros + slope, 2: zeros + slope}).wrong


def test_many_answers_are_judged_as_each_by_itself():
    kink = ExpectedArray("k", np.zeros((2, 2)), np.ones((2, 2)), "k", np.eye(2))
    pairs = [
        (target(), None),
        (t := target(), t.template.expected),
        (t, t.template.expected * (1 + 1e-15)),
        (t, t.template.expected + 1),
        (t, np.full((4, 7), np.nan)),
        (t, t.template.expected.astype(np.float32)),
        (t, t.template.expected[:, :1]),
        (target(exact=True), np.ones((4, 7))),
        (target(shape=(), single=True), 2.0),
        (Target((kink, {1: kink}), joint=True), (0.5 * np.eye(2), {1: 0.5 * np.eye(2)})),
        (Target({1: kink, 2: kink}), {1: np.eye(2), 2: 2 * np.eye(2)}),
    ]
    together, alone = compare_all(pairs), [compare(*pair) for pair in pairs]
    for a, b in zip(together, alone, strict=True):
        assert (a.problems, a.notes) == (b.problems, b.notes)
        assert [(r.state, r.narrow, r.float32_inputs) for r in a.leaves] == [
            (r.state, r.narrow, r.float32_inputs) for r in b.leaves
        ]
        assert all(
            np.array_equal(q.error, r.error)
            for q, r in zip(a.leaves, b.leaves, strict=True)
            if q.error is not None
        )
    assert [r.state for found in together for r in found.leaves] == [
        "shape",
        "right",
        "right",
        "wrong",
        "nonfinite",
        "gap",
        "shape",
        "wrong",
        "wrong",
        "right",
        "right",
        "right",
        "wrong",
    ]


@pytest.mark.parametrize(("container", "kind"), [(list, "list"), (tuple, "tuple")])
def test_several_arrays_are_asked_for_in_the_container_of_the_statement(container, kind):
    leaves = container(ExpectedArray(name, np.ones(2), np.ones(2), name) for name in "ab")
    found = compare(Target(leaves), (np.ones(2),))
    assert [(p.aspect, p.expected.kind, p.expected.values) for p in found.problems] == [("kind", kind, (2,))]
    assert compare(Target(leaves), container([np.ones(2)] * 2)).problems == ()
