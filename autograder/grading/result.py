"""What grading says of one submission: points, statuses, checks; with the JSON of `autograder grade`."""

from dataclasses import dataclass, replace
from typing import Literal

from autograder._language import _
from autograder._text import one_line
from autograder.diagnosis.assess import Judgement
from autograder.facts import Fact
from autograder.feedback.report_words import attention_words, reason_words, suspicion
from autograder.feedback.words import check_message, check_name
from autograder.gradebook.marks import CellMark, SubmissionMark
from autograder.grading.regrade import is_open
from autograder.judging.precision import NOTE_NUMERIC
from autograder.notebooks.regrade_cells import RegradeRequest
from autograder.report_json import CheckJson, ExerciseJson, ExerciseStatus, ReportJson
from autograder.sandbox.calls import CallError

# Reasons that a note of the submission gives too
REASON_IN_NOTES = ("cell_missing", "as_said")


@dataclass(frozen=True)
class ExerciseReport:
    """One exercise: its points and why. judgement is None where nothing was judged; reason then says why.

    own_text: what the student's own code says of its error, for their own page.
    """

    id: str
    score: float
    max_score: float
    status: ExerciseStatus
    reason: Fact | None = None
    judgement: Judgement | None = None
    own_text: str = ""

    @property
    def judged(self) -> Judgement | None:
        """The judgement whose checks are shown; None where there is but a reason, or nothing."""
        return None if self.reason is not None and self.status != "graded" else self.judgement

    @property
    def attention(self) -> str:
        """How a person should look at it, "" if not: its status, or that no numbers were compared."""
        if self.status != "graded":
            return self.status
        checks = self.judgement.checks if self.judgement is not None else ()
        formless = any(check.kind in ("runs", "shape") and not check.passed for check in checks)
        return "no_numbers" if formless and not self.score else ""

    def checks(self) -> list[CheckJson]:
        """Each check's name, verdict and message; the reason alone where nothing was judged."""
        if self.judged is not None:
            return [
                {"name": check_name(check), "passed": check.passed, "message": one_line(check_message(check))}
                for check in self.judged.checks
            ]
        if self.reason is None:
            return []
        return [{"name": _("runs"), "passed": False, "message": one_line(reason_words(self.reason))}]

    @property
    def why(self) -> str:
        """What a person needs to know who is to look at it, without any word of the student's."""
        if self.reason is not None:
            return one_line(reason_words(_without_names(self.reason)))
        checks = self.judged.checks if self.judged is not None and self.attention else ()
        first = next((check for check in checks if not check.passed), None)
        if first is None or first.found is None:
            return ""
        return one_line(check_message(replace(first, found=_without_names(first.found))))

    def to_json(self) -> ExerciseJson:
        """As `autograder grade` writes it. attention, why: see above; reason: the kind in its place."""
        return {
            "id": self.id,
            "score": self.score,
            "max_score": self.max_score,
            "status": self.status,
            "checks": self.checks(),
            "misconceptions": list(self.judgement.codes) if self.judgement else [],
            "attention": self.attention,
            "reason": self.reason.kind if self.reason is not None else "",
            "why": self.why,
        }


@dataclass(frozen=True)
class Report:
    """One submission, graded or not. seed is the course's as given: this record is the instructor's."""

    student: str
    assignment: str
    isolation: Literal["strong", "none"]
    seed: str
    seconds: float
    notes: tuple[str, ...]
    exercises: tuple[ExerciseReport, ...]
    requests: tuple[RegradeRequest, ...] = ()

    @property
    def score(self) -> float:
        return round(sum(exercise.score for exercise in self.exercises), 9)

    @property
    def max_score(self) -> float:
        """nbgrader's: all points of the notebook, bonus included."""
        return sum(exercise.max_score for exercise in self.exercises)

    def suspicions(self) -> list[str]:
        """For the instructor's eyes: exercises whose numbers look numerically differentiated."""
        return [
            suspicion(exercise.id)
            for exercise in self.exercises
            if exercise.judgement is not None and NOTE_NUMERIC in exercise.judgement.notes
        ]

    def to_json(self) -> ReportJson:
        found: ReportJson = {
            "student": self.student,
            "assignment": self.assignment,
            "score": self.score,
            "max_score": self.max_score,
            "isolation": self.isolation,
            "seed": self.seed,
            "seconds": self.seconds,
            "notes": [one_line(note) for note in (*self.notes, *self.suspicions())],
            "exercises": [exercise.to_json() for exercise in self.exercises],
        }
        if self.requests:
            found["requests"] = [{"exercise": r.exercise, "text": r.text} for r in self.requests]
        return found


