"""Earlier attempts, kept where a course counts the best one:
COURSE/.autograder/attempts/<student>/<assignment>/.

Collecting anew replaces what was handed in before, so each attempt is kept here when it is first seen. All
that are kept stay; graded again are the last of them alone, for handing in costs nothing and grading does.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder._files import write_atomically
from autograder._language import _

# Attempts before the last one that are graded, and their bytes together.
MAX_ATTEMPTS = 20
MAX_ATTEMPT_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Attempt:
    """What was handed in once: the notebook's bytes, and the text of its timestamp.txt ("" if it had
    none)."""

    data: bytes
    timestamp: str


def earlier(course: Path, student: str, assignment: str, now: Attempt | None) -> list[Attempt]:
    """The attempts before this one, the oldest first; `now`, if there is one, is kept for later.

    Of many the last ones, at most MAX_ATTEMPTS and MAX_ATTEMPT_BYTES together. The same notebook handed in at
    another time is another attempt; a time that came later is its own.
    """
    folder = _folder(course, student, assignment)
    kept = sorted(folder.glob("*.ipynb"))
    if now is not None:
        digest = hashlib.sha256(now.data).hexdigest()[:16]
        same = [path for path in kept if path.stem.endswith(digest)]
        if not same:
            # One that was taken back leaves its number free.
            number = int(kept[-1].name[:4]) + 1 if kept else 1
            path = folder / f"{number:04d}-{digest}.ipynb"
            write_atomically(path.with_suffix(".txt"), now.timestamp.encode())
            write_atomically(path, now.data)
        for path in same:
            if not _timestamp(path) and now.timestamp:
                write_atomically(path.with_suffix(".txt"), now.timestamp.encode())
        kept = [path for path in kept if path not in same or _timestamp(path) not in ("", now.timestamp)]
    return [Attempt(path.read_bytes(), _timestamp(path)) for path in _last(kept)]


def remark(course: Path, student: str, assignment: str) -> str:
    """What to say of so many attempts that not all of them are graded again; "" where they are."""
    kept = sorted(_folder(course, student, assignment).glob("*.ipynb"))
    graded = len(_last(kept[:-1]))
    if graded == len(kept[:-1]):
        return ""
    return _(
        "{count} attempts were handed in; the last {graded} of them are graded",
        count=len(kept),
        graded=graded + 1,
    )


def _folder(course: Path, student: str, assignment: str) -> Path:
    return course / ".autograder" / "attempts" / student / assignment


def _last(kept: list[Path]) -> list[Path]:
    """The last of them, as many as are graded."""
    last: list[Path] = []
    room = MAX_ATTEMPT_BYTES
    for path in reversed(kept[-MAX_ATTEMPTS:]):
        room -= path.stat().st_size
        if room < 0:
            break
        last.append(path)
    return last[::-1]


def best_attempt(points: Sequence[float]) -> int:
    """The place of the attempt that counts: of those with the most points, the first."""
    return max(range(len(points)), key=lambda place: (points[place], -place))


def _timestamp(path: Path) -> str:
    try:
        return path.with_suffix(".txt").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
