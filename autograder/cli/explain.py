"""`autograder explain`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import say
from autograder.cli.db_option import GradebookOption
from autograder.cli.ending import NEEDS_ATTENTION


def explain_command(
    course: Annotated[Path, typer.Argument(help="a graded nbgrader course folder")],
    student: Annotated[str, typer.Argument(help="the student, by the name of the folder")],
    assignment: Annotated[str, typer.Argument(help="the assignment")],
    db: GradebookOption = None,
) -> None:
    """Say how a score came about: what was handed in, each exercise's points and checks, what a person gave,
    what being late cost.
    """
    from autograder.gradebook.gradebook_url import existing_url
    from autograder.grading.explain import explain_score
    from autograder.grading.explain_words import explanation_lines

    found = explain_score(course, existing_url(course, db), student, assignment)
    say(f"{student} {assignment}", style="bold")
    for line in explanation_lines(found):
        say(line, 2000)
    if found.attention:
        raise typer.Exit(NEEDS_ATTENTION)
