"""What an LMS lets a teacher download, read without trusting it: a zip archive or a folder, as names and
bytes.

Nothing is ever unpacked: a file's bytes are read, its name is only looked at. What could lead out of the
download, or fill the memory, is refused with a line.
"""

import functools
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder._text import printable_name
from autograder.course.submitted import read_bytes
from autograder.errors import GraderError
from autograder.notebooks.notebook import MAX_BYTES, NotebookError

MAX_FILES = 50_000
# A zip that a student handed in
MAX_ARCHIVE = 64 * 2**20
IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


class DownloadError(GraderError):
    """The download can't be read; str() says what was given, what was expected, and what to do."""


@dataclass(frozen=True)
class DownloadedFile:
    """One file: the parts of its name, and its bytes when asked for. NotebookError if they can't be had."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        return printable_name("/".join(self.parts))


@contextmanager
def opened(path: Path, refused: list[str]) -> Iterator[list[DownloadedFile]]:
    """The plain files in a zip archive or a folder, readable while it is open; a line in refused for each
    left out.

    DownloadError if there is no such thing, or it can't be read.
    """
    if path.is_dir():
        yield list(_folder(path, refused))
        return
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise DownloadError(
            f"{path}: no such file or folder; what the LMS lets you download was expected"
        ) from None
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise DownloadError(
            f"{path}: no zip archive that can be read ({error}); download it again, or unpack it and give "
            "the folder"
        ) from None
    with archive:
        yield list(_members(archive, path.name, refused))


def read_archive(item: DownloadedFile, refused: list[str]) -> list[DownloadedFile]:
    """The files in a zip that a student handed in; none, and a line in refused, if it can't be read."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(item.read()))
        return [
            DownloadedFile((*item.parts, *inner.parts), inner.read)
            for inner in _members(archive, item.name, refused)
            if inner.parts[-1].lower().endswith(".ipynb")
        ]
    except NotebookError as error:
        refused.append(f"{item.name} was left out: {error}")
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        refused.append(f"{item.name} was left out: it can't be read as a zip archive ({error})")
    return []


def _folder(top: Path, refused: list[str]) -> Iterator[DownloadedFile]:
    seen = 0

    def unreadable(error: OSError) -> None:
        refused.append(
            f"{printable_name(str(error.filename))} was left out: it can't be read ({error.strerror})"
        )

    for folder, folders, files in os.walk(top, onerror=unreadable):
        folders.sort()
        here = Path(folder).relative_to(top).parts
        for name in list(folders):
            if name in IGNORED or name.startswith("."):
                folders.remove(name)
            elif (Path(folder) / name).is_symlink():
                folders.remove(name)
                refused.append(
                    f"{printable_name('/'.join((*here, name)))} was left out: it is a symbolic link"
                )
        for name in sorted(files):
            path = Path(folder) / name
            seen += 1
            if seen > MAX_FILES:
                raise DownloadError(
                    f"{top}: more than {MAX_FILES:,} files; one assignment's download was expected"
                )
            if name in IGNORED or name.startswith("."):
                continue
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                refused.append(
                    f"{printable_name('/'.join((*here, name)))} was left out: it is a symbolic link"
                )
            elif not stat.S_ISREG(mode):
                refused.append(f"{printable_name('/'.join((*here, name)))} was left out: it is no plain file")
            else:
                yield DownloadedFile((*here, name), functools.partial(read_bytes, path))


def _members(archive: zipfile.ZipFile, where: str, refused: list[str]) -> Iterator[DownloadedFile]:
    members = archive.infolist()
    if len(members) > MAX_FILES:
        raise DownloadError(
            f"{printable_name(where)}: more than {MAX_FILES:,} files; one assignment's download was expected"
        )
    for member in members:
        # A folder; zipfile's is_dir() fails on an empty name
        if member.filename.endswith("/"):
            continue
        parts = tuple(member.filename.split("/"))
        if any(part in IGNORED or part.startswith("._") for part in parts):
            continue
        name = f"{printable_name(where)}: {printable_name(member.filename)}"
        if problem := _problem(member, parts):
            refused.append(f"{name} was left out: {problem}")
        else:
            yield DownloadedFile(parts, functools.partial(_bytes, archive, member))


def _problem(member: zipfile.ZipInfo, parts: tuple[str, ...]) -> str | None:
    """Why a member of an archive is refused."""
    if any(part in ("", ".", "..") for part in parts) or "\\" in member.filename or ":" in parts[0]:
        return "its name leads out of the archive"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in member.filename):
        return "its name holds control characters"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a symbolic link"
    return None


def _bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's bytes, never more than the limit, whatever size the archive claims. NotebookError if there
    are more.
    """
    limit = MAX_ARCHIVE if member.filename.lower().endswith(".zip") else MAX_BYTES
    if member.flag_bits & 0x1:
        raise NotebookError("unreadable", "it is encrypted")
    try:
        with archive.open(member) as file:
            data = file.read(limit + 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise NotebookError("unreadable", f"it can't be unpacked ({error})") from None
    except Exception as error:
        # zlib.error, lzma.LZMAError, ...: what a damaged stream makes of its decompressor
        raise NotebookError("unreadable", f"it can't be unpacked ({type(error).__name__})") from None
    if len(data) > limit:
        raise NotebookError("too_large", f"it unpacks to more than {limit:,} bytes")
    return data
