"""`autograder doctor`."""

import typer

from autograder.cli.console import say
from autograder.cli.ending import NEEDS_ATTENTION, NOT_DONE
from autograder.sandbox import doctor


def doctor_command() -> None:
    """What this machine offers for grading: the wall tried piece by piece, cores, gradebook; and what to install."""
    probes = doctor.probes()
    for line in doctor.text(probes).splitlines():
        say(line)
    if doctor.level(probes) == "none":
        raise typer.Exit(NOT_DONE)
    if not all(probe.ok for probe in probes if probe.needed):
        raise typer.Exit(NEEDS_ATTENTION)
