"""Whether a file was changed since it was read, without reading it again: by its size, its times, its number.

A program may put a file's time of change back, but not the time at which the file system saw it change.
"""

import os
import time
from pathlib import Path

# A file that was changed so shortly before may be changed again without a later time: some file systems count
# in steps of two seconds.
SECONDS_TO_SETTLE = 3.0


def stamp_of(path: str | Path) -> list[int] | None:
    """Device, number, size, and the nanoseconds at which contents and everything else were last changed; of a
    link its own, None if there is no such file.
    """
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def settled(stamp: list[int]) -> bool:
    """Will whatever changes the file from now on change its stamp too?"""
    return time.time() - max(stamp[3:]) / 1e9 > SECONDS_TO_SETTLE
