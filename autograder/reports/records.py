"""What grading left in a course: each submission's report, its score as the gradebook has it, and its
code.
"""

from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import GraderError
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import existing_url
from autograder.grading.records import read_records
from autograder.lms.scores import Scores, read_scores
from autograder.lms.student_list import ListedStudent, read_students
from autograder.notebooks.assignment import load_assignment
from autograder.notebooks.course_folders import course_folder
from autograder.notebooks.notebook import NotebookError, read_notebook
from autograder.report_json import ReportJson
from autograder.reports.statements import beginning


class ReportError(GraderError):
    """There is nothing to report on; str() says what was expected and what to do."""


@dataclass(frozen=True)
class GradedCourse:
    """A graded course: reports (the JSON of `autograder grade`) in the order student, assignment; the
    gradebook's scores.

    attempts: (student, assignment) -> how many different notebooks grading saw. students: what students.csv
    says of them; left_out: results of which the gradebook knows no student, or no assignment.
    """

    folder: Path
    reports: tuple[ReportJson, ...]
    scores: Scores
    attempts: dict[tuple[str, str], int]
    students: dict[str, ListedStudent] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def read_course(folder: Path, db: str | None = None) -> GradedCourse:
    """Read the records in .autograder/results and the gradebook.
    ReportError, GradebookError if there are none.
    """
    records = read_records(folder)
    reports = [record["report"] for record in records]
    attempts = {(r["report"]["student"], r["report"]["assignment"]): len(r["attempts"]) for r in records}
    if not reports:
        raise ReportError(f"{folder}: no graded submission there; run `autograder grade {folder}` first")
    with Gradebook(existing_url(folder, db)) as book:
        scores = read_scores(book.nbgrader, course=folder)
    known = {student.id for student in scores.students}
    left_out = [r for r in reports if r["student"] not in known or r["assignment"] not in scores.assignments]
    reports = [report for report in reports if report not in left_out]
    reports.sort(key=lambda report: (report["student"], report["assignment"]))
    return GradedCourse(
        folder,
        tuple(reports),
        scores,
        attempts,
        read_students(folder),
        sorted(f"{report['student']} {report['assignment']}" for report in left_out),
    )


def own_code(course: GradedCourse, assignment: str) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """Each student's code cells of an assignment, as far as code is compared; the released cells, which
    everybody was given; the students of whose code a part is not compared.
    """
    released = [cell.source for cell in load_assignment(course.folder, assignment).cells]
    sources, cut = {}, []
    for report in course.reports:
        if report["assignment"] != assignment:
            continue
        path = (
            course_folder(course.folder, "autograded")
            / report["student"]
            / assignment
            / f"{assignment}.ipynb"
        )
        try:
            cells = read_notebook(path.read_bytes()).cells
        except (OSError, NotebookError):
            # Nothing was handed in, or nothing that could be read.
            continue
        code = [cell.source for cell in cells if cell.cell_type == "code" and cell.source not in released]
        if code:
            sources[report["student"]] = beginning(code)
            if sources[report["student"]] != code:
                cut.append(report["student"])
    return sources, released, cut
