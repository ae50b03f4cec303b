"""Every array of an answer by itself, beside the expected one: what patterns and numbers are looked for in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.diagnosis.closeness import right
from autograder.judging.evidence import Evidence
from autograder.trees import arrays as arrays_of


@dataclass(slots=True, eq=False)
class AnswerArray:
    """One array of one answer beside the expected one."""

    case: Any
    path: tuple[Any, ...]  # ("dW", 2), ("delta", 1), ()
    answer: np.ndarray
    expected: np.ndarray
    right: bool
    bound: np.ndarray
    complete: bool = True  # the dict it is in has the keys it should have
    came: bool = True  # False: this array never came, or not in an answer of the right structure

    @property
    def m(self) -> int | None:
        return examples(self.case)

    @property
    def layers(self) -> int:
        return depth(self.case)


PARTS = {"layer_gradients": ("dW", "db"), "backprop": ("dW", "db"), "l2_backprop": ("dW", "db"), "forward": ("Z", "A"),
         "residual_delta": ("delta_z", "delta_a_prev"), "gradient_check": ("ok", "errors")}  # fmt: skip


def leaves_of_answer(exercise_id: str, e: Evidence) -> Iterator[AnswerArray]:
    """Every array of an answer beside the expected one; what has another structure is left out."""
    names = PARTS.get(exercise_id, ())
    yield from _walk(e.case, (), e.answer, e.expected, e.bound, names)


def all_leaves(exercise_id: str, e: Evidence) -> Iterator[AnswerArray]:
    """As leaves_of_answer, and a wrong one for each expected array that did not come, or came with an error alone."""
    came = {} if e.error is not None else {leaf.path: leaf for leaf in leaves_of_answer(exercise_id, e)}
    for leaf in _walk(e.case, (), e.expected, e.expected, e.bound, PARTS.get(exercise_id, ())):
        nothing = np.full(leaf.expected.shape, np.nan)
        yield came.get(leaf.path) or replace(leaf, answer=nothing, right=False, complete=False, came=False)


def _walk(
    case: Any,
    path: tuple[Any, ...],
    answer: Any,
    expected: Any,
    bound: Any,
    names: Sequence[str],
    complete: bool = True,
) -> Iterator[AnswerArray]:
    if isinstance(expected, dict):
        for key in expected:
            if isinstance(answer, dict) and key in answer:
                fits = set(answer) == set(expected)
                yield from _walk(case, (*path, key), answer[key], expected[key], bound[key], (), fits)
    elif isinstance(expected, tuple):
        if isinstance(answer, (tuple, list)) and len(answer) == len(expected):
            for i, item in enumerate(expected):
                name = names[i] if i < len(names) else i
                yield from _walk(case, (*path, name), answer[i], item, bound[i], ())
    else:
        try:
            array = next(iter(arrays_of(answer)))
        except (TypeError, ValueError, StopIteration):
            return
        if array.dtype.kind in "fiub":
            want = np.asarray(expected, dtype=float)
            ok = right(array, want, np.asarray(bound))
            yield AnswerArray(case, path, np.asarray(array), want, ok, np.asarray(bound), complete)


def examples(case: Any) -> int | None:
    """How many examples a case has: the columns of its last array that is no bias."""
    arrays = [
        a
        for arg in case.args
        for a in (arg.values() if isinstance(arg, dict) else (arg,))
        if isinstance(a, np.ndarray)
    ]
    if len(arrays) == 3 and arrays[0].shape == (len(arrays[2]), len(arrays[1])):
        arrays.pop()  # W, a and b: one b for all examples
    return int(arrays[-1].shape[1]) if arrays and arrays[-1].ndim == 2 else None


def depth(case: Any) -> int:
    """How many layers a case has; 0 where it has no dicts keyed by the layer."""
    return max((max(arg) for arg in case.args if isinstance(arg, dict) and arg), default=0)
