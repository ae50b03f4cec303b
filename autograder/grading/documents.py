"""What goes back to students: the autograded notebook and the feedback page, with nothing of theirs that could run.

No path, seed or hidden number is in them: a stranger's words went through hearsay.py, and were said again with public
numbers (retold.py).
"""

from dataclasses import replace
from typing import Any

from autograder._templates import render
from autograder._text import one_line
from autograder.feedback.view import Line, causes, lines
from autograder.grading.result import ExerciseReport, Report, in_words
from autograder.notebooks.assignment import Assignment, has_role, is_test
from autograder.notebooks.notebook import Cell, to_json
from autograder.notebooks.sanitize import inert_markdown
from autograder.notebooks.submission import Submission


def autograded(assignment: Assignment, report: Report, submission: Submission | None) -> dict[str, Any]:
    """The notebook for autograded/: released cells, the student's sources, and our card under each test cell."""
    cells: list[Cell] = []
    outputs: dict[str, list[dict[str, Any]]] = {}
    by_id = {exercise.id: exercise for exercise in report.exercises}
    for cell in submission.notebook if submission is not None else assignment.cells:
        if cell.cell_type != "code" and (cell.grade_id is None or has_role(cell, "solution")):
            cell = replace(cell, source=inert_markdown(cell.source))
        cells.append(cell)
        if is_test(cell) and cell.cell_type == "code" and cell.grade_id in by_id:
            view = exercise_view(by_id[cell.grade_id])
            data = {"text/html": render("card.html.j2", exercise=view), "text/plain": _text(view)}
            outputs[cell.cell_id] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return to_json(cells, outputs)


def feedback_page(report: Report, submission: Submission | None) -> str:
    """The page for feedback/: points, checks and words, and the student's own code, all of it escaped."""
    sources: dict[str, str] = {}
    for cell in submission.notebook if submission is not None else ():
        if has_role(cell, "solution") and cell.grade_id is not None:
            sources[cell.grade_id.removesuffix("_solution")] = cell.source
    return render(
        "feedback.html.j2",
        student=report.student,
        assignment=report.assignment,
        score=report.score,
        max_score=report.max_score,
        pending=any(exercise.status in ("manual", "ungradable") for exercise in report.exercises),
        notes=[one_line(note) for note in report.notes],
        exercises=[exercise_view(exercise) | {"source": sources.get(exercise.id, "")} for exercise in report.exercises],
    )  # fmt: skip


def exercise_view(exercise: ExerciseReport) -> dict[str, Any]:
    """An exercise in words that a student may read."""
    judgement = exercise.judgement
    by_hand = exercise.status == "manual"
    notes = (
        judgement.notes
        if judgement is not None
        else (exercise.reason,)
        if by_hand and exercise.reason
        else ()
    )
    return {
        "id": exercise.id,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "by_hand": by_hand,
        "state": "" if exercise.status == "graded" else in_words(exercise.status),
        "checks": [
            Line(line.passed, one_line(line.name), one_line(line.message)) for line in _lines(exercise)
        ],
        "causes": causes(judgement) if judgement is not None else [],
        "notes": [one_line(note) for note in notes],
    }


def _lines(exercise: ExerciseReport) -> list[Line]:
    """What is wrong, each check with its case; then what is right, as briefly as it can be said."""
    if exercise.judgement is None or (exercise.reason and exercise.status != "graded"):
        reason = exercise.reason if exercise.status != "manual" else ""
        return [Line(False, "runs", reason)] if reason else []
    checks = exercise.judgement.checks
    failed = [Line(False, check.name, check.message) for check in checks if not check.passed]
    return failed + lines([check for check in checks if check.passed])


def _text(view: dict[str, Any]) -> str:
    found = [f"{view['id']}: {view['score']:g} of {view['max_score']:g} points"]
    found += [f"  {'✓' if line.passed else '×'} {line.name}: {line.message}" for line in view["checks"]]
    for cause in view["causes"]:
        found.append(f"  → {f'{cause.name} ({cause.code}): ' if cause.code else ''}{cause.sentence}")
        found += [f"    equation ({cause.equation})"] if cause.equation else []
        found += [f"    hint: {cause.hint}"] if cause.hint else []
    return "\n".join(found)
