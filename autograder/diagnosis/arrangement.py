"""Are all numbers right, and only arranged in another way: a pair swapped, a key missing, keys one off?"""

from collections.abc import Sequence
from typing import Any

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
