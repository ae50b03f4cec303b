"""Which two slips together may give an answer: found by their rows, before anything is worked out."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice
from typing import Any

import numpy as np

from autograder.slips.rows import agree, direction, key_of, tolerance
from autograder.slips.slip import SELDOM, Slip
from autograder.slips.stories import FACTORS
from autograder.tracing.gradient import Exchange
from autograder.tracing.tape import Tape
from autograder.trees import Array

# Sums of two changes that are looked at for one answer
MOST = 400
# Slips that people make two at a time
EVERYDAY = {
    "constant",
    "mean_for_sum",
    "no_denominator",
    "no_factor",
    "no_mask",
    "no_minus",
    "no_one_over_n",
    "no_slope",
    "not_summed",
    "only_path",
    "path",
    "path_into",
}


def together(one: Slip, other: Slip) -> Callable[..., Exchange]:
    """Both slips in one backward pass. ValueError from it where both change one rule."""

    def exchange(tape: Any) -> Exchange:
        both = one.exchange(tape).and_also(other.exchange(tape))
        if both is None:
            raise ValueError("both change the same rule")
        return both

    return exchange


def candidates(
    slips: Sequence[Slip], table: Array, right: Array, row: Array, rests: Array
) -> Iterator[tuple[int, int]]:
    """Pairs of slips by their places: a factor and another slip; two whose changes add up."""
    likely = np.array(distinct(slips, table), dtype=int)
    if likely.size:
        yield from _with_a_factor(slips, table, right, row, rests, likely)
        yield from islice(_that_add_up(table, right, row, likely), MOST)


def on_one_path(slips: Sequence[Slip], table: Array, tape: Tape) -> Iterator[tuple[int, int]]:
    """Pairs of common slips, one behind the other: nothing is known of them before they are worked out."""
    common = [i for i in distinct(slips, table) if slips[i].rank == 0 and slips[i].kind not in FACTORS]
    common.sort(key=lambda i: slips[i].kind not in EVERYDAY)
    touched = {i: _touched(slips[i], tape) for i in common}
    before = {i: _ancestors(tape, touched[i]) for i in common}
    for i, k in sorted(combinations(range(len(common)), 2), key=sum):
        one, other = common[i], common[k]
        if touched[one] & before[other] or touched[other] & before[one]:
            yield one, other


def _touched(slip: Slip, tape: Tape) -> set[int]:
    """The nodes at which a slip exchanges something."""
    made = slip.exchange(tape)
    at_edges = {index for index, _ in (*made.edges, *made.upstream)}
    return at_edges | set(made.sums) | set(made.values)


def _ancestors(tape: Tape, nodes: set[int]) -> set[int]:
    """What these nodes are made of, themselves left out."""
    found: set[int] = set()
    todo = list(nodes)
    while todo:
        parents = [parent for parent in tape.nodes[todo.pop()].parents if parent is not None]
        todo += [parent for parent in parents if parent not in found]
        found.update(parents)
    return found


def _with_a_factor(
    slips: Sequence[Slip], table: Array, right: Array, row: Array, rests: Array, likely: Array
) -> Iterator[tuple[int, int]]:
    """A factor on whole gradients, and any other slip."""
    factors = [i for i in likely if slips[i].kind in FACTORS or _is_a_factor(table[i], right)]
    for f in factors:
        with np.errstate(all="ignore"):
            by = table[f][..., 1] / right[..., 1]
            scaled = np.stack([row[..., 0], row[..., 1] / by, row[..., 2] / np.abs(by)], axis=-1)
        if not np.isfinite(scaled).all():
            continue
        for k in np.flatnonzero(agree(table[likely], scaled, tolerance(scaled, rests)).all(axis=1)):
            if likely[k] not in factors:
                yield int(likely[k]), int(f)


def _is_a_factor(row: Array, right: Array) -> bool:
    """Is every gradient the right one times one number? A mean's 1/n that is left out is, at the end."""
    with np.errstate(all="ignore"):
        by = row[..., 1] / right[..., 1]
        sizes = row[..., 2] / right[..., 2]
    same = (row[..., 0] == right[..., 0]).all() and np.isfinite(by).all()
    return bool(
        same and np.allclose(by, by[:, :1], rtol=1e-6, atol=0) and np.allclose(np.abs(by), sizes, rtol=1e-6)
    )


def _that_add_up(table: Array, right: Array, row: Array, likely: Array) -> Iterator[tuple[int, int]]:
    """Slips on different paths: the change by both is the sum of the changes by each."""
    if not ((row[..., 0] == right[..., 0]).all() and np.isfinite(row[..., 1]).all()):
        return
    rows = table[likely]
    shaped = (rows[..., 0] == right[..., 0]).all(axis=(1, 2)) & np.isfinite(rows[..., 1]).all(axis=(1, 2))
    places = likely[shaped]
    size = np.maximum(np.maximum(row[..., 2], right[..., 2]), 1e-290)
    changes = ((rows[shaped][..., 1] - right[..., 1]) / size).reshape(len(places), -1)
    wanted = ((row[..., 1] - right[..., 1]) / size).ravel()
    weights = direction(wanted.size) / wanted.size
    sums = changes @ weights
    order = np.argsort(sums)
    rest = wanted @ weights - sums
    low, high = (np.searchsorted(sums[order], rest + gap) for gap in (-1e-4, 1e-4))
    for i in np.flatnonzero(high > low):
        for k in order[low[i] : high[i]]:
            if k > i and np.allclose(changes[i] + changes[k], wanted, rtol=0, atol=1e-4):
                yield int(places[i]), int(places[k])


def distinct(slips: Sequence[Slip], table: Array) -> list[int]:
    """The likeliest slip of each set with the same numbers, likelier sets first; seldom ones left out."""
    seen: dict[Any, int] = {}
    for i in sorted(range(len(slips)), key=lambda i: (slips[i].rank, i)):
        seen.setdefault(key_of(table[i]), i)
    return [i for i in seen.values() if slips[i].rank < SELDOM]
