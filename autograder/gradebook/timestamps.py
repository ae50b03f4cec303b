"""When a submission was handed in: nbgrader's timestamp.txt beside it."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from autograder._files import start_of
from autograder.gradebook.nbgrader_models import utilities


def timestamp_text(folder: str | Path) -> str:
    """What nbgrader's timestamp.txt in a submission's folder says, "" if there is none; a link is none."""
    return start_of(f"{folder}/timestamp.txt", 100).decode("utf-8", "replace").strip()


def read_timestamp(text: str) -> datetime | None:
    """A timestamp in UTC, None of an empty text; ValueError if it is no time, or may be several."""
    try:
        text = _unmistakable(text.strip("\ufeff \t\r\n"))
        found: datetime | None = utilities().parse_utc(text) if text else None
    except (ValueError, OverflowError):
        raise ValueError(
            f"timestamp.txt holds {text[:40]!r}; a time such as 2026-01-31 18:00 UTC was expected"
        ) from None
    return found


def _unmistakable(text: str) -> str:
    """The time as the library that nbgrader asks takes it for what it is. ValueError where that can't be
    known: 03/02/2026 is a day in February or in March, and EDT is none of the zones that have names here.
    """
    # It takes +0200 for two hundred seconds, and 02.03.2026 for a day in February.
    text = re.sub(r"\s*([+-]\d\d):?(\d\d)$", r"\1:\2", text)
    text = re.sub(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})\b", r"\3-\2-\1", text)
    # It takes PM for a zone where nothing else is said.
    text = re.sub(r"(?<=\d)\s*([AaPp][Mm])$", r" \1 UTC", text)
    zone = re.search(r"(?<=\d)\s*([A-Za-z][\w/]*)$", text)
    if re.match(r"\d{1,2}/\d{1,2}/\d{4}\b", text):
        raise ValueError(text)
    if zone and zone[1].upper() not in ("Z", "UTC", "GMT") and zone[1] not in available_timezones():
        raise ValueError(text)
    return text
