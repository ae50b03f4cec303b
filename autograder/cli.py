"""The command line: `autograder release` and `autograder verify`. 0 all well, 1 needs attention, 2 could not be done."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.notebook import NotebookError
from autograder.release import ReleaseError, release
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
