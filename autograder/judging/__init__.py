"""Is it right? Answers compared with what is expected, within bounds from rounding, and the points that they earn."""
