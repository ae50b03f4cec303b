"""`autograder check`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from autograder._files import write_atomically
from autograder._text import one_line
from autograder.cli.console import err, out
from autograder.feedback.check_notebook import SECONDS, check_notebook
from autograder.notebooks.notebook import NotebookError


def check(
    notebooks: Annotated[
        list[Path], typer.Argument(metavar="NOTEBOOK...", help="your own exercise notebooks")
    ],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="write the findings here")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="seconds for each exercise")] = SECONDS,
) -> None:
    """Try your own notebooks before you hand them in. Advice, not a grade: grading uses other numbers."""
    found, failed = [], False
    for path in notebooks:
        try:
            found.append(check_notebook(path, timeout))
        except (NotebookError, OSError) as error:
            failed = True
            err.print(
                f"check: {one_line(str(path))}: {one_line(str(error))}",
                style="red",
                markup=False,
                soft_wrap=True,
            )
    for notebook in found:
        out.print(f"{one_line(notebook['notebook'])} ({notebook['assignment']})", style="bold", markup=False)
        for note in notebook["notes"]:
            out.print(f"  note: {one_line(note)}", markup=False, soft_wrap=True)
        for exercise in notebook["exercises"]:
            for line in exercise["text"].splitlines():
                out.print(f"  {one_line(line)}", markup=False, soft_wrap=True)
    if json_file is not None:
        try:
            write_atomically(json_file, json.dumps(found, indent=1, ensure_ascii=False).encode())
        except OSError as error:
            err.print(
                f"check: {one_line(str(json_file))} can't be written: {error.strerror}",
                style="red",
                markup=False,
            )
            raise typer.Exit(2) from None
    if failed:
        raise typer.Exit(2)
    right = all(
        e["score"] == e["max_score"] or e["status"] == "manual" for n in found for e in n["exercises"]
    )
    if not right:
        raise typer.Exit(1)
