"""What being late costs, before the gradebook knows of it."""

from datetime import datetime, timedelta

import pytest

from autograder.gradebook.lateness import Lateness, cost

DUE = datetime(2026, 3, 2, 18)


def of_an_hour(student, points, seconds):
    return points * seconds / 3600


@pytest.mark.parametrize(
    ("student", "assignment", "after", "seconds"),
    [
        ("ada", "06-step-2", timedelta(seconds=90), 90),
        ("ada", "06-step-2", timedelta(seconds=0.5), 0.5),
        ("ada", "06-step-2", -timedelta(hours=1), 0),
        ("bob", "06-step-2", timedelta(minutes=10), 0),
        ("bob", "06-step-2", timedelta(minutes=11), 60),
        ("bob", "07-step-3", timedelta(minutes=11), 0),
    ],
)
def test_lateness_counts_from_the_students_own_due_date(student, assignment, after, seconds):
    late = Lateness({"06-step-2": DUE}, {("bob", "06-step-2"): timedelta(minutes=10)}, of_an_hour)
    assert late.seconds(student, assignment, DUE + after) == seconds
    assert late.cost(student, assignment, 12.0, DUE + after) == pytest.approx(12 * seconds / 3600)


def test_without_a_time_or_a_penalty_nothing_is_taken():
    assert Lateness({"a": DUE}, {}, of_an_hour).seconds("ada", "a", None) == 0
    assert Lateness({"a": DUE}).cost("ada", "a", 10.0, DUE + timedelta(days=1)) == 0


@pytest.mark.parametrize(("charged", "taken"), [(3.0, 3.0), (30.0, 10.0), (-2.0, 0.0), (None, None)])
def test_a_penalty_takes_between_nothing_and_everything(charged, taken):
    assert cost(charged, 10.0) == taken


def test_a_penalty_that_says_nothing_costs_nothing():
    assert Lateness({"a": DUE}, {}, lambda *given: None).cost("ada", "a", 10.0, DUE + timedelta(days=1)) == 0
