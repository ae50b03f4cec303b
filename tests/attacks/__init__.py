"""Attacks on the grade, by class: each a cell in the place of hidden_delta's solution, by somebody who can't do it."""