def _without_names(fact: Fact) -> Fact:
    """The same with errors told plainly."""
    values = (
        replace(value, message=value.plain) if isinstance(value, CallError) and value.plain else value
        for value in fact.values
    )
    return Fact(fact.kind, tuple(values))


def nothing_graded(report: ReportJson) -> bool:
    """Is there nothing in the submission that could be graded? Then it has no points, which is no 0."""
    statuses = [
        "blank" if exercise.get("reason") == "no_essay" else exercise["status"]
        for exercise in report["exercises"]
    ]
    without = [status in ("missing", "ungradable") for status in statuses]
    return any(without) and all(status in ("missing", "ungradable", "blank") for status in statuses)


# What a person should look at, most urgent first: statuses, and exercises of which no numbers could be
# compared.
URGENT = ("ungradable", "missing", "timeout", "memory", "crashed", "not_run", "manual", "no_numbers")


def attention_lines(report: ReportJson, mark: SubmissionMark | None = None) -> list[str]:
    """What a person should look at in a report (its JSON), most urgent first, a line each."""
    return [attention_words(found) for found in attention(report, mark)]


def attention(report: ReportJson, mark: SubmissionMark | None = None) -> list[Fact]:
    """What a person should look at in a report (its JSON), most urgent first; its notes last, each of kind
    "note". What a student asks stands among the first.

    The values of the others are groups of exercises that share a reason, (ids, reason), or none: every
    exercise. Of a report that has no "attention", an earlier version's, the statuses alone are known.

    mark: what the gradebook says. What a person has dealt with there is left out, and points that a person
    gave beyond the maximum come first, then those that wait for another look.
    """
    found = [
        Fact("beyond", (name, cell.manual, cell.maximum))
        for name, cell in (mark.cells.items() if mark is not None else ())
        if cell.manual is not None and cell.manual > cell.maximum
    ]
    found += [Fact("again", (name, cell.manual)) for name, cell in _to_be_seen_again(report, mark)]
    asked = [r for r in report.get("requests", []) if is_open(r, mark)]
    found += [Fact("asked", (request["exercise"], request["text"])) for request in asked]
    for kind in URGENT:
        exercises = [
            exercise
            for exercise in report["exercises"]
            if exercise.get("attention", exercise["status"]) == kind and not _dealt_with(exercise, mark)
        ]
        if kind != "no_numbers" and len(exercises) == len(report["exercises"]):
            found.append(Fact(kind))
        elif exercises:
            found.append(Fact(kind, _by_reason(exercises)))
    return found + [Fact("note", (note,)) for note in report["notes"]]


def _to_be_seen_again(report: ReportJson, mark: SubmissionMark | None) -> list[tuple[str, CellMark]]:
    """What people gave the grader's exercises for another answer than the one that is there now."""
    read_by_people = {exercise["id"] for exercise in report["exercises"] if exercise["status"] == "manual"}
    cells = mark.cells.items() if mark is not None else ()
    return [
        (name, cell)
        for name, cell in cells
        if cell.pending and cell.manual is not None and name not in read_by_people
    ]


def _dealt_with(exercise: ExerciseJson, mark: SubmissionMark | None) -> bool:
    """Has a person given the exercise its points, or is there nothing left to decide?"""
    cell = mark.cells.get(exercise["id"]) if mark is not None else None
    if cell is None or cell.pending:
        return False
    return cell.manual is not None or exercise["status"] in ("manual", "missing", "ungradable")


def _by_reason(exercises: list[ExerciseJson]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Exercises with the same reason together; none where a note gives it, or a person is to read anyway."""
    groups: dict[str, list[str]] = {}
    for exercise in exercises:
        told = exercise["status"] == "manual" or exercise.get("reason") in REASON_IN_NOTES
        groups.setdefault("" if told else exercise.get("why", ""), []).append(exercise["id"])
    return tuple((tuple(ids), reason) for reason, ids in groups.items())


# Reasons for which students' exercises are not run every week.
EVERYDAY_REASONS = ("as_released", "unwritten")


def is_everyday(found: Fact, report: ReportJson) -> bool:
    """Is it what every class has: stubs, essays to be read, answers that can't be compared?"""
    if found.kind in ("manual", "no_numbers"):
        return True
    ids = {id for group, _ in found.values for id in group} if found.kind == "not_run" else set()
    meant = [e for e in report["exercises"] if e["id"] in ids or (found.kind == "not_run" and not ids)]
    return bool(meant) and all(exercise.get("reason") in EVERYDAY_REASONS for exercise in meant)
