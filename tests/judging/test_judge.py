"""The judge as a whole: right answers, junk, calls that end, and that nothing takes long."""

import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.judging.follow_through import HelperAnswers
from autograder.judging.judge import judge, judge_if_flawless
from autograder.sandbox.calls import CallError, LocalCaller, Outcome
from tests.support.judged import SEED, failed, judged, wrong_hidden_delta
from tests.support.one_by_one import OneByOne


@pytest.mark.parametrize("exercise", [id for id, e in EXERCISES.items() if e.reference])
def test_the_reference_earns_everything_without_a_remark(exercise):
    for seed in (b"a", b"b", b"c"):
        verdict = judged(exercise, EXERCISES[exercise].reference, seed)
        assert (verdict.status, verdict.fraction, verdict.notes, failed(verdict)) == ("graded", 1, (), [])
        assert sum(check.weight for check in verdict.checks) == pytest.approx(1)


@pytest.mark.parametrize("exercise", list(EXERCISES))
def test_a_stub_earns_nothing(exercise):
    def stub(*args):
        raise NotImplementedError

    verdict = judged(exercise, stub)
    assert (verdict.status, verdict.fraction) == ("crashed", 0)
    assert verdict.error.message.startswith("NotImplementedError")


@pytest.mark.parametrize("exercise", list(EXERCISES))
def test_constant_answers_earn_nothing(exercise):
    first = next(a for a in EXERCISES[exercise].probes(b"other")[0].args if isinstance(a, (np.ndarray, dict)))
    for answer in (
        None,
        0.0,
        "text",
        {},
        (),
        first,
        (True, np.zeros(3)),
        (False, np.zeros(3)),
        np.zeros((2, 2)),
    ):
        assert judged(exercise, lambda *args, answer=answer: answer).fraction == 0


@pytest.mark.parametrize("exercise", list(EXERCISES))
def test_every_part_has_a_name_and_several_cases_or_arrays(exercise):
    verdict = judged(exercise, lambda *args: None)
    parts = [check.part for check in verdict.checks if check.kind == "values"]
    assert len(set(parts)) == len(parts) > 0


@settings(max_examples=25)
@given(
    st.recursive(
        st.none()
        | st.text(max_size=3)
        | st.floats()
        | st.integers()
        | st.booleans()
        | st.just(np.zeros((2, 2)))
        | st.just(np.array([None]))
        | st.just(np.array(["x"]))
        | st.just(np.full((3, 7), np.inf))
        | st.just(1j),
        lambda inner: (
            st.dictionaries(st.integers(0, 4) | st.text(max_size=1), inner, max_size=4)
            | st.tuples(inner, inner)
            | st.lists(inner, max_size=3)
        ),
        max_leaves=6,
    )
)
@example(({1: 1j, 2: 1j}, {1: 1j, 2: 1j}))
@example(np.array([None]))
def test_no_answer_makes_the_judge_raise(answer):
    for exercise in ("affine", "forward", "loss", "output_delta", "all_deltas", "backprop", "gradient_check"):
        assert judged(exercise, lambda *args: answer).fraction < 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [("missing", "missing"), ("timeout", "timeout"), ("memory", "memory"), ("crashed", "crashed")],
)
def test_a_call_that_ends_the_child_ends_the_exercise(kind, status):
    calls = []

    def caller(name, args):
        calls.append(name)
        return Outcome(None, CallError(kind, "it ended"), None)

    verdict = assess(EXERCISES["affine"], OneByOne(caller), SEED)
    assert (verdict.status, verdict.fraction, len(calls)) == (status, 0, 1)


def test_an_answer_that_cannot_cross_the_wall_is_a_wrong_type_not_a_crash():
    def caller(name, args):
        return Outcome(None, CallError("protocol", "returned a module where an array was expected"), args)

    verdict = assess(EXERCISES["affine"], OneByOne(caller), SEED)
    assert (verdict.status, verdict.fraction) == ("graded", 0)


def test_a_hang_on_the_second_call_is_a_timeout():
    seen = []

    def caller(name, args):
        seen.append(1)
        if len(seen) > len(EXERCISES["affine"].probes(SEED)):
            return Outcome(None, CallError("timeout", "it took more than 5 seconds"), None)
        W, a, b = args
        return Outcome(W @ a + b, None, args)

    assert assess(EXERCISES["affine"], OneByOne(caller), SEED).status == "timeout"


