"""`autograder bundle`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._language import _
from autograder._text import one_line
from autograder.cli.console import say


class PlatformChoice(StrEnum):
    """Who will grade with it."""

    gradescope = "gradescope"
    classroom50 = "classroom50"


def bundle_command(
    platform: Annotated[PlatformChoice, typer.Option("--for", help="who will grade with it")],
    assignment: Annotated[str, typer.Option(help="the assignment")],
    to: Annotated[Path, typer.Option(metavar="FILE", help="the archive, a zip")],
    course: Annotated[
        Path | None,
        typer.Option(help="a folder with release/ and own_exercises.py; the book's notebooks if not given"),
    ] = None,
    python: Annotated[
        str, typer.Option(help="the platform's Python, like 3.12; this one's if not given")
    ] = "",
    wheels: Annotated[
        Path | None, typer.Option(help="a folder with the wheels, instead of asking the package index")
    ] = None,
) -> None:
    """Write one archive with which Gradescope (without a network) or Classroom 50 grades an assignment."""
    from autograder.platforms.bundle import bundle

    names = bundle(
        "gradescope" if platform == PlatformChoice.gradescope else "classroom50",
        assignment,
        to,
        course=course,
        python=python,
        wheels=wheels,
    )
    wheel_count = sum(name.startswith("wheels/") for name in names)
    say(
        _(
            "{to}: {assignment} for {platform}, {wheel_count} wheels in it",
            to=one_line(str(to)),
            assignment=assignment,
            platform=platform,
            wheel_count=wheel_count,
        )
    )
