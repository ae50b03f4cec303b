"""What a wrong form of a catalogue's entry answers, and what a claim about it may ask: the form on
other inputs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any

import numpy as np

from autograder import trees
from autograder.exercises import EXERCISES
from autograder.exercises.expected import expected_of
from autograder.misconceptions.slots import exercises_of, replay_recipe
from autograder.trees import copy_value

LEFT_OUT = {"large", "single", "kink", "poisoned", "advisory", "integer", "exact", "size"}
# The exercises in which one variant of a slot is looked at: where its step stands alone.
STEPS = ("affine", "output_delta", "hidden_delta", "layer_gradients", "forward")


@dataclass(frozen=True)
class Told:
    """One call of a wrong form: what it gave, what is right, and the form for other calls."""

    exercise: str
    form: Callable[..., Any]
    given: dict[str, Any]
    right: Any
    tags: frozenset[str]

    @cached_property
    def wrong(self) -> Any:
        return self.again()

    def again(self, **other: Any) -> Any:
        """The form's answer to the same arguments with some exchanged; None where it raises."""
        try:
            with np.errstate(all="ignore"):
                return self.form(*(copy_value(value) for value in (self.given | other).values()))
        except (ValueError, IndexError, KeyError, ZeroDivisionError, np.linalg.LinAlgError):
            return None

    def part(self, place: int) -> "Told":
        """The same of one of several results."""
        form = self.form
        return replace(self, form=lambda *args: form(*args)[place], right=self.right[place])

    def __getitem__(self, name: str) -> Any:
        return self.given[name]

    @property
    def differs(self) -> bool:
        """Is it wrong here, with an answer?"""
        return self.wrong is not None and not same(self.wrong, self.right)


def same(left: Any, right: Any, close: float = 1e-9) -> bool:
    """Equal structure and shapes, and numbers equal but for rounding."""
    try:
        pairs = list(zip(trees.arrays(left), trees.arrays(right), strict=True))
    except (TypeError, ValueError):
        return False
    return all(
        u.shape == v.shape
        and np.allclose(u.astype(float), v.astype(float), rtol=close, atol=close, equal_nan=True)
        for u, v in pairs
    )


@cache
def _probes(exercise_id: str) -> list[tuple[dict[str, Any], Any, frozenset[str]]]:
    """Arguments, the right answer and the tags of the probes: hundreds of forms are asked the same ones."""
    exercise = EXERCISES[exercise_id]
    return [
        (exercise.given(case), expected_of(target.template), frozenset(case.tags))
        for case, target in zip(*exercise.asked(b"claims"), strict=True)
        if not case.tags & LEFT_OUT
        if exercise.compared_as != "verdict" or len(target.template) == 2
    ]


def calls(exercise_id: str, form: Callable[..., Any], extreme: bool = False) -> Iterator[Told]:
    """The form on the exercise's ordinary probes, or on those at extremes."""
    for given, right, tags in _probes(exercise_id):
        if ("extreme" in tags) == extreme:
            yield Told(exercise_id, form, given, right, tags)


def forms_of(entry: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every wrong form of an entry with its exercise: a slot's in the step that it stands in, and in a whole
    network where it needs one.
    """
    for exercise_id in (*entry.formulas, *entry.elsewhere):
        yield from ((exercise_id, form) for form in entry.formulas_of(exercise_id))
    yield from entry.rules.items()
    for variant in entry.variants:
        ids = [id for id in exercises_of(variant) if not entry.within or id in entry.within]
        exercise_id = next((id for id in STEPS if id in ids), "backprop")
        yield exercise_id, partial(replay_recipe, exercise_id, variant)


def any_of(*claims: Callable[[Told], bool]) -> Callable[[Told], bool]:
    """The claim that one of these holds."""
    return lambda told: any(claim(told) for claim in claims)


def claims_hold(entry: Any, claim: Callable[[Told], bool]) -> None:
    """Asserts that the claim is true of every form of the entry, wherever its answer is wrong."""
    forms = list(forms_of(entry))
    assert forms
    for place, (exercise, form) in enumerate(forms):
        told = list(calls(exercise, form))
        with np.errstate(all="ignore"):
            broken = [t for t in told if t.differs and not claim(t)]
        assert not broken, (exercise, place, broken[0].given, broken[0].wrong, broken[0].right)
