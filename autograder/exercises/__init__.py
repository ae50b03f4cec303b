"""Every graded exercise by its id, in the order of the chapters. To add one: see stated.py, or any chapter's file."""

from autograder.exercises.exercise import Exercise
from autograder.exercises.chapters import (
    batches,
    gradient_checking,
    delta,
    forward,
    losses,
    nonlinearities,
    step_1,
    step_2,
    step_3,
)
from autograder.exercises.from_loss import stated_loss_exercise

EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise
    for chapter in (forward, nonlinearities, losses, delta, step_1, step_2, step_3, batches, gradient_checking)
    for exercise in chapter.EXERCISES
}

__all__ = ["EXERCISES", "Exercise", "stated_loss_exercise"]
