"""What is asked of a student's function: a Case holds the arguments of one call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.exercises.scalar_functions import make_function
from autograder.trees import Value

# What may cross the wall: arrays, dicts keyed by layer, tuples, numbers, names, and functions chosen by name.


@dataclass(frozen=True)
class PublicFunction:
    """A function argument, by name and parameters: callable here, rebuilt from the name behind the wall."""

    name: str
    parameters: Mapping[str, Value]

    @cached_property
    def _function(self) -> Callable[[Any], float]:
        return make_function(self.name, self.parameters)

    def __call__(self, theta: Any) -> float:
        return self._function(theta)


# Not frozen: thousands are made, and a frozen one takes five times as long.
@dataclass(slots=True, eq=False)
class Case:
    """One call of an exercise's function.

    part is the partial-credit group of the case ("sigmoid", "relu → softmax"); an advisory case never costs a
    point, only earns a remark; visible cases may be shown to the student with their numbers.
    """

    name: str
    args: tuple[Value, ...]
    part: str
    tags: frozenset[str] = frozenset()
    # What the grader knows and the student is not given.
    hidden: Mapping[str, Value] = field(default_factory=dict)

    @property
    def advisory(self) -> bool:
        return "advisory" in self.tags
