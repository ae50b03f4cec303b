"""The graded set: twins ask for the same, statements show what is judged, nothing at hand earns a point."""

import doctest
import inspect
import re
from pathlib import Path
from textwrap import dedent

import jupytext
import numpy as np
import pytest

from autograder import trees
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.exercises.expected import expected_of
from autograder.exercises.graded import GRADED, GRADED_SET, VARIANTS, steps_of
from autograder.sandbox.calls import LocalCaller
from tests.support.derived_answers import by_differences, oracle

ROOT = Path(__file__).resolve().parents[2]
TWINS = [twins for places in GRADED_SET.values() for twins in places]
SEED = b"graded"


def source(name, variant):
    return ROOT / "solutions" / name / ("" if variant == VARIANTS[0] else variant) / f"{name}.md"


def cells(name, variant):
    return jupytext.read(source(name, variant), fmt="md:myst").cells


def points(name, variant):
    marks = [cell.metadata.nbgrader for cell in cells(name, variant)]
    return {mark["grade_id"]: mark["points"] for mark in marks if mark["grade"]}


def statement(exercise):
    for variant in VARIANTS:
        for cell in cells(exercise.assignment, variant):
            if cell.metadata.nbgrader["grade_id"] == f"{exercise.id}_statement":
                return cell.source
    raise AssertionError(f"no statement of {exercise.id}")


@pytest.mark.parametrize("name", GRADED_SET)
def test_an_assignment_is_twelve_points_in_two_or_three_exercises_alike_in_each_variant(name):
    by_variant = [points(name, variant) for variant in VARIANTS]
    judged = [[twins.by_variant[v].id for twins in GRADED_SET[name]] for v in VARIANTS]
    for given, ids in zip(by_variant, judged, strict=True):
        assert sum(given.values()) == 12
        assert 2 <= len(given) <= 3
        assert [id for id in given if id in GRADED] == ids
    one, other = (list(given.values()) for given in by_variant)
    assert one == other
    assert not set(by_variant[0]) & set(by_variant[1])


@pytest.mark.parametrize("twins", TWINS, ids=lambda twins: twins.by_variant["A"].id)
def test_twins_take_the_same_steps_and_give_as_much(twins):
    first, *others = (twins.by_variant[variant] for variant in VARIANTS)
    for other in others:
        assert (first.forward is None) == (other.forward is None)
        assert sorted(first.parts.values()) == sorted(other.parts.values()) or len(first.results) != len(
            other.results
        )
        if first.forward is not None:
            assert steps_of(first.forward) == steps_of(other.forward)


@pytest.mark.parametrize("name", GRADED_SET)
def test_each_assignment_asks_for_a_form_that_no_differentiator_gives(name):
    assert any(twins.form for twins in GRADED_SET[name])


@pytest.mark.parametrize("id", GRADED)
def test_the_statement_shows_the_forward_pass_that_is_judged(id):
    exercise = GRADED[id]
    if exercise.forward is None:
        return
    lines = dedent(inspect.getsource(exercise.forward.function)).split('"""')[-1].strip().splitlines()
    assert lines
    shown = [line.strip() for line in statement(exercise).splitlines()]
    assert [line.strip() for line in lines if line.strip() not in shown] == []


@pytest.mark.parametrize("id", GRADED)
def test_the_example_that_a_statement_prints_is_asked_and_right(id):
    exercise, calls = GRADED[id], []
    asked, _ = exercise.asked(SEED)
    example = next(case for case in asked if case.name == "the statement's example")

    def recorded(*args):
        calls.append(args)
        return expected_of(exercise.target(example).template)

    (block,) = re.findall(r"```python\n(.*?)```", statement(exercise), re.DOTALL)
    test = doctest.DocTestParser().get_doctest(block, {"np": np, id: recorded}, id, None, 0)
    assert doctest.DocTestRunner().run(test, clear_globs=False).failed == 0
    (call,) = calls
    for printed, given in zip(call, example.args, strict=True):
        if callable(printed):
            point = np.full(np.shape(example.args[1]), 0.7)
            assert np.isclose(printed(point), given(point))
        else:
            pairs = zip(trees.leaves(printed), trees.leaves(given), strict=True)
            assert all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("id", [id for id in GRADED if GRADED[id].forward is not None])
def test_derived_gradients_are_those_of_differences(id):
    exercise = GRADED[id]
    for case in exercise.probes(SEED):
        if case.tags & {"single", "integer", "large"} or "inputs of size" in case.name:
            continue
        found = expected_of(exercise.target(case).template)
        found = found if len(exercise.results) > 1 else [found]
        measured = by_differences(exercise, case)
        for one, other in zip(trees.leaves(list(found)), trees.leaves(measured), strict=True):
            assert np.allclose(one, other, atol=1e-5 * max(1, np.abs(other).max(initial=0)), rtol=1e-5)


@pytest.mark.parametrize("id", GRADED)
def test_nothing_at_hand_earns_a_point(id):
    """An argument handed back, zeros, ones, and the forward pass itself."""
    exercise = GRADED[id]
    shape = expected_of(exercise.target(exercise.probes(SEED)[0]).template)
    at_hand = [lambda *args, i=i: args[i] for i in range(len(exercise.arguments))]
    at_hand += [
        lambda *args, c=c: trees.map_leaves(lambda x: np.full(np.shape(x), c), shape) for c in (0.0, 1.0)
    ]
    if exercise.forward is not None:
        at_hand.append(exercise.forward.function)
    for function in at_hand:
        assert assess(exercise, LocalCaller(function, id), SEED).fraction == 0


def test_the_books_exercises_are_others():
    assert not set(GRADED) & set(EXERCISES)
    assert all(exercise.assignment in GRADED_SET for exercise in GRADED.values())


@pytest.mark.parametrize("id", ["backprop_rows", "dropout_gradients", "tied_gradients", "mixture_gradients"])
def test_a_forgotten_mean_keeps_half_as_in_step_3(id):
    exercise = GRADED[id]
    right = oracle(exercise, SEED)

    def summed(*args):
        m = exercise.sizes(args)["m"]
        return trees.map_leaves(lambda x: x * m, right(*args))

    verdict = assess(exercise, LocalCaller(summed, id), SEED)
    assert verdict.codes == ("K26",)
    assert "m times" in verdict.sentences[0]
    assert verdict.fraction == pytest.approx(0.5)
