"""Exercises from their author's side: what an own_exercises.py imports; releasing, certifying."""

from autograder.course.own_exercises import mistake, stated, traced, worked
from autograder.exercises.exercise_help import ExerciseHelp

__all__ = ["ExerciseHelp", "mistake", "stated", "traced", "worked"]
