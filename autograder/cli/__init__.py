"""The command line: one command a file; app.py puts them together."""

from autograder.cli.app import app

__all__ = ["app"]
