"""`autograder new-exercise`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._text import one_line
from autograder.cli.console import err, out


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
    from autograder.authoring.new_exercise import add_exercise
    from autograder.course.own_exercises import AuthoringError

    try:
        paths = add_exercise(course, id, assignment, kind.value, points)
    except (AuthoringError, OSError) as error:
        err.print(f"new-exercise: {one_line(str(error), 1000)}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    for path in paths:
        out.print(f"{one_line(str(path))}: {one_line(id)} added", markup=False, soft_wrap=True)
    out.print(
        f"Next: change them, then run: autograder verify --course {one_line(str(course))}",
        markup=False,
        soft_wrap=True,
    )
