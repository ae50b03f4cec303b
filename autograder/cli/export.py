"""`autograder export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._files import write_atomically
from autograder._text import one_line
from autograder.cli.console import say
from autograder.cli.ending import NEEDS_ATTENTION


class Format(StrEnum):
    """Where the scores go."""

    canvas = "canvas"
    moodle = "moodle"
    blackboard = "blackboard"
    csv = "csv"


class Decimal(StrEnum):
    """The sign before a number's fraction."""

    point = "point"
    comma = "comma"


def export_command(
    course: Annotated[Path, typer.Argument(help="a graded nbgrader course folder")],
    format: Annotated[Format, typer.Option(help="the learning management system, or a plain table")],
    to: Annotated[Path, typer.Option(metavar="FILE", help="the file to write")],
    merge: Annotated[
        Path | None,
        typer.Option(metavar="LMS_FILE", help="the LMS's own export; needed for canvas and blackboard"),
    ] = None,
    assignment: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    student: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    decimal: Annotated[Decimal, typer.Option(help="for --format csv")] = Decimal.point,
    pending: Annotated[
        bool,
        typer.Option("--pending", help="write also scores of which a part is still to be graded by hand"),
    ] = False,
    db: Annotated[str | None, typer.Option(metavar="URL", help="a gradebook elsewhere")] = None,
) -> None:
    """Write the scores as an LMS takes them. What is missing or still to be graded is never written as 0."""
    from autograder.course.policies import read_policies
    from autograder.gradebook.gradebook import Gradebook
    from autograder.gradebook.gradebook_url import existing_url
    from autograder.lms.export import export
    from autograder.lms.identities import read_collected
    from autograder.lms.scores import read_scores
    from autograder.lms.sheets import ExportError

    policies = read_policies(course)
    with Gradebook(existing_url(course, db)) as book:
        scores = read_scores(book.nbgrader, assignment or (), student or ())
    for kind, wanted, known in (
        ("assignment", assignment or (), scores.assignments),
        ("student", student or (), {s.id for s in scores.students}),
    ):
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise ExportError(f"--{kind} {unknown[0]}: the gradebook has no such {kind}")
    data, outcome = export(
        format.value,
        scores,
        merge,
        columns=policies.columns,
        decimal="," if decimal is Decimal.comma else ".",
        keep_pending=pending,
        collected=read_collected(course),
    )
    write_atomically(to, data)
    say(f"{outcome.written} scores written to {one_line(str(to))}")
    for line in outcome.lines():
        say(f"  {one_line(line, 1000)}", 1010)
    if outcome.pending or outcome.replaced or outcome.unknown_rows or outcome.not_in_file or outcome.warnings:
        raise typer.Exit(NEEDS_ATTENTION)
