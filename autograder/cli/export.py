"""`autograder export`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._files import write_atomically
from autograder._language import _, n_
from autograder._text import one_line
from autograder.cli.console import say
from autograder.cli.db_option import GradebookOption
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
    db: GradebookOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would be written, and write nothing")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="write over the LMS's own file without asking, where both are one")
    ] = False,
) -> None:
    """Write the scores as an LMS takes them. What is missing or still to be graded is never written as 0."""
    from autograder.course.policies import read_policies
    from autograder.gradebook.gradebook import Gradebook
    from autograder.gradebook.gradebook_url import existing_url
    from autograder.lms.export import export
    from autograder.lms.identities import read_collected
    from autograder.lms.scores import read_scores
    from autograder.lms.sheets import ExportError

    if to.is_dir():
        raise ExportError(_("--to {to}: it is a folder; the file to write was expected", to=to))
    if merge is not None and not (dry_run or yes):
        _ask_before_overwriting(merge, to)
    policies = read_policies(course)
    with Gradebook(existing_url(course, db)) as book:
        scores = read_scores(book.nbgrader, assignment or (), student or (), course=course)
    for kind, wanted, known in (
        ("assignment", assignment or (), scores.assignments),
        ("student", student or (), {s.id for s in scores.students}),
    ):
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise ExportError(
                _(
                    "--{kind} {unknown}: the gradebook has no such {what}",
                    kind=kind,
                    what=_(kind),
                    unknown=unknown[0],
                )
            )
    data, outcome = export(
        format.value,
        scores,
        merge,
        columns=policies.columns,
        decimal="," if decimal is Decimal.comma else ".",
        keep_pending=pending,
        collected=read_collected(course),
        headers=policies.headers,
        scale=policies.scale == "lms",
    )
    if not dry_run:
        write_atomically(to, data)
    count, where = outcome.written, one_line(str(to))
    if dry_run:
        say(n_("{n} score would be written to {to}", "{n} scores would be written to {to}", count, to=where))
    else:
        say(n_("{n} score written to {to}", "{n} scores written to {to}", count, to=where))
    for line in outcome.lines():
        say(f"  {one_line(line, 1000)}", 1010)
    if outcome.unknown_rows and outcome.not_in_file:
        say(_("  students.csv in the course's folder says who is who: by id, e-mail or the LMS's number"))
    if outcome.pending or outcome.replaced or outcome.unknown_rows or outcome.not_in_file or outcome.warnings:
        raise typer.Exit(NEEDS_ATTENTION)


def _ask_before_overwriting(merge: Path, to: Path) -> None:
    """The LMS's file is the only copy of what the LMS said. ExportError where it would be written over and
    nobody says yes.
    """
    from autograder.lms.sheets import ExportError

    if not (to.exists() and merge.exists() and to.samefile(merge)):
        return
    asked = _("{to} is the LMS's own file, given with --merge", to=to)
    if sys.stdin.isatty() and typer.confirm(_("{asked}. Write over it?", asked=asked)):
        return
    raise ExportError(_("{asked}; nothing was written: give --to another file, or --yes", asked=asked))
