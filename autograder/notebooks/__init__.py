"""Notebooks read with trust in nothing: the released one, a student's beside it."""
