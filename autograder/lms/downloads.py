"""What an LMS lets a teacher download, read without trusting it: a zip
archive or a folder, as names and bytes.

Nothing is ever unpacked: a file's bytes are read, its name is only looked at. What could lead out of the
download, or fill the memory, is refused with a line. A zip in the download is a student's: whatever is wrong
with it is said of that one file. It is opened to be listed and again for each file that is read, so that no
more than one is in memory.
"""

import functools
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder._language import _
from autograder._text import one_line, printable_name
from autograder.course.submitted import read_bytes
from autograder.errors import GraderError
from autograder.notebooks.notebook import MAX_BYTES, NotebookError
from autograder.notebooks.notebook_names import is_notebook_name, may_be_notebook

MAX_FILES = 50_000
# Of a zip that a student handed in: its bytes, its files, and the bytes of its list of files, which the
# standard library reads at once and makes an object of about 600 bytes of each entry (46 bytes or more).
MAX_ARCHIVE = 64 * 2**20
MAX_MEMBERS = 20_000
MAX_DIRECTORY = 4 * 2**20
# For any other method zipfile unpacks as much as comes, whatever it is asked for.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
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


class Refusals:
    """A line for each file that was left out, with the parts of its name: whose it is stands in them."""

    def __init__(self) -> None:
        self.lines: list[tuple[tuple[str, ...], str]] = []

    def add(self, parts: tuple[str, ...], line: str) -> None:
        self.lines.append((parts, line))


@contextmanager
def opened(path: Path, refused: Refusals) -> Iterator[list[DownloadedFile]]:
    """The plain files in a zip archive or a folder, readable while it is
    open; a line in refused for each left out.

    DownloadError if there is no such thing, or it can't be read.
    """
    if path.is_dir():
        yield list(_folder(path, refused))
        return
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise DownloadError(
            _("{path}: no such file or folder; what the LMS lets you download was expected", path=path)
        ) from None
    except BAD_ARCHIVE as error:
        raise DownloadError(
            _(
                "{path}: no zip archive that can be read ({error}); download it again, or unpack it "
                "and give the folder",
                path=path,
                error=one_line(str(error), 100),
            )
        ) from None
    with archive:
        if len(archive.infolist()) > MAX_FILES:
            raise DownloadError(
                _("{path}: {too}; one assignment's download was expected", path=path, too=too_many(MAX_FILES))
            )
        yield [
            DownloadedFile(parts, functools.partial(_bytes, archive, member))
            for parts, member in _members(archive, path.name, refused)
        ]


def list_archive(item: DownloadedFile, refused: Refusals) -> list[DownloadedFile]:
    """What may be notebooks in a zip that a student handed in; none, and a line in refused, if unreadable."""
    try:
        with _archive(item) as archive:
            return [
                DownloadedFile((*item.parts, *parts), functools.partial(_bytes_inside, item, member.filename))
                for parts, member in _members(archive, item.name, refused)
                if is_notebook_name(parts[-1]) or may_be_notebook(parts[-1])
            ]
    except NotebookError as error:
        refused.add(item.parts, _("{name} was left out: {error}", name=item.name, error=error))
    return []


def too_many(limit: int) -> str:
    return _("more than {limit:,} files", limit=limit)


# zipfile's own errors for what it doesn't support, and what a damaged list of files makes of it: a name that
# is no UTF-8, a field that is cut off, an offset before the beginning.
BAD_ARCHIVE = (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, struct.error, OverflowError)


class _Listed(io.BytesIO):
    """A zip's bytes whose list of files is read up to MAX_DIRECTORY: a longer one fills the memory."""

    at_most: int | None = MAX_DIRECTORY

    def read(self, size: int | None = -1, /) -> bytes:
        if self.at_most is not None and size is not None and size > self.at_most:
            raise zipfile.BadZipFile(too_many(MAX_MEMBERS))
        return super().read(size)


@contextmanager
def _archive(item: DownloadedFile) -> Iterator[zipfile.ZipFile]:
    """A zip that a student handed in. NotebookError if it can't be read or is too large."""
    data = _Listed(item.read())
    try:
        archive = zipfile.ZipFile(data)
    except BAD_ARCHIVE as error:
        raise NotebookError(
            "unreadable", _("it can't be read as a zip archive ({error})", error=one_line(str(error), 100))
        ) from None
    data.at_most = None
    with archive:
        if len(archive.infolist()) > MAX_MEMBERS:
            raise NotebookError("too_large", _("a zip archive of {too}", too=too_many(MAX_MEMBERS)))
        yield archive


