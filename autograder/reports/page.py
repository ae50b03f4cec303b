"""The report as files: index.html, a page for each student, class.json and class.csv."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder._files import write_atomically
from autograder._language import _
from autograder._templates import render
from autograder.course.own_exercises import load, own_source
from autograder.feedback.report_words import status_words
from autograder.lms import cells
from autograder.lms.sheets import SheetForm, Spreadsheet, sheet_bytes
from autograder.misconceptions.catalogue import code_order
from autograder.notebooks.course_folders import course_folder
from autograder.reports.analysis import Analysis, names_of
from autograder.reports.book_lines import BookLines, book_lines
from autograder.reports.records import GradedCourse
from autograder.reports.sections import NO_SECTION, SectionResult, section_results, work_left
from autograder.reports.similar_pairs import Pair
from autograder.reports.students_page import students_page, work_page

# With their code; more are still listed under "Needs attention"
SHOWN_PAIRS = 30
# Lines of a side, and characters of a line
SHOWN_LINES, SHOWN_CHARACTERS = 2_000, 300


def write_report(
    course: GradedCourse,
    analysis: Analysis,
    sources: dict[str, dict[str, str]],
    to: Path,
    hide_names: bool = False,
) -> Path:
    """Write the report into the folder `to`; the path of its index.html.
    sources: assignment -> student -> code.

    hide_names: for showing in class; nothing that names a student is written, and pages of an earlier run go.
    """
    to.mkdir(parents=True, exist_ok=True)
    students = sorted({report["student"] for report in course.reports})
    pages = {} if hide_names else {student: _page_name(student) for student in students}
    shutil.rmtree(to / "students", ignore_errors=True)
    names = list(course.scores.assignments)
    work = work_left(course)
    left = sum(each.left for each in work)
    sections: dict[str, list[SectionResult]] = {}
    for result in section_results(course):
        sections.setdefault(result.section, []).append(result)
    lines = book_lines(sources)
    index = render(
        "report/index.html.j2",
        course=course.folder.resolve().name,
        students=len(students),
        submissions=len(course.reports),
        assignments=names,
        analysis=analysis,
        attention=_attention(analysis),
        matrix=_matrix(analysis),
        pages=pages,
        sections=sections,
        none_such=NO_SECTION,
        maxima=course.scores.assignments,
        work=left,
        evidence=[] if hide_names else list(_evidence(analysis.pairs[:SHOWN_PAIRS], sources)),
        hidden=hide_names,
        words=status_words,
    )
    for student, page in pages.items():
        write_atomically(to / "students" / page, _student(course, student, to, lines.get(student)).encode())
    if hide_names:
        for name in ("students.html", "work.html"):
            (to / name).unlink(missing_ok=True)
    else:
        write_atomically(to / "students.html", students_page(course, analysis, pages, left).encode())
        write_atomically(to / "work.html", work_page(course, work, pages).encode())
    write_atomically(to / "class.json", _json(course, analysis, hide_names, lines))
    write_atomically(to / "class.csv", _csv(course, hide_names))
    write_atomically(to / "index.html", index.encode())
    return to / "index.html"


def _page_name(student: str) -> str:
    """A file name that no student's name can lead out of the folder or make clash."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", student).strip("-")[:40]
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"


def _attention(analysis: Analysis) -> list[dict[str, Any]]:
    """The alerts, those that say the same of one assignment in one row."""
    rows: dict[tuple[str, str], list[str]] = {}
    for alert in analysis.alerts:
        rows.setdefault((alert.assignment, alert.what), []).append(alert.student)
    return [
        {"assignment": assignment, "what": what, "students": students}
        for (assignment, what), students in rows.items()
    ]


def _matrix(analysis: Analysis) -> dict[str, Any]:
    """Mistakes by exercise, both as they come in the catalogue and the book."""
    found = {(m.code, m.exercise): len(m.students) for m in analysis.mistakes}
    names = {m.code: m.name for m in analysis.mistakes}
    order = {e.id: place for place, e in enumerate(analysis.exercises)}
    exercises = sorted({exercise for _code, exercise in found}, key=lambda id: order.get(id, 0))
    rows = [
        {
            "code": code,
            "name": names[code],
            "counts": [found.get((code, id), 0) for id in exercises],
        }
        for code in sorted({code for code, _exercise in found}, key=code_order)
    ]
    return {"exercises": exercises, "rows": rows, "top": max(found.values(), default=1)}


