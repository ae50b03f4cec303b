"""When a submission was handed in: nbgrader's timestamp.txt beside it."""

import re
from datetime import datetime
from pathlib import Path

from autograder.gradebook.nbgrader_models import utilities


def timestamp_text(folder: Path) -> str:
    """What nbgrader's timestamp.txt in a submission's folder says, "" if there is none."""
    path = folder / "timestamp.txt"
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(100).decode("utf-8", "replace").strip()


def read_timestamp(text: str) -> datetime | None:
    """A timestamp in UTC, None of an empty text; ValueError if it is no time."""
    try:
        # The library that nbgrader asks takes +0200 for two hundred seconds.
        text = re.sub(r"\s*([+-]\d\d):?(\d\d)$", r"\1:\2", text)
        found: datetime | None = utilities().parse_utc(text) if text else None
    except (ValueError, OverflowError):
        raise ValueError(
            f"timestamp.txt holds {text[:40]!r}; a time such as 2026-01-31 18:00 UTC was expected"
        ) from None
    return found
