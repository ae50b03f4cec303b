"""The receipt: what a student can show later of what was graded, when, and by which grader."""

import datetime
import functools
import hashlib
import os
from importlib import metadata
from typing import TypedDict

from autograder._language import _
from autograder.errors import GraderError

# Seconds since 1970, in place of the time: https://reproducible-builds.org/specs/source-date-epoch/
FIXED_TIME = "SOURCE_DATE_EPOCH"


class Receipt(TypedDict):
    """graded_at: UTC, ISO 8601, when the notebook was taken up; sha256: of its bytes, 64 hexadecimal digits;
    grader: its name and version.
    """

    graded_at: str
    sha256: str
    grader: str


def utc_now() -> str:
    """The time, to the second, as a receipt has it; SOURCE_DATE_EPOCH's, where that is set, so that two runs
    can be compared byte by byte. GraderError where that is no such time.
    """
    fixed = os.environ.get(FIXED_TIME, "")
    zone = datetime.UTC
    try:
        now = datetime.datetime.fromtimestamp(int(fixed), zone) if fixed else datetime.datetime.now(zone)
    except (ValueError, OverflowError, OSError):
        raise GraderError(
            _(
                "the environment variable {variable} is {fixed!r}; seconds since 1970, such as 1800000000, "
                "were expected: correct it, or unset it",
                variable=FIXED_TIME,
                fixed=fixed[:40],
            )
        ) from None
    now = now.replace(microsecond=0)
    return now.isoformat().replace("+00:00", "Z")


def receipt_of(data: bytes, graded_at: str) -> Receipt:
    """The receipt for these bytes, by this grader."""
    return {"graded_at": graded_at, "sha256": hashlib.sha256(data).hexdigest(), "grader": _grader()}


def receipt_line(given: Receipt) -> str:
    """The receipt as one line of text."""
    return _(
        "Receipt: graded {when} by {grader}; sha256 of the notebook {sha256}",
        when=given["graded_at"],
        grader=given["grader"],
        sha256=given["sha256"],
    )


@functools.cache
def _grader() -> str:
    return f"deltabook {metadata.version('deltabook')}"
