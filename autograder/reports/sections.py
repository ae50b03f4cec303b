"""The class by its sections: how each did, and what an assistant has still to grade by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, median

from autograder._language import N_
from autograder.reports.records import GradedCourse

# What students of no section are listed under.
NO_SECTION = N_("no section")


@dataclass(frozen=True)
class SectionResult:
    """One section in one assignment: how many students it has, how many of them have a score, and the mean
    and the median of those scores (None where there is none).
    """

    section: str
    assignment: str
    students: int
    graded: int
    mean: float | None
    median: float | None


@dataclass(frozen=True)
class CellWork:
    """One cell that a person grades: who still waits for it, by section, and of how many in all."""

    assignment: str
    cell: str
    waiting: dict[str, tuple[str, ...]]
    of: int

    @property
    def left(self) -> int:
        return sum(map(len, self.waiting.values()))


def section_of(course: GradedCourse, student: str) -> str:
    """The student's section as students.csv has it."""
    listed = course.students.get(student)
    return listed.section if listed is not None and listed.section else NO_SECTION


def section_results(course: GradedCourse) -> list[SectionResult]:
    """Every section in every assignment; nothing where the course has no sections."""
    members: dict[str, list[str]] = {}
    for student in course.scores.students:
        members.setdefault(section_of(course, student.id), []).append(student.id)
    if set(members) <= {NO_SECTION}:
        return []
    results = []
    for section in sorted(members):
        for assignment in course.scores.assignments:
            marks = [course.scores.mark(student, assignment).score for student in members[section]]
            scores = [score for score in marks if score is not None]
            results.append(
                SectionResult(
                    section,
                    assignment,
                    len(members[section]),
                    len(scores),
                    round(fmean(scores), 2) if scores else None,
                    round(median(scores), 2) if scores else None,
                )
            )
    return results


def work_left(course: GradedCourse) -> list[CellWork]:
    """Every cell that somebody waits for, in the order of assignments and cells."""
    cells: dict[tuple[str, str], dict[str, list[str]]] = {}
    count: dict[tuple[str, str], int] = {}
    for (student, assignment), waits in sorted(course.by_hand.items()):
        for cell, pending in waits.items():
            key = assignment, cell
            count[key] = count.get(key, 0) + 1
            if pending:
                cells.setdefault(key, {}).setdefault(section_of(course, student), []).append(student)
    return [
        CellWork(
            assignment, cell, {s: tuple(who) for s, who in sorted(waiting.items())}, count[assignment, cell]
        )
        for (assignment, cell), waiting in sorted(cells.items())
    ]


def left_by_section(work: Iterable[CellWork]) -> dict[str, int]:
    """How many cells wait in each section."""
    left: dict[str, int] = {}
    for each in work:
        for section, students in each.waiting.items():
            left[section] = left.get(section, 0) + len(students)
    return dict(sorted(left.items()))
