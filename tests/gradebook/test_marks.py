"""A submission's mark: what counts, what is open, and what a person has entered."""

import json
from datetime import datetime, timedelta

import pytest

from autograder.gradebook.marks import CellMark, SubmissionMark

DUE = datetime(2026, 3, 2, 18)


def cell(auto=None, manual=None, extra=None, pending=False, maximum=2.0, comment=""):
    return CellMark(auto, manual, extra, pending, maximum, comment)


def mark(*cells, penalty=0.0, after=None, extension=None, comments=None):
    named = {f"cell {i}": each for i, each in enumerate(cells)}
    handed_in = None if after is None else DUE + after
    return SubmissionMark(named, penalty, handed_in, DUE, extension, comments or {})


@pytest.mark.parametrize(
    ("given", "points", "score"),
    [
        (mark(cell(1.0), cell(0.5)), 1.5, 1.5),
        (mark(cell(1.0), cell(0.5), penalty=0.4), 1.5, 1.1),
        (mark(cell(1.0), penalty=4.0), 1.0, 0.0),
        (mark(cell(1.0, manual=2.0)), 2.0, 2.0),
        (mark(cell(1.0, extra=0.25)), 1.25, 1.25),
        (mark(cell(extra=0.25)), 0.25, 0.25),
        (mark(cell(0.0), cell()), 0.0, 0.0),
        (mark(cell(), cell()), 0.0, None),
    ],
)
def test_what_counts(given, points, score):
    assert (given.points, given.score) == (points, score)


def test_the_maximum_and_what_is_pending():
    assert mark(cell(1.0, maximum=3.0), cell(maximum=1.5)).maximum == 4.5
    assert mark(cell(1.0), cell(pending=True)).pending
    assert not mark(cell(1.0)).pending


@pytest.mark.parametrize(
    ("after", "extension", "late"),
    [
        (timedelta(seconds=90), None, 90),
        (timedelta(seconds=0.5), None, 0.5),
        (timedelta(seconds=90), timedelta(minutes=1), 30),
        (-timedelta(hours=1), None, 0),
        (None, None, 0),
    ],
)
def test_seconds_late(after, extension, late):
    assert mark(cell(1.0), after=after, extension=extension).seconds_late == late
    assert SubmissionMark({}, 0.0, DUE, None, None, {}).seconds_late == 0


def test_what_a_person_entered_changes_the_text_and_the_graders_own_does_not():
    assert mark(cell(1.0, pending=True)).entered() == mark(cell(0.5)).entered() == ""
    people = [
        mark(cell(manual=1.0)),
        mark(cell(extra=0.5)),
        mark(cell(comment="see me")),
        mark(cell(1.0), penalty=0.5),
        mark(cell(1.0), comments={"text": "why?"}),
        mark(cell(manual=1.0, pending=True)),
    ]
    assert len({each.entered() for each in people} - {""}) == len(people)
    entered = mark(cell(1.0), cell(1.0, manual=2.0, comment="good")).entered()
    assert json.loads(entered) == [{"cell 1": [2.0, None, "good"]}, 0.0, {}, False]
