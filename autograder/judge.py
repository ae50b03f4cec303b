"""Judges one exercise: calls the function, compares, counts the points, asks for a diagnosis."""

from dataclasses import dataclass, field
from typing import Literal

from autograder.cases import CallError, Evidence
from autograder.checks import Check

Status = Literal["graded", "crashed", "timeout", "memory", "not_run", "missing"]


@dataclass(frozen=True)
class Judgement:
    """The verdict on one exercise: fraction of its points in 0..1, and why."""

    exercise_id: str
    status: Status
    fraction: float
    checks: tuple[Check, ...] = ()
    codes: tuple[str, ...] = ()  # catalogue codes, "K13"
    sentences: tuple[str, ...] = ()  # the diagnosis in words
    pattern: str | None = None
    notes: tuple[str, ...] = ()
    visible: tuple[Evidence, ...] = field(default=())  # the cases that may be shown with their numbers
    error: CallError | None = None  # the first error, where one was raised
