"""Twins: two exercises that ask for the same in other clothes, one for each variant of the graded set."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.exercises.exercise import Exercise
from autograder.exercises.forward_pass import ForwardPass
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.lists import ENTRY

VARIANTS = ("A", "B")


@dataclass(frozen=True, eq=False)
class Twins:
    """One place of a graded assignment: the ideas that it asks for, and an exercise for each variant.

    form: what it asks for that a general differentiator can't give, "" where numbers alone are asked.
    """

    ideas: tuple[str, ...]
    by_variant: Mapping[str, Exercise]
    form: str = ""


def steps_of(passed: ForwardPass) -> Counter[str]:
    """What is to be undone on the way back, by kind: products, sums, results; each place of a loop once.

    Functions of single entries count once: how many NumPy calls write one of them is a matter of taste. So is
    whether a bias is an array or a row of another.
    """
    values, sizes = passed.try_out()
    upstream = passed.draw_upstream(np.random.Generator(np.random.PCG64(3)), values)
    tape = passed.trace(values, sizes, upstream).tape
    kinds = Counter({"results": len(tape.outputs)})
    for op, _ in {(node.op, node.site) for node in tape.nodes}:
        if op in ELEMENTWISE or op == "where":
            kinds["function of entries"] = 1
        elif op not in ("input", ENTRY, "getitem"):
            kinds[op] += 1
    return kinds
