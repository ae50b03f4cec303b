"""Purity: the arguments are left as they are, and a second call gives the same answer again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from autograder.exercises.exercise import KEPT, Exercise, asked
from autograder.exercises.versions import generator
from autograder.judging.equality import form, same_values, unchanged
from autograder.sandbox.calls import Caller, CallError, Outcome, ended

# Second calls, and how many pairs of one shape are among them
AGAIN, SAME_SHAPE_PAIRS = 12, 4


@dataclass(frozen=True)
class Impurity:
    """What a function changed besides giving its answer, and in which case first."""

    kind: Literal["argument_changed", "answer_overwritten", "other_answer"]
    case: str


def impurities(
    exercise: Exercise, call: Caller, outcomes: Sequence[Outcome], seed: bytes
) -> tuple[Impurity | None, CallError | None]:
    """What changed an input, or another answer on a second call in shuffled order; None if nothing did.

    outcomes: of the exercise's probes of that seed.
    """
    cases, _ = asked(exercise, seed)
    for case, outcome in zip(cases, outcomes, strict=True):
        after = outcome.args_after
        if not (after is None or after is case.args or unchanged(case.args, after, exercise.restores)):
            return Impurity("argument_changed", case.name), None
    order = _second_order(exercise, seed)
    second = call.call_pipelined(exercise.function, [cases[i].args for i in order])
    for i, again in zip(order, second, strict=True):
        if ended(again):
            return None, again.error
        if not _repeats(outcomes[i], again):
            alone = call(exercise.function, cases[i].args)
            if _repeats(outcomes[i], alone):
                return Impurity("answer_overwritten", cases[i].name), None
            return Impurity("other_answer", cases[i].name), None
    return None, None


def _repeats(first: Outcome, again: Outcome) -> bool:
    return (again.error is None) == (first.error is None) and same_values(again.value, first.value)


@lru_cache(maxsize=KEPT)
def _second_order(exercise: Exercise, seed: bytes) -> list[int]:
    """Some cases in a shuffled order, two of one shape side by side: each may spoil the answer before it."""
    cases, _ = asked(exercise, seed)
    groups: dict[Any, list[int]] = {}
    for i in generator(seed, "order").permutation(len(cases)):
        groups.setdefault(form(cases[i].args), []).append(int(i))
    pairs = [group[:2] for group in groups.values() if len(group) > 1][:SAME_SHAPE_PAIRS]
    alone = [[group[-1]] for group in groups.values() if group[:2] not in pairs]
    return [i for group in (*pairs, *alone[: AGAIN - 2 * len(pairs)]) for i in group]
