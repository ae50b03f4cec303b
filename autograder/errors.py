"""The family of errors that a user reads: what was being done, what was given, what was expected, what to do.

A command ends with exit code 2 and the error's text where one of these reaches it, and with no traceback.
"""


class GraderError(Exception):
    """Something can't be done as asked; str() is the whole message."""
