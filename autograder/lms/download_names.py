"""Whose file it is stands in the name that Moodle, Canvas or Blackboard gave it.

The LMS writes its own part first, and the student chooses the rest. So of two markers in one name the first
is the LMS's, and what a student writes into a file's name is never anybody's number.
"""

import re
from dataclasses import dataclass
from typing import Literal

from autograder._text import one_line

Lms = Literal["moodle", "canvas", "blackboard"]

# "Ada Lovelace_501_assignsubmission_file_/work.ipynb", or without folders "…_file_work.ipynb"
MOODLE_MARKER = re.compile(r"(?:^|_)(?P<number>\d+)_assignsubmission_[a-z]+(?:_|$)")
# "lovelaceada_1001_90210_work.ipynb", "lovelaceada_LATE_1001_90210_work-1.ipynb". In the names of people
# Canvas leaves no number between underscores.
CANVAS_MARKER = re.compile(
    r"(?<=.)(?P<late>_LATE)?_(?P<number>\d+)_(?:\d+_(?=.)|(?=(?:text|link)\.html$))", re.DOTALL
)
# "anon_Ab3dE_90210_work.ipynb", "LATE_anon_Ab3dE_90210_work.ipynb": Canvas's anonymous grading.
ANONYMOUS_MARKER = re.compile(
    r"(?P<late>LATE_)?(?P<number>anon_[A-Za-z0-9]{5})_(?:\d+_(?=.)|(?=(?:text|link)\.html$))", re.DOTALL
)
# "Step 2_ada_attempt_2026-03-02-18-00-05_work.ipynb", with "Step 2_ada_attempt_2026-03-02-18-00-05.txt"
# beside it: the assignment's name there, the user's name, the word for an attempt in its language, the time.
BLACKBOARD_MARKER = re.compile(
    r"(?<=.)_(?P<number>[^_]+)_[^\W\d_]{3,20}_"
    r"(?P<time>\d{4}(?:-\d{2}){5})(?:_(?=.)|(?=\.txt$))",
    re.DOTALL | re.IGNORECASE,
)
LMS_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class LmsName:
    """What an LMS says in a file's name: number and name of who handed it in, and the file's own name.

    time: when, where the name says it, as 2026-03-02-18-00-05 in the LMS's own zone. Blackboard's number is
    the user's name, Canvas's of somebody unknown is anon_ and five letters. title: what stands before
    Blackboard's, the assignment's name there. prefix: the LMS's part of the name.
    """

    lms: Lms
    number: str
    person: str
    file: str
    late: bool = False
    time: str = ""
    title: str = ""
    prefix: str = ""


def lms_name(parts: tuple[str, ...]) -> LmsName | None:
    """What the first marker in the parts of a file's name says; None if there is none, or it has no number.

    Moodle's may be in a folder's name. Canvas makes no folders.
    """
    for place, part in enumerate(parts):
        markers: list[tuple[Lms, re.Match[str] | None]] = [("moodle", MOODLE_MARKER.search(part))]
        if place == len(parts) - 1:
            markers.append(("canvas", ANONYMOUS_MARKER.match(part) or CANVAS_MARKER.search(part)))
            markers.append(("blackboard", BLACKBOARD_MARKER.search(part)))
        there = [(lms, marker) for lms, marker in markers if marker]
        if not there:
            continue
        lms, marker = min(there, key=lambda found: found[1].start())
        known = marker.groupdict()
        if lms == "blackboard":
            title = one_line(part[: marker.start()], 100)
            return LmsName(lms, known["number"], "", part[marker.end() :], False, known["time"], title)
        if marker.re is not ANONYMOUS_MARKER and not LMS_NUMBER.fullmatch(known["number"]):
            return None
        file = "/".join(name for name in (part[marker.end() :], *parts[place + 1 :]) if name)
        late = bool(known.get("late"))
        person, prefix = one_line(part[: marker.start()], 100), part[: marker.end()]
        return LmsName(lms, known["number"], person, file, late, prefix=prefix)
    return None


def by_lms_number(number: str) -> tuple[int, str]:
    """Numbers by their size, then whatever else an LMS calls a student by."""
    return (int(number), "") if LMS_NUMBER.fullmatch(number) else (10**18, number)
