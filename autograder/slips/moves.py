"""Indices, slices, reshapes and padding: repeats that are lost, numbers put back in the wrong order or
place.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograder.slips.slip import COMMON, SELDOM, USUAL, Slip, TracedRun, at_edges
from autograder.tracing.gradient import Contribution, Exchange, add_up
from autograder.tracing.tape import PRIMITIVES, Node, Tape
from autograder.trees import Array


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    for node in run.sites():
        if not list(run.places(node)):
            continue
        names = {"text": run.text(node), "of": run.operand(node, 0)}
        if node.op == "getitem":
            if _fancy(node):
                yield Slip("repeats_lost", names, at_edges(node.site, 0, _assigned), COMMON)
                yield Slip("repeats_averaged", names, at_edges(node.site, 0, _averaged), SELDOM)
            yield from _exchanged_parts(run, node)
            yield Slip("slice_handed_on", names, at_edges(node.site, 0, lambda n, p, g: g), SELDOM)
            if not node.out.ndim or _fancy(node):
                yield Slip("everywhere", names, at_edges(node.site, 0, _everywhere), SELDOM)
            if run.turns(node.site) > 1:
                yield from _overwritten(run, node)
        elif node.op == "reshape":
            yield Slip("other_order", names, at_edges(node.site, 0, _fortran), USUAL)
            yield Slip("not_shaped_back", names, at_edges(node.site, 0, lambda n, p, g: g), USUAL)
        elif node.op == "transpose" and node.options["axes"] is not None:
            yield Slip("axes_not_moved_back", names, at_edges(node.site, 0, lambda n, p, g: g), USUAL)
            yield Slip("reshaped_for_transposed", names, at_edges(node.site, 0, _reshaped), USUAL)
        elif node.op == "transpose":
            yield Slip("reshaped_for_transposed", names, at_edges(node.site, 0, _reshaped), USUAL)
        elif node.op == "pad":
            yield Slip("padding_kept", names, at_edges(node.site, 0, lambda n, p, g: g), COMMON)
            yield Slip("padding_cut_at_end", names, at_edges(node.site, 0, _from_the_start), COMMON)
        elif node.op == "concatenate":
            yield from _parts(run, node)
        elif node.op == "repeat":
            yield Slip("repeats_averaged", names, at_edges(node.site, 0, _first_of_repeats), SELDOM)
        elif node.op == "cumsum":
            yield Slip("not_reversed", names, at_edges(node.site, 0, _not_reversed), COMMON)
            yield Slip("slice_handed_on", names, at_edges(node.site, 0, lambda n, p, g: g), USUAL)
        elif node.op == "flip":
            yield Slip("not_flipped_back", names, at_edges(node.site, 0, lambda n, p, g: g), COMMON)
        elif node.op == "roll":
            yield Slip("not_flipped_back", names, at_edges(node.site, 0, lambda n, p, g: g), COMMON)
            yield Slip("rolled_on", names, at_edges(node.site, 0, _rolled_on), COMMON)


def _exchanged_parts(run: TracedRun, node: Node) -> Iterator[Slip]:
    """Of a split into parts, two are put back in each other's place."""
    place = run.author.place(node.site)
    count = len(place.names)
    for one, other in combinations(range(count), 2):
        names = {"one": place.names[one], "other": place.names[other], "of": run.operand(node, 0)}

        def exchange(tape: Tape, one: int = one, other: int = other) -> Exchange:
            nodes = [n for n in tape.nodes if n.site == node.site]
            swapped = {}
            for turn in range(0, len(nodes), count):
                a, b = nodes[turn + one], nodes[turn + other]
                swapped[a.index, 0], swapped[b.index, 0] = (
                    _put_at(b.options["key"]),
                    _put_at(a.options["key"]),
                )
            return Exchange(edges=swapped)

        yield Slip("exchanged_parts", names, exchange, COMMON)


