"""`autograder verify`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.authoring import verify as certifying
from autograder.authoring.release import ReleaseError
from autograder.cli.console import err, out
from autograder.exercises import EXERCISES
from autograder.notebooks.notebook import NotebookError


def verify(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
    course: Annotated[
        Path | None,
        typer.Option(help="certify this course's own exercises instead: its own_exercises.py and solutions/"),
    ] = None,
) -> None:
    """Certify every exercise: solution, stub, reference, and the mistakes it should name."""
    from autograder.course.own_exercises import FILE, AuthoringError, load, own_source

    try:
        if course is None:
            findings = certifying.verify(source).findings
        else:
            own = load(own_source(course))
            if not own:
                raise AuthoringError(
                    f"{course / FILE}: no exercise there; add one with `autograder new-exercise`"
                )
            exercises = {id: EXERCISES[id] for id in own}
            findings = certifying.verify(course / "solutions", exercises, whole_book=False).findings
    except (AuthoringError, ReleaseError, NotebookError, OSError) as error:
        err.print(f"verify: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    failed = [finding for finding in findings if not finding.passed]
    for finding in failed:
        out.print(f"× {finding.exercise}: {finding.what}: {finding.message}", markup=False, soft_wrap=True)
    out.print(f"{len(findings) - len(failed)} of {len(findings)} certified")
    if failed:
        raise typer.Exit(1)
