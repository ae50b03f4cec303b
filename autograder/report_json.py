"""The JSON that `autograder grade` writes for a submission, as types: the contract with whoever reads it."""

from typing import Literal, TypedDict

ExerciseStatus = Literal[
    "graded", "missing", "not_run", "crashed", "timeout", "memory", "manual", "ungradable"
]


class CheckJson(TypedDict):
    """One check of an exercise: its name, whether it passed, and one line of text."""

    name: str
    passed: bool
    message: str


class ExerciseJson(TypedDict):
    """One exercise: its points and why. misconceptions: codes of the catalogue, K13 or C1."""

    id: str
    score: float
    max_score: float
    status: ExerciseStatus
    checks: list[CheckJson]
    misconceptions: list[str]


class ReportJson(TypedDict):
    """One submission, for the instructor alone: seed is the course's secret. seconds: wall-clock time."""

    student: str
    assignment: str
    score: float
    max_score: float
    isolation: Literal["strong", "none"]
    seed: str
    seconds: float
    notes: list[str]
    exercises: list[ExerciseJson]
