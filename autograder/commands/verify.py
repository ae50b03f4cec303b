"""`autograder verify`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder import verify as certifying
from autograder.commands.console import err, out
from autograder.notebook import NotebookError
from autograder.release import ReleaseError


def verify(
    source: Annotated[Path, typer.Option(help="the folder of the solutions")] = Path("solutions"),
) -> None:
    """Certify every exercise: solution, stub, reference, and the mistakes it should name."""
    try:
        findings = certifying.verify(source).findings
    except (ReleaseError, NotebookError, OSError) as error:
        err.print(f"verify: {error}", style="red", markup=False)
        raise typer.Exit(2) from None
    failed = [finding for finding in findings if not finding.passed]
    for finding in failed:
        out.print(f"× {finding.exercise}: {finding.what}: {finding.message}", markup=False)
    out.print(f"{len(findings) - len(failed)} of {len(findings)} certified")
    if failed:
        raise typer.Exit(1)
