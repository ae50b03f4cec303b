"""What grading says about one submission: points, statuses, checks. Plain records, with the JSON of `autograder grade`."""

from dataclasses import dataclass
from typing import Literal

from autograder._text import one_line
from autograder.diagnosis.assess import Judgement
from autograder.judging.precision import NOTE_NUMERIC
from autograder.report_json import CheckJson, ExerciseJson, ExerciseStatus, ReportJson

WORDS = {
    "not_run": "not run",
    "timeout": "out of time",
    "memory": "out of memory",
    "manual": "graded by hand",
}


def in_words(status: str) -> str:
    """A status as a person reads it."""
    return WORDS.get(status, status)


@dataclass(frozen=True)
class ExerciseReport:
    """One exercise: its points and why. judgement is None where nothing was judged; reason then says it in a line."""

    id: str
    score: float
    max_score: float
    status: ExerciseStatus
    reason: str = ""
    judgement: Judgement | None = None

    def checks(self) -> list[CheckJson]:
        """Each check's name, verdict and message; the reason alone where nothing was judged."""
        if self.judgement is None or (self.reason and self.status != "graded"):
            return (
                [{"name": "runs", "passed": False, "message": one_line(self.reason)}] if self.reason else []
            )
        return [
            {"name": check.name, "passed": check.passed, "message": one_line(check.message)}
            for check in self.judgement.checks
        ]

    def to_json(self) -> ExerciseJson:
        return {
            "id": self.id,
            "score": self.score,
            "max_score": self.max_score,
            "status": self.status,
            "checks": self.checks(),
            "misconceptions": list(self.judgement.codes) if self.judgement else [],
        }


@dataclass(frozen=True)
class Report:
    """One submission, graded or not. seed is the course's, as it was given: this record is the instructor's."""

    student: str
    assignment: str
    isolation: Literal["strong", "none"]
    seed: str
    seconds: float
    notes: tuple[str, ...]
    exercises: tuple[ExerciseReport, ...]

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
            f"{exercise.id}: looks numerically differentiated"
            for exercise in self.exercises
            if exercise.judgement is not None and NOTE_NUMERIC in exercise.judgement.notes
        ]

    def to_json(self) -> ReportJson:
        return {
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


URGENT = {
    status: in_words(status)
    for status in ("ungradable", "missing", "timeout", "memory", "crashed", "not_run")
}
URGENT["manual"] = "to be graded by hand"


def attention(report: ReportJson) -> list[str]:
    """What a person should look at in a report (its JSON), most urgent first: a status, its exercises, and why."""
    lines = []
    for status in URGENT:
        found = [exercise for exercise in report["exercises"] if exercise["status"] == status]
        if len(found) == len(report["exercises"]):
            lines.append(f"{URGENT[status]}: everything")
        elif found:
            lines.append(f"{URGENT[status]}: {_with_reasons(found, report['notes'])}")
    nothing = [exercise for exercise in report["exercises"] if _compared_nothing(exercise)]
    if nothing:
        lines.append(f"no points: {_with_reasons(nothing, report['notes'])}")
    return lines + list(report["notes"])


def _with_reasons(exercises: list[ExerciseJson], notes: list[str]) -> str:
    """hidden_delta, all_deltas (why): each reason once, and none that a note gives already."""
    groups: dict[str, list[str]] = {}
    for exercise in exercises:
        reason = next((check["message"] for check in exercise["checks"] if not check["passed"]), "")
        if exercise["status"] == "manual" or any(reason in note for note in notes):
            reason = ""
        groups.setdefault(reason, []).append(exercise["id"])
    return "; ".join(", ".join(ids) + (f" ({why})" if why else "") for why, ids in groups.items())


def _compared_nothing(exercise: ExerciseJson) -> bool:
    """No points, and not for wrong numbers: what came back was no array of the right kind."""
    failed = {check["name"] for check in exercise["checks"] if not check["passed"]}
    return (
        exercise["status"] == "graded"
        and not exercise["score"]
        and bool(failed & {"runs", "shape and dtype"})
    )
