"""What goes back to students: the autograded notebook and the feedback page, with nothing of theirs that could run.

No path, seed or hidden number is in them: a stranger's words went through hearsay.py, and were said again with public
numbers (retold.py).
"""

from dataclasses import replace
from typing import Any

from autograder.assignment import Assignment, has_role, is_test
from autograder.harmless import harmless
from autograder.misconceptions import CATALOGUE
from autograder.notebook import Cell, to_json
from autograder.report import ExerciseReport, Report, plain
from autograder.submission import Submission
from autograder.templating import render

MARKS = {"graded": "", "manual": "graded by hand", "not_run": "not run", "timeout": "out of time", "memory": "out of memory"}  # fmt: skip


def autograded(assignment: Assignment, report: Report, submission: Submission | None) -> dict[str, Any]:
    """The notebook for autograded/: released cells, the student's sources, and our card under each test cell."""
    cells: list[Cell] = []
    outputs: dict[str, list[dict[str, Any]]] = {}
    by_id = {exercise.id: exercise for exercise in report.exercises}
    for cell in submission.notebook if submission is not None else assignment.cells:
        if cell.cell_type != "code" and (cell.grade_id is None or has_role(cell, "solution")):
            cell = replace(cell, source=harmless(cell.source))
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
        notes=[plain(note) for note in report.notes],
        exercises=[exercise_view(exercise) | {"source": sources.get(exercise.id, "")} for exercise in report.exercises],
    )  # fmt: skip


def exercise_view(exercise: ExerciseReport) -> dict[str, Any]:
    """An exercise in words that a student may read."""
    judgement = exercise.judgement
    causes = []
    if judgement is not None:
        for code in judgement.codes:
            entry = CATALOGUE[code]
            causes.append(f"{entry.sentence}. See equation ({entry.equation}). Hint: {entry.hint}")
        if not causes and judgement.pattern:
            causes.append(judgement.pattern)
    return {
        "id": exercise.id,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "state": MARKS.get(exercise.status, exercise.status),
        "checks": [check | {"message": plain(check["message"])} for check in exercise.checks()],
        "causes": causes,
        "notes": [plain(note) for note in judgement.notes] if judgement is not None else [],
    }


def _text(view: dict[str, Any]) -> str:
    lines = [f"{view['id']}: {view['score']:g} of {view['max_score']:g} points"]
    lines += [f"  {'✓' if c['passed'] else '×'} {c['name']}: {c['message']}" for c in view["checks"]]
    return "\n".join(lines + [f"  → {cause}" for cause in view["causes"]])
