"""Is a second answer the first one again, and are the arguments after a call what they were before?"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.trees import Value


def same_values(first: Any, second: Any, slack: float = 0.0) -> bool:
    """Are two values the same in structure, dtype and every entry (NaN equals NaN)? slack is absolute."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_values(first[k], second[k], slack) for k in first)
    if isinstance(first, (tuple, list)) and isinstance(second, (tuple, list)):
        return len(first) == len(second) and all(
            same_values(a, b, slack) for a, b in zip(first, second, strict=True)
        )
    if isinstance(first, (np.ndarray, np.generic, float, int)) and isinstance(
        second, (np.ndarray, np.generic, float, int)
    ):
        a, b = np.asarray(first), np.asarray(second)
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        if a.tobytes() == b.tobytes():
            return True
        if a.dtype.kind != "f":
            return bool(np.array_equal(a, b))
        # Memory alignment may change the order of a sum; a state or a random number changes far more than
        # this.
        scale = float(np.max(np.abs(b), initial=0.0, where=np.isfinite(b)))
        eps = float(np.finfo(a.dtype).eps)
        return bool(np.allclose(a, b, rtol=4 * eps, atol=4 * eps * scale + slack, equal_nan=True))
    if isinstance(first, (str, bool, type(None))) or isinstance(second, (str, bool, type(None))):
        return type(first) is type(second) and bool(first == second)
    return type(first) is type(second)


def unchanged(before: Sequence[Value], after: Sequence[Value], restores: bool = False) -> bool:
    """Are the arguments after a call what they were, bit by bit?

    restores: z[i] += h; z[i] -= 2h; z[i] += h comes back but for the last digit, which is no change.
    """
    pairs = zip(after, before, strict=True)
    if not restores:
        return all(_identical(a, b) for a, b in pairs)
    sizes = [float(np.max(np.abs(b), initial=0)) for b in before if isinstance(b, np.ndarray)]
    slack = 4e-15 * max(sizes, default=0.0) + 1e-15
    return all(same_values(a, b, slack) for a, b in pairs if isinstance(b, np.ndarray))


def _identical(first: Value, second: Value) -> bool:
    if first is second or isinstance(second, str):
        return True
    if isinstance(first, dict) and isinstance(second, dict):
        if first.keys() != second.keys():
            return False
        return all(_identical(item, second[key]) for key, item in first.items())
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return (
            first.shape == second.shape
            and first.dtype == second.dtype
            and first.tobytes() == second.tobytes()
        )
    return isinstance(second, (float, int)) or same_values(first, second) or callable(second)


def form(value: Value) -> Any:
    """The shapes of all arrays in a call's arguments, and the names among them."""
    if isinstance(value, np.ndarray):
        return value.shape
    if isinstance(value, dict):
        return tuple(map(form, value.values()))
    if isinstance(value, tuple):
        return tuple(map(form, value))
    return value if isinstance(value, str) else None
