"""Files written whole or not at all."""

import os
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
