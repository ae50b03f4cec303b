"""`autograder collect`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._text import one_line
from autograder.cli.console import err, out


class Lms(StrEnum):
    """Where the download comes from."""

    moodle = "moodle"
    canvas = "canvas"


def collect(
    course: Annotated[Path, typer.Argument(help="an nbgrader course folder")],
    downloads: Annotated[
        list[Path],
        typer.Argument(
            metavar="DOWNLOAD...",
            help="the zip that Moodle or Canvas made of all submissions, or its folder unpacked",
        ),
    ],
    assignment: Annotated[str, typer.Option(help="the assignment's name in the course")],
    lms: Annotated[Lms | None, typer.Option(help="told by the files' names if not given")] = None,
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
    """Put the notebooks of an LMS's download where grading looks for them. Nothing is unpacked, nothing is run."""
    from autograder.lms import collect
    from autograder.lms.downloads import DownloadError

    try:
        done = collect.collect(
            course, assignment, downloads,
            lms=lms.value if lms else None, roster=roster, column=column, update=update,
        )  # fmt: skip
    except (DownloadError, OSError) as error:
        err.print(f"collect: {one_line(str(error), 1000)}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    found = len(done.written) + len(done.as_it_was) + len(done.kept)
    out.print(
        f"{found} notebook{'s' * (found != 1)} of {one_line(assignment)} in {one_line(str(course))}/submitted: {len(done.written)} written, "
        f"{len(done.as_it_was)} as they were, {len(done.kept)} kept",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    if done.late:
        out.print(
            f"marked late by the LMS: {one_line(', '.join(done.late), 2000)}", markup=False, soft_wrap=True
        )
    lines = list(done.remarks)
    if done.kept:
        lines.append(
            f"another notebook came for {', '.join(done.kept)}: the one collected before was kept; --update takes the new"
        )
    if lines:
        out.print("Needs attention", style="bold")
    for line in lines:
        out.print(f"  {one_line(line, 2000)}", markup=False, soft_wrap=True)
    if lines or not found:
        raise typer.Exit(1)