def _overwritten(run: TracedRun, node: Node) -> Iterator[Slip]:
    """Slices that a loop takes: their gradients assigned, in the order of the turns or backwards."""
    parent = run.tape.nodes[node.parents[0] or 0]
    slices = [user for user, _ in run.taken_in[parent.index] if user.site == node.site]
    covered = np.zeros(parent.out.shape)
    for one in slices:
        covered[one.options["key"]] += 1
    if covered.max(initial=0) < 2:
        return
    for step in (1, -1):

        def exchange(tape: Tape, step: int = step) -> Exchange:
            def rule(at: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
                here = [part for part in parts if part.site == node.site]
                if not here:
                    return add_up(at, parts, later)
                found = np.zeros(at.out.shape)
                for part in sorted(here, key=lambda part: step * part.consumer):
                    key = tape.nodes[part.consumer].options["key"]
                    found[key] = part.value[key]
                others = [part for part in parts if part not in here]
                return found + add_up(at, others, later) if others else found

            parents = {one.parents[0] for one in tape.nodes if one.site == node.site}
            return Exchange(sums={index: rule for index in parents if index is not None})

        names = {"text": run.text(node), "of": run.operand(node, 0)}
        yield Slip("slices_overwritten", names, exchange, COMMON)


def _everywhere(node: Node, place: int, g: Array) -> Any:
    """What comes back for single entries, given to all entries alike: their mean where they are several."""
    return np.full(np.shape(node.values[0]), np.mean(g))


def _put_at(key: Any) -> Any:
    def rule(node: Node, place: int, g: Array) -> Any:
        found = np.zeros(np.shape(node.values[0]))
        found[key] = g
        return found

    return rule


def _fancy(node: Node) -> bool:
    key = node.options["key"]
    return any(
        isinstance(k, np.ndarray) and k.dtype.kind in "iu"
        for k in (key if isinstance(key, tuple) else (key,))
    )


def _assigned(node: Node, place: int, g: Array) -> Any:
    found = np.zeros(np.shape(node.values[0]))
    found[node.options["key"]] = g
    return found


def _averaged(node: Node, place: int, g: Array) -> Any:
    total, times = np.zeros(np.shape(node.values[0])), np.zeros(np.shape(node.values[0]))
    np.add.at(total, node.options["key"], g)
    np.add.at(times, node.options["key"], 1.0)
    return total / np.maximum(times, 1)


def _fortran(node: Node, place: int, g: Array) -> Any:
    return np.reshape(g, np.shape(node.values[0]), order="F")


def _reshaped(node: Node, place: int, g: Array) -> Any:
    return np.reshape(g, np.shape(node.values[0]))


def _from_the_start(node: Node, place: int, g: Array) -> Any:
    return g[tuple(slice(0, n) for n in np.shape(node.values[0]))]


def _first_of_repeats(node: Node, place: int, g: Array) -> Any:
    repeats = node.options["repeats"]
    axis = node.options["axis"] or 0
    return np.take(g, np.arange(0, g.shape[axis], int(np.max(repeats))), axis=axis)


def _not_reversed(node: Node, place: int, g: Array) -> Any:
    return np.cumsum(g, axis=node.options["axis"])


def _rolled_on(node: Node, place: int, g: Array) -> Any:
    return np.roll(g, node.options["shift"], axis=node.options["axis"])


def _parts(run: TracedRun, node: Node) -> Iterator[Slip]:
    """A part of a concatenation gets another part's slice."""
    for place in run.places(node):
        for other in range(len(node.values)):
            if other == place or np.shape(node.values[other]) != np.shape(node.values[place]):
                continue

            def rule(n: Node, p: int, g: Array, other: int = other) -> Any:
                return PRIMITIVES[n.op].backward(n, other, g)

            names = {"text": run.text(node), "of": run.name(run.tape.nodes[node.parents[place] or 0])}
            yield Slip("other_part", names, at_edges(node.site, place, rule), USUAL)
