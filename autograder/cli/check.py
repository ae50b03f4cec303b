"""`autograder check`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from autograder._files import write_atomically
from autograder._language import _
from autograder._text import one_line
from autograder.cli.console import say, say_failed
from autograder.cli.ending import NEEDS_ATTENTION, NOT_DONE
from autograder.errors import reason
from autograder.feedback.check_notebook import CHECK_SECONDS, check_notebook
from autograder.notebooks.notebook import NotebookError


def check_command(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK", help="your own exercise notebooks")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="write the findings here")
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option(help="where own_exercises.py is, if not beside the notebook; and perhaps release/"),
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="seconds for each exercise")] = CHECK_SECONDS,
) -> None:
    """Try your own notebooks before you hand them in. Advice, not a grade: grading uses other numbers."""
    checked, failed = [], False
    for path in notebooks:
        # One that can't be read keeps none of the others from being checked.
        try:
            checked.append(check_notebook(path, timeout, course))
        except NotebookError as error:
            failed = True
            say_failed("check", f"{one_line(str(path))}: {error}")
        except OSError as error:
            failed = True
            say_failed("check", f"{one_line(str(path))}: {error.strerror or reason(error)}")
    for notebook in checked:
        say(f"{one_line(notebook['notebook'])} ({notebook['assignment']})", style="bold")
        for note in notebook["notes"]:
            say(_("  note: {note}", note=one_line(note)))
        for exercise in notebook["exercises"]:
            for line in exercise["text"].splitlines():
                say(f"  {one_line(line)}")
    if json_file is not None:
        write_atomically(json_file, json.dumps(checked, indent=1, ensure_ascii=False).encode())
    if failed:
        raise typer.Exit(NOT_DONE)
    exercises = [exercise for notebook in checked for exercise in notebook["exercises"]]
    if not all(e["score"] == e["max_score"] or e["status"] == "manual" for e in exercises):
        raise typer.Exit(NEEDS_ATTENTION)
