"""One answer beside what was expected: what the diagnosis looks at."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.exercises.cases import Case
from autograder.sandbox.calls import CallError


@dataclass(frozen=True)
class Evidence:
    """One case with the answer beside what was expected, entry by entry; bounds() says how far off an entry
    may be.
    """

    case: Case
    answer: Any
    expected: Any
    bounds: Callable[[], Any]
    error: CallError | None

    @cached_property
    def bound(self) -> Any:
        """How far off an entry may be; seldom asked, and dear."""
        return self.bounds()
