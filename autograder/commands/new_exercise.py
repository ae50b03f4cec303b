"""`autograder new-exercise`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.console import err, out
from autograder.report import plain


class Kind(StrEnum):
    """What the judge is given."""

    stated = "stated"
    worked = "worked"


def new_exercise(
    id: Annotated[str, typer.Argument(metavar="NAME", help="the student's function, such as log_cosh_delta")],
    assignment: Annotated[str, typer.Option(help="the assignment it belongs to, made if it isn't there")],
    course: Annotated[Path, typer.Option(help="the course's folder")] = Path(),
    kind: Annotated[
        Kind,
        typer.Option(help="stated: a loss and shapes, nothing else; worked: a right solution and a mistake"),
    ] = Kind.stated,
    points: Annotated[float, typer.Option(min=0.5, help="what it is worth")] = 4,
) -> None:
    """Add an exercise that runs as it is: change its statement, its loss or its solution, then run verify."""
    from autograder.authoring import AuthoringError
    from autograder.new_exercise import add_exercise

    try:
        paths = add_exercise(course, id, assignment, kind.value, points)
    except (AuthoringError, OSError) as error:
        err.print(f"new-exercise: {plain(str(error), 1000)}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    for path in paths:
        out.print(f"{plain(str(path))}: {plain(id)} added", markup=False, soft_wrap=True)
    out.print(
        f"Next: change them, then run: autograder verify --course {plain(str(course))}",
        markup=False,
        soft_wrap=True,
    )
