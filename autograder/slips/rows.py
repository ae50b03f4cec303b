"""Answers as rows of a few numbers: a shape, a projection and a size for each probe and gradient."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from autograder.trees import Array

# Gradients by the argument's name
Answer: TypeAlias = Mapping[str, Any]
# Of an array's largest entry: rounding is far below, another formula far above
SAME_ROW = 1e-6
# Of the largest gradient on the way: what rounding leaves where 0 is right
REST = 1e-12
NO_SHAPE = -1.0


@lru_cache(maxsize=512)
def direction(size: int) -> Array:
    """A vector of this size on which arrays are projected, the same in every run."""
    return np.random.Generator(np.random.PCG64(size)).uniform(0.5, 1.5, size) * np.where(
        np.arange(size) % 2, -1.0, 1.0
    )


def _entries(value: Any) -> tuple[float, float, float]:
    """(shape, projection, size) of an array; a shape as one number that no other shape of an exercise has."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return NO_SHAPE, 0.0, 0.0
    shape = float(hash(array.shape) % 1_000_003)
    if not np.isfinite(array).all():
        return shape, np.nan, np.nan
    flat = array.ravel()
    size = float(np.abs(flat).max()) if flat.size else 0.0
    return shape, float(flat @ direction(flat.size)), size


def row_of(answers: Sequence[Answer | None], wanted: Sequence[str]) -> Array:
    """(probes, gradients, 3); None stands for a formula that raised."""
    nothing = [(NO_SHAPE, 0.0, 0.0)] * len(wanted)
    return np.array([nothing if a is None else [_entries(a[name]) for name in wanted] for a in answers])


def tolerance(row: Array, rests: Array) -> Array:
    """How far a projection may be off, by probe and gradient; rests: what is as good as 0, by probe."""
    sizes = np.where(np.isfinite(row[..., 2]), row[..., 2], 0.0)
    return np.asarray(SAME_ROW * sizes + rests[:, None])


def agree(table: Array, row: Array, allowed: Array) -> Array:
    """Which rows of a table have the same shapes and projections on all probes: (rows, gradients)."""
    with np.errstate(all="ignore"):
        near = np.abs(table[..., 1] - row[..., 1]) <= 20 * allowed
    both_nan = np.isnan(table[..., 1]) & np.isnan(row[..., 1])
    return ((table[..., 0] == row[..., 0]) & (near | both_nan)).all(axis=1)


def key_of(row: Array) -> tuple[bytes, bytes]:
    """The same for rows that are equal but for rounding."""
    scale = np.maximum(row[..., 2], 1e-290)
    # One that is off by a factor is another row: the size counts too
    numbers = np.stack([row[..., 1] / scale, np.log(scale)])
    return row[..., 0].tobytes(), np.round(numbers, 5).tobytes()


def same_rows(mine: Any, theirs: Any, rest: float = 0.0) -> bool:
    """Are two arrays equal but for rounding, number by number? rest: what it may leave where 0 is right."""
    try:
        a, b = np.asarray(mine, dtype=float), np.asarray(theirs, dtype=float)
    except (TypeError, ValueError):
        return False
    if a.shape != b.shape:
        return False
    size = float(np.max(np.abs(b), initial=0, where=np.isfinite(b)))
    return bool(np.allclose(a, b, rtol=0, atol=SAME_ROW * size + rest + 1e-290, equal_nan=True))