def _evidence(pairs: Sequence[Pair], sources: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
    for pair in pairs:
        sides = []
        for place, student in enumerate((pair.first, pair.second)):
            marked = {lines[place] for lines in pair.lines}
            text = sources[pair.assignment][student].split("\n")
            lines = [
                {"text": line[:SHOWN_CHARACTERS] or " ", "same": n in marked}
                for n, line in enumerate(text[:SHOWN_LINES], start=1)
            ]
            if len(text) > SHOWN_LINES:
                lines.append(
                    {"text": _("… {count} more lines", count=len(text) - SHOWN_LINES), "same": False}
                )
            sides.append({"student": student, "lines": lines})
        yield {
            "assignment": pair.assignment,
            "first": pair.first,
            "second": pair.second,
            "likeness": pair.likeness,
            "shared": pair.shared,
            "sides": sides,
        }


def _student(course: GradedCourse, student: str, to: Path, book: BookLines | None) -> str:
    known = {s.id: s for s in course.scores.students}
    parts = []
    for report in course.reports:
        if report["student"] != student:
            continue
        name = report["assignment"]
        feedback = course_folder(course.folder, "feedback") / student / name / f"{name}.html"
        link = quote(Path(os.path.relpath(feedback.resolve(), (to / "students").resolve())).as_posix())
        parts.append(
            {
                "assignment": name,
                "report": report,
                "mark": course.scores.mark(student, name),
                "attempts": course.attempts.get((student, name), 0),
                "maximum": course.scores.assignments.get(name, report["max_score"]),
                "feedback": link if feedback.is_file() else "",
            }
        )
    who = known.get(student) or {"id": student, "name": student, "email": ""}
    catalogue = load(own_source(course.folder)).catalogue
    names = names_of(catalogue)
    return render(
        "report/student.html.j2", book=book, student=who, parts=parts, names=names, words=status_words
    )


def _json(course: GradedCourse, analysis: Analysis, hide_names: bool, lines: dict[str, BookLines]) -> bytes:
    found = analysis.to_json()
    if hide_names:
        del found["alerts"], found["pairs"]
        for mistake in found["mistakes"]:
            mistake["students"] = len(mistake["students"])
    else:
        found["book_lines"] = [asdict(lines[student]) for student in sorted(lines)]
        found["marks"] = [
            {
                "student": student,
                "assignment": name,
                "score": mark.score,
                "state": mark.state,
                "penalty": mark.penalty,
                "seconds_late": mark.seconds_late,
            }
            for (student, name), mark in sorted(course.scores.marks.items())
        ]
    return json.dumps(found, indent=1, ensure_ascii=False).encode() + b"\n"


def _csv(course: GradedCourse, hide_names: bool) -> bytes:
    """One row an exercise of a student; with names left out, students are numbered in no order of theirs."""
    students = sorted({report["student"] for report in course.reports})
    salt = json.dumps([report["seed"] for report in course.reports[:1]])
    shuffled = sorted(students, key=lambda s: hashlib.sha256((salt + s).encode()).digest())
    shown = (
        {s: f"student {n}" for n, s in enumerate(shuffled, start=1)}
        if hide_names
        else {s: s for s in students}
    )
    rows = [
        tuple(
            cells.spreadsheet_text(str(value))
            for value in (
                shown[report["student"]],
                report["assignment"],
                exercise["id"],
                cells.number_text(exercise["score"]),
                cells.number_text(exercise["max_score"]),
                exercise["status"],
                " ".join(exercise["misconceptions"]),
            )
        )
        for report in course.reports
        for exercise in report["exercises"]
    ]
    if hide_names:
        rows.sort()
    header = ("student", "assignment", "exercise", "score", "max_score", "status", "misconceptions")
    return sheet_bytes(Spreadsheet(header, tuple(rows), SheetForm(mark=b"\xef\xbb\xbf")))
