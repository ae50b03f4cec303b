"""The catalogue: wrong formulas that students write, each with its name, in the order of their codes."""

from functools import cache

from autograder.misconceptions import (
    backward_loop,
    forward,
    gradient_checking,
    losses,
    residual_layer,
    step_1,
    step_2,
    step_3,
)
from autograder.misconceptions.misconception import Atom, Misconception

_ENTRIES = [
    entry
    for chapter in (step_1, step_2, step_3, forward, losses, gradient_checking, backward_loop)
    for entry in chapter.ENTRIES
]

CATALOGUE: dict[str, type[Misconception]] = {
    entry.code: entry for entry in sorted(_ENTRIES, key=lambda entry: int(entry.code[1:]))
}

for _exercise, _elsewhere in (
    ("loss", losses.ELSEWHERE),
    ("forward", forward.ELSEWHERE),
    ("residual_delta", residual_layer.ELSEWHERE),
):
    for _code, _formulas in _elsewhere.items():
        CATALOGUE[_code].also(_exercise, _formulas)

__all__ = ["CATALOGUE", "Atom", "Misconception", "atoms"]


@cache
def atoms(slots: tuple[str, ...], exercise_id: str) -> tuple[Atom, ...]:
    """Every wrong formula that may stand in one of these slots in this exercise."""
    return tuple(
        Atom(code, slot, formula, sum(slot in likelier for likelier in entry.variants[:rank]))
        for code, entry in CATALOGUE.items()
        if not entry.within or exercise_id in entry.within
        for rank, variant in enumerate(entry.variants)
        for slot, formula in variant.items()
        if slot in slots
    )