def _bytes_inside(item: DownloadedFile, name: str) -> bytes:
    with _archive(item) as archive:
        return _bytes(archive, archive.getinfo(name))


def _folder(top: Path, refused: Refusals) -> Iterator[DownloadedFile]:
    seen = 0

    def unreadable(error: OSError) -> None:
        parts = Path(error.filename).relative_to(top).parts
        leave_out(parts, _("it can't be read ({strerror})", strerror=error.strerror))

    def leave_out(parts: tuple[str, ...], problem: str) -> None:
        refused.add(
            parts,
            _("{parts} was left out: {problem}", parts=printable_name("/".join(parts)), problem=problem),
        )

    for folder, folders, files in os.walk(top, onerror=unreadable):
        folders.sort()
        here = Path(folder).relative_to(top).parts
        for name in list(folders):
            if name in IGNORED or name.startswith("."):
                folders.remove(name)
            elif (Path(folder) / name).is_symlink():
                folders.remove(name)
                leave_out((*here, name), _("it is a symbolic link"))
        for name in sorted(files):
            path = Path(folder) / name
            seen += 1
            if seen > MAX_FILES:
                raise DownloadError(
                    _(
                        "{top}: {too}; one assignment's download was expected",
                        top=top,
                        too=too_many(MAX_FILES),
                    )
                )
            if name in IGNORED or name.startswith("."):
                continue
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                leave_out((*here, name), _("it is a symbolic link"))
            elif not stat.S_ISREG(mode):
                leave_out((*here, name), _("it is no plain file"))
            else:
                yield DownloadedFile((*here, name), functools.partial(read_bytes, path, limit_of(name)))


def _members(
    archive: zipfile.ZipFile, where: str, refused: Refusals
) -> Iterator[tuple[tuple[str, ...], zipfile.ZipInfo]]:
    """The plain files of an archive, each with the parts of its name."""
    for member in archive.infolist():
        # Some programs of Windows part the names of folders so.
        name = member.filename.replace("\\", "/")
        # A folder; zipfile's is_dir() fails on an empty name.
        if name.endswith("/"):
            continue
        parts = tuple(name.split("/"))
        # Hidden files and folders, such as Jupyter's checkpoints, are nobody's work.
        if any(part in IGNORED or (part[0:1] == "." and part.strip(".")) for part in parts):
            continue
        if problem := _problem(member, parts):
            refused.add(
                parts,
                _(
                    "{where}: {name} was left out: {problem}",
                    where=printable_name(where),
                    name=printable_name(name),
                    problem=problem,
                ),
            )
        else:
            yield parts, member


def _problem(member: zipfile.ZipInfo, parts: tuple[str, ...]) -> str | None:
    """Why a member of an archive is refused."""
    if any(part in ("", ".", "..") for part in parts) or ":" in parts[0]:
        return _("its name leads out of the archive")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in member.filename):
        return _("its name holds control characters")
    if stat.S_ISLNK(member.external_attr >> 16):
        return _("it is a symbolic link")
    return None


def limit_of(name: str) -> int:
    """How many bytes of a file of this name are read."""
    return MAX_ARCHIVE if name.lower().endswith(".zip") else MAX_BYTES


def _bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's bytes, never more than the limit, whatever size the
    archive claims. NotebookError if there are more.
    """
    limit = limit_of(member.filename)
    if member.flag_bits & 0x1:
        raise NotebookError("unreadable", _("it is encrypted"))
    if member.compress_type not in METHODS:
        raise NotebookError(
            "unreadable",
            _(
                "it is compressed by method {compress_type} of zip; method 8 (deflate) is read",
                compress_type=member.compress_type,
            ),
        )
    try:
        with archive.open(member) as file:
            data = file.read(limit + 1)
    except (*BAD_ARCHIVE, RuntimeError, EOFError, zlib.error) as error:
        raise NotebookError(
            "unreadable", _("it can't be unpacked ({error})", error=one_line(str(error), 100))
        ) from None
    if len(data) > limit:
        raise NotebookError("too_large", _("it unpacks to more than {limit:,} bytes", limit=limit))
    return data
