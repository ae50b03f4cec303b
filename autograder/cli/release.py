"""`autograder release`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.authoring import release as releasing
from autograder.authoring.release import ReleaseError
from autograder.cli.console import err, out
from autograder.notebooks.notebook import NotebookError


def release(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
    to: Annotated[Path, typer.Option(help="the folder for the students' notebooks")] = Path("exercises"),
) -> None:
    """Make the students' notebooks from the solutions: the same bytes every time."""
    try:
        summary = releasing.release(source, to)
    except (ReleaseError, NotebookError, OSError) as error:
        err.print(f"release: {error}", style="red", markup=False)
        raise typer.Exit(2) from None
    for notebook in summary.notebooks:
        bonus = f" and {notebook.bonus:g} bonus" if notebook.bonus else ""
        state = "written" if notebook.changed else "as it was"
        out.print(f"{notebook.path}: {notebook.points:g} points{bonus}, {state}", markup=False)
