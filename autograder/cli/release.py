"""`autograder release`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder._language import use_language
from autograder.authoring.release import release
from autograder.cli.console import say
from autograder.course.policies import read_policies, use_language_of
from autograder.errors import GraderError


def release_command(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
    to: Annotated[Path, typer.Option(help="the folder for the students' notebooks")] = Path("exercises"),
    language: Annotated[
        str, typer.Option(help="of the notebooks' text (if not given: what autograder.toml here says)")
    ] = "",
) -> None:
    """Make the students' notebooks from the solutions: the same bytes every time."""
    use_language_of(read_policies(Path()))
    if language:
        try:
            use_language(language)
        except ValueError as error:
            raise GraderError(f"--{error}") from None
    for notebook in release(source, to).notebooks:
        bonus = f" and {notebook.bonus:g} bonus" if notebook.bonus else ""
        bonus += f" and {notebook.optional:g} optional" if notebook.optional else ""
        bonus += f" and {notebook.graded:g} graded" if notebook.graded else ""
        state = "written" if notebook.changed else "as it was"
        say(f"{notebook.path}: {notebook.points:g} points{bonus}, {state}")
