"""`autograder check NOTEBOOK`: a student's own notebook, tried with public numbers before it is handed in.

It is the reader's own code on the reader's own machine: no wall, but a process for each exercise, so that a
loop or a crash is reported and the others are still tried. Advice, never a grade.
"""

import json
import time
from pathlib import Path
from typing import Any

from autograder._language import _, languages, use_language
from autograder.course.own_exercises import FILE, Course, load, own_source
from autograder.course.submitted import read_bytes
from autograder.feedback.ask_process import ask
from autograder.feedback.notebook_process import CheckJob
from autograder.feedback.report_words import STATUSES, submission_notes
from autograder.notebooks.assignment import (
    Assignment,
    assignment_names,
    assignment_with,
    load_assignment,
    no_exercise_found,
    read_assignment,
)
from autograder.notebooks.notebook import read_notebook
from autograder.notebooks.other_language import in_its_words, language_of
from autograder.notebooks.submission import Submission, read_submission
from autograder.sandbox.calls import CallError, still_running
from autograder.sandbox.child import MAX_LEFT_OUT

CHECK_SECONDS = 30.0


def check_notebook(path: Path, seconds: float = CHECK_SECONDS, course: Path | None = None) -> dict[str, Any]:
    """Every exercise of the notebook, judged with public numbers: plain JSON values, with the card's text.

    course: where own_exercises.py and perhaps release/ are; None: where own_exercises.py is, beside the
    notebook or here, if anywhere. NotebookError if it can't be read or belongs to no assignment,
    AuthoringError if own_exercises.py can't be used. A notebook that asks for a language is told in it.
    """
    data = read_bytes(path)
    folders = [folder for folder in (path.resolve().parent, Path.cwd()) if (folder / FILE).is_file()]
    course = course or next(iter(folders), None)
    own = own_source(course) if course is not None else ""
    known = load(own)
    cells = read_notebook(data).cells
    spoken = language_of(cells)
    if spoken in languages():
        use_language(spoken)
    assignment = _assignment_of(path, data, course, known)
    if spoken:
        assignment = in_its_words(assignment, cells)
    submission = read_submission(assignment, data)
    found = [
        _exercise(assignment, submission, exercise.id, path, seconds, own)
        for exercise in assignment.exercises
    ]
    return {
        "notebook": str(path),
        "assignment": assignment.name,
        "notes": list(submission_notes(submission.notes)),
        "exercises": found,
    }


def _assignment_of(path: Path, data: bytes, course: Path | None, known: Course) -> Assignment:
    """By the file's name, else by the cells it shares with a released notebook; where nothing was released of
    a course's own exercises, by the notebook itself.
    """
    names = assignment_names(course)
    ids = {cell.grade_id for cell in read_notebook(data).cells if cell.grade_id}
    if path.stem in names:
        return load_assignment(course, path.stem, ids)
    if ids & set(known.own):
        return read_assignment(path.stem, _without_answers(data))
    found = assignment_with(course, ids)
    if not found:
        raise no_exercise_found(course)
    return load_assignment(course, found, ids)


def _without_answers(data: bytes) -> bytes:
    """The notebook with nothing in the places for answers."""
    content = json.loads(data)
    for cell in content["cells"]:
        roles = cell.get("metadata", {}).get("nbgrader", {})
        if isinstance(roles, dict) and roles.get("solution"):
            cell["source"] = ""
    return json.dumps(content).encode()


def _exercise(
    assignment: Assignment, submission: Submission, exercise_id: str, path: Path, seconds: float, own: str
) -> dict[str, Any]:
    points = next(exercise.points for exercise in assignment.exercises if exercise.id == exercise_id)
    made = {"id": exercise_id, "max_score": points, "checks": [], "misconceptions": [], "score": 0.0}
    if exercise_id not in load(own).exercises:
        return made | {
            "status": "manual",
            "text": _("{id}: read by a person", id=exercise_id),
        }
    if exercise_id in submission.untouched:
        return made | {
            "status": "not_run",
            "text": _("{id}: not written yet", id=exercise_id),
        }
    job: CheckJob = {
        "exercise": exercise_id,
        "own": own,
        "cells": [cell.source for cell in submission.cells],
        "stops": {},
        "asked": {id: (place.cell, place.after) for id, place in submission.places.items()},
    }
    answer = _answer(job, path.resolve().parent, seconds)
    if isinstance(answer, CallError):
        said = _(STATUSES.get(answer.kind, answer.kind))
        return made | {"status": answer.kind, "text": f"{exercise_id}: {said}: {answer.message}"}
    return made | answer | {"score": round(points * answer["fraction"], 9)}


def _answer(job: CheckJob, folder: Path, seconds: float) -> dict[str, Any] | CallError:
    """What the process says; one that is ended while the cells run is followed by another, which leaves out
    the statement that ended it.
    """
    end = time.monotonic() + seconds
    stops: dict[str, int] = {}
    while True:
        lines, ended = ask({**job, "stops": stops}, folder, max(1.0, end - time.monotonic()))
        said = [json.loads(line) for line in lines]
        if said and isinstance(said[-1], dict):
            return said[-1]
        loading = bool(said) and said[-1] is not None
        if loading and len(stops) < MAX_LEFT_OUT and time.monotonic() < end:
            place, statement = said[-1]
            if stops.get(str(place)) != statement:
                stops[str(place)] = statement
                continue
        if ended is None:
            return still_running(seconds)
        return CallError("crashed", _("the notebook's code ended Python (exit code {code})", code=ended))
