"""The catalogue is a value: made once of its entries, and asked what may stand where."""

import re
from typing import ClassVar

import numpy as np
import pytest

from autograder.misconceptions import CATALOGUE, Catalogue, Misconception
from autograder.misconceptions.slots import STEP_2


class SwishForItsSlope(Misconception):
    code = "C1"
    formulas: ClassVar = {"swish_prime": (lambda z: z / (1 + np.exp(-z)),)}


class SlopeOfSwish(Misconception):
    code = "C2"
    variants = ({"slope": lambda c: c.z / (1 + np.exp(-c.z))},)
    within = ("hidden_delta",)


def test_entries_stand_in_the_order_of_their_codes_and_a_courses_own_behind_the_books():
    codes = list(Catalogue([SlopeOfSwish, *CATALOGUE.values(), SwishForItsSlope]))
    assert codes == [*CATALOGUE, "C1", "C2"]
    assert list(CATALOGUE)[:3] == ["K1", "K2", "K3"]
    assert [int(code[1:]) for code in CATALOGUE] == sorted(int(code[1:]) for code in CATALOGUE)


def test_two_entries_with_one_code_are_refused_by_name():
    again = type("SwishAgain", (Misconception,), {"code": "C1"})
    with pytest.raises(ValueError, match="SwishForItsSlope and SwishAgain have one code, C1"):
        Catalogue([SwishForItsSlope, again])


def test_a_courses_entries_make_another_catalogue_and_leave_the_book_alone():
    before = CATALOGUE.slot_changes(STEP_2, "hidden_delta")
    course = Catalogue([*CATALOGUE.values(), SwishForItsSlope, SlopeOfSwish])
    added = set(course.slot_changes(STEP_2, "hidden_delta")) - set(before)
    assert {(change.code, change.slot) for change in added} == {("C2", "slope")}
    assert CATALOGUE.slot_changes(STEP_2, "hidden_delta") == before
    assert [change.code for change in course.formulas_of("swish_prime")] == ["C1"]
    assert CATALOGUE.formulas_of("swish_prime") == ()
    assert course.codes_of("swish_prime") == ("C1",)
    assert "C2" in course.codes_of("hidden_delta")
    with pytest.raises(TypeError, match="does not support item assignment"):
        CATALOGUE["C1"] = SwishForItsSlope


def test_where_an_entry_bears_its_name_it_has_a_wrong_form():
    for code, entry in CATALOGUE.items():
        assert all(entry.forms(exercise) for exercise in entry.exercises()), code
        assert all(code in CATALOGUE.codes_of(exercise) for exercise in entry.exercises())


def test_an_entry_is_called_by_what_goes_wrong():
    for code, entry in CATALOGUE.items():
        assert not re.search(r"K\d", entry.__name__), code
