"""How a course is to be graded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GraderError
from autograder.grading import grade_submission
from autograder.sandbox.zygote import Isolation


class GradingError(GraderError):
    """The course can't be graded; str() says what was given, what was expected, and what to do."""


@dataclass(frozen=True)
class Settings:
    """How to grade: seed None takes the course's own, made at the first run; jobs counts local processes.

    seconds: wall-clock time for each exercise. Empty assignments or students: all of them. db: a SQLAlchemy
    URL. accept_rules: scores that came about by another grader's rules are given anew by this one's.
    warm: this process grades, with the worker that it keeps from run to run.
    """

    course: Path
    assignments: Sequence[str] = ()
    students: Sequence[str] = ()
    jobs: int = 1
    scheduler: str | None = None
    seed: str | None = None
    seconds: float = grade_submission.SECONDS
    isolation: Isolation = "strong"
    force: bool = False
    db: str | None = None
    accept_rules: bool = False
    warm: bool = False
