"""How a command ends: 0 done and all well, 1 done and something needs attention, 2 could not be done.

A command that could not be done says why in one line. What the project's own errors say is that line already;
what the system says gets the file's name before it; anything else is a fault of ours, and the line says where
it is.
"""

import contextlib
import functools
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from autograder._language import _
from autograder.cli.console import err, say_failed
from autograder.errors import GraderError, missing_package, reason

NEEDS_ATTENTION, NOT_DONE = 1, 2
# They make the course's folder if it isn't there; `grade` says itself what it expects in it.
MAKES_OR_ASKS = ("init", "collect", "new-exercise", "grade")
# Where this variable is set, a fault of ours shows its traceback too.
DEBUG = "AUTOGRADER_DEBUG"


def ending_well(name: str, command: Callable[..., None]) -> Callable[..., None]:
    """The command, with exit code 2 and one line on stderr for whatever stops it; typer.Exit passes
    through.
    """

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        code = NOT_DONE
        _speak(options.get("course"))
        try:
            _expect_folder(name, options.get("course"))
            command(*arguments, **options)
            code = 0
        except typer.Exit as ended:
            code = ended.exit_code
            raise
        # A pipe that nobody reads any more (`| head`) is typer's to end quietly.
        except (typer.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            say_failed(name, _("interrupted"))
        except Exception as error:
            say_failed(name, why_not_done(error))
            if os.environ.get(DEBUG):
                err.print("".join(traceback.format_exception(error)), markup=False, soft_wrap=True, end="")
        finally:
            _log(name, options, code)
        if code:
            raise typer.Exit(code)

    return run


def _expect_folder(name: str, course: object) -> None:
    """GraderError where the course that was given is no folder: something else would be used instead."""
    if name not in MAKES_OR_ASKS and isinstance(course, Path) and not course.is_dir():
        raise GraderError(_("{course}: no such folder; a course's folder was expected", course=course))


def _speak(course: object) -> None:
    """Say everything in the course's language; what is wrong in its file is the command's own to tell."""
    from autograder.course.policies import POLICIES_FILE, read_policies, use_language_of

    if isinstance(course, Path) and (course / POLICIES_FILE).is_file():
        with contextlib.suppress(GraderError):
            use_language_of(read_policies(course))


def _log(name: str, options: dict[str, Any], code: int) -> None:
    """Into the course's log; a log that can't be written stops no command."""
    from autograder.course.course_log import log_command

    try:
        log_command(name, options, code)
    except OSError as error:
        say_failed(name, _("the course's log was not written: {why}", why=why_not_done(error)))


def why_not_done(error: Exception) -> str:
    """What to tell of an error that ended a command."""
    if isinstance(error, GraderError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        return missing_package(error)
    if isinstance(error, OSError):
        return reason(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return _(
        "a fault of autograder itself ({name}: {error}; {name2}, line {lineno}). Please "
        "report it where you got autograder from, with the command and what `autograder "
        "doctor` says; {debug}=1 shows the traceback",
        name=type(error).__name__,
        error=error,
        name2=Path(last.filename).name,
        lineno=last.lineno,
        debug=DEBUG,
    )
