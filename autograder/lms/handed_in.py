"""Which of the files that a student handed in is the notebook that was meant."""

import re
from dataclasses import dataclass, replace

from autograder._language import _
from autograder._text import printable_name
from autograder.lms.downloads import DownloadedFile, Refusals, list_archive
from autograder.notebooks.notebook import NotebookError, read_notebook
from autograder.notebooks.notebook_names import is_notebook_name, may_be_notebook

# Zips of one student that are looked into, and remarks about one student.
MAX_ARCHIVES = 8
MAX_REMARKS = 5
OTHER_ARCHIVES = frozenset(("rar", "7z", "gz", "tgz", "tar", "bz2", "xz", "zst"))
LINKS = frozenset(("url", "lnk", "webloc", "desktop", "gdoc", "icloud"))


@dataclass(frozen=True)
class Handed:
    """One file of a student: its name as the student gave it."""

    file: str
    item: DownloadedFile
    late: bool = False
    time: str = ""


def capped(lines: list[str]) -> list[str]:
    """As many of the lines as are told of one student."""
    more = len(lines) - MAX_REMARKS
    return (
        lines
        if more <= 0
        else [
            *lines[:MAX_REMARKS],
            _("{lines} … and {more} more", lines=lines[MAX_REMARKS - 1][:60], more=more),
        ]
    )


def meant_notebook(student: str, assignment: str, theirs: list[Handed], remarks: list[str]) -> bytes | None:
    """The bytes of the one notebook that was meant: the one of the assignment's name, else the only one; else
    the only other file that holds a notebook.
    """
    files = [handed for handed in theirs if not handed.file.lower().endswith(".zip")]
    archives = [handed for handed in theirs if handed.file.lower().endswith(".zip")]
    for handed in archives[:MAX_ARCHIVES]:
        refused = Refusals()
        inner = list_archive(handed.item, refused)
        remarks += capped([line for _, line in refused.lines])
        files += [replace(handed, file=item.parts[-1], item=item) for item in inner]
    if len(archives) > MAX_ARCHIVES:
        remarks.append(
            _(
                "{student}: {count} zip archives; {most_archives} of them were looked into",
                student=student,
                count=len(archives),
                most_archives=MAX_ARCHIVES,
            )
        )
    notebooks = [handed for handed in files if is_notebook_name(handed.file.split("/")[-1])]
    named = [handed for handed in notebooks if _attempt(handed, assignment) is not None]
    # The last attempt: by the time in its name, then by the number that Canvas adds.
    named.sort(key=lambda handed: (handed.time, _attempt(handed, assignment) or 0))
    last = max((handed.time for handed in notebooks), default="")
    meant = named[-1:] or [handed for handed in notebooks if handed.time == last]
    if len(meant) > 1:
        meant = _one_of_equals(meant)
    if len(meant) > 1:
        names = ", ".join(printable_name(handed.file) for handed in meant[:5])
        remarks.append(
            _(
                "{student}: several notebooks, none named {assignment}.ipynb: {names}",
                student=student,
                assignment=assignment,
                names=names,
            )
        )
        return None
    if not meant:
        return _misnamed(student, theirs, files, remarks)
    data = _read(student, meant[0], remarks)
    if data is not None:
        _tell_other_copies(student, assignment, meant[0], data, notebooks, remarks)
    return data


def _read(student: str, handed: Handed, remarks: list[str]) -> bytes | None:
    """Its bytes; None, and a line that says why, if it can't be read."""
    try:
        return handed.item.read()
    except NotebookError as error:
        remarks.append(
            _(
                "{student}: {name} can't be read: {error}",
                student=student,
                name=handed.item.name,
                error=error,
            )
        )
    return None


def _tell_other_copies(
    student: str, assignment: str, meant: Handed, data: bytes, notebooks: list[Handed], remarks: list[str]
) -> None:
    """A line where a copy came along that holds something else, such as "06-step-2 (1).ipynb": it may be the
    newer one.
    """
    others = [
        handed
        for handed in notebooks
        if handed.time == meant.time
        and _attempt(handed, assignment) is None
        and handed.file.split("/")[-1].casefold().startswith(assignment.casefold())
    ]
    for other in others[:MAX_ARCHIVES]:
        held = data if other is meant else _read(student, other, remarks)
        if held is not None and held != data:
            remarks.append(
                _(
                    "{student}: {name} was taken; {other} came along and holds something else",
                    student=student,
                    name=printable_name(meant.file),
                    other=printable_name(other.file),
                )
            )


def _one_of_equals(several: list[Handed]) -> list[Handed]:
    """The first, if all hold the same bytes: one notebook under several names."""
    try:
        contents = {handed.item.read() for handed in several[:MAX_ARCHIVES]}
    except NotebookError:
        return several
    return several[:1] if len(contents) == 1 and len(several) <= MAX_ARCHIVES else several


def _misnamed(student: str, theirs: list[Handed], files: list[Handed], remarks: list[str]) -> bytes | None:
    """The one file that holds a notebook though its name says otherwise, such as work.ipynb.txt."""
    holding: list[tuple[Handed, bytes]] = []
    for handed in [handed for handed in files if may_be_notebook(handed.file)][:MAX_ARCHIVES]:
        try:
            data = handed.item.read()
            read_notebook(data)
        except NotebookError:
            continue
        holding.append((handed, data))
    if len(holding) == 1:
        name = printable_name(holding[0][0].file)
        remarks.append(
            _(
                "{student}: {name} was taken: it holds a notebook, whatever its name says",
                student=student,
                name=name,
            )
        )
        return holding[0][1]
    names = ", ".join(printable_name(handed.file or handed.item.name) for handed in theirs[:5]) or "nothing"
    remarks.append(
        _(
            "{student}: no notebook among what was handed in ({names}){why}",
            student=student,
            names=names,
            why=_why_none(theirs),
        )
    )
    return None


def _why_none(theirs: list[Handed]) -> str:
    """What the endings say of it."""
    endings = {handed.file.lower().rsplit(".", 1)[-1] for handed in theirs}
    if endings & OTHER_ARCHIVES:
        return _("; of archives zip alone is looked into")
    return _("; a link is not the file") if endings & LINKS else ""


def _attempt(handed: Handed, assignment: str) -> int | None:
    """Which attempt a file of the assignment's name is (Canvas writes -1,
    -2 after a name used again); else None.
    """
    match = re.fullmatch(
        rf"{re.escape(assignment)}(?:-([0-9]{{1,6}}))?\.ipynb", handed.file.split("/")[-1], re.IGNORECASE
    )
    return int(match[1] or 0) if match else None
