"""Earlier attempts, kept where a course counts the best one:
COURSE/.autograder/attempts/<student>/<assignment>/.

Collecting anew replaces what was handed in before, so each attempt is kept here when it is first seen.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder._files import write_atomically


@dataclass(frozen=True)
class Attempt:
    """What was handed in once: the notebook's bytes, and the text of its timestamp.txt ("" if it had
    none)."""

    data: bytes
    timestamp: str


def earlier(course: Path, student: str, assignment: str, now: Attempt | None) -> list[Attempt]:
    """Every attempt before this one, the oldest first; `now`, if there is one, is kept for later.

    The same notebook handed in at another time is another attempt; a time that came later is its own.
    """
    folder = course / ".autograder" / "attempts" / student / assignment
    kept = sorted(folder.glob("*.ipynb"))
    if now is not None:
        digest = hashlib.sha256(now.data).hexdigest()[:16]
        same = [path for path in kept if path.stem.endswith(digest)]
        if not same:
            path = folder / f"{len(kept) + 1:04d}-{digest}.ipynb"
            write_atomically(path.with_suffix(".txt"), now.timestamp.encode())
            write_atomically(path, now.data)
        for path in same:
            if not _timestamp(path) and now.timestamp:
                write_atomically(path.with_suffix(".txt"), now.timestamp.encode())
        kept = [path for path in kept if path not in same or _timestamp(path) not in ("", now.timestamp)]
    return [Attempt(path.read_bytes(), _timestamp(path)) for path in kept]


def best_attempt(points: Sequence[float]) -> int:
    """The place of the attempt that counts: of those with the most points, the first."""
    return max(range(len(points)), key=lambda place: (points[place], -place))


def _timestamp(path: Path) -> str:
    try:
        return path.with_suffix(".txt").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
