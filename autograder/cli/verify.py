"""`autograder verify`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder._language import _
from autograder.authoring.verify import FORWARD, verify
from autograder.cli.console import say
from autograder.cli.ending import NEEDS_ATTENTION


def verify_command(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
    course: Annotated[
        Path | None,
        typer.Option(help="certify this course's own exercises instead: its own_exercises.py and solutions/"),
    ] = None,
) -> None:
    """Certify every exercise: solution, stub, reference, and the mistakes it should name."""
    from autograder.course.own_exercises import FILE, AuthoringError, load, own_source

    if course is None:
        findings = verify(source).findings
    else:
        known = load(own_source(course))
        if not known.own:
            raise AuthoringError(
                _("{course}: no exercise there; add one with `autograder new-exercise`", course=course / FILE)
            )
        own = {id: known.exercises[id] for id in known.own}
        findings = verify(course / "solutions", own, whole_book=False, course=known).findings
        for finding in findings:
            if finding.what == FORWARD:
                say(f"{finding.exercise}: {finding.message}", 5000)
    findings = tuple(finding for finding in findings if finding.what != FORWARD)
    failed = [finding for finding in findings if not finding.passed]
    for finding in failed:
        say(f"× {finding.exercise}: {finding.what}: {finding.message}", 5000)
    say(_("{right} of {count} certified", right=len(findings) - len(failed), count=len(findings)))
    if failed:
        raise typer.Exit(NEEDS_ATTENTION)
