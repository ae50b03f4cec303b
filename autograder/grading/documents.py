"""What goes back to students: the autograded notebook and the feedback page, with nothing of theirs that
could run.

No path, seed or hidden number is in them: what a student's process says is told in words that are known
(sandbox/known_messages.py), and was said of public numbers (public_wording.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder._language import _
from autograder._text import one_line
from autograder.exercises import ALL_EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.feedback.card import card_body, card_html
from autograder.feedback.card_text import step_text
from autograder.feedback.ladder import QUESTION
from autograder.feedback.report_words import reason_words, status_words
from autograder.feedback.view import Card, CheckLine, causes_of, check_line, check_lines, symbol_of
from autograder.feedback.words import note_words
from autograder.grading.feedback_page import PageFacts
from autograder.grading.result import ExerciseReport, Report
from autograder.notebooks.assignment import Assignment, has_role, is_test
from autograder.notebooks.notebook import Cell, to_json
from autograder.notebooks.sanitize import inert_markdown, visible_code
from autograder.notebooks.submission import Submission


@dataclass(frozen=True)
class GradedHelp:
    """How much help goes back with graded work: the steps up to a level, 0 to 4, of these exercises."""

    exercises: Mapping[str, Exercise]
    most: int = QUESTION


USUAL_HELP = GradedHelp(ALL_EXERCISES)


def autograded(
    assignment: Assignment,
    report: Report,
    submission: Submission | None,
    given: GradedHelp = USUAL_HELP,
) -> dict[str, Any]:
    """The notebook for autograded/: released cells, the student's sources, our card under each test."""
    cells: list[Cell] = []
    outputs: dict[str, list[dict[str, Any]]] = {}
    by_id = {exercise.id: exercise for exercise in report.exercises}
    for cell in submission.notebook if submission is not None else assignment.cells:
        if cell.cell_type != "code" and (cell.grade_id is None or has_role(cell, "solution")):
            cell = replace(cell, source=inert_markdown(cell.source))
        elif cell.cell_type == "code" and (cell.grade_id is None or has_role(cell, "solution")):
            cell = replace(cell, source=visible_code(cell.source))
        cells.append(cell)
        if is_test(cell) and cell.cell_type == "code" and cell.grade_id in by_id:
            exercise = by_id[cell.grade_id]
            card = exercise_card(exercise, given)
            data = {"text/html": str(card_html(card)), "text/plain": _text(exercise, card)}
            outputs[cell.cell_id] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return to_json(cells, outputs)


def page_facts(report: Report, submission: Submission | None, given: GradedHelp = USUAL_HELP) -> PageFacts:
    """What the page for feedback/ shows: points, checks and words, and the student's own code."""
    sources: dict[str, str] = {}
    for cell in submission.notebook if submission is not None else ():
        if has_role(cell, "solution") and cell.grade_id is not None:
            sources[cell.grade_id.removesuffix("_solution")] = visible_code(cell.source)
    asked = {request.exercise: request.text for request in report.requests}
    return {
        "student": report.student,
        "assignment": report.assignment,
        "score": report.score,
        "max_score": report.max_score,
        "pending": any(exercise.status in ("manual", "ungradable") for exercise in report.exercises),
        "notes": [one_line(note) for note in report.notes],
        "exercises": [
            {
                "id": exercise.id,
                "score": exercise.score,
                "max_score": exercise.max_score,
                "by_hand": exercise.status == "manual",
                "state": "" if exercise.status == "graded" else status_words(exercise.status),
                "body": str(card_body(exercise_card(exercise, given))),
                "own_text": one_line(exercise.own_text),
                "source": sources.get(exercise.id, ""),
                "asked": asked.get(exercise.id, ""),
            }
            for exercise in report.exercises
        ],
    }


def exercise_card(exercise: ExerciseReport, given: GradedHelp = USUAL_HELP) -> Card:
    """An exercise as a student may read it."""
    judgement = exercise.judgement
    graded = exercise.status == "graded"
    notes = [note_words(note) for note in judgement.notes] if judgement is not None else []
    if judgement is None and exercise.status == "manual":
        notes = [reason_words(exercise.reason)]
    state = "" if graded else f" ({status_words(exercise.status)})"
    return Card(
        id=exercise.id,
        headline=_points(exercise) + state,
        symbol=symbol_of(graded, exercise.score / exercise.max_score if exercise.max_score else 1.0),
        causes=causes_of(judgement, given.exercises.get(exercise.id), most=given.most) if judgement else [],
        checks=[
            CheckLine(line.passed, one_line(line.name), one_line(line.message)) for line in _lines(exercise)
        ],
        notes=[one_line(note) for note in notes],
        final=True,
    )


def _lines(exercise: ExerciseReport) -> list[CheckLine]:
    """What is wrong, each check with its case; then what is right, as briefly as it can be said."""
    if exercise.judged is None:
        reason = reason_words(exercise.reason) if exercise.status != "manual" else ""
        return [CheckLine(False, _("runs"), reason)] if reason else []
    checks = exercise.judged.checks
    failed = [check_line(check) for check in checks if not check.passed]
    return failed + check_lines([check for check in checks if check.passed])


def _points(exercise: ExerciseReport) -> str:
    return _(
        "{id}: {score:g} of {maximum:g} points",
        id=exercise.id,
        score=exercise.score,
        maximum=exercise.max_score,
    )


def _text(exercise: ExerciseReport, card: Card) -> str:
    found = [_points(exercise)]
    found += [f"  {'✓' if line.passed else '×'} {line.name}: {line.message}" for line in card.checks]
    for cause in card.causes:
        found.append(f"  → {f'{cause.name} ({cause.code}): ' if cause.code else ''}{cause.sentence}")
        found += ["    " + _("equation ({equation})", equation=cause.equation)] if cause.equation else []
        found += ["    " + _("hint: {hint}", hint=cause.hint)] if cause.hint else []
        found += [f"    {line}" for step in cause.steps[1:] for line in step_text(step).split("\n")]
    return "\n".join(found)
