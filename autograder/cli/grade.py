"""`autograder grade`."""

import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len, set_cell_size
from rich.table import Table

from autograder._files import write_atomically
from autograder._text import one_line
from autograder.cli.console import err, out
from autograder.cli.progress import Running
from autograder.grading.grade_submission import SECONDS
from autograder.grading.result import attention


class Isolation(StrEnum):
    """What stands between a student's code and this machine."""

    strong = "strong"
    none = "none"


def grade(
    course: Annotated[Path, typer.Argument(help="an nbgrader course folder, with submitted/ in it")],
    assignment: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    student: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="processes; as many as cores if not given")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="a dask.distributed scheduler, tcp://…")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="the course's secret; made and kept in the course if not given")
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.5, help="seconds for each exercise")] = SECONDS,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="write the reports here")
    ] = None,
    isolation: Annotated[
        Isolation, typer.Option(help="none runs students' code unprotected")
    ] = Isolation.strong,
    force: Annotated[bool, typer.Option("--force", help="grade everything again")] = False,
    db: Annotated[str | None, typer.Option(metavar="URL", help="a gradebook elsewhere")] = None,
) -> None:
    """Grade what was handed in, behind a wall, into nbgrader's gradebook. Only what changed is graded again."""
    from autograder.gradebook.gradebook import GradebookError, default_url
    from autograder.grading.grade_course import EngineError, Settings, grade_course
    from autograder.sandbox.launch import SandboxError

    if isolation is Isolation.none:
        err.print(
            "grade: --isolation none: students' code can do on this machine whatever you can.", style="yellow"
        )
    settings = Settings(
        course, assignment or (), student or (), jobs or os.cpu_count() or 1, scheduler, seed, timeout,
        isolation.value, force, db,
    )  # fmt: skip
    try:
        if not course.is_dir():
            raise EngineError(
                f"{course}: no such folder; an nbgrader course folder was expected, with submitted/ in it"
            )
        url = db or default_url(course)
        with Running() as progress:
            graded = grade_course(settings, url, progress)
        if json_file is not None:
            write_atomically(json_file, "".join(graded.reports.as_json()).encode())
    except (EngineError, GradebookError, SandboxError, OSError) as error:
        said = _of_the_system(error, course) if isinstance(error, OSError) and error.strerror else str(error)
        err.print(f"grade: {one_line(said, 1000)}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        err.print("grade: interrupted; what was graded is kept, run the same command to go on", style="red")
        raise typer.Exit(2) from None
    needs = _needs_attention(graded.reports, graded.remarks)
    _print_scores(graded.reports)
    if graded.changes:
        out.print(f"other scores than at the last run: {len(graded.changes)}")
    for change in graded.changes:
        out.print(
            f"  {one_line(change.student)} {one_line(change.assignment)}: {change.before:g} → {change.after:g}",
            markup=False,
            soft_wrap=True,
        )
    out.print(
        f"{len(graded.reports)} submission{'s' * (len(graded.reports) != 1)}, {graded.fresh} of them graded now; "
        f"in {course}: {_gradebook(course, url)}, autograded/, feedback/",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    if needs:
        raise typer.Exit(1)


def _of_the_system(error: OSError, course: Path) -> str:
    """A full or read-only disk and the like, in a line."""
    return (
        f"{error.filename or course}: {error.strerror}; what was graded before is kept: once it can be written there, "
        "run the same command again"
    )


def _needs_attention(reports: Sequence[dict[str, Any]], remarks: list[str]) -> bool:
    """Print what a person should look at; is there anything?"""
    lines = [one_line(remark) for remark in remarks]
    for report in reports:
        found = attention(report)
        if found:
            lines.append(f"{report['student']} {report['assignment']}: {'; '.join(found)}")
    if lines:
        out.print("Needs attention", style="bold")
    for line in lines:
        out.print(f"  {one_line(line)}", markup=False, soft_wrap=True)
    return bool(lines)


def _print_scores(reports: Sequence[dict[str, Any]]) -> None:
    """In a terminal a table; elsewhere lines in columns, for a table of thousands takes longer than to grade dozens."""
    rows = [("student", "assignment", "score", "of", "mistakes named")]
    for report in reports:
        codes = sorted(
            {c for e in report["exercises"] for c in e["misconceptions"]}, key=lambda c: int(c[1:])
        )
        student, assignment = one_line(report["student"]), one_line(report["assignment"])
        rows.append((student, assignment, _score(report), f"{report['max_score']:g}", " ".join(codes)))
    if out.is_terminal:
        table = Table(*rows[0])
        for row in rows[1:]:
            table.add_row(*row)
        out.print(table)
        return
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(set_cell_size, row, widths)).rstrip() for row in rows)
    out.file.write("\n".join(lines) + "\n")


def _score(report: dict[str, Any]) -> str:
    """The points; a dash where nothing could be graded, which is no zero."""
    without = all(exercise["status"] in ("missing", "ungradable") for exercise in report["exercises"])
    return "–" if without else f"{report['score']:g}"


def _gradebook(course: Path, url: str) -> str:
    """gradebook.db in the course, or where else the scores are."""
    from autograder.gradebook.gradebook import shown_url

    own = f"sqlite:///{course.resolve()}/gradebook.db"
    return "gradebook.db" if url == own else f"the gradebook {one_line(shown_url(url))}"
