"""From what was handed in to a score: one submission, a class, on this machine or on a cluster."""
