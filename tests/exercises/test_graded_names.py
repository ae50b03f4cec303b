"""Mistakes in the graded set are named in its own words: wrong answers made by slips, one of each kind."""

import pytest

from autograder.diagnosis.assess import assess
from autograder.diagnosis.derived_mistakes import run_of, table_of
from autograder.exercises.graded import GRADED
from autograder.sandbox.calls import LocalCaller
from autograder.tracing.gradient import gradients
from autograder.tracing.lists import like
from tests.support.derived_answers import _same

SEED = b"names"
TRACED = [id for id in GRADED if GRADED[id].forward is not None]


def one_of_each_kind(mistakes):
    found = {}
    for slip in sorted(mistakes.slips, key=lambda slip: slip.rank):
        found.setdefault(slip.kind, slip)
    return list(found.values())


def answering(exercise, cases, slip):
    """A function with this slip in it, for the calls of the seed."""
    passed = exercise.forward

    def answer(*args):
        case = next(case for case in cases if _same(case.args, args))
        run = run_of(case)
        found = gradients(run.tape, run.upstream, passed.gradients, slip.exchange(run.tape))
        given = exercise.given(case)
        results = tuple(
            like(given[x], found[x]) if x in passed.layered else found[x] for x in passed.gradients
        )
        return results if len(results) > 1 else results[0]

    return answer


@pytest.mark.parametrize("id", TRACED)
def test_most_slips_are_named_and_none_earns_everything(id):
    exercise = GRADED[id]
    cases = exercise.probes(SEED)
    slips = one_of_each_kind(table_of(exercise.forward, cases))
    assert len(slips) >= 8
    said = {}
    for slip in slips:
        verdict = assess(exercise, LocalCaller(answering(exercise, cases, slip), id), SEED)
        assert verdict.fraction < 1, slip.kind
        said[slip.kind] = verdict.codes or verdict.pattern
    unnamed = [kind for kind, words in said.items() if not words]
    assert len(unnamed) <= 0.15 * len(said), unnamed
