"""Wrong formulas looked up by one number: what each gives in the last entry of an array.

A class has a few versions of an exercise, and every wrong answer to one of them is held against the same
hundreds of formulas. Their last entries are worked out once for a probe. Those that are other numbers than
the student's are out, by the rule with which same_array begins; what is left is replayed whole, as if nothing
had been looked up.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np

from autograder.diagnosis.closeness import CLOSE, TINY

# A formula that fails on these inputs gives no answer; of another kind of answer one number tells nothing.
FAILS, TELLS_NOTHING = math.inf, math.nan


class ByIdentity:
    """Arguments as a key of a cache: these very objects, which live as long as the key."""

    __slots__ = ("arguments",)

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        self.arguments = arguments

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.arguments)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and all(
            one is another for one, another in zip(self.arguments, other.arguments, strict=True)
        )


class KeptEntries:
    """Last entries by what they are of, as many as said; those that were asked for longest ago go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, np.ndarray] = OrderedDict()

    def of(self, key: Hashable, formulas: Callable[[], Iterable[Callable[[], Any]]]) -> np.ndarray:
        """The last entries of what the formulas give, (formulas,), worked out if they are not kept."""
        if key not in self._kept:
            self._kept[key] = last_entries(formulas())
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def last_entries(formulas: Iterable[Callable[[], Any]]) -> np.ndarray:
    """The last entry of what each formula gives, (formulas,)."""
    return np.array([_of_formula(formula) for formula in formulas])


def _of_formula(formula: Callable[[], Any]) -> float:
    try:
        return last_entry(formula())
    except Exception:
        return FAILS


def last_entry(value: Any) -> float:
    """Of an array of floats its last entry; TELLS_NOTHING of all else."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and value.size:
        return float(value.item(value.size - 1))
    return TELLS_NOTHING


def may_give(entries: np.ndarray, answer: Any, tolerance: float) -> np.ndarray:
    """Which of the formulas with these last entries may give the answer: a mask, (formulas,).

    tolerance: rounding that may be left where an array is 0 but for it.
    """
    if not isinstance(answer, np.ndarray) or answer.dtype != np.float64 or not answer.size:
        return np.ones(entries.shape, bool)
    size = float(np.abs(answer).max())
    if not size < math.inf:
        return np.ones(entries.shape, bool)
    reach = 2 * CLOSE * size + tolerance + TINY
    # Written so that nan stays in.
    return ~(np.abs(entries - answer.item(answer.size - 1)) > reach)
