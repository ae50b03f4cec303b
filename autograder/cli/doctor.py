"""`autograder doctor`."""

import typer

from autograder.cli.console import out
from autograder.sandbox import doctor as examining


def doctor() -> None:
    """What this machine offers for grading: the wall tried piece by piece, cores, gradebook; and what to install."""
    found = examining.probes()
    for line in examining.text(found).splitlines():
        out.print(line, markup=False, soft_wrap=True)
    if examining.level(found) == "none":
        raise typer.Exit(2)
    if not all(probe.ok for probe in found if probe.needed):
        raise typer.Exit(1)
