"""`autograder undo`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder._language import _, n_
from autograder._text import one_line
from autograder.cli.console import say, say_what_needs_attention
from autograder.cli.db_option import GradebookOption
from autograder.cli.ending import NEEDS_ATTENTION


def undo_command(
    course: Annotated[Path, typer.Argument(help="an nbgrader course folder")],
    db: GradebookOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would be taken back, and do nothing")
    ] = False,
) -> None:
    """Take the last collect back: the notebooks that it replaced are there again, those that it brought are
    gone. The last five can be taken back, one by one.
    """
    from functools import partial

    from autograder.gradebook.gradebook_url import existing_url
    from autograder.grading.renaming import forget_submission, move_submission
    from autograder.lms.collect_journal import take_back

    graded = (course / ".autograder" / "results").is_dir()
    url = existing_url(course, db) if graded else None
    done = take_back(
        course,
        partial(move_submission, course, url),
        partial(forget_submission, course, url),
        dry_run=dry_run,
    )
    count = len(done.restored)
    assignment = one_line(done.assignment)
    if dry_run:
        say(
            _(
                "{n} of what collecting {assignment} changed would be as it was",
                n=count,
                assignment=assignment,
            )
        )
    else:
        say(
            n_(
                "{n} of what collecting {assignment} changed is as it was",
                "{n} of what collecting {assignment} changed are as it was",
                count,
                assignment=assignment,
            )
        )
    for place in done.restored:
        say(f"  {one_line(place)}")
    say_what_needs_attention(done.remarks)
    if done.remarks:
        raise typer.Exit(NEEDS_ATTENTION)
