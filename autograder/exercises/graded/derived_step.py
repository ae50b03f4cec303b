"""A step of the backward pass as a function, worked out from the forward pass: nobody writes it down."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from autograder.tracing.gradient import gradients
from autograder.tracing.source import Author
from autograder.tracing.tape import Tape
from autograder.tracing.trace import traced_run
from autograder.trees import Array


def derived_step(
    forward: Callable[..., Any], upstream: Sequence[str], by: Sequence[str], constants: Sequence[str] = ()
) -> Callable[..., Any]:
    """f(**arguments, **upstreams) gives the gradients of forward's results by these arguments, in order.

    upstream: the names of the gradients that come in, one for each result; () where forward is a loss.
    constants: arguments that are no arrays of floats.
    """

    @cache
    def author() -> Author:
        return Author(forward)

    # The last tape, and what it is of: mostly the same is asked with other gradients coming in.
    last: list[tuple[Mapping[str, Any], Tape]] = []

    def tape_of(at: Mapping[str, Any]) -> Tape:
        if not last or not same(last[0][0], at):
            last[:] = [
                (at, traced_run(forward, at, [name for name in at if name not in constants], author())[0])
            ]
        return last[0][1]

    def step(**given: Any) -> Any:
        coming: list[Any] = [given[name] for name in upstream] or [np.ones(())]
        at = {name: value for name, value in given.items() if name not in upstream}
        found: dict[str, Array] = gradients(tape_of(at), coming, by)
        return tuple(found[name] for name in by)

    def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        return all(np.array_equal(one[name], value) for name, value in other.items())

    return step
