"""Nested answers: dicts keyed by the layer, tuples, lists, and arrays or numbers at their ends."""

from typing import Any

import numpy as np


def copy_value(value: Any) -> Any:
    """A copy that shares no array with the original; functions and numbers are passed on."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):  # by far the most are dicts of arrays
        return {
            key: item.copy() if type(item) is np.ndarray else copy_value(item) for key, item in value.items()
        }
    if isinstance(value, tuple):
        return tuple(copy_value(item) for item in value)
    if isinstance(value, list):
        return [copy_value(item) for item in value]
    return value


def rescale(answer: Any, factor: float) -> Any:
    """The answer with every array times factor, its structure kept."""
    if isinstance(answer, dict):
        return {key: rescale(item, factor) for key, item in answer.items()}
    if isinstance(answer, (tuple, list)):
        return tuple(rescale(item, factor) for item in answer)
    if isinstance(answer, (np.ndarray, np.generic, float, int)):
        values = np.asarray(answer)
        with np.errstate(all="ignore"):  # an answer near the largest float overflows: it was wrong anyway
            return values * factor if values.dtype.kind in "fiub" else answer
    return answer
