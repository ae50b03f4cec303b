"""What grading left in a course: each submission's report, its score in the gradebook, its code."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder._language import _
from autograder.errors import GraderError
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import existing_url
from autograder.gradebook.marks import SubmissionMark
from autograder.grading.records import read_records
from autograder.lms.scores import Scores, read_scores
from autograder.lms.student_list import TEST_STUDENT, ListedStudent, read_students
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
    says of them; left_out: results of which the gradebook knows no student, or no assignment. by_hand:
    (student, assignment) -> the cells that a person has graded or has still to grade, and whether it waits.
    marks: what the gradebook says, by the same.
    """

    folder: Path
    reports: tuple[ReportJson, ...]
    scores: Scores
    attempts: dict[tuple[str, str], int]
    students: dict[str, ListedStudent] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    by_hand: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)
    marks: dict[tuple[str, str], SubmissionMark] = field(default_factory=dict)


def read_course(folder: Path, db: str | None = None) -> GradedCourse:
    """Read the records in .autograder/results and the gradebook.
    ReportError, GradebookError if there are none.
    """
    records = read_records(folder)
    reports = [record["report"] for record in records]
    attempts = {(r["report"]["student"], r["report"]["assignment"]): len(r["attempts"]) for r in records}
    if not reports:
        raise ReportError(
            _("{folder}: no graded submission there; run `autograder grade {folder}` first", folder=folder)
        )
    with Gradebook(existing_url(folder, db)) as book:
        scores = read_scores(book.nbgrader, course=folder)
        marks = book.marks(scores.assignments)
    students = read_students(folder)
    scores = _without_test_students(scores, students)
    tests = {student.id for student in students.values() if student.is_test}
    reports = [report for report in reports if report["student"] not in tests]
    known = {student.id for student in scores.students}
    left_out = [r for r in reports if r["student"] not in known or r["assignment"] not in scores.assignments]
    reports = [report for report in reports if report not in left_out]
    reports.sort(key=lambda report: (report["student"], report["assignment"]))
    return GradedCourse(
        folder,
        tuple(reports),
        scores,
        attempts,
        students,
        sorted(f"{report['student']} {report['assignment']}" for report in left_out),
        {key: _by_hand(mark) for key, mark in marks.items() if key[0] in known},
        marks,
    )


def _by_hand(mark: SubmissionMark) -> dict[str, bool]:
    """The cells that a person has graded, or has still to, and whether each waits."""
    return {
        name: cell.pending for name, cell in mark.cells.items() if cell.pending or cell.manual is not None
    }


def _without_test_students(scores: Scores, students: dict[str, ListedStudent]) -> Scores:
    """Canvas's test student hands in like others, and is nobody."""
    kept = tuple(
        student
        for student in scores.students
        if (student.first_name, student.last_name) != TEST_STUDENT
        and not (student.id in students and students[student.id].is_test)
    )
    names = {student.id for student in kept}
    marks = {key: mark for key, mark in scores.marks.items() if key[0] in names}
    return replace(scores, students=kept, marks=marks)


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
