"""By which rules submissions are graded.

A grader that judges, scores or reads notebooks in another way has another number. Every record says by which
rules its score came about; a score of older rules stays until somebody accepts the newer ones.
"""

RULES = 8
