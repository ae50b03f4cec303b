"""The family of errors that a user reads: what was being done, what was given, what was expected, what to do.

A command ends with exit code 2 and the error's text where one of these reaches it, and with no traceback.
"""

import os

from autograder._language import _


class GraderError(Exception):
    """Something can't be done as asked; str() is the whole message."""


def missing_package(error: ModuleNotFoundError) -> str:
    """What to tell a user whose install lacks a package."""
    return _(
        "{name} is needed and not installed; run: pip install 'PATH[grade]', where PATH is "
        "the package's .whl file or the repository's folder",
        name=error.name,
    )


def reason(error: Exception) -> str:
    """What an error says, of the system's errors without their number: "Permission denied", with the file's
    name where there is one.
    """
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    if error.filename is None:
        return error.strerror
    return f"{os.fsdecode(error.filename)}: {error.strerror}"
