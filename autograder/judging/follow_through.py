"""One mistake costs once: earlier functions that are wrong, and the caller that has right ones instead.

Where an answer is not right, its helpers, the earlier functions that it may call (depends_on), are looked at
by themselves. Those that are wrong are replaced in the notebook's namespace by right ones, and the answer is
judged again. So nothing is earned that isn't right: a wrong helper can hide no mistake of its caller, and
none that changes its inputs, raises or returns junk can cost its caller anything, nor earn it anything.

A probe is a case with its target: the arguments of one call and what is expected of it, drawn from a seed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import Target, expected_of
from autograder.exercises.versions import Seed
from autograder.judging.comparison import compare, compare_all
from autograder.judging.equality import form, same_values, unchanged
from autograder.sandbox.calls import STUB, Caller, Outcome, SubstitutingCaller

# How much an answer must change with its inputs, of its largest entry: less is a constant's noise.
LEAST_CHANGE = 1e-3
# How large an answer may be, of the right one's largest entry: beyond, a number drowns what is added to it.
SENSIBLE_SIZES = 1e-20, 1e4
# Calls with other inputs, to see whether the answer changes with them.
CALLS_WITH_OTHERS = 6


class HelperStatus(Enum):
    """What a student's own earlier function is worth to the function that calls it."""

    RIGHT = "right"
    # It answers, and wrongly.
    WRONG = "wrong"
    # It is written, and raises or changes with no input that could be compared.
    NEVER_ANSWERS = "never answers"
    # A stub, a constant, or numbers that drown all others: nothing is owed to who calls it.
    EMPTY = "empty"
    ABSENT = "absent"

    @property
    def mistaken(self) -> bool:
        return self in (HelperStatus.WRONG, HelperStatus.NEVER_ANSWERS)


@dataclass(frozen=True)
class HelperAnswers:
    """What an exercise's function gave on its probes, empty if it gave nothing; was all of it right?"""

    answers: Sequence[tuple[Case, Target, Outcome]]
    flawless: bool


@dataclass(frozen=True)
class Substitution:
    """The caller with right functions in the place of a notebook's own; names of those that were wrong.

    unproven: one of them never gave a value.
    """

    call: Caller
    names: tuple[str, ...]
    unproven: bool


@dataclass(frozen=True)
class Trial:
    """One exercise about to be judged: its function called through call on the probes of the seed.

    earlier: what those exercises of the notebook gave that were judged before it on the same seed.
    exercises: the course's, its helpers among them. called: those of its earlier functions that it may
    call, None for all.
    """

    exercise: Exercise
    call: SubstitutingCaller
    seed: Seed
    public: bool
    earlier: Mapping[str, HelperAnswers]
    exercises: Mapping[str, Exercise]
    called: Sequence[str] | None = None

    @property
    def helpers(self) -> Sequence[str]:
        """The earlier functions whose mistakes may be in its answers."""
        return self.exercise.depends_on if self.called is None else self.called

    def probes(self) -> Iterator[tuple[Case, Target]]:
        """What is asked, and what is expected."""
        return zip(*self.exercise.asked(self.seed, self.public), strict=True)

    def graded_probes(self) -> list[tuple[Case, Target]]:
        """Those that can cost a point."""
        return [(case, target) for case, target in self.probes() if not case.advisory]

    @property
    def follows_a_mistake(self) -> bool:
        """Is one of its helpers known to be wrong?"""
        return any(not self.earlier[name].flawless for name in self.helpers if name in self.earlier)


def substitute_helpers(trial: Trial, failures: Sequence[tuple[Case, Target, Outcome]]) -> Substitution | None:
    """What judges the exercise apart from its helpers' mistakes; None where they have none, or do nothing.

    failures: some of the calls that went wrong. Whether they give the same with right functions, when there
    is nothing to follow, is seen here only where that spares asking for functions that are no exercise of
    this notebook.
    """
    exercise, call = trial.exercise, trial.call
    references = {name: trial.exercises[name].reference for name in trial.helpers}
    other = call.with_functions({name: f for name, f in references.items() if f is not None})
    statuses = {
        name: _status(trial.exercises[name], call, trial.earlier[name])
        for name in trial.helpers
        if name in trial.earlier
    }
    given = [name for name in trial.helpers if name not in trial.earlier]
    # Is the cause in none of this notebook's exercises, or not there alone? Then it may be in what the
    # notebook gives.
    if any(status.mistaken for status in statuses.values()):
        given = given if any(_wrong_on_top(target, outcome) for _, target, outcome in failures) else []
    else:
        again = other.call_many(exercise.function, [case.args for case, _, _ in failures])
        if failures and all(alike(outcome, now) for (*_, outcome), now in zip(failures, again, strict=True)):
            return None
    for name in given:
        helper = replace(trial, exercise=trial.exercises[name], called=None)
        statuses[name] = _status(trial.exercises[name], call, _answers_of(helper))
    names = tuple(name for name, status in statuses.items() if status.mistaken)
    if not names or HelperStatus.EMPTY in statuses.values():
        return None
    return Substitution(other, names, HelperStatus.NEVER_ANSWERS in statuses.values())


