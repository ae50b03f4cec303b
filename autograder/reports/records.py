"""What grading left in a course: each submission's report, its score as the gradebook has it, and its code."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.gradebook.gradebook import Gradebook, existing_url
from autograder.lms.scores import Scores, read_scores
from autograder.notebooks.assignment import load_assignment
from autograder.notebooks.notebook import NotebookError, read_notebook


class ReportError(GraderError):
    """There is nothing to report on; str() says what was expected and what to do."""


@dataclass(frozen=True)
class Course:
    """A graded course: reports (the JSON of `autograder grade`) in the order student, assignment; the gradebook's scores."""

    folder: Path
    reports: tuple[dict[str, Any], ...]
    scores: Scores
    attempts: dict[tuple[str, str], int]  # (student, assignment) -> different notebooks that grading saw


def read_course(folder: Path, db: str | None = None) -> Course:
    """Read the records in .autograder/results and the gradebook. ReportError, GradebookError if there are none."""
    reports, attempts = [], {}
    for path in sorted((folder / ".autograder" / "results").glob("*/*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            report = record["report"]
            attempts[report["student"], report["assignment"]] = len(record.get("attempts", []))
            reports.append(report)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # half written by a killed run: the next run of `grade` writes it again
    if not reports:
        raise ReportError(f"{folder}: no graded submission there; run `autograder grade {folder}` first")
    with Gradebook(existing_url(folder, db)) as book:
        scores = read_scores(book.nbgrader)
    reports.sort(key=lambda report: (report["student"], report["assignment"]))
    return Course(folder, tuple(reports), scores, attempts)


def own_code(course: Course, assignment: str) -> tuple[dict[str, str], list[str]]:
    """Each student's code cells of an assignment as one source, and the released cells that everybody was given."""
    released = [cell.source for cell in load_assignment(course.folder, assignment).cells]
    sources = {}
    for report in course.reports:
        if report["assignment"] != assignment:
            continue
        path = course.folder / "autograded" / report["student"] / assignment / f"{assignment}.ipynb"
        try:
            cells = read_notebook(path.read_bytes()).cells
        except (OSError, NotebookError):
            continue  # nothing was handed in, or nothing that could be read
        code = [cell.source for cell in cells if cell.cell_type == "code" and cell.source not in released]
        if code:
            sources[report["student"]] = "\n\n".join(code)
    return sources, released
