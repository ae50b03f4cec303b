"""The answers to one part of an exercise, array by array: what a wrong form must give to explain the part."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import trees
from autograder.diagnosis.closeness import largest, same_array
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import ExpectedArray
from autograder.exercises.number_sizes import ORDINARY_BESIDE
from autograder.exercises.rounding import ROUTES, U64
from autograder.judging.scoring import Judged, Run

# float32's rounding, a slope that may be anything: a wrong form need not give these.
UNCREDITED_TAGS = frozenset({"single", "kink"})
# What an answer without a part's arrays raises where they are looked for.
LACKING = (TypeError, ValueError, KeyError, IndexError, AttributeError, StopIteration, RuntimeError)


@dataclass(slots=True, eq=False)
class PartOfAnswer:
    """Where a part's arrays stand in an answer to one case, how far off they may be, and the student's; None
    where the student's answer lacks one. numbers: which of all the answer's arrays they are.
    """

    numbers: list[int]
    places: list[tuple[tuple[Any, ...], ExpectedArray]]
    tolerance: float
    given: list[np.ndarray] | None


class PartAnswers:
    """The answers to one part of an exercise: of each case in it the arrays that belong to the part."""

    def __init__(self, exercise: Exercise, run: Run, part: str) -> None:
        self.exercise, self.run, self.part = exercise, run, part
        self.cases = [j for j in run.graded if part in j.target.parts and not j.case.tags & UNCREDITED_TAGS]
        self.ordinary = any("extreme" not in j.case.tags for j in self.cases)
        self._of: dict[int, PartOfAnswer] = {}

    def wrong_groups(self) -> list[list[Judged]]:
        """The cases by the branches that they take, without the groups in which all is right.

        What is wrong comes first: most forms are no answer to that.
        """
        groups: dict[tuple[str, ...], list[Judged]] = {}
        for j in self.cases:
            groups.setdefault(tuple(self.exercise.branches(j.case).values()), []).append(j)
        return [sorted(group, key=self.right) for group in groups.values() if not all(map(self.right, group))]

    def beside(self) -> "PartAnswers | None":
        """The same asked of ordinary numbers, where this part is about other sizes."""
        for sizes, ordinary in ORDINARY_BESIDE.items():
            if self.part.endswith(sizes):
                return PartAnswers(self.exercise, self.run, self.part.removesuffix(sizes) + ordinary)
        return None

    def handed_back(self, groups: Sequence[Sequence[Judged]]) -> bool:
        """Are all wrong numbers an argument's own? To hand an input back is no work."""
        answered = [j for group in groups for j in group if self._is_wrong_answer(j)]
        return bool(answered) and all(map(self._is_an_argument, answered))

    def _is_wrong_answer(self, j: Judged) -> bool:
        """Is it wrong, and no error?"""
        return j.outcome.error is None and not self.right(j)

    def _is_an_argument(self, j: Judged) -> bool:
        given = self.of(j).given or ()
        arguments = [leaf for leaf in trees.leaves(j.case.args) if isinstance(leaf, np.ndarray)]
        return bool(given) and all(any(same_array(a, own) for own in arguments) for a in given)

    def wrong_numbers(self, j: Judged) -> bool:
        """Is the answer to this case wrong by numbers that are more than rounding?"""
        if not self._is_wrong_answer(j):
            return False
        of = self.of(j)
        verdict = self.exercise.compared_as == "verdict"
        return any(verdict or np.any(np.abs(a) > of.tolerance) for a in of.given or ())

    def right(self, j: Judged) -> bool:
        return not any(r.state != "right" for r in j.parts()[self.part])

    def of(self, j: Judged) -> PartOfAnswer:
        """The part in this case's answer: hundreds of forms are held against it."""
        if id(j) not in self._of:
            all_places = enumerate(trees.paths(j.target.template))
            own = [(number, place) for number, place in all_places if self.part in place[1].parts]
            numbers, places = [number for number, _ in own], [place for _, place in own]
            units = max((largest(leaf.error_units) for _, leaf in places), default=0.0)
            self._of[id(j)] = PartOfAnswer(numbers, places, ROUTES * U64 * units, None)
            with contextlib.suppress(*LACKING):
                self._of[id(j)].given = list(self.numbers(j, j.outcome.value))
        return self._of[id(j)]

    def numbers(self, j: Judged, answer: Any) -> Iterator[np.ndarray]:
        """The part's numbers in such an answer, array by array; one of LACKING where it lacks them."""
        for path, leaf in self.of(j).places:
            found = trees.at(answer, path)
            array = found if isinstance(found, np.ndarray) else next(trees.arrays(found))
            yield _region(leaf, self.part, array)

    def same(self, j: Judged, some: Iterable[np.ndarray], others: Iterable[np.ndarray]) -> bool:
        """Are the part's numbers of two answers the same? One of LACKING where one lacks them."""
        tolerance = self.of(j).tolerance
        return all(same_array(u, v, tolerance) for u, v in zip(some, others, strict=True))

    def _if_there(self, leaf: ExpectedArray, path: tuple[Any, ...], answer: Any) -> list[np.ndarray]:
        """The array at this place of an answer, as floats; [] where none is."""
        try:
            array = _region(leaf, self.part, next(trees.arrays(trees.at(answer, path))))
            return [array.astype(float)] if array.dtype.kind in "fiub" else []
        except LACKING:
            return []

    def says_something(self, groups: Sequence[Sequence[Judged]]) -> bool:
        """Are there different numbers in an array, or from call to call? A constant is nobody's mistake."""
        seen: set[float] = set()
        for j in (j for group in groups for j in group if j.outcome.error is None):
            arrays = [
                a for path, leaf in self.of(j).places for a in self._if_there(leaf, path, j.outcome.value)
            ]
            finite = [a[np.isfinite(a)] for a in arrays]
            if any(a.size > 1 and a.min() < a.max() for a in finite):
                return True
            seen |= {float(a.flat[0]) for a in finite if a.size == 1}
        # A verdict is 0 or 1, and says something if it changes.
        return len(seen if self.exercise.compared_as == "verdict" else seen - {0.0}) > 1


def _region(leaf: ExpectedArray, part: str, array: np.ndarray) -> np.ndarray:
    """The entries of an array that belong to the part; all of them where it has but one."""
    if not leaf.regions:
        return array
    mask = leaf.regions[part]
    if array.shape != mask.shape:
        raise ValueError("the array has another shape, so no entry belongs to a part")
    return array[mask]
