"""Two pages of the report: every student in a table to search and to sort, and the work left for a person."""

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from importlib.resources import files

from autograder._templates import render
from autograder.reports.analysis import Analysis
from autograder.reports.records import GradedCourse
from autograder.reports.sections import NO_SECTION, CellWork, left_by_section, section_of


def students_page(course: GradedCourse, analysis: Analysis, pages: Mapping[str, str], left: int) -> str:
    """The table of all students. pages: student -> the file of its page; left: answers to be graded by hand.

    Its script is in the page, and the page allows no other.
    """
    script = (files("autograder") / "templates" / "report" / "table.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assignments = list(course.scores.assignments)
    alerts = Counter(
        student for alert in analysis.alerts for student in alert.student.split(", ") if student in pages
    )
    mistakes: dict[str, set[str]] = defaultdict(set)
    for mistake in analysis.mistakes:
        for student in mistake.students:
            mistakes[student] |= {mistake.code, mistake.name}
    rows = []
    for person in course.scores.students:
        marks = [course.scores.mark(person.id, name) for name in assignments]
        section = section_of(course, person.id)
        words = [person.id, person.name, person.email, section, *sorted(mistakes[person.id])]
        rows.append(
            {
                "id": person.id,
                "name": person.name,
                "key": f"{person.last_name} {person.first_name} {person.id}".strip(),
                "section": "" if section == NO_SECTION else section,
                "page": pages.get(person.id, ""),
                "marks": marks,
                "sum": round(sum(mark.score or 0.0 for mark in marks), 6),
                "open": alerts[person.id],
                "text": " ".join(words),
            }
        )
    return render(
        "report/students.html.j2",
        course=course.folder.resolve().name,
        assignments=assignments,
        rows=rows,
        sections=sorted({str(row["section"]) for row in rows} - {""}),
        work=left,
        script=_Script(script),
        digest=_Script(f"sha256-{digest}"),
    )


def work_page(course: GradedCourse, work: Sequence[CellWork], pages: Mapping[str, str]) -> str:
    """What is still to be graded by hand, cell by cell and section by section."""
    return render(
        "report/work.html.j2",
        course=course.folder.resolve().name,
        work=work,
        total=sum(each.left for each in work),
        sections=left_by_section(work),
        none_such=NO_SECTION,
        pages=pages,
        names={student.id: student.name for student in course.scores.students},
    )


class _Script(str):
    """Text of our own that goes into a page as it is: a script is no text to be escaped."""

    def __html__(self) -> str:
        return str(self)
