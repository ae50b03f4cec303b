"""Exercises from their author's side: what an own_exercises.py imports; releasing, certifying."""

from autograder.course.own_exercises import mistake, stated, traced, worked

__all__ = ["mistake", "stated", "traced", "worked"]
