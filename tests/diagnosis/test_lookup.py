"""A look-up gives exactly what the search gives: it only leaves out what same_array leaves out at once."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus.variants import make_function, wrong_variants

from autograder.diagnosis import last_layer, layer_by_layer, lookup, matching, wrong_forms
from autograder.diagnosis.assess import assess
from autograder.diagnosis.closeness import same_array
from autograder.diagnosis.lookup import FAILS, TELLS_NOTHING, ByIdentity, KeptEntries, last_entries, may_give
from autograder.exercises import EXERCISES
from autograder.sandbox.calls import LocalCaller

NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, np.inf, -np.inf, np.nan, 1e-300, 1e308]), st.floats(width=32)
)


def in_float32(array):
    with np.errstate(all="ignore"):
        return array.astype(np.float32)


ARRAYS = st.lists(NUMBERS, max_size=3).map(np.array)
ANSWERS = st.one_of(ARRAYS, ARRAYS.map(in_float32), ARRAYS.map(lambda a: a[None]))


@given(ANSWERS, st.lists(ANSWERS, max_size=4), st.sampled_from([0.0, 1e-12, 1.0]), st.booleans())
def test_nothing_is_left_out_that_is_the_same(answer, others, tolerance, alike):
    with np.errstate(all="ignore"):
        forms = [*others, answer * (1 + 1e-9) if alike else answer]
        entries = last_entries([lambda form=form: form for form in forms])
        found = may_give(entries, answer, tolerance)
        same = [same_array(answer, form, tolerance) for form in forms]
    assert not any(is_same and not left for is_same, left in zip(same, found, strict=True))


def test_another_number_is_left_out_and_so_is_what_fails():
    answer = np.array([[1.0, 2.0]])
    entries = last_entries([lambda: answer, lambda: -answer, lambda: 1 / 0, lambda: "text"])
    assert entries[:3].tolist() == [2.0, -2.0, FAILS]
    assert np.isnan(entries[3])
    assert np.isnan(TELLS_NOTHING)
    assert may_give(entries, answer, 0.0).tolist() == [True, False, False, True]


def test_a_key_is_these_objects_and_no_equal_ones():
    one, other = np.ones(2), np.ones(2)
    assert ByIdentity((one, "relu")) == ByIdentity((one, "relu"))
    assert ByIdentity((one, "relu")) != ByIdentity((other, "relu"))


def test_what_is_kept_is_worked_out_once_and_the_oldest_goes_first():
    kept, asked = KeptEntries(2), []

    def formulas_of(name):
        asked.append(name)
        return [lambda: np.array([1.0, len(name)])]

    for name in ("a", "bb", "a", "ccc", "a", "bb"):
        assert kept.of(name, lambda name=name: formulas_of(name)).tolist() == [len(name)]
    assert asked == ["a", "bb", "ccc", "bb"]


def all_may(entries, answer, tolerance):
    return np.ones(entries.shape, bool)


# Of each exercise that looks up its formulas; benchmarks/verdicts.py takes all.
EXERCISES_LOOKED_UP = ("backprop", "l2_backprop", "hidden_delta", "all_deltas")
SOME = [v for v in wrong_variants() if v.exercise in EXERCISES_LOOKED_UP][::40]


@pytest.mark.parametrize("variant", SOME, ids=lambda variant: variant.name)
def test_the_judgement_is_that_of_the_search(variant, monkeypatch):
    call = LocalCaller(make_function(variant.exercise, variant.source), variant.exercise)
    looked_up = assess(EXERCISES[variant.exercise], call, b"lookup")
    for module in (lookup, last_layer, layer_by_layer, matching, wrong_forms):
        monkeypatch.setattr(module, "may_give", all_may)
    searched = assess(EXERCISES[variant.exercise], call, b"lookup")
    for name in ("fraction", "checks", "mistakes", "pattern", "notes"):
        assert getattr(looked_up, name) == getattr(searched, name), name


def test_what_a_form_gives_on_a_probe_is_worked_out_once_for_a_class(monkeypatch):
    # Two mistakes at once: each part is held against the forms of every mistake.
    wrong = next(v for v in wrong_variants() if v.exercise == "backprop" and v.both)
    asked, as_before = [], wrong_forms.ProbeEntries.answer_of
    monkeypatch.setattr(
        wrong_forms.ProbeEntries, "answer_of", lambda *how: asked.append(how) or as_before(*how)
    )

    def judgement():
        call = LocalCaller(make_function(wrong.exercise, wrong.source), wrong.exercise)
        return assess(EXERCISES["backprop"], call, b"the seed of a class")

    first = judgement()
    assert asked
    asked.clear()
    assert judgement().checks == first.checks
    assert not asked
