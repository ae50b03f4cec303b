"""Judging of hand-written backpropagation. `from autograder import check` is what a notebook needs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder._language import use_language_in_notebook as use_language
    from autograder.feedback.check import check

# Other distributions have an `autograder` too: deltabook looks for this line.
__distribution__ = "deltabook"
__all__ = ["check", "use_language"]


def __getattr__(name: str) -> Any:
    """`check` is imported when it is asked for: the command line has something to set before NumPy is."""
    if name == "use_language":
        from autograder._language import use_language_in_notebook

        return use_language_in_notebook
    if name == "check":
        try:
            from autograder.feedback.check import check
        except ImportError as error:
            from deltabook import explanation

            if told := explanation():
                raise ImportError(told) from error
            raise
        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
