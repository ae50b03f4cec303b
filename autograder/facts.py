"""What was found, before it is put into words at the end of its way (by autograder.feedback)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """Something found: its kind, and the values that a sentence about it needs, in the kind's own order."""

    kind: str
    values: tuple[Any, ...] = ()
