"""The commands put together: each by the name under which it is called, and each with the same endings."""

from collections.abc import Callable
from importlib import metadata
from typing import Annotated

import typer

from autograder.cli.check import check_command
from autograder.cli.collect import collect_command
from autograder.cli.doctor import doctor_command
from autograder.cli.ending import ending_well
from autograder.cli.explain import explain_command
from autograder.cli.export import export_command
from autograder.cli.grade import grade_command
from autograder.cli.init import init_command
from autograder.cli.new_exercise import new_exercise_command
from autograder.cli.release import release_command
from autograder.cli.rename import forget_command, rename_command
from autograder.cli.report import report_command
from autograder.cli.verify import verify_command

PURPOSE = "Exercises in backpropagation: released from their solutions, graded, and certified."
SUBCOMMANDS: dict[str, Callable[..., None]] = {
    "init": init_command,
    "release": release_command,
    "check": check_command,
    "collect": collect_command,
    "grade": grade_command,
    "explain": explain_command,
    "report": report_command,
    "export": export_command,
    "rename": rename_command,
    "forget": forget_command,
    "new-exercise": new_exercise_command,
    "verify": verify_command,
    "doctor": doctor_command,
}

app = typer.Typer(
    help=PURPOSE,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"autograder of deltabook {metadata.version('deltabook')}")
        raise typer.Exit


@app.callback(help=PURPOSE)
def main_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """The options that stand before a command."""


for name, command in SUBCOMMANDS.items():
    app.command(name)(ending_well(name, command))
