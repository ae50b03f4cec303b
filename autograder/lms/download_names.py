"""Whose file it is stands in the name that Moodle or Canvas gave it.

The LMS writes its own part first, and the student chooses the rest. So of two markers in one name the first
is the LMS's, and what a student writes into a file's name is never anybody's number.
"""

import re
from dataclasses import dataclass
from typing import Literal

from autograder._text import one_line

Lms = Literal["moodle", "canvas"]

# "Ada Lovelace_501_assignsubmission_file_/work.ipynb", or without folders "…_file_work.ipynb"
MOODLE_MARKER = re.compile(r"(?:^|_)(?P<number>\d+)_assignsubmission_[a-z]+(?:_|$)")
# "lovelaceada_1001_90210_work.ipynb", "lovelaceada_LATE_1001_90210_work-1.ipynb". In the names of people
# Canvas leaves no number between underscores.
CANVAS_MARKER = re.compile(r"(?<=.)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?=.)", re.DOTALL)
LMS_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class LmsName:
    """What an LMS says in a file's name: number and name of who handed it in, and the file's own name."""

    lms: Lms
    number: str
    person: str
    file: str
    late: bool = False


def lms_name(parts: tuple[str, ...]) -> LmsName | None:
    """What the first marker in the parts of a file's name says; None if there is none, or it has no number.

    Moodle's may be in a folder's name. Canvas makes no folders.
    """
    for place, part in enumerate(parts):
        markers: list[tuple[Lms, re.Match[str] | None]] = [("moodle", MOODLE_MARKER.search(part))]
        if place == len(parts) - 1:
            markers.append(("canvas", CANVAS_MARKER.search(part)))
        there = [(lms, marker) for lms, marker in markers if marker]
        if not there:
            continue
        lms, marker = min(there, key=lambda found: found[1].start())
        if not LMS_NUMBER.fullmatch(marker["number"]):
            return None
        file = "/".join(name for name in (part[marker.end() :], *parts[place + 1 :]) if name)
        late = bool(marker.groupdict().get("late"))
        return LmsName(lms, marker["number"], one_line(part[: marker.start()], 100), file, late)
    return None
