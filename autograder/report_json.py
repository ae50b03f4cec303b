"""The JSON that `autograder grade` writes for a submission, as types: the contract with whoever reads it."""

from typing import Literal, NotRequired, TypedDict

ExerciseStatus = Literal[
    "graded", "missing", "not_run", "crashed", "timeout", "memory", "manual", "ungradable"
]


class CheckJson(TypedDict):
    """One check of an exercise: its name, whether it passed, and one line of text."""

    name: str
    passed: bool
    message: str


class ExerciseJson(TypedDict):
    """One exercise: its points and why. misconceptions: codes of the catalogue, K13 or C1.

    attention: the kind of look that a person should have at it, "" if none: its status, or "no_numbers"
    where no numbers could be compared. reason: the kind of what stands in a grade's place. why: the same in a
    line that holds no word of the student's. Records of earlier versions have none of them.
    """

    id: str
    score: float
    max_score: float
    status: ExerciseStatus
    checks: list[CheckJson]
    misconceptions: list[str]
    attention: NotRequired[str]
    reason: NotRequired[str]
    why: NotRequired[str]


class RequestJson(TypedDict):
    """What a student asks about an exercise. stood: what a person had given and said of it then; open: nobody
    has answered since.
    """

    exercise: str
    text: str
    stood: NotRequired[str]
    open: NotRequired[bool]


class ReportJson(TypedDict):
    """One submission, for the instructor alone: seed is the course's secret. seconds: wall-clock time, the
    next of 1, 10, 100, …. requests: for a second look, left out where there are none.
    """

    student: str
    assignment: str
    score: float
    max_score: float
    isolation: Literal["strong", "none"]
    seed: str
    seconds: float
    notes: list[str]
    exercises: list[ExerciseJson]
    requests: NotRequired[list[RequestJson]]
