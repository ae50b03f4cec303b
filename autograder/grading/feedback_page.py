"""The page in feedback/: points, checks and words, and what a person entered in the gradebook.

What grading found is kept as facts, so that the page can be made anew whenever a person's score or comment,
or what being late costs, is another: without grading, and whoever wrote the page last.
"""

import json
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from autograder._files import write_atomically
from autograder._templates import render
from autograder.gradebook.marks import CellMark, SubmissionMark
from autograder.grading.receipt import Receipt, receipt_line
from autograder.notebooks.course_folders import course_folder


class ExercisePage(TypedDict):
    """One exercise of a page. asked: what the student asks about it; an earlier version's have none."""

    id: str
    score: float
    max_score: float
    by_hand: bool
    state: str
    body: str
    own_text: str
    source: str
    asked: NotRequired[str]


class PageFacts(TypedDict):
    """What grading knows of a page; body is HTML of ours, source the student's own text. pending: a part is
    still to be graded by hand, as far as grading knows. receipt: none where nothing was handed in, or of
    an earlier version's.
    """

    student: str
    assignment: str
    score: float
    max_score: float
    pending: bool
    notes: list[str]
    exercises: list[ExercisePage]
    receipt: NotRequired[Receipt]


def render_page(facts: PageFacts, mark: SubmissionMark | None = None) -> str:
    """The page's HTML; with a mark, the gradebook's scores and comments stand in it."""
    cells = mark.cells if mark is not None else {}
    exercises = [_exercise(exercise, cells.get(exercise["id"])) for exercise in facts["exercises"]]
    score, maximum, pending = facts["score"], facts["max_score"], facts["pending"]
    if mark is not None:
        score, maximum, pending = mark.score or 0.0, mark.maximum, mark.pending
    return render(
        "feedback.html.j2",
        student=facts["student"],
        assignment=facts["assignment"],
        score=score,
        max_score=maximum,
        pending=pending,
        points=mark.points if mark is not None else score,
        penalty=mark.penalty if mark is not None else 0.0,
        notes=facts["notes"],
        comments=[text for _, text in sorted(mark.comments.items())] if mark is not None else [],
        exercises=exercises,
        receipt=receipt_line(facts["receipt"]) if "receipt" in facts else "",
    )


def _exercise(exercise: ExercisePage, cell: CellMark | None) -> dict[str, Any]:
    """An exercise for the template. open: a person has not given its points yet; grader: what the grader gave
    where a person gave something else.
    """
    found: dict[str, Any] = {"asked": "", **exercise, "comment": "", "grader": None, "answered": False}
    found["open"] = exercise["by_hand"]
    if cell is None:
        return found
    found["comment"], found["max_score"] = cell.comment, cell.maximum
    found["answered"] = bool(cell.comment) or cell.manual is not None
    if cell.manual is not None or cell.extra:
        found["score"], found["open"] = cell.score, False
        # It says no more than that a person is to grade it.
        found["body"] = "" if exercise["by_hand"] else exercise["body"]
        if cell.auto is not None and not exercise["by_hand"]:
            found["grader"] = cell.auto
    return found


def _path(course: Path, student: str, assignment: str) -> Path:
    return course / ".autograder" / "pages" / student / f"{assignment}.json"


def keep_facts(course: Path, facts: PageFacts) -> None:
    """Keep the facts for the next time that the page is to be made."""
    data = json.dumps(facts, ensure_ascii=False).encode()
    write_atomically(_path(course, facts["student"], facts["assignment"]), data)


def kept_facts(course: Path, student: str, assignment: str) -> PageFacts | None:
    """The facts of the submission's page; None if there are none that are whole."""
    try:
        facts: PageFacts = json.loads(_path(course, student, assignment).read_text(encoding="utf-8"))
        render_page(facts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return facts


def page_path(course: Path, student: str, assignment: str) -> Path:
    """Where the page stands."""
    return course_folder(course, "feedback") / student / assignment / f"{assignment}.html"


def write_page(course: Path, facts: PageFacts, mark: SubmissionMark | None) -> None:
    """Write the page as the gradebook has it now."""
    path = page_path(course, facts["student"], facts["assignment"])
    write_atomically(path, render_page(facts, mark).encode())
