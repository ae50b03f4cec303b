"""Every graded exercise by its id, in the order of the chapters. To add one, see any chapter's file."""

from collections.abc import Mapping
from types import MappingProxyType

from autograder.exercises.chapters import (
    batches,
    delta,
    forward,
    gradient_checking,
    graphs,
    layers,
    losses,
    nonlinearities,
    step_1,
    step_2,
    step_3,
)
from autograder.exercises.exercise import Exercise
from autograder.exercises.from_loss import stated_loss_exercise

EXERCISES_BY_CHAPTER = (
    forward,
    nonlinearities,
    losses,
    delta,
    step_1,
    step_2,
    step_3,
    batches,
    gradient_checking,
    graphs,
    layers,
)
# Read-only: a course with exercises of its own has another mapping (see course/own_exercises.py).
EXERCISES: Mapping[str, Exercise] = MappingProxyType(
    {exercise.id: exercise for chapter in EXERCISES_BY_CHAPTER for exercise in chapter.EXERCISES}
)

__all__ = ["EXERCISES", "Exercise", "stated_loss_exercise"]
