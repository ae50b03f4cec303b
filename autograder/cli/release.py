"""`autograder release`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.authoring.release import release
from autograder.cli.console import say


def release_command(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
    to: Annotated[Path, typer.Option(help="the folder for the students' notebooks")] = Path("exercises"),
) -> None:
    """Make the students' notebooks from the solutions: the same bytes every time."""
    for notebook in release(source, to).notebooks:
        bonus = f" and {notebook.bonus:g} bonus" if notebook.bonus else ""
        bonus += f" and {notebook.optional:g} optional" if notebook.optional else ""
        bonus += f" and {notebook.graded:g} graded" if notebook.graded else ""
        state = "written" if notebook.changed else "as it was"
        say(f"{notebook.path}: {notebook.points:g} points{bonus}, {state}")
