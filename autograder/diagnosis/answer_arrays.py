"""An answer normalised: every array that was expected by itself, beside what came for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder import trees
from autograder.diagnosis.closeness import right
from autograder.exercises.exercise import Argument, Exercise, Result
from autograder.judging.evidence import Evidence


@dataclass(frozen=True, eq=False)
class Inputs:
    """A case by its exercise's declaration: tags, sizes by letter, number of layers, branches, arguments."""

    tags: frozenset[str]
    sizes: Mapping[str, int]
    layers: int
    branches: Mapping[str, str]
    arguments: tuple[tuple[Argument, Any], ...] = ()


@dataclass(slots=True, eq=False)
class AnswerArray:
    """One array of one answer beside the expected one; came is False where none came in its place."""

    inputs: Inputs
    result: Result
    layer: int | None
    answer: np.ndarray
    expected: np.ndarray
    right: bool
    tolerance: np.ndarray
    came: bool = True

    @property
    def name(self) -> str:
        """How a sentence calls it: "dW[2]", "delta"."""
        if self.layer is None:
            return self.result.name
        return f"{self.result.name}[{self.result.key(self.layer)}]"


class AnswerArrays:
    """The arrays of one answer, looked at when they are asked for."""

    def __init__(self, exercise: Exercise, evidence: Evidence) -> None:
        self.exercise = exercise
        self.evidence = evidence

    @cached_property
    def inputs(self) -> Inputs:
        exercise, case = self.exercise, self.evidence.case
        pairs = tuple(zip(exercise.arguments, case.args, strict=True))
        return Inputs(
            case.tags, exercise.sizes(case.args), exercise.layers(case), exercise.branches(case), pairs
        )

    @cached_property
    def expected(self) -> list[AnswerArray]:
        """One for each array that was expected: wrong where none came, or an error alone."""
        e = self.evidence
        return [self._array(path, leaf) for path, leaf in trees.paths(e.expected)]

    @property
    def came(self) -> list[AnswerArray]:
        """Those that came; what has another structure is left out."""
        return [array for array in self.expected if array.came]

    def _array(self, path: tuple[Any, ...], leaf: Any) -> AnswerArray:
        e = self.evidence
        result = self.exercise.result(path[0] if isinstance(e.expected, tuple) else 0)
        # of a list the first array is layer 1's
        layer = path[-1] + result.listed if result.layered else None
        expected, tolerance = np.asarray(leaf, dtype=float), np.asarray(trees.at(e.bound, path))
        answer = _numbers(e, path)
        if answer is None:
            nothing = np.full(expected.shape, np.nan)
            return AnswerArray(self.inputs, result, layer, nothing, expected, False, tolerance, came=False)
        ok = right(answer, expected, tolerance)
        return AnswerArray(self.inputs, result, layer, answer, expected, ok, tolerance)


def branch_of(exercise: Exercise, e: Evidence) -> str:
    """The branch of the code that the case takes; "" where two names choose: a formula explains all pairs."""
    names = tuple(exercise.branches(e.case).values())
    return names[0] if len(names) == 1 else ""


def _numbers(e: Evidence, path: tuple[Any, ...]) -> np.ndarray | None:
    """What the answer has at this place of the expected one; None for another structure, or no number."""
    if e.error is not None:
        return None
    answer, expected = e.answer, e.expected
    for key in path:
        if isinstance(expected, dict):
            if not isinstance(answer, dict) or key not in answer:
                return None
        elif not isinstance(answer, (tuple, list)) or len(answer) != len(expected):
            return None
        answer, expected = answer[key], expected[key]
    try:
        array = next(trees.arrays(answer))
    except (TypeError, ValueError, StopIteration):
        return None
    return array if array.dtype.kind in "fiub" else None
