"""What an answer has too much or lacks: a plain function of the arguments, the same in every case."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder._language import _
from autograder.exercises.exercise import Exercise
from autograder.judging.evidence import Evidence
from autograder.trees import Array

# How far off, in proportion to an array's largest number
PROPORTION = 1e-8
ENTRY_BY_ENTRY: Mapping[str, Callable[[Array], Any]] = {
    "{}": lambda v: v,
    "np.abs({})": np.abs,
    "np.maximum({}, 0)": lambda v: np.maximum(v, 0),
    "np.minimum({}, 0)": lambda v: np.minimum(v, 0),
}
OF_ROWS: Mapping[str, Callable[[Array], Any]] = {
    "np.mean(np.max({}, axis=1))": lambda v: np.mean(np.max(v, axis=1)),
    "np.mean({}, axis=1).mean()": lambda v: np.mean(v),
}
TIMES = {"": 1.0, "2 * ": 2.0}


def off_by(exercise: Exercise, cases: Sequence[Evidence]) -> str:
    """In words: what the answers have too much, lack or are."""
    pairs = []
    for e in cases:
        answer, expected = np.asarray(e.answer, dtype=float), np.asarray(e.expected, dtype=float)
        if answer.shape != expected.shape or not np.isfinite(answer).all():
            return ""
        pairs.append((answer, expected))
    gaps = np.concatenate([np.ravel(answer - expected) for answer, expected in pairs])
    if gaps.size > 1 and np.ptp(gaps) <= PROPORTION * abs(gaps[0]):
        return _("is off by the same number everywhere: {number}", number=f"{gaps[0]:.4g}")
    given = [exercise.given(e.case) for e in cases]
    for words, values in _plain(given, [answer.shape for answer, _expected in pairs]):
        for written, times in TIMES.items():
            name = f"`{written}{words}`"
            terms = [times * value for value in values]
            if _all(pairs, terms, lambda answer, expected, term: (answer - expected, term)):
                return _("has {name} too much", name=name)
            if _all(pairs, terms, lambda answer, expected, term: (expected - answer, term)):
                return _("lacks {name}", name=name)
        for sign, times in (("", 1.0), ("-", -1.0)):
            if _all(pairs, values, lambda a, expected, v, times=times: (a, times * v)):
                return _("is {name} and nothing else", name=f"`{sign}{words}`")
    return ""


def _plain(
    given: Sequence[Mapping[str, Any]], shapes: Sequence[tuple[int, ...]]
) -> Iterator[tuple[str, list[Any]]]:
    """Plain functions of one argument that have the answers' shapes: in words, and in each case."""
    for name, first in given[0].items():
        if not isinstance(first, np.ndarray) or first.dtype.kind != "f":
            continue
        arrays = [at[name] for at in given]
        if all(array.shape == shape for array, shape in zip(arrays, shapes, strict=True)):
            for form, f in ENTRY_BY_ENTRY.items():
                yield form.format(name), [f(array) for array in arrays]
        elif not any(shapes) and all(array.ndim == 2 for array in arrays):
            for form, f in OF_ROWS.items():
                yield form.format(name), [f(array) for array in arrays]


def _all(
    pairs: Sequence[tuple[Array, Array]], terms: Sequence[Any], sides: Callable[..., tuple[Any, Any]]
) -> bool:
    """Are the two sides alike in every case, and more than nothing?"""
    for (answer, expected), term in zip(pairs, terms, strict=True):
        one, other = sides(answer, expected, term)
        size = max(float(np.max(np.abs(expected))), float(np.max(np.abs(other))))
        if not np.any(other) or np.max(np.abs(one - other)) > PROPORTION * size:
            return False
    return True
