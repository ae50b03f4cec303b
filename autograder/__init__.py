"""Grading of exercises in backpropagation; see ARCHITECTURE.md."""