def _wrong_on_top(target: Target, outcome: Outcome) -> bool:
    """Is the last layer's array wrong, to which no step from layer to layer has led?"""
    answer = outcome.value
    if not isinstance(target.template, dict) or not isinstance(answer, dict):
        return False
    top = max(target.template)
    return top in answer and compare(replace(target, template=target.template[top]), answer[top]).wrong


def alike(first: Outcome, again: Outcome) -> bool:
    """Did two calls give the same, or end in the same error?"""
    if first.error is not None or again.error is not None:
        return first.error == again.error
    return same_values(first.value, again.value)


def _answers_of(helper: Trial) -> HelperAnswers:
    """A student's own earlier function, called by itself."""
    probes = helper.graded_probes()
    outcomes = helper.call.call_pipelined(helper.exercise.function, [case.args for case, _ in probes])
    answers = [(*probe, outcome) for probe, outcome in zip(probes, outcomes, strict=True)]
    return HelperAnswers(answers, _right(helper.exercise, answers))


def _status(exercise: Exercise, call: Caller, helper: HelperAnswers) -> HelperStatus:
    """What a student's own earlier function is worth, by what it gave."""
    if helper.flawless:
        return HelperStatus.RIGHT
    errors = [outcome.error for _, _, outcome in helper.answers]
    if errors and errors[0] is not None and errors[0].kind == "missing":
        return HelperStatus.ABSENT
    answered = [each for each in helper.answers if each[2].error is None]
    if not answered:
        stub = any(error is not None and error.type == STUB for error in errors)
        return HelperStatus.EMPTY if stub else HelperStatus.NEVER_ANSWERS
    sensible = [(case, outcome) for case, target, outcome in answered if _sensible(target, outcome.value)]
    if not sensible:
        return HelperStatus.EMPTY
    changes = _changes_with_inputs(exercise, call, sensible)
    if changes is None:
        return HelperStatus.NEVER_ANSWERS
    return HelperStatus.WRONG if changes else HelperStatus.EMPTY


def _right(exercise: Exercise, asked: Sequence[tuple[Case, Target, Outcome]]) -> bool:
    for case, _, outcome in asked:
        if outcome.error is not None or outcome.args_after is None:
            return False
        if not unchanged(case.args, outcome.args_after, exercise.restores):
            return False
    answers = [(target, outcome.value) for _, target, outcome in asked]
    # Most that is wrong is wrong at once.
    some = (compare_all(few) for few in (answers[:1], answers[1:]))
    return not any(result.wrong or result.problems for results in some for result in results)


def _changes_with_inputs(
    exercise: Exercise, call: Caller, asked: Sequence[tuple[Case, Outcome]]
) -> bool | None:
    """Does the answer change with the inputs? None where no two answers can be compared."""
    alike: dict[Any, list[Any]] = {}
    for case, outcome in asked:
        alike.setdefault(form(case.args), []).append(outcome.value)
    pairs = [(values[0], other) for values in alike.values() for other in values[1:]]
    if not pairs:
        some = asked[:: max(1, len(asked) // CALLS_WITH_OTHERS)]
        moved = call.call_many(exercise.function, [tuple(map(_moved, case.args)) for case, _ in some])
        pairs = [
            (outcome.value, other.value)
            for (_, outcome), other in zip(some, moved, strict=True)
            if other.error is None
        ]
    return any(_changed(*pair) for pair in pairs) if pairs else None


def _changed(value: Any, moved: Any) -> bool:
    with np.errstate(all="ignore"):
        return any(
            a.shape == b.shape and _size(a - b) > LEAST_CHANGE * _size(a)
            for a, b in zip(_arrays(value), _arrays(moved), strict=False)
        )


def _sensible(target: Target, value: Any) -> bool:
    """Is the answer of a size like the right one's?"""
    smallest, largest = SENSIBLE_SIZES
    right, size = (max(map(_size, _arrays(v)), default=0.0) for v in (expected_of(target.template), value))
    return smallest * right <= size <= largest * max(1.0, right)


def _size(array: np.ndarray) -> float:
    return float(np.abs(array).max(initial=0))


def _arrays(value: Any) -> Iterator[np.ndarray]:
    """Every array of numbers in an answer."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value, key=str)]
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _arrays(item)
    elif isinstance(value, (np.ndarray, np.generic, float)) and np.asarray(value).dtype.kind in "fiu":
        yield np.asarray(value, dtype=float)


def _moved(value: Any) -> Any:
    """Numbers as likely as these: a little smaller, the rows in another order."""
    if isinstance(value, dict):
        return {key: _moved(item) for key, item in value.items()}
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return value
    return np.roll(value, 1, axis=0) * value.dtype.type(0.75) if value.any() else value + 1
