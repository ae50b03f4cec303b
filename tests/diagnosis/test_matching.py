"""When wrong formulas, one or two of them, are an explanation of the numbers, and when that is open."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.diagnosis.matching import Explanation, Group, Item, common_codes, explain, pairs
from autograder.exercises import EXERCISES
from autograder.misconceptions import CATALOGUE
from autograder.misconceptions.slots import (
    STEP_1,
    STEP_2,
    STEP_3_B,
    STEP_3_W,
    LayerContext,
    step_3_b,
)
from autograder.sandbox.calls import LocalCaller


def explained(*codes):
    """A formula of its own, by these names."""
    return Explanation(frozenset(codes), {"slope": lambda c: codes})


def group_of_sums(count):
    """As many answers that lack 1/m and are one number each: np.sum(delta)."""
    rng = np.random.default_rng(0)
    contexts = [LayerContext(delta=rng.normal(size=(3, 5))) for _ in range(count)]
    items = [Item(c, np.sum(c.delta), step_3_b({}, c), lambda: None) for c in contexts]
    return Group(items, CATALOGUE.slot_changes(STEP_3_B, "layer_gradients"), step_3_b)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_single_numbers_are_no_evidence_of_two_mistakes(count):
    assert explain({"": group_of_sums(count)}) == {"": []}


def test_four_single_numbers_are():
    found = explain({"": group_of_sums(4)})[""]
    assert {e.codes for e in found} == {frozenset(("K26", "K33"))}


def test_of_two_names_that_fit_everywhere_the_one_with_one_formula_for_all_is_meant():
    same = explained("K13")
    assert common_codes([[same, explained("K14")] for _ in range(2)]) == ("K13",)
    assert common_codes([[explained("K13"), explained("K14")] for _ in range(2)]) is None


@pytest.mark.parametrize(
    ("codes", "named"),
    [
        (("K10", "K13"), ("K10", "K13")),
        (("K5", "K10", "K13"), ("K5", "K10", "K13")),
        (("K5", "K10", "K13", "K16"), None),
    ],
)
def test_more_than_three_mistakes_are_no_explanation(codes, named):
    assert common_codes([[explained(code)] for code in codes]) == named


@pytest.mark.parametrize(
    ("slots", "exercise"),
    [
        (STEP_1, "output_delta"),
        (STEP_2, "hidden_delta"),
        ((*STEP_2, "used"), "backprop"),
        (STEP_3_W, "layer_gradients"),
        (STEP_3_B, "layer_gradients"),
    ],
)
def test_only_likely_forms_are_tried_in_pairs(slots, exercise):
    """Each wrong answer without a name pays for all of them, on every probe that the one before it fits."""
    tried = CATALOGUE.slot_changes(slots, exercise)
    assert {e.codes for e in pairs(tried).explanations} >= {
        frozenset((a.code, b.code))
        for a in tried
        for b in tried
        if a.slot != b.slot and a.rank == b.rank == 0
    }
    assert len(pairs(tried).explanations) < 950, "give the new entry in_pairs = 0, or 1"


@pytest.mark.parametrize(
    ("factor", "codes"),
    [
        (-1, ("K5",)),
        (2, ("K6",)),
        (0.5, ("K6",)),
        (-0.5, ("K5", "K6")),
        (-0.1, ("K36",)),
        (-0.003, ("K36",)),
        (0.1, ()),
    ],
)
def test_a_multiple_of_the_gradient_is_an_update_only_at_a_learning_rate(factor, codes):
    def backprop(*net):
        return tuple({l: factor * v for l, v in part.items()} for part in recipe.backprop(*net))

    assert assess(EXERCISES["backprop"], LocalCaller(backprop, "backprop"), b"rate").codes == codes
