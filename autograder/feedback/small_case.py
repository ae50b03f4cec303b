"""The smallest case in which an answer is wrong: inputs, the student's answer and the expected one.

It is looked for among calls in whole numbers of 1 by 1 and 2 by 2; where all of them are right, or there are
none, the wrong public probe with the fewest numbers serves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from autograder import trees
from autograder.diagnosis.answer_arrays import AnswerArray, AnswerArrays
from autograder.diagnosis.assess import Judgement
from autograder.exercises.cases import Case, PublicFunction
from autograder.exercises.exercise import Exercise
from autograder.exercises.tiny_cases import tiny_cases
from autograder.judging.evidence import Evidence
from autograder.sandbox.calls import Caller, CallError

# Numbers of a case's inputs that are still shown, and of one array of its answer
MOST_INPUTS, MOST_ANSWERS = 80, 48
# An answer nearer than this, in proportion, is right here: a tiny case shows a mistake, it decides nothing
NEAR = 1e-6
# Tiny cases that are tried at most, so that a slow function doesn't make its author wait
MOST_TRIED = 60


@dataclass(frozen=True)
class SmallCase:
    """inputs: by name. arrays: those of the answer that are wrong, beside the expected ones. error: where the
    function raised. other_form: the answer has another form than the expected one.
    """

    exercise: Exercise
    inputs: Mapping[str, Any]
    arrays: tuple[AnswerArray, ...]
    expected: Any
    error: CallError | None = None
    other_form: bool = False
    answer: Any = None


def smallest_failing_case(exercise: Exercise, call: Caller, judgement: Judgement) -> SmallCase | None:
    """The smallest case in which call's answer is wrong, None where none can be shown."""
    if judgement.fraction >= 1 or judgement.unwritten is not None:
        return None
    if judgement.error is not None and judgement.error.kind in ("missing", "timeout", "memory", "crashed"):
        return None
    return next(_wrong(exercise, _tried(exercise, call)), None) or _among_visible(exercise, judgement)


def _tried(exercise: Exercise, call: Caller) -> Iterator[AnswerArrays]:
    right = exercise.right_answer
    if right is None:
        return
    for case in islice(tiny_cases(exercise), MOST_TRIED):
        with np.errstate(all="ignore"):
            expected = right(*map(trees.copy_value, case.args))
        if not all(np.isfinite(leaf).all() for leaf in trees.arrays(expected)):
            continue
        outcome = call(exercise.function, case.args)
        yield AnswerArrays(
            exercise, Evidence(case, outcome.value, expected, _nearly(expected), outcome.error)
        )


def _nearly(expected: Any) -> Callable[[], Any]:
    def bounds() -> Any:
        return trees.map_leaves(lambda leaf: np.full(np.shape(leaf), NEAR * _size(leaf)), expected)

    return bounds


def _size(array: Any) -> float:
    return max(1e-6, float(np.max(np.abs(array), initial=0)))


def _wrong(exercise: Exercise, answers: Iterator[AnswerArrays]) -> Iterator[SmallCase]:
    for answer in answers:
        found = _shown(exercise, answer)
        if found is not None:
            yield found


def _shown(exercise: Exercise, answer: AnswerArrays) -> SmallCase | None:
    """The case as it is shown; None where it is right, or too large."""
    case = answer.evidence.case
    if isinstance(answer.evidence.expected, tuple) and len(answer.evidence.expected) < len(exercise.results):
        # Only a part of the answer is looked at in such a case
        return None
    wrong = tuple(array for array in answer.expected if not array.right)
    if not wrong or not _fits(case, wrong):
        return None
    e = answer.evidence
    other_form = e.error is None and any(not array.came for array in wrong)
    return SmallCase(exercise, exercise.given(case), wrong, e.expected, e.error, other_form, e.answer)


def _fits(case: Case, wrong: tuple[AnswerArray, ...]) -> bool:
    shown = all(max(array.answer.size, array.expected.size) <= MOST_ANSWERS for array in wrong)
    return shown and _numbers(case) <= MOST_INPUTS


def _numbers(case: Case) -> int:
    """How many numbers a case has."""
    inside = (dict(arg.parameters) if isinstance(arg, PublicFunction) else arg for arg in case.args)
    return sum(int(np.size(leaf)) for value in inside for leaf in trees.leaves(value))


def _among_visible(exercise: Exercise, judgement: Judgement) -> SmallCase | None:
    """The public probe with the fewest numbers in which the answer is wrong."""
    told = [
        answer
        for answer in judgement.visible
        if not answer.evidence.case.advisory and "single" not in answer.evidence.case.tags
    ]
    # Ordinary numbers say more than the sizes at which a formula overflows.
    told.sort(key=_plainness)
    return next(_wrong(exercise, iter(told)), None)


def _plainness(answer: AnswerArrays) -> tuple[bool, bool, int]:
    """Ordinary numbers before extreme ones, whole ones before others, few before many."""
    case = answer.evidence.case
    return bool(case.tags & {"extreme", "size"}), not _is_whole(case), _numbers(case)


def _is_whole(case: Case) -> bool:
    arrays = [np.asarray(value) for value in case.args if isinstance(value, np.ndarray)]
    return bool(arrays) and all(bool((array == np.round(array)).all()) for array in arrays)
