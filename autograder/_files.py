"""Files written whole or not at all; and a few that are read by paths as text, where there are very many."""

import os
import stat
import tempfile
from pathlib import Path


def write_atomically(target: Path, data: bytes) -> bool:
    """Write data so that a reader sees the old file or the new one; False if it held these bytes already.

    An OSError names target or its folder, never the file beside it that is written first.
    """
    if target.is_file() and target.read_bytes() == data:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename = str(target)
        raise
    return True


def is_file(path: str) -> bool:
    """Is there a file, perhaps by a link?"""
    return os.path.isfile(path)


def text_of(path: str) -> str:
    """A file's text. OSError, UnicodeDecodeError."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def start_of(path: str, length: int) -> bytes:
    """The first bytes of a plain file, none where there is none, or a link. OSError if it can't be read."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return b""
    except OSError:
        return b""
    with open(path, "rb") as file:
        return file.read(length)
