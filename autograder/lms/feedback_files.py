"""The feedback pages of an assignment as one zip that the LMS hands out to its students.

Moodle (Upload multiple feedback files in a zip) and Canvas (Upload submissions) find the student in each
file's name: it has to be the one that their own download gave, so these are kept when they are collected.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder._files import write_atomically
from autograder._language import _
from autograder.errors import GraderError
from autograder.lms.identities import CollectedNumber, read_collected
from autograder.notebooks.course_folders import course_folder

FeedbackLms = Literal["moodle", "canvas"]
# Zip's first day: the same pages are the same bytes.
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


class FeedbackError(GraderError):
    """No zip can be made; str() says what was given, what was expected, what to do."""


@dataclass
class FeedbackFiles:
    """The zip's bytes, who is in it, and who isn't, with the reason."""

    data: bytes
    students: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def feedback_files(course: Path, lms: FeedbackLms, assignment: str | None = None) -> FeedbackFiles:
    """The zip for one assignment, the only one collected if none is named. FeedbackError, CollectedError."""
    known = [each for each in sorted(read_collected(course)) if each.lms == lms]
    names = sorted({each.assignment for each in known})
    if assignment is None and len(names) > 1:
        raise FeedbackError(
            _(
                "several assignments came from {lms} ({names}): say which with --assignment",
                lms=lms,
                names=", ".join(names),
            )
        )
    name = assignment or (names[0] if names else "")
    of_this = {each.student: each for each in known if each.assignment == name}
    if not of_this:
        raise FeedbackError(
            _(
                "nothing of {name} was collected from {lms}: its names for the students are needed; "
                "collect its download first",
                name=name or _("any assignment"),
                lms=lms,
            )
        )
    prefixes = _prefixes(course, name)
    pages = course_folder(course, "feedback")
    there = {path.parents[1].name for path in pages.glob(f"*/{name}/{name}.html")}
    found = FeedbackFiles(b"")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in sorted({*of_this, *there}):
            path = pages / student / name / f"{name}.html"
            where = _name(lms, of_this.get(student), prefixes.get(student, ""), name)
            if not path.is_file():
                found.left_out.append(_("{student}: no feedback page; nothing was graded", student=student))
            elif where is None:
                found.left_out.append(
                    _(
                        "{student}: {lms}'s name for the file is not known; collect its download",
                        student=student,
                        lms=lms,
                    )
                )
            else:
                archive.writestr(zipfile.ZipInfo(where, FIRST_DAY), path.read_bytes())
                found.students.append(student)
    found.data = out.getvalue()
    return found


def _name(lms: FeedbackLms, known: CollectedNumber | None, prefix: str, assignment: str) -> str | None:
    """The file's name in the zip; None where the LMS could not tell whose it is."""
    if known is None:
        return None
    if lms == "canvas":
        return f"{prefix}{assignment}-feedback.html" if prefix else None
    # Moodle takes what stands between the first two underscores for the number.
    person = re.sub(r"[_/\\]+", " ", known.name).strip() or "Participant"
    return f"{person}_{known.number}_assignsubmission_file_/{assignment}-feedback.html"


def keep_prefixes(course: Path, assignment: str, prefixes: Mapping[str, str]) -> None:
    """Keep how the names of the students' files in Canvas's download began."""
    found = {**_prefixes(course, assignment), **prefixes}
    if prefixes:
        write_atomically(
            prefixes_path(course, assignment), json.dumps(found, ensure_ascii=False, sort_keys=True).encode()
        )


def _prefixes(course: Path, assignment: str) -> dict[str, str]:
    try:
        found = json.loads(prefixes_path(course, assignment).read_text(encoding="utf-8"))
        return {str(student): str(prefix) for student, prefix in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def prefixes_path(course: Path, assignment: str) -> Path:
    """Where keep_prefixes keeps them."""
    return course / ".autograder" / "downloads" / f"{assignment}.json"
