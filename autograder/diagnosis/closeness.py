"""Are two answers the same but for rounding? Nested answers, arrays in them, and how far off they may be."""

import math
from typing import Any

import numpy as np

from autograder.judging.evidence import Evidence
from autograder.trees import arrays

# Relative to an array's largest entry: rounding is below, the catalogue's formulas differ by far more.
CLOSE = 1e-7
# The same for an answer in float32.
CLOSE_FLOAT32 = 2e-5
# Below every number that an array's rounding is measured against, and above 0.
TINY = 1e-290


def largest(bound: Any) -> float:
    """The largest entry of a bound; 0 without one."""
    return 0.0 if bound is None else max((float(np.max(b, initial=0)) for b in arrays(bound)), default=0.0)


def same(left: Any, right: Any, tolerance: float = 0.0) -> bool:
    """Equal structure and shapes, and entries equal but for rounding; nan and inf agree with nan and inf.

    tolerance: rounding that may be left where an array is 0 but for it.
    """
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return same_array(left, right, tolerance)
    try:
        pairs = list(zip(arrays(left), arrays(right), strict=True))
    except (TypeError, ValueError):
        return False
    return all(same_array(u, v, tolerance) for u, v in pairs)


def within(answer: Any, expected: Any, bound: Any) -> bool:
    """Is every entry as close to what is expected as its bound says?"""
    try:
        triples = list(zip(arrays(answer), arrays(expected), arrays(bound), strict=True))
    except (TypeError, ValueError):
        return False
    return all(
        u.dtype.kind in "fiub" and u.shape == v.shape and bool(np.all(np.abs(u.astype(np.float64) - v) <= b))
        for u, v, b in triples
    )


def is_right(e: Evidence) -> bool:
    """Is this case's answer right, but for rounding or a float32's digits?"""
    return same(e.answer, e.expected) or within(e.answer, e.expected, e.bound)


def right(answer: Any, expected: Any, bound: Any) -> bool:
    """Is this answer right, but for rounding or a float32's digits?"""
    return same(answer, expected) or (bound is not None and within(answer, expected, bound))


def _alike(u: np.ndarray, v: np.ndarray) -> bool:
    """One number is one number; (n,) stands for (n, 1), as in the judge."""
    if u.size == v.size == 1:
        return True
    return (*u.shape, 1) == v.shape or (*v.shape, 1) == u.shape


def same_array(u: np.ndarray, v: np.ndarray, tolerance: float = 0.0) -> bool:
    """Equal shapes, and entries equal but for rounding relative to the largest."""
    if u.shape != v.shape and not _alike(u, v):
        return False
    if u.dtype.kind not in "fiub" or v.dtype.kind not in "fiub":
        return False
    if u.size == 0:
        return True
    close = CLOSE_FLOAT32 if u.dtype == np.float32 or v.dtype == np.float32 else CLOSE
    size = float(np.abs(u).max())
    if size < math.inf:
        # Most formulas differ at once: look at one entry first.
        probe = abs(float(u.item(u.size - 1)) - float(v.item(v.size - 1)))
        if probe > 2 * close * size + tolerance + TINY:
            return False
    a, b = u.astype(np.float64).reshape(v.shape), v.astype(np.float64)
    finite = np.isfinite(b)
    if not finite.all():
        if not np.array_equal(np.isfinite(a), finite):
            return False
        a, b = a[finite], b[finite]
        if b.size == 0:
            return True
    gap = float(np.abs(a - b).max())
    return (
        gap < math.inf
        and gap <= close * max(float(np.abs(a).max()), float(np.abs(b).max()), TINY) + tolerance
    )
