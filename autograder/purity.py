"""Purity: the arguments are left as they are, and a second call gives the same answer again."""

from collections.abc import Sequence
from typing import Any

from autograder.cases import ENDED, Caller, CallError, Case, Outcome, call_each, call_held
from autograder.exercise import Exercise, generator
from autograder.repeats import form, same, unchanged

AGAIN = 16  # second calls: of so many cases in shuffled order, each after others of its own shape
OVERWRITTEN = (
    "the array that one call returned is written into by the next: make a new one in the function each time"
)


def impurities(
    exercise: Exercise, call: Caller, cases: Sequence[Case], outcomes: Sequence[Outcome], seed: bytes
) -> tuple[str, CallError | None]:
    """What changed an input, or another answer on a second call in shuffled order; "" if nothing did."""
    for case, outcome in zip(cases, outcomes, strict=True):
        if outcome.args_after is not None and not unchanged(case.args, outcome.args_after, exercise.restores):
            return f"an argument was changed in place ({case.name})", None
    order = _second_order(cases, seed, exercise.id)
    second = call_held(call, exercise.function, [cases[i].args for i in order])
    for i, again in zip(order, second, strict=False):
        if again.error is not None and again.error.kind in ENDED:
            return "", again.error
        if not _repeats(outcomes[i], again):
            [alone] = call_each(call, exercise.function, [cases[i].args])
            if _repeats(outcomes[i], alone):
                return f"{OVERWRITTEN} ({cases[i].name})", None
            return f"a second call with the same inputs gave another answer ({cases[i].name})", None
    return "", None


def _repeats(first: Outcome, again: Outcome) -> bool:
    return (again.error is None) == (first.error is None) and same(again.value, first.value)


def _second_order(cases: Sequence[Case], seed: bytes, label: str) -> list[int]:
    """Some cases in a shuffled order, those of one shape side by side: each may spoil the answer before it."""
    shuffled = [int(i) for i in generator(seed, f"order of {label}").permutation(len(cases))]
    groups: dict[Any, list[int]] = {}
    for i in shuffled[:AGAIN]:
        groups.setdefault(form(cases[i].args), []).append(i)
    if len(groups) == min(AGAIN, len(cases)):  # no two alike: another one for one of them
        for i in shuffled[AGAIN:]:
            if (alike := groups.get(form(cases[i].args))) is not None:
                alike.append(i)
                break
    return [i for group in groups.values() for i in group]
