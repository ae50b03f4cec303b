"""Attacks on the grade, by class: each a cell in the place of hidden_delta's
solution, by somebody who can't do it.
"""

from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])  # where the grader lies; an attacker may well guess it
