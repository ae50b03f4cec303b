"""A tape: every operation of one run of a forward pass, in the order in which they happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from autograder.errors import GraderError
from autograder.trees import Array

# Where an operation stands: the position of its expression in each of the author's frames, innermost first.
Site: TypeAlias = tuple[Any, ...]


class NotTraceable(GraderError):
    """The forward pass does something that has no rule on the tape; str() says what and in which line."""


@dataclass(slots=True, eq=False)
class Node:
    """One operation: what it got, what it gave, and where it stands.

    parents: for each of its inputs the index of the node that made it, None for a constant. values: the
    inputs themselves. options: what else the operation was told (an axis, a key). site: the same for every
    turn of a loop.
    """

    index: int
    op: str
    parents: tuple[int | None, ...]
    values: tuple[Any, ...]
    out: Array
    options: Mapping[str, Any]
    site: Site

    @property
    def is_input(self) -> bool:
        return self.op == "input"


@dataclass(frozen=True)
class Primitive:
    """An operation with its rule: forward(*values, **options) and backward(node, place, g).

    backward gives what the upstream gradient g (of out's shape) is worth to the input at that place, in its
    shape.
    """

    name: str
    forward: Callable[..., Any]
    backward: Callable[[Node, int, Array], Array]


PRIMITIVES: dict[str, Primitive] = {}


def primitive(
    name: str, forward: Callable[..., Any], backward: Callable[[Node, int, Array], Array]
) -> Primitive:
    """Adds an operation to those that a tape can hold."""
    PRIMITIVES[name] = Primitive(name, forward, backward)
    return PRIMITIVES[name]


@dataclass(eq=False)
class Tape:
    """The nodes of one run; inputs by the argument's name, outputs by their place in what the function
    returned.
    """

    nodes: list[Node] = field(default_factory=list)
    inputs: dict[str, int] = field(default_factory=dict)
    outputs: tuple[int, ...] = ()
    # Of the axes, by letter
    lengths: dict[str, int] = field(default_factory=dict)

    def add_input(self, name: str, value: Any) -> int:
        """The index of a new node that holds an argument."""
        self.inputs[name] = self._append("input", (), (), np.asarray(value, dtype=float), {"name": name}, ())
        return self.inputs[name]

    def record(
        self,
        op: str,
        parents: Sequence[int | None],
        values: Sequence[Any],
        options: Mapping[str, Any],
        site: Site,
    ) -> int:
        """Do the operation and keep it; the index of its node."""
        out = PRIMITIVES[op].forward(*values, **options)
        return self._append(op, tuple(parents), tuple(values), np.asarray(out), options, site)

    def _append(self, op: str, parents: Any, values: Any, out: Array, options: Any, site: Site) -> int:
        self.nodes.append(Node(len(self.nodes), op, parents, values, out, options, site))
        return len(self.nodes) - 1

    def at(self, site: Site, op: str) -> list[Node]:
        """The nodes of one place in the source, one for each turn of the loops around it."""
        return [node for node in self.nodes if node.site == site and node.op == op]

    def consumers(self) -> dict[int, list[tuple[Node, int]]]:
        """For each node the (node, place) pairs that take it in."""
        found: dict[int, list[tuple[Node, int]]] = {node.index: [] for node in self.nodes}
        for node in self.nodes:
            for place, parent in enumerate(node.parents):
                if parent is not None:
                    found[parent].append((node, place))
        return found


def replay(tape: Tape, exchanged: Mapping[int, Callable[..., Any]]) -> Tape:
    """The same run again, with some operations done otherwise.

    exchanged[index](*values, **options) gives the value of that node; an input has no values.
    """
    again = Tape(inputs=dict(tape.inputs), outputs=tape.outputs, lengths=tape.lengths)
    for node in tape.nodes:
        values = tuple(
            value if parent is None else again.nodes[parent].out
            for value, parent in zip(node.values, node.parents, strict=True)
        )
        forward = exchanged.get(node.index, None if node.is_input else PRIMITIVES[node.op].forward)
        out = node.out if forward is None else np.asarray(forward(*values, **node.options))
        again._append(node.op, node.parents, values, out, node.options, node.site)
    return again
