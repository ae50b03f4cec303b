"""Notebooks of an earlier release that this one has not made again."""

import json
from pathlib import Path

# In a notebook's metadata: what marks it as ours to overwrite or to remove
GENERATED = "generated_from"


def remove_stale(to: Path, kept: set[Path]) -> list[Path]:
    """Take away what a release made in `to` and this one does not keep; other files are left alone."""
    removed = []
    for path in [*sorted(to.glob("*/*.ipynb")), *sorted(to.glob("*/*/*.ipynb"))]:
        if path in kept:
            continue
        try:
            ours = GENERATED in json.loads(path.read_bytes())["metadata"]["deltabook"]
        except (ValueError, KeyError, TypeError, OSError, RecursionError):
            ours = False
        if ours:
            path.unlink()
            removed.append(path)
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
    return removed
