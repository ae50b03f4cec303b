"""Strangers' code behind a wall: a clean Python that forks a confined child a notebook, and what may be said across."""
