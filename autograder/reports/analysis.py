"""Counting over a class: scores, difficulty and discrimination of exercises, mistakes, lateness."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import StatisticsError, correlation, fmean, median
from types import MappingProxyType
from typing import Any

from autograder._language import _
from autograder.course.own_exercises import load, own_source
from autograder.feedback.report_words import attention_words
from autograder.grading.result import URGENT, attention
from autograder.misconceptions import Catalogue
from autograder.misconceptions.catalogue import code_order
from autograder.report_json import ExerciseJson
from autograder.reports.records import GradedCourse
from autograder.reports.similar_pairs import Pair, groups
from autograder.reports.statements import MAX_NOTEBOOK
from autograder.slips.kinds import ALL

# Students: below this a correlation says nothing
MIN_STUDENTS = 5
BINS = 10


@dataclass(frozen=True)
class Distribution:
    """An assignment's scores: how many students in each tenth of the points, bonus counted over 100 %."""

    assignment: str
    maximum: float
    counts: tuple[int, ...]
    median: float
    graded: int
    missing: int
    pending: int
    late: int
    # Students with more than one attempt
    again: int
    # Points beyond the maximum
    bonus: float = 0.0


@dataclass(frozen=True)
class ExerciseFacts:
    """One exercise: mean share of its points (difficulty), and the correlation of its points with the rest of
    the student's points (discrimination; None where too few students or no spread). statuses: how often each
    but graded.
    """

    assignment: str
    id: str
    maximum: float
    students: int
    full: int
    difficulty: float
    discrimination: float | None
    statuses: dict[str, int]


@dataclass(frozen=True)
class Mistake:
    """One entry of the catalogue in one exercise: how many made it, of how many that handed it in."""

    code: str
    name: str
    exercise: str
    assignment: str
    chapter: str
    students: tuple[str, ...]
    of: int

    @property
    def sentence(self) -> str:
        """What to do about it: "23 of 60 in hidden_delta: g' left out (K13). Reteach Step 2."."""
        return _(
            "{count} of {of} in {exercise}: {name} ({code}). Reteach {topic}.",
            count=len(self.students),
            of=self.of,
            exercise=self.exercise,
            name=self.name,
            code=self.code,
            topic=_(topic(self.chapter)),
        )


@dataclass(frozen=True)
class Alert:
    """Something a person should look at."""

    student: str
    assignment: str
    what: str


@dataclass(frozen=True)
class Analysis:
    """Everything the page shows, counted."""

    distributions: tuple[Distribution, ...]
    exercises: tuple[ExerciseFacts, ...]
    mistakes: tuple[Mistake, ...]
    alerts: tuple[Alert, ...]
    pairs: tuple[Pair, ...]

    def to_json(self) -> dict[str, Any]:
        found = asdict(self)
        for mistake, made in zip(self.mistakes, found["mistakes"], strict=True):
            made["sentence"] = mistake.sentence
        return found


def topic(chapter: str) -> str:
    """A chapter's file name as words: 06-step-2 is Step 2."""
    return chapter.split("-", 1)[-1].replace("-", " ").capitalize()


def analyse(
    course: GradedCourse,
    pairs: Sequence[Pair],
    cut: Sequence[tuple[str, str]] = (),
    differentiators: Mapping[tuple[str, str], Sequence[str]] = MappingProxyType({}),
) -> Analysis:
    """Everything counted. cut: (assignment, student) where not all of the code was compared.

    differentiators: what in whose code can differentiate any function, by (assignment, student).
    """
    return Analysis(
        tuple(_distribution(course, name) for name in _assignments(course)),
        tuple(_exercises(course)),
        tuple(_mistakes(course)),
        tuple(_alerts(course, pairs, cut, differentiators)),
        tuple(pairs),
    )


def _assignments(course: GradedCourse) -> list[str]:
    return sorted({report["assignment"] for report in course.reports})


def _distribution(course: GradedCourse, assignment: str) -> Distribution:
    students = {r["student"] for r in course.reports} | {s.id for s in course.scores.students}
    marks = {student: course.scores.mark(student, assignment) for student in students}
    scores = [mark.score for mark in marks.values() if mark.score is not None]
    maximum = course.scores.assignments.get(assignment, 0.0)
    counts = [0] * BINS
    for score in scores:
        share = score / maximum if maximum else 0.0
        counts[max(0, min(int(share * BINS), BINS - 1))] += 1
    return Distribution(
        assignment,
        maximum,
        tuple(counts),
        round(median(scores), 2) if scores else 0.0,
        len(scores),
        sum(mark.score is None for mark in marks.values()),
        sum(mark.pending for mark in marks.values()),
        sum(mark.seconds_late > 0 for mark in marks.values()),
        sum(course.attempts.get((student, assignment), 0) > 1 for student in marks),
        course.scores.bonus.get(assignment, 0.0),
    )


