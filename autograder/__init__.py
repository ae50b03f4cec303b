"""Judging of hand-written backpropagation. `from autograder import check` is what a notebook needs."""

from autograder.feedback import check

__all__ = ["check"]
