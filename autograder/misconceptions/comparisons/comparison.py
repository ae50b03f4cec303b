"""What an entry of this folder is."""

from typing import NamedTuple


class Comparison(NamedTuple):
    """terms: those of the equation (see equations.py) that the mistake is in. compare: two things to hold
    side by side.

    equation, line: where they are others than the exercise has for the entry's own equation; {results} stands
    for the names of its results, {batch} for an argument with a column for each example.
    """

    terms: tuple[str, ...]
    compare: str
    equation: str = ""
    line: str = ""
