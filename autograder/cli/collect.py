"""`autograder collect`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._language import N_, _, n_
from autograder._text import one_line
from autograder.cli.console import say, say_what_needs_attention
from autograder.cli.ending import NEEDS_ATTENTION

IS_NAMED, WOULD_BE_NAMED = N_("{number} is {name} now"), N_("{number} would be {name} now")
WRITTEN, TO_WRITE = N_("{count} written"), N_("{count} would be written")


class LmsChoice(StrEnum):
    """Where the download comes from."""

    moodle = "moodle"
    canvas = "canvas"
    blackboard = "blackboard"


def collect_command(
    course: Annotated[Path, typer.Argument(help="an nbgrader course folder")],
    downloads: Annotated[
        list[Path],
        typer.Argument(
            metavar="DOWNLOAD",
            help="the zip that Moodle, Canvas or Blackboard made of all submissions, or its folder unpacked",
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would be written, and write nothing")
    ] = False,
) -> None:
    """Put the notebooks of an LMS's download where grading looks for them. Nothing is unpacked, nothing is
    run.
    """
    from functools import partial
    from zoneinfo import ZoneInfo

    from autograder.course.policies import read_policies
    from autograder.gradebook.gradebook_url import default_url
    from autograder.grading.renaming import move_submission
    from autograder.lms.collect import collect

    timezone = read_policies(course).timezone
    graded = (course / ".autograder" / "results").is_dir()
    done = collect(
        course,
        assignment,
        downloads,
        lms=lms.value if lms else None,
        roster=roster,
        column=column,
        update=update,
        dry_run=dry_run,
        zone=ZoneInfo(timezone) if timezone else None,
        move=partial(move_submission, course, default_url(course) if graded else None),
    )
    count = len(done.written) + len(done.as_it_was) + len(done.kept)
    say(
        n_(
            "{n} notebook of {assignment} in {course}/submitted: {written}, {same} as they were, {kept} kept",
            "{n} notebooks of {assignment} in {course}/submitted: "
            "{written}, {same} as they were, {kept} kept",
            count,
            assignment=one_line(assignment),
            course=one_line(str(course)),
            written=_(TO_WRITE if dry_run else WRITTEN, count=len(done.written)),
            same=len(done.as_it_was),
            kept=len(done.kept),
        )
    )
    if done.late:
        say(_("marked late by the LMS: {late}", late=", ".join(done.late)), 2000)
    if done.timed:
        say(_("handed in at a time that the LMS told: {count}", count=len(done.timed)))
    if done.without_zone:
        say(
            _(
                "the LMS told when {count} came, and not in which zone: these times count once "
                "autograder.toml says it, [lms] timezone",
                count=len(done.without_zone),
            )
        )
    for number, name in done.renamed:
        say(_(WOULD_BE_NAMED if dry_run else IS_NAMED, number=number, name=one_line(name)))
    lines = list(done.remarks)
    if done.kept:
        lines.append(
            _(
                "another notebook came for {kept}: the one collected before was kept; --update takes the new",
                kept=", ".join(done.kept),
            )
        )
    say_what_needs_attention(lines)
    if lines or not count:
        raise typer.Exit(NEEDS_ATTENTION)
