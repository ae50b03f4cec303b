"""`autograder check NOTEBOOK`: a student's own notebook, tried with public numbers before it is handed in.

It is the reader's own code on the reader's own machine: no wall, but a process for each exercise, so that a
loop or a crash is reported and the others are still tried. Advice, never a grade.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.course.own_exercises import BOOK
from autograder.course.submitted import read_bytes
from autograder.exercises import ALL_EXERCISES
from autograder.facts import Fact
from autograder.feedback.check import feedback_on
from autograder.feedback.first_prints import FirstPrints
from autograder.feedback.report_words import submission_notes
from autograder.notebooks.assignment import Assignment, assignment_names, load_assignment
from autograder.notebooks.notebook import NotebookError, read_notebook
from autograder.notebooks.submission import Submission, read_submission
from autograder.sandbox.inside.magics import transformed

CHECK_SECONDS = 30.0


def check_notebook(path: Path, seconds: float = CHECK_SECONDS) -> dict[str, Any]:
    """Every exercise of the notebook, judged with public numbers: plain JSON values, with the card's text.

    NotebookError if it can't be read or belongs to no assignment.
    """
    data = read_bytes(path)
    assignment = load_assignment(None, _assignment_of(path, data))
    submission = read_submission(assignment, data)
    found = [
        _exercise(assignment, submission, exercise.id, path, seconds) for exercise in assignment.exercises
    ]
    return {
        "notebook": str(path),
        "assignment": assignment.name,
        "notes": list(submission_notes(submission.notes)),
        "exercises": found,
    }


def _assignment_of(path: Path, data: bytes) -> str:
    """By the file's name, else by the cells it shares with a released notebook."""
    names = assignment_names(None)
    ids = {cell.grade_id for cell in read_notebook(data).cells if cell.grade_id}
    if path.stem in names:
        return path.stem
    shared = {name: len(ids & {e.id for e in load_assignment(None, name).exercises}) for name in names}
    best = max(shared, key=lambda name: shared[name], default=None)
    if best is None or not shared[best]:
        raise NotebookError(
            "not_a_notebook",
            f"{path.name}: no exercise was found in it; "
            f"expected one of the notebooks {', '.join(names) or '(none here)'}",
        )
    return best


def _exercise(
    assignment: Assignment, submission: Submission, exercise_id: str, path: Path, seconds: float
) -> dict[str, Any]:
    points = next(exercise.points for exercise in assignment.exercises if exercise.id == exercise_id)
    made = {"id": exercise_id, "max_score": points, "checks": [], "misconceptions": [], "score": 0.0}
    if exercise_id not in ALL_EXERCISES:
        return made | {"status": "manual", "text": f"{exercise_id}: read by a person"}
    if exercise_id in submission.untouched:
        return made | {"status": "not_run", "text": f"{exercise_id}: not written yet"}
    job = json.dumps({"exercise": exercise_id, "cells": [cell.source for cell in submission.cells]})
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([p for p in sys.path if p])}
    environment.pop("NBGRADER_EXECUTION", None)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "autograder.feedback.check_notebook"],
            input=job.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=path.resolve().parent,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = f"still running after {seconds:g} seconds; it was stopped (a loop without an end?)"
        return made | {"status": "timeout", "text": f"{exercise_id}: timeout: {reason}"}
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        reason = f"the notebook's code ended Python (exit code {done.returncode})"
        return made | {"status": "crashed", "text": f"{exercise_id}: crashed: {reason}"}
    return made | answer | {"score": round(points * answer["fraction"], 9)}


def _transformer() -> Any:
    """Only who uses magics needs IPython."""
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager()  # type: ignore[no-untyped-call]


def _run(cells: Sequence[str]) -> tuple[dict[str, Any], list[Fact]]:
    """Run the cells in order in one namespace, as a notebook would; a failing one doesn't stop those after
    it.
    """
    names: dict[str, Any] = {"__name__": "__main__", "display": lambda *_, **__: None}
    errors = []
    for source in cells:
        try:
            # The reader's own code
            exec(compile(transformed(source, _transformer), "<cell>", "exec"), names)
        except Exception as error:
            errors.append(Fact("cell_failed", (type(error).__name__, str(error))))
    return names, errors


def _child() -> None:
    """Read a job from stdin, judge, write the answer to what was stdout; the cells' own printing goes
    nowhere.
    """
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    job = json.loads(sys.stdin.buffer.read())
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    # input() in a cell ends at once
    sys.stdin = io.StringIO()
    os.environ.setdefault("MPLBACKEND", "agg")
    names, errors = _run(job["cells"])
    exercise = ALL_EXERCISES[job["exercise"]]

    notebook = FirstPrints(lambda: None, "")
    notebook.names = names
    feedback = feedback_on(BOOK, exercise, notebook, tuple(errors) if job["exercise"] not in names else ())
    json.dump(feedback.to_json() | {"text": feedback.text}, answer)
    answer.close()


if __name__ == "__main__":
    _child()
