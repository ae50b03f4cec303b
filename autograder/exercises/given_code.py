"""What an exercise shows of code, and how its numbers come of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.trees import copy_value


@dataclass(frozen=True, eq=False)
class GivenCode:
    """A code that the statement prints.

    used: what is made of it (for each example, say) before it is called with the case's arguments by name.
    unknown: the argument that is asked for, "" where the results are. outcomes: what the results are called.
    kind: what is settled of the unknown where several give the same results, as that columns sum to 1.
    """

    function: Callable[..., Any]
    used: Callable[[Callable[..., Any]], Callable[..., Any]]
    unknown: str
    outcomes: Sequence[str]
    kind: Callable[[Any], Any] | None = None
    # What was made of each code, for the next student
    _ready: dict[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict, init=False, repr=False)

    def results(self, function: Callable[..., Any], at: Mapping[str, Any]) -> tuple[Any, ...]:
        """The results of this code, changed perhaps, on a case's arguments."""
        if function not in self._ready:
            self._ready[function] = self.used(function)
        with np.errstate(all="ignore"):
            found = self._ready[function](**copy_value(dict(at)))
        return tuple(found) if isinstance(found, tuple) else (found,)

    def is_of_the_kind(self, answer: Any, at: Mapping[str, Any]) -> bool:
        """Has an answer what is settled of the unknown?"""
        return self.kind is None or np.allclose(
            self.kind(np.asarray(answer, dtype=float)), self.kind(at[self.unknown]), rtol=0, atol=1e-7
        )
