"""What being late costs a submission that may not be in the gradebook yet: to choose among attempts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autograder.course.nbgrader_config import Penalty


@dataclass(frozen=True)
class DueDates:
    """What a course's policies say of an assignment: when it is due, and for whom how much later."""

    due: datetime | None = None
    extensions: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True)
class Lateness:
    """When each assignment is due (UTC), how much later for whom, and what lateness costs. extensions:
    (student, assignment) -> time more; penalty None: nothing.
    """

    due: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[tuple[str, str], timedelta] = field(default_factory=dict)
    penalty: Penalty | None = None

    def seconds(self, student: str, assignment: str, handed_in: datetime | None) -> float:
        """How many seconds after it was due it came, 0 in time or where nobody knows."""
        return seconds_late(handed_in, self.due.get(assignment), self.extensions.get((student, assignment)))

    def cost(self, student: str, assignment: str, points: float, handed_in: datetime | None) -> float:
        """The points to take off: nothing in time, at most the points, at least 0."""
        seconds = self.seconds(student, assignment, handed_in)
        if self.penalty is None or seconds <= 0:
            return 0.0
        return cost(self.penalty(student, points, seconds), points) or 0.0


def seconds_late(handed_in: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """How many seconds after it was due, with the extension, it came; 0 where a time is unknown."""
    if handed_in is None or due is None:
        return 0.0
    return max(0.0, (handed_in - due - (extension or timedelta())).total_seconds())


def cost(charged: float | None, points: float) -> float | None:
    """What a penalty takes off: at most the points, at least 0; None where it says nothing."""
    return None if charged is None else min(max(charged, 0.0), points)
