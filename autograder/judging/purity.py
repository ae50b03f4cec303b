"""Purity: the arguments are left as they are, and a second call gives the same answer again."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from autograder.exercises.exercise import KEPT, Exercise, asked
from autograder.exercises.versions import generator
from autograder.judging.equality import form, same, unchanged
from autograder.sandbox.calls import Caller, CallError, Outcome, ended

AGAIN, PAIRS = 12, 4  # second calls, and how many pairs of one shape are among them
OVERWRITTEN = (
    "the array that one call returned is written into by the next: make a new one in the function each time"
)


def impurities(
    exercise: Exercise, call: Caller, outcomes: Sequence[Outcome], seed: bytes
) -> tuple[str, CallError | None]:
    """What changed an input, or another answer on a second call in shuffled order; "" if nothing did.

    outcomes: of the exercise's probes of that seed.
    """
    cases, _ = asked(exercise, seed)
    for case, outcome in zip(cases, outcomes, strict=True):
        after = outcome.args_after
        if not (after is None or after is case.args or unchanged(case.args, after, exercise.restores)):
            return f"an argument was changed in place ({case.name})", None
    order = _second_order(exercise, seed)
    second = call.call_pipelined(exercise.function, [cases[i].args for i in order])
    for i, again in zip(order, second, strict=True):
        if ended(again):
            return "", again.error
        if not _repeats(outcomes[i], again):
            alone = call(exercise.function, cases[i].args)
            if _repeats(outcomes[i], alone):
                return f"{OVERWRITTEN} ({cases[i].name})", None
            return f"a second call with the same inputs gave another answer ({cases[i].name})", None
    return "", None


def _repeats(first: Outcome, again: Outcome) -> bool:
    return (again.error is None) == (first.error is None) and same(again.value, first.value)


@lru_cache(maxsize=KEPT)
def _second_order(exercise: Exercise, seed: bytes) -> list[int]:
    """Some cases in a shuffled order, two of one shape side by side: each may spoil the answer before it."""
    cases, _ = asked(exercise, seed)
    groups: dict[Any, list[int]] = {}
    for i in generator(seed, "order").permutation(len(cases)):
        groups.setdefault(form(cases[i].args), []).append(int(i))
    pairs = [group[:2] for group in groups.values() if len(group) > 1][:PAIRS]
    alone = [[group[-1]] for group in groups.values() if group[:2] not in pairs]
    return [i for group in (*pairs, *alone[: AGAIN - 2 * len(pairs)]) for i in group]
