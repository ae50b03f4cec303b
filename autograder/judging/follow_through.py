"""One mistake costs once: which of a notebook's earlier functions are wrong, and the caller that has right ones instead.

Where an answer is not right, the earlier functions that it may call (depends_on) are looked at by themselves. Those that
are wrong are replaced in the notebook's namespace by right ones, and the answer is judged again. So nothing is earned
that isn't right: a wrong helper can hide no mistake of its caller, and none that changes its inputs, raises or
returns junk can cost its caller anything, nor earn it anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

from autograder.exercises import EXERCISES
from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import Target, expected_of
from autograder.exercises.versions import Seed
from autograder.judging.comparison import compare, compare_all
from autograder.judging.equality import form, same, unchanged
from autograder.sandbox.calls import STUB, Caller, Outcome, SubstitutingCaller

Standing = Literal["right", "wrong", "gives nothing", "empty", "absent"]
CHANGE = 1e-3  # of the answer's largest entry
SIZES = 1e-20, 1e4  # of the right answer's largest entry: beyond them a number drowns what is added to it
ASKED_AGAIN = 6  # calls with other inputs, to see whether the answer feels them


@dataclass(frozen=True)
class Followed:
    """The caller with right functions in the place of its own; names of those that were wrong. unproven: one never gave a value."""

    call: Caller
    names: tuple[str, ...]
    unproven: bool


@dataclass(frozen=True)
class Asked:
    """What an exercise's function gave on its probes, empty if it gave nothing, and was it right in everything?"""

    answers: Sequence[tuple[Case, Target, Outcome]]
    flawless: bool


Known: TypeAlias = dict[str, Asked]  # by exercise


def follow(
    exercise: Exercise,
    call: SubstitutingCaller,
    wrong: Sequence[tuple[Case, Target, Outcome]],
    seed: Seed,
    public: bool,
    known: Known,
) -> Followed | None:
    """What judges the exercise apart from its earlier functions' mistakes; None where they have none, or do nothing.

    wrong: some of the calls that went wrong. Whether they give the same with right functions, when there is nothing to
    follow, is seen here only where that spares asking for functions that are no exercise of this notebook.
    A stub, a constant or numbers that drown all others are no earlier function: who calls them gets nothing for it.
    """
    references = {name: EXERCISES[name].reference for name in exercise.depends_on}
    other = call.with_functions({name: f for name, f in references.items() if f is not None})
    standings = {
        name: _standing(EXERCISES[name], call, known[name]) for name in exercise.depends_on if name in known
    }
    given = [name for name in exercise.depends_on if name not in known]
    # Is the cause in none of this notebook's exercises, or not there alone? Then it may be in what the notebook gives.
    if _mistaken(standings):
        given = given if any(_wrong_on_top(target, outcome) for _, target, outcome in wrong) else []
    else:
        again = other.call_many(exercise.function, [case.args for case, _, _ in wrong])
        if wrong and all(alike(outcome, now) for (*_, outcome), now in zip(wrong, again, strict=True)):
            return None
    for name in given:
        standings[name] = _standing(EXERCISES[name], call, _asked(EXERCISES[name], call, seed, public))
    names = _mistaken(standings)
    if not names or "empty" in standings.values():
        return None
    return Followed(other, names, "gives nothing" in standings.values())


def _mistaken(standings: Mapping[str, Standing]) -> tuple[str, ...]:
    return tuple(name for name, standing in standings.items() if standing in ("wrong", "gives nothing"))


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
    return same(first.value, again.value)


def _asked(exercise: Exercise, call: Caller, seed: Seed, public: bool) -> Asked:
    """A student's own earlier function, asked by itself."""
    probes = [
        (case, target)
        for case, target in zip(*exercise.asked(seed, public), strict=True)
        if not case.advisory
    ]
    outcomes = call.call_pipelined(exercise.function, [case.args for case, _ in probes])
    answers = [(*probe, outcome) for probe, outcome in zip(probes, outcomes, strict=True)]
    return Asked(answers, _right(exercise, answers))


def _standing(exercise: Exercise, call: Caller, found: Asked) -> Standing:
    """What a student's own earlier function is worth."""
    if found.flawless:
        return "right"
    asked = found.answers
    outcomes = [outcome for _, _, outcome in asked]
    if outcomes and outcomes[0].error is not None and outcomes[0].error.kind == "missing":
        return "absent"
    answered = [each for each in asked if each[2].error is None]
    if not answered:
        written = not any(o.error is not None and o.error.type == STUB for o in outcomes)
        return "gives nothing" if written else "empty"
    sensible = [(case, outcome) for case, target, outcome in answered if _sensible(target, outcome.value)]
    if not sensible:
        return "empty"
    feels = _feels(exercise, call, sensible)
    return "gives nothing" if feels is None else "wrong" if feels else "empty"


def _right(exercise: Exercise, asked: Sequence[tuple[Case, Target, Outcome]]) -> bool:
    for case, _, outcome in asked:
        if outcome.error is not None or outcome.args_after is None:
            return False
        if not unchanged(case.args, outcome.args_after, exercise.restores):
            return False
    answers = [(target, outcome.value) for _, target, outcome in asked]
    # Most that is wrong is wrong at once.
    return not any(result.wrong for some in (answers[:1], answers[1:]) for result in compare_all(some))


def _feels(exercise: Exercise, call: Caller, asked: Sequence[tuple[Case, Outcome]]) -> bool | None:
    """Does the answer change with the inputs? None where no two answers can be compared."""
    alike: dict[Any, list[Any]] = {}
    for case, outcome in asked:
        alike.setdefault(form(case.args), []).append(outcome.value)
    pairs = [(values[0], other) for values in alike.values() for other in values[1:]]
    if not pairs:
        some = asked[:: max(1, len(asked) // ASKED_AGAIN)]
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
            a.shape == b.shape and _size(a - b) > CHANGE * _size(a)
            for a, b in zip(_arrays(value), _arrays(moved), strict=False)
        )  # fmt: skip


def _sensible(target: Target, value: Any) -> bool:
    """Is the answer of a size like the right one's?"""
    smallest, largest = SIZES
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
