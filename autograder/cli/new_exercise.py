"""`autograder new-exercise`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._language import _
from autograder._text import one_line
from autograder.cli.console import say


class ExerciseKind(StrEnum):
    """What the judge is given."""

    stated = "stated"
    worked = "worked"
    traced = "traced"


def new_exercise_command(
    id: Annotated[str, typer.Argument(metavar="NAME", help="the student's function, such as log_cosh_delta")],
    assignment: Annotated[str, typer.Option(help="the assignment it belongs to, made if it isn't there")],
    course: Annotated[Path, typer.Option(help="the course's folder")] = Path(),
    kind: Annotated[
        ExerciseKind,
        typer.Option(
            help="stated: a loss and shapes, nothing else; worked: a right solution and a mistake; "
            "traced: a forward pass, and mistakes in its gradient are named"
        ),
    ] = ExerciseKind.stated,
    points: Annotated[float, typer.Option(min=0.5, help="what it is worth")] = 4,
) -> None:
    """Add an exercise that runs as it is: change its statement, its loss or its solution, then run verify."""
    from autograder.authoring.new_exercise import add_exercise

    for path in add_exercise(course, id, assignment, kind.value, points):
        say(_("{path}: {id} added", path=one_line(str(path)), id=one_line(id)))
    say(_("Next: change them, then run: autograder verify --course {course}", course=one_line(str(course))))
