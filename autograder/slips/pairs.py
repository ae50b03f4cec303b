"""Which two slips together may give an answer: found by their rows, before anything is worked out."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice
from typing import Any

import numpy as np

from autograder.slips.rows import agree, direction, key_of, tolerance
from autograder.slips.slip import SELDOM, Slip
from autograder.slips.stories import FACTORS
from autograder.tracing.gradient import Exchange
from autograder.trees import Array

# Sums of two changes that are looked at for one answer
MOST = 400


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
    likely = np.array(_distinct(slips, table), dtype=int)
    if likely.size:
        yield from _with_a_factor(slips, table, right, row, rests, likely)
        yield from islice(_that_add_up(table, right, row, likely), MOST)


def on_one_path(slips: Sequence[Slip], table: Array) -> Iterator[tuple[int, int]]:
    """Pairs of common slips, of which nothing is known before they are worked out."""
    common = [i for i in _distinct(slips, table) if slips[i].rank == 0 and slips[i].kind not in FACTORS]
    return combinations(common, 2)


def _with_a_factor(
    slips: Sequence[Slip], table: Array, right: Array, row: Array, rests: Array, likely: Array
) -> Iterator[tuple[int, int]]:
    """A factor on whole gradients, and any other slip."""
    for f in (i for i in likely if slips[i].kind in FACTORS):
        with np.errstate(all="ignore"):
            by = table[f][..., 1] / right[..., 1]
            scaled = np.stack([row[..., 0], row[..., 1] / by, row[..., 2] / np.abs(by)], axis=-1)
        if not np.isfinite(scaled).all():
            continue
        for k in np.flatnonzero(agree(table[likely], scaled, tolerance(scaled, rests)).all(axis=1)):
            if slips[likely[k]].kind not in FACTORS:
                yield int(likely[k]), int(f)


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


def _distinct(slips: Sequence[Slip], table: Array) -> list[int]:
    """The likeliest slip of each set with the same numbers, likelier sets first; seldom ones left out."""
    seen: dict[Any, int] = {}
    for i in sorted(range(len(slips)), key=lambda i: (slips[i].rank, i)):
        seen.setdefault(key_of(table[i]), i)
    return [i for i in seen.values() if slips[i].rank < SELDOM]
