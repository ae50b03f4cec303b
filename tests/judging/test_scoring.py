"""The points of a run before mistakes are named: the weights of the parts that are right, and what
takes away.
"""

from dataclasses import replace

import numpy as np
import pytest

from autograder.exercises import EXERCISES
from autograder.exercises.expected import expected_of
from autograder.judging.comparison import compare
from autograder.judging.judge import answers_differ, one_failure_per_part
from autograder.judging.purity import Impurity
from autograder.judging.scoring import Judged, Run, score_of
from autograder.sandbox.calls import CallError, Outcome

EXERCISE = EXERCISES["hidden_delta"]


def run(answer, impure=None):
    """The run of a function that gives answer(case, expected)."""
    judged = []
    for case, target in zip(*EXERCISE.asked(b"scoring"), strict=True):
        value = answer(case, expected_of(target.template))
        judged.append(Judged(case, target, Outcome(value, None, case.args), compare(target, value)))
    return Run(tuple(judged), impure and Impurity(impure, "a case"))


@pytest.mark.parametrize(
    ("answer", "impure", "fraction"),
    [
        (lambda case, right: right, None, 1.0),
        (lambda case, right: right, "argument_changed", 0.8),
        (lambda case, right: right.tolist(), None, 0.8),
        (lambda case, right: right * (2.0 if case.args[3] == "tanh" else 1.0), None, 2 / 3),
        (
            lambda case, right: right * (2.0 if case.args[3] == "tanh" and "size" not in case.tags else 1.0),
            None,
            0.75,
        ),
        (
            lambda case, right: right * (1.0 if (case.args[3] == "relu") else 2.0),
            "answer_overwritten",
            0.8 / 3,
        ),
        (lambda case, right: right * 2 + 1, None, 0.0),
        (lambda case, right: right.tolist(), "argument_changed", 0.64),
    ],
)
def test_points(answer, impure, fraction):
    assert score_of(EXERCISE, run(answer, impure), public=False).fraction == pytest.approx(fraction)


def test_where_no_call_could_answer_nothing_is_flawless():
    """There is no wrong answer then either: no shape, no purity and no part of it may count as right."""
    found = score_of(EXERCISE, Run((), ended=CallError("timeout", "it was stopped")), public=False)
    assert not found.flawless
    assert found.fraction == 0


def test_what_passed_before_stays_passed():
    before = score_of(EXERCISE, run(lambda case, right: right * (case.args[3] == "relu")), public=False)
    now = run(lambda case, right: right * (case.args[3] != "relu"), "argument_changed")
    assert score_of(EXERCISE, now, public=False).fraction == pytest.approx(0.8 * 2 / 3)
    assert score_of(EXERCISE, now, public=False, before=before).fraction == pytest.approx(1.0)


def test_the_form_counts_as_asked_where_it_once_was():
    flat = run(lambda case, right: right.tolist())
    asked = score_of(EXERCISE, run(lambda case, right: right), public=False)
    assert score_of(EXERCISE, flat, public=False, before=asked).fraction == 1.0
    other = score_of(EXERCISE, flat, public=False)
    assert score_of(EXERCISE, flat, public=False, before=other).fraction == 0.8


def test_form_and_purity_have_no_points_of_their_own():
    found = score_of(EXERCISE, run(lambda case, right: right.tolist(), "argument_changed"), public=False)
    assert (found.shape.weight, found.purity.weight) == (0, 0)
    assert (found.purity.found.kind, found.purity.case) == ("argument_changed", "a case")


@pytest.mark.parametrize("public", [True, False])
def test_how_many_hidden_numbers_are_wrong_is_not_told(public):
    found = score_of(EXERCISE, run(lambda case, right: right + (case.args[3] == "tanh")), public=public)
    wrong = next(check for check in found.parts if not check.passed)
    assert wrong.found.kind == "other_numbers"
    assert bool(wrong.found.values) == public


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda right: right * np.nan, "not_finite"),
        (lambda right: right + 1, "other_numbers"),
        (lambda right: right[:, :0], "no_numbers"),
        (lambda right: "text", "no_numbers"),
    ],
)
def test_what_is_wrong_with_the_numbers(answer, kind):
    found = score_of(EXERCISE, run(lambda case, right: answer(right)), public=False)
    assert {check.found.kind for check in found.parts} == {kind}


def test_one_failing_call_stands_for_each_part():
    failing = run(lambda case, right: right * (case.args[3] == "relu"))
    found = one_failure_per_part(failing)
    assert {part for j in found for part in j.target.parts} == {
        part for part in EXERCISE.parts if not part.startswith("relu")
    }
    assert len(found) == len(EXERCISE.parts) - 2
    assert one_failure_per_part(run(lambda case, right: right)) == []


def test_a_run_that_ended_gives_something_else():
    assert answers_differ([], Run((), ended=CallError("timeout", "it was stopped")))
    now = run(lambda case, right: right)
    assert not answers_differ(now.judged, now)
    assert answers_differ(now.judged[:1], replace(now, judged=run_of_others(now)))


def run_of_others(now):
    """The same calls with other answers."""
    return tuple(
        Judged(j.case, j.target, Outcome(j.outcome.value + 1, None, j.case.args), j.result)
        for j in now.judged
    )


def test_an_answer_that_could_not_cross_is_of_another_form():
    now = run(lambda case, right: right)
    first = now.judged[0]
    error = CallError("protocol", "no number")
    lost = Judged(first.case, first.target, Outcome(None, error, None), None)
    shape = score_of(EXERCISE, replace(now, judged=(lost, *now.judged[1:])), public=False).shape
    assert (shape.passed, shape.found.kind, shape.case) == (False, "error", first.case.name)


def test_a_checker_that_always_says_the_same_is_told_so_in_every_part_with_a_verdict():
    exercise = EXERCISES["gradient_check"]
    judged = []
    for case, target in zip(*exercise.asked(b"scoring"), strict=True):
        value = (True, *expected_of(target.template)[1:])
        judged.append(Judged(case, target, Outcome(value, None, case.args), compare(target, value)))
    found = score_of(exercise, Run(tuple(judged)), public=False)
    with_verdict = {part for j in judged for part, of in j.parts().items() if of[0].leaf.name == "ok"}
    assert len(with_verdict) > 1
    assert {c.part for c in found.parts if c.found and c.found.kind == "always_the_same"} == with_verdict


def test_wrong_with_float32_inputs_and_rounded_elsewhere_is_no_difference_quotient():
    failing = run(lambda case, right: right + 1 if "single" in case.tags else right.astype(np.float32))
    found = score_of(EXERCISE, failing, public=False)
    wrong = {check.part: check.found.kind for check in found.parts if not check.passed}
    assert {"tanh, ordinary numbers", "sigmoid, ordinary numbers"} <= wrong.keys()
    assert set(wrong.values()) == {"other_numbers"}


def test_without_a_single_call_there_are_no_parts():
    exercise = next(exercise for exercise in EXERCISES.values() if not exercise.parts)
    found = score_of(exercise, Run(()), public=False)
    assert (found.parts, found.fraction) == ((), 0)
