"""The family of errors that a user reads: what was being done, what was given, what was expected, what to do.

A command ends with exit code 2 and the error's text where one of these reaches it, and with no traceback.
"""


class GraderError(Exception):
    """Something can't be done as asked; str() is the whole message."""


def missing_package(error: ModuleNotFoundError) -> str:
    """What to tell a user whose install lacks a package."""
    return (
        f"{error.name} is needed and not installed; run: pip install 'PATH[grade]', "
        "where PATH is the package's .whl file or the repository's folder"
    )
