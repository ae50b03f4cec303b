"""`autograder feedback`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._files import write_atomically
from autograder._language import n_
from autograder._text import one_line
from autograder.cli.console import say, say_what_needs_attention
from autograder.cli.ending import NEEDS_ATTENTION


class FeedbackTarget(StrEnum):
    """Where the pages go."""

    moodle = "moodle"
    canvas = "canvas"


def feedback_command(
    course: Annotated[Path, typer.Argument(help="a graded nbgrader course folder")],
    target: Annotated[FeedbackTarget, typer.Option("--for", help="the learning management system")],
    to: Annotated[Path, typer.Option(metavar="FILE", help="the zip to write")],
    assignment: Annotated[str | None, typer.Option(help="which one, where several were collected")] = None,
) -> None:
    """Put the feedback pages of an assignment into a zip that Moodle or Canvas hands out to its students, and
    say who is left out.
    """
    from autograder.lms.feedback_files import feedback_files

    found = feedback_files(course, target.value, assignment)
    write_atomically(to, found.data)
    count = len(found.students)
    say(n_("{n} page in {to}", "{n} pages in {to}", count, to=one_line(str(to))))
    say_what_needs_attention(found.left_out)
    if found.left_out or not count:
        raise typer.Exit(NEEDS_ATTENTION)
