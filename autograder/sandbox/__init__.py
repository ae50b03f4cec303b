"""Strangers' code behind a wall: a clean Python that forks a locked process for every notebook."""
