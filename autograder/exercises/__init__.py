"""The book's exercises by id, in the order of the chapters, and the graded set beside them.

To add one to the book, see any chapter's file.
"""

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
from autograder.exercises.graded import GRADED

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

# All that come with us: a student's notebook may be of either.
ALL_EXERCISES: Mapping[str, Exercise] = MappingProxyType({**EXERCISES, **GRADED})

__all__ = ["ALL_EXERCISES", "EXERCISES", "GRADED", "Exercise", "stated_loss_exercise"]
