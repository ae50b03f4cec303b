"""What is wrong with a cell of a notebook's source."""

from pathlib import Path

from autograder._language import _
from autograder.errors import GraderError


class CellError(GraderError):
    """A source breaks a rule; str() names file and cell, what was given and what expected."""

    def __init__(self, file: Path, cell: str, given: str, expected: str) -> None:
        super().__init__(
            _(
                "{file}, cell {cell}: given {given}; expected {expected}",
                file=file,
                cell=cell,
                given=given,
                expected=expected,
            )
        )
