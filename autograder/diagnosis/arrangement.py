"""Are all numbers right, and only arranged in another way: a pair swapped, a key missing, keys one off?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import trees
from autograder.diagnosis.closeness import largest, same_array
from autograder.judging.evidence import Evidence
from autograder.misconceptions import Misconception
from autograder.misconceptions.arrangement import REARRANGED, Arrangement


def rearranged(evidence: Sequence[Evidence]) -> type[Misconception] | None:
    """The mistake, where every answer is the right one in one other arrangement and some differ by it."""
    if not evidence or any(e.error is not None for e in evidence):
        return None
    for entry in REARRANGED:
        for arrangement in entry.arrangements:
            if all(_is(e, arrangement) for e in evidence) and not all(_is(e, _as_asked) for e in evidence):
                return entry
    return None


def put_back(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The same with each pair in the other order, where they fit only so, by keys or shapes; else []."""
    found = [replace(e, answer=(e.answer[1], e.answer[0])) for e in evidence if e.error is None and _pair(e)]
    fits = len(found) == len(evidence) and all(map(_fits, found)) and not all(map(_fits, evidence))
    return found if fits else []


def _pair(e: Evidence) -> bool:
    return isinstance(e.answer, (tuple, list)) and isinstance(e.expected, tuple) and len(e.answer) == 2


def _fits(e: Evidence) -> bool:
    """Has the answer the keys and shapes of the expected one?"""
    return _form(e.answer) == _form(e.expected)


def _form(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _form(item) for key, item in value.items()}
    return [_form(item) for item in value] if isinstance(value, (tuple, list)) else np.shape(value)


def _as_asked(answer: Any) -> Any:
    return answer


def _is(e: Evidence, arrangement: Arrangement) -> bool:
    """Has the answer the structure, keys and numbers of the right one so arranged?"""
    try:
        expected = dict(trees.paths(arrangement(e.expected)))
        answer = dict(trees.paths(e.answer))
        if set(expected) != set(answer):
            return False
        tolerance = largest(e.bound)
        arrays = ((next(trees.arrays(answer[path])), value) for path, value in expected.items())
        return all(a.shape == v.shape and same_array(a, v, tolerance) for a, v in arrays)
    except (TypeError, ValueError, KeyError, AttributeError):
        return False
