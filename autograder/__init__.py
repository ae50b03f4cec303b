"""Judging of hand-written backpropagation. `from autograder import check` is what a notebook needs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.feedback.check import check

__all__ = ["check"]


def __getattr__(name: str) -> Any:
    """`check` is imported when it is asked for: the command line has something to set before NumPy is."""
    if name == "check":
        from autograder.feedback.check import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
