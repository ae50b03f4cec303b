"""Are all numbers right, and only arranged in another way: a pair swapped, a key missing, keys one off?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import trees
from autograder.diagnosis.closeness import largest, same_array
from autograder.judging.evidence import Evidence
from autograder.misconceptions import Misconception
from autograder.misconceptions.arrangement import (
    REARRANGED,
    Arrangement,
    PairInOtherOrder,
    ResultsInAnotherOrder,
)

# The tag of cases in which gradient_check's verdict may be either: at a kink.
EITHER = "either"


def rearranged(evidence: Sequence[Evidence]) -> type[Misconception] | None:
    """The mistake, where every answer is the right one in one other arrangement and some differ by it."""
    if not evidence or any(e.error is not None for e in evidence):
        return None
    order = _order(evidence)
    if order is not None and order != sorted(order):
        return PairInOtherOrder if len(order) == 2 else ResultsInAnotherOrder
    for entry in REARRANGED:
        for arrangement in entry.arrangements:
            if all(_is(e, arrangement) for e in evidence) and not all(_is(e, _as_asked) for e in evidence):
                return entry
    return None


def _order(evidence: Sequence[Evidence]) -> list[int] | None:
    """Which of the expected results each of an answer's is, in all answers alike; None where one is none.

    Not every case asks for all results (gradient_check's errors): what is not asked may stand anywhere.
    """
    count = max(len(e.expected) if isinstance(e.expected, tuple) else 0 for e in evidence)
    if count < 2 or any(
        not isinstance(e.answer, (tuple, list)) or len(e.answer) != count or not isinstance(e.expected, tuple)
        for e in evidence
    ):
        return None
    found = []
    for place in range(count):
        fit = [
            which
            for which in range(count)
            if all(which >= len(e.expected) or _is_result(e, e.answer[place], which) for e in evidence)
        ]
        if len(fit) != 1:
            return None
        found += fit
    return found if len(set(found)) == count else None


def _is_result(e: Evidence, answer: Any, which: int) -> bool:
    """Is it this one of the expected results?"""
    if EITHER in e.case.tags and not which:
        return np.asarray(answer).dtype.kind == "b" and np.size(answer) == 1
    return _same_arrays(answer, e.expected[which], e.bound[which])


def put_back(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The same with each pair in the other order, where they fit only so, by keys or shapes; else []."""
    found = [replace(e, answer=(e.answer[1], e.answer[0])) for e in evidence if e.error is None and _pair(e)]
    fits = len(found) == len(evidence) and all(map(_fits, found)) and not all(map(_fits, evidence))
    return found if fits else []


def _pair(e: Evidence) -> bool:
    return isinstance(e.answer, (tuple, list)) and isinstance(e.expected, tuple) and len(e.answer) == 2


def _fits(e: Evidence) -> bool:
    """Has the answer the keys and shapes of the expected one, as far as this is asked?"""
    return _form(e.answer)[: len(e.expected)] == _form(e.expected)


def _form(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _form(item) for key, item in value.items()}
    return [_form(item) for item in value] if isinstance(value, (tuple, list)) else np.shape(value)


def _as_asked(answer: Any) -> Any:
    return answer


def _is(e: Evidence, arrangement: Arrangement) -> bool:
    """Has the answer the structure, keys and numbers of the right one so arranged?"""
    try:
        return _same_arrays(e.answer, arrangement(e.expected), e.bound)
    except (TypeError, ValueError, KeyError, AttributeError):
        return False


def _same_arrays(answer: Any, expected: Any, bound: Any) -> bool:
    """Have two trees of arrays the same places, and the same numbers in each?"""
    try:
        arrays, given = dict(trees.paths(expected)), dict(trees.paths(answer))
        if set(arrays) != set(given):
            return False
        tolerance = largest(bound)
        pairs = ((next(trees.arrays(given[path])), value) for path, value in arrays.items())
        return all(a.shape == v.shape and same_array(a, v, tolerance) for a, v in pairs)
    except (TypeError, ValueError, KeyError, AttributeError):
        return False
