"""`autograder doctor`."""

import typer

from autograder.cli.console import say
from autograder.cli.ending import NEEDS_ATTENTION, NOT_DONE
from autograder.sandbox import doctor


def doctor_command() -> None:
    """What this machine offers for grading: the wall tried piece by piece, cores, gradebook; and what to
    install.
    """
    findings = doctor.examine()
    for line in doctor.text(findings).splitlines():
        say(line)
    if doctor.level(findings) == "none":
        raise typer.Exit(NOT_DONE)
    if not all(finding.ok for finding in findings if finding.needed):
        raise typer.Exit(NEEDS_ATTENTION)
