"""Values that the backward pass works out anew, and gets wrong: a constant or a target left out."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.slips.slip import SELDOM, USUAL, Slip, TracedRun, at_values
from autograder.tracing.tape import Node


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        constants = [
            i for i, parent in enumerate(node.parents) if parent is None or parent not in run.depends
        ]
        if (
            len(node.parents) != 2
            or len(constants) != 1
            or node.op not in ("add", "subtract", "multiply", "divide")
        ):
            continue
        kept = 1 - constants[0]
        names = {"text": run.text(node), "constant": run.operand(node, constants[0])}
        yield Slip("constant_left_out", names, at_values(node.site, _only(kept)), _rank(node))


def _only(kept: int) -> Any:
    def forward(x: Any, y: Any) -> Any:
        return np.broadcast_to((x, y)[kept], np.broadcast_shapes(np.shape(x), np.shape(y)))

    return forward


def _rank(node: Node) -> int:
    return USUAL if node.op in ("add", "subtract") else SELDOM
