"""A forward pass as its author states it: run on drawn values, traced, differentiated, certified."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder._language import _
from autograder.tracing.certify import disagreement, real_buffers_allowed
from autograder.tracing.gradient import gradients
from autograder.tracing.lists import is_layered
from autograder.tracing.source import Author
from autograder.tracing.tape import NotTraceable, Tape
from autograder.tracing.trace import as_tuple, traced_run
from autograder.trees import Array, copy_value

# Of the largest entry: what a tape's gradient may differ by from one by differences
AGREES = 1e-6


@dataclass(frozen=True, eq=False)
class TracedCase:
    """One case's run on the tape. sizes: what the letters stand for. upstream: a gradient for each result."""

    tape: Tape
    author: Author
    sizes: Mapping[str, int]
    upstream: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """A function of named arguments, and the gradients that are asked of it.

    upstream: the names of the gradients that come in, one for each result; () for a loss. gradients: the
    arguments whose gradients are asked, results: what the diagnosis calls these. try_out: values and sizes
    of an ordinary case. layered: arguments that are lists or dicts of arrays. only_names: the tape names
    mistakes, and nothing is kept of the points for one that is named.
    """

    function: Callable[..., Any]
    upstream: tuple[str, ...]
    gradients: tuple[str, ...]
    results: tuple[str, ...]
    try_out: Callable[[], tuple[Mapping[str, Any], Mapping[str, int]]] = field(repr=False)
    layered: tuple[str, ...] = ()
    only_names: bool = False

    @cached_property
    def author(self) -> Author:
        return Author(self.function)

    @cached_property
    def problem(self) -> str:
        """Why it can't be traced, with the line; "" where it can."""
        values, sizes = self.try_out()
        if not self.author.is_read:
            return _(
                "{function}: its text can't be read, and a mistake is told in its words; write it in a file",
                function=self.function.__name__,
            )
        try:
            found = self.trace(
                values, sizes, self.draw_upstream(np.random.Generator(np.random.PCG64(3)), values)
            )
        except NotTraceable as error:
            return str(error)
        gap, way = self.gap(values, found)
        if gap <= 1:
            return ""
        return _(
            "{function}: the traced gradient is not that of {way}: it has a jump or a kink there",
            function=self.function.__name__,
            way=_(way),
        )

    def outputs(self, values: Mapping[str, Any]) -> tuple[Array, ...]:
        """Its results, as arrays."""
        with np.errstate(all="ignore"):
            return tuple(np.asarray(item) for item in as_tuple(self.function(**_copied(values))))

    def draw_upstream(self, rng: np.random.Generator, values: Mapping[str, Any]) -> tuple[Array, ...]:
        """A normal gradient for each result; 1 for a loss. ValueError where they are not as many."""
        shapes = [out.shape for out in self.outputs(values)]
        if not self.upstream:
            if shapes != [()]:
                raise ValueError(
                    f"traced {self.function.__name__}: without upstream a loss was expected, one number; it "
                    f"gives {' and '.join(map(str, shapes))}; name a gradient for each result in upstream"
                )
            return (np.ones(()),)
        if len(shapes) != len(self.upstream):
            raise ValueError(
                f"traced {self.function.__name__}: upstream names {len(self.upstream)}, "
                f"the forward pass gives {len(shapes)} results; name one gradient for each"
            )
        return tuple(np.asarray(rng.normal(size=shape)) for shape in shapes)

    def trace(
        self, values: Mapping[str, Any], sizes: Mapping[str, int], upstream: Sequence[Array]
    ) -> TracedCase:
        """Its run on these values. NotTraceable where an operation has no rule."""
        floats = [
            name
            for name, value in values.items()
            if name in self.gradients
            or is_layered(value)
            or (np.ndim(value) and np.asarray(value).dtype.kind == "f")
        ]
        tape, author = traced_run(self.function, values, floats, self.author)
        tape.lengths = dict(sizes)
        return TracedCase(tape, author, sizes, tuple(upstream))

    def traced_beside(
        self, values: Mapping[str, Any], sizes: Mapping[str, int], right: Mapping[str, Array]
    ) -> TracedCase | None:
        """A loss's run, to name mistakes by; None where it can't be traced or its gradients are others."""
        if self.problem:
            return None
        try:
            found = self.trace(values, sizes, (np.ones(()),))
        except NotTraceable:
            return None
        mine = self.gradients_of(found)
        near = (
            np.allclose(mine[name], right[name], rtol=0, atol=AGREES * max(1.0, np.max(np.abs(right[name]))))
            for name in self.gradients
        )
        return found if all(near) else None

    def gradients_of(self, case: TracedCase) -> dict[str, Array]:
        """The gradients by the tape."""
        with np.errstate(all="ignore"):
            return gradients(case.tape, case.upstream, self.gradients)

    def gap(self, values: Mapping[str, Any], case: TracedCase) -> tuple[float, str]:
        """How far they are from those of the complex step or of differences: see tracing.certify."""
        return disagreement(self.function, values, case.tape, case.upstream, self.gradients)

    def loss(self, values: Mapping[str, Any], upstream: Sequence[Array]) -> Any:
        """The number whose gradients are asked: the results weighed by the gradients that come in."""
        with real_buffers_allowed():
            found = as_tuple(self.function(**_copied(values)))
        return sum(np.sum(g * np.asarray(out)) for g, out in zip(upstream, found, strict=True))


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: copy_value(value) for name, value in values.items()}
