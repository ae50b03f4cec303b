"""nbgrader's database: scores in, scores out."""
