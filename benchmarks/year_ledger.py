"""What each score of the year has to be, kept apart from all that the grader keeps."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Attempt:
    """What was handed in once: exercise -> kind of answer, and when (UTC)."""

    kinds: Mapping[str, str]
    when: datetime


@dataclass(frozen=True)
class Given:
    """What a person gave for a cell."""

    score: float
    comment: str
    extra: float | None = None


@dataclass(frozen=True)
class Expected:
    """points: exercise -> what counts, None where nobody has said yet."""

    points: Mapping[str, float | None]
    maximum: float
    penalty: float
    waits: bool

    @property
    def sum(self) -> float:
        return sum(points or 0.0 for points in self.points.values())

    @property
    def score(self) -> float | None:
        """After the penalty; None where nothing counts yet."""
        known = any(points is not None for points in self.points.values())
        return max(0.0, self.sum - self.penalty) if known else None


@dataclass
class Ledger:
    """points: assignment -> exercise -> points. share(assignment, kinds, exercise): of its points, None: a
    person says. Attempts and what people gave by (student, assignment).
    """

    points: dict[str, dict[str, float]]
    share: Callable[[str, Mapping[str, str], str], float | None]
    due: dict[str, datetime] = field(default_factory=dict)
    extensions: dict[str, dict[str, float]] = field(default_factory=dict)
    dropped: dict[str, set[str]] = field(default_factory=dict)
    time: dict[str, float] = field(default_factory=dict)
    percent: float = 0.0
    grace: float = 0.0
    most: float = 100.0
    best: bool = False
    attempts: dict[tuple[str, str], list[Attempt]] = field(default_factory=dict)
    given: dict[tuple[str, str], dict[str, Given]] = field(default_factory=dict)

    def hand_in(self, student: str, name: str, attempt: Attempt) -> None:
        """Where the last attempt counts the ones before are of no matter."""
        before = self.attempts.get((student, name), []) if self.best else []
        self.attempts[student, name] = [*before, attempt]

    def last(self, student: str, name: str) -> Attempt | None:
        return self.attempts.get((student, name), [None])[-1]

    def by_hand(
        self, student: str, name: str, exercise: str, score: float, comment: str, extra: float | None
    ) -> None:
        self.given.setdefault((student, name), {})[exercise] = Given(score, comment, extra)

    def rename(self, old: str, new: str) -> None:
        for table in (self.attempts, self.given):
            for student, name in [key for key in table if key[0] == old]:
                table[new, name] = table.pop((student, name))  # type: ignore[attr-defined]
        for hours in self.extensions.values():
            if old in hours:
                hours[new] = hours.pop(old)
        if old in self.time:
            self.time[new] = self.time.pop(old)

    def forget(self, gone: str) -> None:
        for table in (self.attempts, self.given):
            for key in [key for key in table if key[0] == gone]:
                del table[key]  # type: ignore[attr-defined]
        for hours in self.extensions.values():
            hours.pop(gone, None)
        self.time.pop(gone, None)

    def worth(self, name: str, exercise: str) -> float:
        return 0.0 if exercise in self.dropped.get(name, ()) else self.points[name][exercise]

    def auto(self, name: str, attempt: Attempt, exercise: str) -> float | None:
        """The grader's points for one answer."""
        share = self.share(name, attempt.kinds, exercise)
        return None if share is None else share * self.worth(name, exercise)

    def seconds_late(self, student: str, name: str, when: datetime) -> float:
        hours = self.extensions.get(name, {}).get(student, 0.0)
        return max(0.0, (when - self.due[name] - timedelta(hours=hours)).total_seconds())

    def penalty(self, student: str, name: str, when: datetime, points: float) -> float:
        """So many percent for each day begun, after the grace, up to the most."""
        late = self.seconds_late(student, name, when) - 60 * self.grace
        if late <= 0:
            return 0.0
        return points * min(self.percent * math.ceil(late / 86400), self.most) / 100

    def counting(self, student: str, name: str) -> Attempt:
        """The attempt that counts: the one with the most points of the grader's after the penalty, the first
        of equals; or the last.
        """
        attempts = self.attempts[student, name]
        if not self.best:
            return attempts[-1]

        def left(attempt: Attempt) -> float:
            points = sum(self.auto(name, attempt, exercise) or 0.0 for exercise in self.points[name])
            return round(points - self.penalty(student, name, attempt.when, points), 9)

        return max(attempts, key=left)

    def expected(self, student: str, name: str) -> Expected:
        attempt = self.counting(student, name)
        given = self.given.get((student, name), {})
        points: dict[str, float | None] = {}
        for exercise in self.points[name]:
            points[exercise] = self.auto(name, attempt, exercise)
            if exercise in given:
                points[exercise] = given[exercise].score + (given[exercise].extra or 0.0)
        total = sum(each or 0.0 for each in points.values())
        waits = any(each is None for each in points.values())
        maximum = sum(self.worth(name, exercise) for exercise in self.points[name])
        return Expected(points, maximum, self.penalty(student, name, attempt.when, total), waits)
