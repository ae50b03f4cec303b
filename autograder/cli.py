"""The command line: `autograder release`, `check`, `grade`, `verify`, `doctor`. 0 all well, 1 needs attention, 2 could not be done."""

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from autograder.grading import SECONDS as GRADE_SECONDS
from autograder.notebook import NotebookError
from autograder.own_work import SECONDS, check_notebook
from autograder.release import ReleaseError, release, write_atomically
from autograder.report import attention, plain
from autograder.verify import verify

app = typer.Typer(
    help="Exercises in backpropagation: released from their solutions, and certified.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out, err = Console(highlight=False), Console(stderr=True, highlight=False)


@app.callback()
def main_options() -> None:
    """Exercises in backpropagation: released from their solutions, and certified."""


@app.command("release")
def release_command(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
    to: Annotated[Path, typer.Option(help="the folder for the students' notebooks")] = Path("exercises"),
) -> None:
    """Make the students' notebooks from the solutions: the same bytes every time."""
    try:
        summary = release(source, to)
    except (ReleaseError, NotebookError, OSError) as error:
        err.print(f"release: {error}", style="red", markup=False)
        raise typer.Exit(2) from None
    for notebook in summary.notebooks:
        bonus = f" and {notebook.bonus:g} bonus" if notebook.bonus else ""
        state = "written" if notebook.changed else "as it was"
        out.print(f"{notebook.path}: {notebook.points:g} points{bonus}, {state}", markup=False)


@app.command("check")
def check_command(
    notebooks: Annotated[
        list[Path], typer.Argument(metavar="NOTEBOOK...", help="your own exercise notebooks")
    ],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="write the findings here")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="seconds for each exercise")] = SECONDS,
) -> None:
    """Try your own notebooks before you hand them in. Advice, not a grade: grading uses other numbers."""
    found, failed = [], False
    for path in notebooks:
        try:
            found.append(check_notebook(path, timeout))
        except (NotebookError, OSError) as error:
            failed = True
            err.print(
                f"check: {plain(str(path))}: {plain(str(error))}", style="red", markup=False, soft_wrap=True
            )
    for notebook in found:
        out.print(f"{plain(notebook['notebook'])} ({notebook['assignment']})", style="bold", markup=False)
        for note in notebook["notes"]:
            out.print(f"  note: {plain(note)}", markup=False, soft_wrap=True)
        for exercise in notebook["exercises"]:
            for line in exercise["text"].splitlines():
                out.print(f"  {plain(line)}", markup=False, soft_wrap=True)
    if json_file is not None:
        try:
            write_atomically(json_file, json.dumps(found, indent=1, ensure_ascii=False).encode())
        except OSError as error:
            err.print(
                f"check: {plain(str(json_file))} can't be written: {error.strerror}",
                style="red",
                markup=False,
            )
            raise typer.Exit(2) from None
    if failed:
        raise typer.Exit(2)
    right = all(
        e["score"] == e["max_score"] or e["status"] == "manual" for n in found for e in n["exercises"]
    )
    if not right:
        raise typer.Exit(1)


class Isolation(StrEnum):
    """What stands between a student's code and this machine."""

    strong = "strong"
    none = "none"


@app.command("grade")
def grade_command(
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
    timeout: Annotated[float, typer.Option(min=0.5, help="seconds for each exercise")] = GRADE_SECONDS,
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
    from autograder.engine import EngineError, Settings, grade_course
    from autograder.gradebook import GradebookError, default_url
    from autograder.launch import SandboxError

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
        with err.status("reading the submissions") as status:

            def progress(done: int, total: int, who: str) -> None:
                status.update(plain(f"{done} of {total} graded, last {who}"))

            graded = grade_course(settings, db or default_url(course), progress)
        if json_file is not None:
            write_atomically(
                json_file, json.dumps(graded.reports, indent=1, ensure_ascii=False).encode() + b"\n"
            )
    except (EngineError, GradebookError, SandboxError, OSError) as error:
        err.print(f"grade: {plain(str(error), 1000)}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        err.print("grade: interrupted; what was graded is kept, run the same command to go on", style="red")
        raise typer.Exit(2) from None
    needs = _needs_attention(graded.reports, graded.remarks)
    _print_scores(graded.reports)
    out.print(
        f"{len(graded.reports)} submissions, {graded.fresh} of them graded now; "
        f"in {course}: gradebook.db, autograded/, feedback/",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    if needs:
        raise typer.Exit(1)


def _needs_attention(reports: list[dict[str, Any]], remarks: list[str]) -> bool:
    """Print what a person should look at; is there anything?"""
    lines = [plain(remark) for remark in remarks]
    for report in reports:
        found = attention(report)
        if found:
            lines.append(f"{report['student']} {report['assignment']}: {'; '.join(found)}")
    if lines:
        out.print("Needs attention", style="bold")
    for line in lines:
        out.print(f"  {plain(line)}", markup=False, soft_wrap=True)
    return bool(lines)


def _print_scores(reports: list[dict[str, Any]]) -> None:
    table = Table("student", "assignment", "score", "of", "mistakes named")
    for report in reports:
        codes = sorted(
            {c for e in report["exercises"] for c in e["misconceptions"]}, key=lambda c: int(c[1:])
        )
        table.add_row(
            plain(report["student"]), plain(report["assignment"]),
            f"{report['score']:g}", f"{report['max_score']:g}", " ".join(codes),
        )  # fmt: skip
    out.print(table)


@app.command("verify")
def verify_command(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
) -> None:
    """Certify every exercise: solution, stub, reference, and the mistakes it should name."""
    try:
        findings = verify(source).findings
    except (ReleaseError, NotebookError, OSError) as error:
        err.print(f"verify: {error}", style="red", markup=False)
        raise typer.Exit(2) from None
    failed = [finding for finding in findings if not finding.passed]
    for finding in failed:
        out.print(f"× {finding.exercise}: {finding.what}: {finding.message}", markup=False)
    out.print(f"{len(findings) - len(failed)} of {len(findings)} certified")
    if failed:
        raise typer.Exit(1)


@app.command("doctor")
def doctor_command() -> None:
    """What this machine offers for grading: the wall tried piece by piece, cores, gradebook; and what to install."""
    from autograder import doctor

    found = doctor.probes()
    for line in doctor.text(found).splitlines():
        out.print(line, markup=False, soft_wrap=True)
    if doctor.level(found) == "none":
        raise typer.Exit(2)
    if not all(probe.ok for probe in found if probe.needed):
        raise typer.Exit(1)
