"""`autograder release`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder._language import _, use_language
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
        bonus = _(" and {bonus:g} bonus", bonus=notebook.bonus) if notebook.bonus else ""
        bonus += _(" and {optional:g} optional", optional=notebook.optional) if notebook.optional else ""
        bonus += _(" and {graded:g} graded", graded=notebook.graded) if notebook.graded else ""
        state = _("written") if notebook.changed else _("as it was")
        say(
            _(
                "{path}: {points:g} points{bonus}, {state}",
                path=notebook.path,
                points=notebook.points,
                bonus=bonus,
                state=state,
            )
        )
