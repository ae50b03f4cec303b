"""A step of the backward pass as a function, worked out from the forward pass: nobody writes it down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autograder.tracing.gradient import NOTHING, Exchange, gradients
from autograder.tracing.source import Author
from autograder.tracing.tape import Tape
from autograder.tracing.trace import traced_run
from autograder.trees import Array


@dataclass(frozen=True)
class DerivedStep:
    """What is made of a forward pass: f(**arguments, **upstreams) gives the gradients of its results.

    upstream: the names of the gradients that come in, one for each result; () where the pass is a loss.
    by: the arguments whose gradients it gives, in order.
    """

    upstream: tuple[str, ...]
    by: tuple[str, ...]

    def __call__(self, forward: Callable[..., Any]) -> Callable[..., Any]:
        @cache
        def author() -> Author:
            return Author(forward)

        # The last tape, and what it is of: mostly the same is asked with other gradients coming in.
        last: list[tuple[Mapping[str, Any], Tape]] = []

        def tape_of(at: Mapping[str, Any]) -> Tape:
            if not last or not _same(last[0][0], at):
                last[:] = [(at, self.traced(forward, at, author())[0])]
            return last[0][1]

        def step(**given: Any) -> Any:
            at, coming = self.divided(given)
            return self.gradients(tape_of(at), coming)

        return step

    def divided(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        """The arguments of the forward pass, and the gradients that come in."""
        at = {name: value for name, value in given.items() if name not in self.upstream}
        return at, [given[name] for name in self.upstream] or [np.ones(())]

    def traced(
        self, forward: Callable[..., Any], at: Mapping[str, Any], author: Author | None = None
    ) -> tuple[Tape, Author]:
        """A run of the forward pass on these arguments. NotTraceable where an operation has no rule."""
        return traced_run(forward, at, self.by, author)

    def gradients(self, tape: Tape, coming: Sequence[Any], exchange: Exchange = NOTHING) -> tuple[Any, ...]:
        """The gradients by a run, with some rules exchanged."""
        found: dict[str, Array] = gradients(tape, coming, self.by, exchange)
        return tuple(found[name] for name in self.by)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(np.array_equal(one[name], value) for name, value in other.items())
