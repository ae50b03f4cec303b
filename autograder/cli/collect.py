"""`autograder collect`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._text import one_line
from autograder.cli.console import say, say_what_needs_attention
from autograder.cli.ending import NEEDS_ATTENTION


class LmsChoice(StrEnum):
    """Where the download comes from."""

    moodle = "moodle"
    canvas = "canvas"


def collect_command(
    course: Annotated[Path, typer.Argument(help="an nbgrader course folder")],
    downloads: Annotated[
        list[Path],
        typer.Argument(
            metavar="DOWNLOAD...",
            help="the zip that Moodle or Canvas made of all submissions, or its folder unpacked",
        ),
    ],
    assignment: Annotated[str, typer.Option(help="the assignment's name in the course")],
    lms: Annotated[LmsChoice | None, typer.Option(help="told by the files' names if not given")] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="the LMS's own list (Canvas's gradebook export, Moodle's grading worksheet): "
            "students get their names from it, not the LMS's numbers",
        ),
    ] = None,
    column: Annotated[str | None, typer.Option(help="the roster's column with the students' names")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="replace notebooks that were collected before and differ")
    ] = False,
) -> None:
    """Put the notebooks of an LMS's download where grading looks for them. Nothing is unpacked, nothing is
    run.
    """
    from autograder.lms.collect import collect

    done = collect(
        course,
        assignment,
        downloads,
        lms=lms.value if lms else None,
        roster=roster,
        column=column,
        update=update,
    )
    count = len(done.written) + len(done.as_it_was) + len(done.kept)
    say(
        f"{count} notebook{'s' * (count != 1)} of {one_line(assignment)} in "
        f"{one_line(str(course))}/submitted: "
        f"{len(done.written)} written, {len(done.as_it_was)} as they were, {len(done.kept)} kept"
    )
    if done.late:
        say(f"marked late by the LMS: {', '.join(done.late)}", 2000)
    lines = list(done.remarks)
    if done.kept:
        lines.append(
            f"another notebook came for {', '.join(done.kept)}: the one collected before was kept; "
            "--update takes the new"
        )
    say_what_needs_attention(lines)
    if lines or not count:
        raise typer.Exit(NEEDS_ATTENTION)
