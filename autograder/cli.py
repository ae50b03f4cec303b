"""The command line: `autograder release`, `check` and `verify`. 0 all well, 1 needs attention, 2 could not be done."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.notebook import NotebookError
from autograder.own_work import SECONDS, check_notebook
from autograder.release import ReleaseError, release, write_atomically
from autograder.report import plain
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
