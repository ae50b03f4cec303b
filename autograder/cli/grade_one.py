"""`autograder grade-one`."""

import json
import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder._files import write_atomically
from autograder._language import _
from autograder._text import one_line
from autograder.cli.console import say
from autograder.cli.ending import NEEDS_ATTENTION
from autograder.grading.grade_submission import SECONDS


class ResultFormat(StrEnum):
    """Whose form the result has."""

    plain = "plain"
    gradescope = "gradescope"
    classroom50 = "classroom50"


def grade_one_command(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="what was handed in")],
    json_file: Annotated[Path, typer.Option("--json", metavar="FILE", help="write the result here")],
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write the feedback page here too, for the student")
    ] = None,
    format: Annotated[ResultFormat, typer.Option(help="whose form the result has")] = ResultFormat.plain,
    assignment: Annotated[str, typer.Option(help="whose notebook it is; read off it if not given")] = "",
    course: Annotated[
        Path | None,
        typer.Option(help="a folder with release/ and own_exercises.py; the book's notebooks if not given"),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(
            envvar="AUTOGRADER_SEED", help="a secret that hidden numbers are drawn from; new if not given"
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.5, help="seconds for each exercise")] = SECONDS,
    isolation: Annotated[
        str, typer.Option(metavar="strong|none", help="none runs the student's code unprotected")
    ] = "strong",
) -> None:
    """Grade one notebook without a course folder, and write the result in the form that a platform reads."""
    from autograder.errors import GraderError
    from autograder.feedback.report_words import status_words
    from autograder.grading.receipt import receipt_line
    from autograder.platforms.classroom50 import classroom50_result
    from autograder.platforms.gradescope import gradescope_result
    from autograder.platforms.one_notebook import grade_notebook

    if isolation not in ("strong", "none"):
        raise GraderError(
            _("--isolation {isolation} was given; expected strong or none", isolation=isolation)
        )
    one = grade_notebook(
        notebook,
        assignment=assignment,
        course=course,
        seed=seed or secrets.token_hex(16),
        seconds=timeout,
        isolation="none" if isolation == "none" else "strong",
    )
    if format == ResultFormat.gradescope:
        found = gradescope_result(one)
    elif format == ResultFormat.classroom50:
        found = classroom50_result(one, os.environ)
    else:
        found = one.to_json()
    write_atomically(json_file, (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
    if page is not None:
        write_atomically(page, one.page.encode())
    report = one.report
    say(
        _(
            "{notebook} ({assignment}): {score:g} of {max_score:g}",
            notebook=one_line(str(notebook)),
            assignment=report["assignment"],
            score=report["score"],
            max_score=report["max_score"],
        )
    )
    for exercise in report["exercises"]:
        named = f" ({', '.join(exercise['misconceptions'])})" if exercise["misconceptions"] else ""
        points = _("{score:g} of {max_score:g}", score=exercise["score"], max_score=exercise["max_score"])
        say(f"  {exercise['id']}: {status_words(exercise['status'])}, {points}{named}")
    say(receipt_line(one.receipt))
    if any(e["status"] != "graded" for e in report["exercises"]):
        raise typer.Exit(NEEDS_ATTENTION)
