"""Whose number is whose: collected.csv in the course's folder, which `collect` writes and `export` reads.

Moodle numbers the participants of each assignment anew, so a number counts for its own assignment.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from autograder._files import write_atomically
from autograder._language import _
from autograder.errors import GraderError, reason
from autograder.lms.cells import spreadsheet_text

COLLECTED_FILE = "collected.csv"


class CollectedError(GraderError):
    """collected.csv can't be read; str() says the line, what was given and what was expected."""


@dataclass(frozen=True, order=True)
class CollectedNumber:
    """In this assignment the LMS's number is this student of the course; name: as the download has it."""

    assignment: str
    lms: str
    number: str
    student: str
    name: str = ""


HEADER = tuple(field.name for field in fields(CollectedNumber))
# Files of old have no names.
HEADERS = (HEADER, HEADER[:4])


def read_collected(course: Path) -> frozenset[CollectedNumber]:
    """What was collected so far; nothing if there is no such file.
    CollectedError if it holds anything else.
    """
    path = course / COLLECTED_FILE
    if not path.exists():
        return frozenset()
    try:
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CollectedError(
            _(
                "{path}: it can't be read as CSV ({reason}); remove it and collect again",
                path=path,
                reason=reason(error),
            )
        ) from None
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]) or tuple(rows[0]) not in HEADERS:
            raise CollectedError(
                _(
                    "{path}, line {number}: {row!r} was found, {header} was expected; remove the file "
                    "and collect again",
                    path=path,
                    number=number,
                    row=",".join(row)[:100],
                    header=",".join(HEADER),
                )
            )
    return frozenset(CollectedNumber(*row) for row in rows[1:])


def add_collected(course: Path, found: Iterable[CollectedNumber]) -> None:
    """Add to what was collected before."""
    keep_collected(course, [*read_collected(course), *found])


def keep_collected(course: Path, known: Iterable[CollectedNumber]) -> None:
    """Keep these numbers and no others; no file where there are none and never were."""
    # What is known last of a number, as far as it is the same student's.
    rows = sorted({astuple(each)[:4]: each for each in known}.values())
    if not rows and not (course / COLLECTED_FILE).exists():
        return
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((*astuple(row)[:4], spreadsheet_text(row.name)) for row in rows)
    write_atomically(course / COLLECTED_FILE, table.getvalue().encode())
