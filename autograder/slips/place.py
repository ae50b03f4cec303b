"""Where a mistake must be: what is right on the way back, and what is not, tells between which operations."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.slips.slip import Probe, TracedRun
from autograder.tracing.gradient import Contribution, Exchange, gradients
from autograder.tracing.tape import Node, Site
from autograder.trees import Array

# Entries of an intermediate value whose gradient is looked for, and values that are tried
LARGEST, TRIED = 80, 8
# What is left of an answer that a value's gradient explains, by its size
EXPLAINED = 1e-8


def last_common_place(run: TracedRun, wrong: Sequence[str]) -> str:
    """The operation from which the way back leads to wrong gradients alone; "" where there are several.

    The gradients that are right pass their rules on the way, so the mistake lies behind it.
    """
    leads_to: dict[int, set[str]] = {}
    for node in run.tape.nodes:
        found = {str(node.options["name"])} & set(run.wanted) if node.is_input else set()
        for parent in node.parents:
            found |= leads_to[parent] if parent is not None else set()
        leads_to[node.index] = found
    alone = {index for index, names in leads_to.items() if names and names <= set(wrong)}
    first = {
        user.site: user
        for index in alone & run.live
        for user, _ in run.taken_in[index]
        if user.index in run.live and user.index not in alone
    }
    return run.text(next(iter(first.values()))) if len(first) == 1 else ""


def common_values(run: TracedRun) -> list[Node]:
    """The operations through which every way back leads, the nearest to the result first."""
    found: list[Node] = []
    earliest = len(run.tape.nodes)
    for node in reversed(run.tape.nodes):
        if node.index not in run.live:
            continue
        if earliest >= node.index and not node.is_input and node.index not in run.tape.outputs:
            found.append(node)
        earliest = min([earliest, *(p for p in node.parents if p is not None and p in run.live)])
    return found


def part_of_the_way(probes: Sequence[Probe], answers: Sequence[Any]) -> tuple[str, str] | None:
    """(from, to): the gradients that are all wrong come of one gradient in `to`, and of none in `from`.

    So the rules from `to` on are right, and there is a mistake between the two; from is "" for the result.
    None where no value's gradient explains the answers, or every answer would have one.
    """
    known = [(probe, answer) for probe, answer in zip(probes, answers, strict=True) if answer is not None]
    last, to, freedom = "", "", None
    for node in common_values(probes[0].run)[:TRIED] if known else ():
        told = [_freedom(probe, node.site, answer) for probe, answer in known]
        if None in told:
            continue
        ranks = [rank for rank in told if rank]
        if len(ranks) == len(told) and freedom in (None, ranks):
            # A function of one number can't be told from its wrong slope: go on to its input
            freedom, to = ranks, probes[0].run.name(node)
        elif freedom is None:
            last = probes[0].run.name(node)
    return (last, to) if to else None


def _freedom(probe: Probe, site: Site, answer: Mapping[str, Any]) -> int | None:
    """How many numbers are free in the answers that come of a gradient in a value; 0: this one does not.

    None where any answer comes of one, or it would take too long.
    """
    parts = [np.asarray(answer[name], dtype=float).ravel() for name in probe.run.wanted]
    given = np.concatenate(parts)
    ways = _ways_back(probe, site)
    if ways is None or len(given) != len(ways) or not np.isfinite(given).all():
        return None
    found, _, rank, _ = np.linalg.lstsq(ways, given, rcond=1e-10)
    if rank == len(given):
        return None
    gap = np.max(np.abs(ways @ found - given))
    return int(rank) if gap <= EXPLAINED * max(np.max(np.abs(given)), 1e-290) else 0


@lru_cache(maxsize=256)
def _ways_back(probe: Probe, site: Site) -> Array | None:
    """What each entry of a value's gradient gives: (entries of the answer, entries of the value)."""
    run = probe.run
    node = next(node for node in reversed(run.tape.nodes) if node.site == site)
    if node.out.size > LARGEST:
        return None
    columns = []
    for entry in np.eye(node.out.size):

        def alone(
            at: Node, parts: Sequence[Contribution], later: Mapping[int, Any], entry: Array = entry
        ) -> Any:
            return entry.reshape(at.out.shape)

        found = gradients(run.tape, probe.upstream, run.wanted, Exchange(sums={node.index: alone}))
        columns.append(np.concatenate([np.ravel(found[name]) for name in run.wanted]))
    return np.stack(columns, axis=1)
