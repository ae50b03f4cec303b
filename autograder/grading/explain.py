"""How a score came about, from what was handed in to the penalty: grading's record and the gradebook, read.

Every number of the explanation is one that counts: the exercises' points add up to the sum, and the sum less
the penalty is the score that is exported.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from autograder._language import N_, _
from autograder.course.nbgrader_config import read_config
from autograder.course.own_exercises import own_source
from autograder.course.policies import Policies, read_policies, use_language_of
from autograder.errors import GraderError
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.marks import CellMark, SubmissionMark
from autograder.gradebook.timestamps import timestamp_text
from autograder.grading.grade_submission import SECONDS
from autograder.grading.records import Record, course_seed, inputs_of, read_record
from autograder.grading.rules import RULES
from autograder.grading.settings import Settings
from autograder.grading.tasks import find_tasks
from autograder.notebooks.course_folders import course_folder
from autograder.report_json import ExerciseJson


class ExplainError(GraderError):
    """There is no score to explain; str() says what was given and what there is."""


@dataclass(frozen=True)
class ExercisePoints:
    """One exercise: what the gradebook has, and what grading found; found is None where grading did not judge
    it, or it is no longer in the released notebook.
    """

    id: str
    cell: CellMark
    found: ExerciseJson | None


@dataclass(frozen=True)
class ScoreExplanation:
    """A score and all that it came from. record None: this grader did not grade it. changed: what of its
    inputs is another now than it was when it was graded. plugin: nbgrader's plugin sets the penalty.
    """

    student: str
    assignment: str
    mark: SubmissionMark
    exercises: tuple[ExercisePoints, ...]
    record: Record | None
    policies: Policies
    plugin: bool
    changed: tuple[str, ...]

    @property
    def attention(self) -> bool:
        """Is the score not the last word?"""
        return self.mark.pending or self.mark.score is None or bool(self.changed)


# What an input of grading is called, by its name in the record.
INPUTS = {
    "notebook": N_("the notebook"),
    "earlier": N_("the earlier attempts"),
    "released": N_("the released notebook or its points"),
    "own": "own_exercises.py",
    "seed": N_("the seed"),
    "seconds": N_("the time limit"),
    "isolation": N_("the isolation"),
}


def explain_score(course: Path, url: str, student: str, assignment: str) -> ScoreExplanation:
    """The explanation of one score in the gradebook at that URL. ExplainError if there is none."""
    with Gradebook(url) as book:
        marks = book.marks([assignment])
        known = sorted(book.graded())
    mark = marks.get((student, assignment))
    if mark is None:
        theirs = [name for who, name in known if who == student]
        there = (
            _("{student} has {theirs}", student=student, theirs=", ".join(theirs))
            if theirs
            else _("there is nothing of {student}", student=student)
        )
        raise ExplainError(
            _(
                "{student} {assignment}: no such submission is in the gradebook; {there}. Grade it "
                "first: autograder grade {course}",
                student=student,
                assignment=assignment,
                there=there,
                course=course,
            )
        )
    policies, record = read_policies(course), read_record(course, student, assignment)
    use_language_of(policies)
    found = {exercise["id"]: exercise for exercise in record["report"]["exercises"]} if record else {}
    order = {name: place for place, name in enumerate(found)}
    cells = sorted(mark.cells.items(), key=lambda entry: (order.get(entry[0], len(order)), entry[0]))
    plugin = policies.penalty is None and read_config(course).late_penalty is not None
    changed = _changed(course, policies, record, student, assignment) if record is not None else ()
    exercises = tuple(ExercisePoints(name, cell, found.get(name)) for name, cell in cells)
    return ScoreExplanation(student, assignment, mark, exercises, record, policies, plugin, changed)


def _changed(
    course: Path, policies: Policies, record: Record, student: str, assignment: str
) -> tuple[str, ...]:
    """What is another now than when it was graded; the seed and the isolation are the last run's own."""
    if not record["inputs"]:
        return (_("the version of the grader that recorded it"),)
    settings = Settings(course, (assignment,), (student,), seed=course_seed(course))
    try:
        _found, tasks, _left = find_tasks(replace(settings, seconds=SECONDS), policies, own_source(course))
    except (GraderError, FileNotFoundError):
        return (_("what was handed in or released: it is not there any more"),)
    changed = [] if record["rules"] == RULES else [_("the rules of the grader")]
    for task in tasks:
        now = inputs_of(task.job())
        changed += [
            _(INPUTS[name])
            for name in ("notebook", "earlier", "released", "own")
            if now[name] != record["inputs"].get(name, "")
        ]
        if record["tried"][-1]["timestamp"] != timestamp_text(
            course_folder(course, "submitted") / student / assignment
        ):
            changed.append("timestamp.txt")
    return tuple(changed)
