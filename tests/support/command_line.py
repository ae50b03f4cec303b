"""The command line in the process of the test: a Python of its own takes a second to start."""

from typing import NamedTuple

from typer.testing import CliRunner

from autograder.cli.app import app


class Done(NamedTuple):
    """How a command ended, as subprocess tells it."""

    returncode: int
    stdout: str
    stderr: str


def autograder(*arguments: object) -> Done:
    """Run a command of autograder; what it raises beside its own end is raised."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)
