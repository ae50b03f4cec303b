"""`autograder undo`."""

from pathlib import Path
from typing import Annotated

import typer

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
    said = "would be" if dry_run else "is" if count == 1 else "are"
    say(f"{count} of what collecting {one_line(done.assignment)} changed {said} as it was")
    for place in done.restored:
        say(f"  {one_line(place)}")
    say_what_needs_attention(done.remarks)
    if done.remarks:
        raise typer.Exit(NEEDS_ATTENTION)