def test_public_judging_shows_its_cases_and_graded_judging_shows_none():
    exercise = EXERCISES["affine"]
    caller = LocalCaller(exercise.reference, "affine")
    assert assess(exercise, caller, SEED).visible == ()
    shown = assess(exercise, caller, b"ignored", public=True).visible
    assert [a.evidence.case.name for a in shown] == [c.name for c in exercise.probes(b"", public=True)]


def test_the_same_seed_gives_the_same_verdict():
    wrong = EXERCISES["hidden_delta"]
    first, second = (assess(wrong, LocalCaller(wrong_hidden_delta, "hidden_delta"), b"s") for _ in range(2))
    assert (first.checks, first.fraction, first.codes, first.notes) == (
        second.checks,
        second.fraction,
        second.codes,
        second.notes,
    )


def test_no_notebook_takes_long():
    """30 ms on a quiet machine (benchmarks/judges.py measures it); here only that nothing has gone astray."""
    spent = {}
    for id, exercise in EXERCISES.items():
        if exercise.reference is None:
            continue
        times = []
        for i in range(3):
            start = time.process_time()
            judged(id, exercise.reference, b"time %d" % i)
            times.append(time.process_time() - start)
        spent[exercise.assignment] = spent.get(exercise.assignment, 0) + min(times)
    assert max(spent.values()) < 0.2, spent


def test_numbers_count_as_hidden_unless_they_are_said_to_be_public():
    caller = LocalCaller(lambda W, a_prev, b: W @ a_prev + b + 1, "affine")
    for told_by, told in (({}, False), ({"public": True}, True)):
        verdict = judge(EXERCISES["affine"], caller, SEED, **told_by)
        assert [bool(check.found.values) for check in verdict.score.parts] == [told] * len(
            verdict.score.parts
        )


def test_the_error_that_ended_a_run_is_told_wherever_it_came():
    class Ending(LocalCaller):
        def call_many(self, name, many):
            outcomes = super().call_many(name, many)
            end = Outcome(None, CallError("timeout", "it was stopped"), None)
            return [*outcomes[:3], *[end] * (len(many) - 3)]

    caller = Ending(recipe.affine)
    assert judge(EXERCISES["affine"], caller, SEED).run.ended == CallError("timeout", "it was stopped")


def test_a_right_function_is_all_that_is_kept_of_a_child_that_judged_others():
    earlier = {"hidden_delta": HelperAnswers([], True)}
    for function, flawless in ((recipe.all_deltas, True), (lambda *args: recipe.all_deltas(*args)[1], False)):
        call = LocalCaller(function, "all_deltas")
        found = judge_if_flawless(EXERCISES["all_deltas"], call, b"seed", earlier=earlier)
        assert (found is not None) == flawless
        assert found is None or found.score == judge(EXERCISES["all_deltas"], call, b"seed").score


class Counted(LocalCaller):
    """How often the function was called."""

    calls = 0

    def call_many(self, name, many):
        self.calls += len(many)
        return super().call_many(name, many)


def single(*args):
    return {l: d.astype(np.float32) for l, d in recipe.all_deltas(*args).items()}


@pytest.mark.parametrize(
    ("function", "flawless", "all_asked"),
    [
        (recipe.all_deltas, True, True),
        (single, True, True),
        (lambda *args: {l: -d for l, d in recipe.all_deltas(*args).items()}, False, False),
        (lambda *args: 1 / 0, False, False),
    ],
    ids=["right", "in float32", "wrong", "raises"],
)
def test_what_is_wrong_at_once_is_asked_no_more(function, flawless, all_asked):
    exercise, call = EXERCISES["all_deltas"], Counted(function, "all_deltas")
    found = judge_if_flawless(exercise, call, SEED)
    assert (
        (found is not None)
        == flawless
        == judge(exercise, LocalCaller(function, "all_deltas"), SEED).score.flawless
    )
    assert (call.calls >= len(exercise.probes(SEED))) == all_asked