def _exercises(course: GradedCourse) -> list[ExerciseFacts]:
    totals: dict[str, float] = defaultdict(float)
    by_exercise: dict[tuple[str, str], list[tuple[str, ExerciseJson]]] = defaultdict(list)
    for report in course.reports:
        for exercise in report["exercises"]:
            if exercise["status"] in ("missing", "manual", "ungradable"):
                continue
            totals[report["student"]] += exercise["score"]
            by_exercise[report["assignment"], exercise["id"]].append((report["student"], exercise))
    facts = []
    for (assignment, id), entries in sorted(by_exercise.items()):
        maximum = max(exercise["max_score"] for _, exercise in entries)
        if maximum == 0:
            # Dropped by the course's policy
            continue
        points = [exercise["score"] for _, exercise in entries]
        rest = [totals[student] - exercise["score"] for student, exercise in entries]
        statuses = Counter(e["status"] for _, e in entries if e["status"] != "graded")
        facts.append(
            ExerciseFacts(
                assignment,
                id,
                maximum,
                len(entries),
                sum(score >= maximum for score in points),
                round(fmean(points) / maximum, 3),
                _correlation(points, rest),
                dict(sorted(statuses.items())),
            )
        )
    return facts


def _correlation(points: Sequence[float], rest: Sequence[float]) -> float | None:
    if len(points) < MIN_STUDENTS:
        return None
    try:
        return round(correlation(points, rest), 2)
    except StatisticsError:
        # Everybody has the same
        return None


def _mistakes(course: GradedCourse) -> list[Mistake]:
    made: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    handed_in: Counter[tuple[str, str]] = Counter()
    for report in course.reports:
        for exercise in report["exercises"]:
            place = (report["assignment"], exercise["id"])
            if exercise["status"] not in ("missing", "manual", "ungradable"):
                handed_in[place] += 1
            for code in exercise["misconceptions"]:
                made[(code, *place)].append(report["student"])
    catalogue = load(own_source(course.folder)).catalogue
    names = names_of(catalogue)
    chapters = {code: entry.chapter for code, entry in catalogue.items()}
    mistakes = [
        Mistake(
            code,
            names[code],
            exercise,
            assignment,
            chapters.get(code, assignment),
            tuple(students),
            handed_in[assignment, exercise],
        )
        for (code, assignment, exercise), students in made.items()
        if code in names
    ]
    return sorted(mistakes, key=lambda m: (-len(m.students), code_order(m.code), m.exercise))


def names_of(catalogue: Catalogue) -> dict[str, str]:
    """What each code is called: those of the catalogue, and the kinds of derived mistakes."""
    return {code: _(entry.name) for code, entry in catalogue.items()} | {
        kind.code: _(kind.name) for kind in ALL
    }


def _alerts(
    course: GradedCourse,
    pairs: Sequence[Pair],
    cut: Sequence[tuple[str, str]],
    differentiators: Mapping[tuple[str, str], Sequence[str]],
) -> list[Alert]:
    """The most urgent first: what could not be graded, then what a person has to decide, then suspicions."""
    alerts: dict[str, list[Alert]] = defaultdict(list)
    for report in course.reports:
        who = (report["student"], report["assignment"])
        pending = course.scores.mark(*who).pending
        for found in attention(report, course.marks.get(who)):
            # A person has been there.
            if found.kind == "manual" and not pending:
                continue
            line = attention_words(found)
            alerts[line if found.kind == "note" else found.kind].append(Alert(*who, line))
    ranked = [alert for kind in URGENT for alert in alerts.pop(kind, [])]
    ranked += [alert for found in alerts.values() for alert in found]
    for assignment, student in cut:
        ranked.append(
            Alert(
                student,
                assignment,
                _(
                    "code beyond {most:,} characters is compared with nobody's",
                    most=MAX_NOTEBOOK,
                ),
            )
        )
    for (assignment, student), found_in in differentiators.items():
        can = _(" and ").join(map(_, found_in))
        what = _(
            "{can} in the code: a general differentiator's gradients are right, and derived by nobody",
            can=can,
        )
        ranked.append(Alert(student, assignment, what))
    for assignment, members, least in groups(pairs):
        what = _(
            "{least:.0%} of their own code is alike; there may be a good reason: compare them", least=least
        )
        ranked.append(Alert(", ".join(members), assignment, what))
    return ranked
