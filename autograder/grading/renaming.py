"""A student or an assignment under another name, or gone: in the gradebook, the folders and the records.

The gradebook comes first, in one transaction: it is what people entered. Then folders are moved one by one;
a move that was made already is passed over, so that an interrupted run is ended by running it again.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from autograder._files import write_atomically
from autograder._language import _
from autograder._text import printable_name
from autograder.course.policies import POLICIES_FILE
from autograder.errors import GraderError
from autograder.gradebook import renaming as rows
from autograder.gradebook.gradebook import Gradebook
from autograder.grading.due_dates import keep_due, written_due
from autograder.grading.records import locked
from autograder.lms.collect_journal import forget_journals
from autograder.lms.identities import CollectedNumber, keep_collected, read_collected
from autograder.lms.student_list import read_students, write_students
from autograder.notebooks.assignment import NAME, released_path
from autograder.notebooks.course_folders import course_folder

_Kind = Literal["student", "assignment"]
# Of a submission's places, those under .autograder/.
_KEPT = ("results", "pages", "late", "attempts")


class RenamingError(GraderError):
    """It can't be renamed or forgotten; str() says what was given, what was expected, what to do."""


@dataclass
class Moved:
    """What was, or would be, moved or removed, as paths in the course; and what a person has still to do."""

    places: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def rename(course: Path, url: str, kind: _Kind, old: str, new: str, *, dry_run: bool = False) -> Moved:
    """Give a student or an assignment another name. RenamingError, GradebookError if that can't be done."""
    if not NAME.fullmatch(new):
        raise RenamingError(_("--to {new}: the name of a folder was expected", new=printable_name(new)))
    moves = _of_student(course, old, new) if kind == "student" else _of_assignment(course, old, new)
    _check(course, url, kind, old, moves)
    taken = [new_place for old_place, new_place in moves if old_place.exists() and new_place.exists()]
    if taken:
        raise RenamingError(
            _(
                "{taken} is there already, so {old} can't be renamed to {new}; move it away, or "
                "forget one of the two",
                taken=taken[0],
                old=old,
                new=new,
            )
        )
    done = _told(course, kind, old, [old_place for old_place, _ in moves])
    if dry_run:
        return done
    with locked(course):
        with Gradebook(url) as book:
            how = rows.rename_student if kind == "student" else rows.rename_assignment
            book.change(lambda api, db: how(api, db, old, new))
        if kind == "assignment" and released_path(course, old) is not None:
            _release_under(course, old, new)
        for old_place, new_place in moves:
            if old_place.exists():
                new_place.parent.mkdir(parents=True, exist_ok=True)
                old_place.rename(new_place)
        _rewrite_records(course, kind, old, new)
        _rewrite_lists(course, kind, old, lambda name: new if name == old else name)
    return done


def move_submission(course: Path, url: str | None, assignment: str, old: str, new: str) -> None:
    """One submission becomes another student's, whose number the LMS gave to that assignment alone. url:
    None where nothing has been graded yet.
    """
    moves = [
        (place / old / assignment, place / new / assignment)
        for place in _student_places(course)
        if place.name not in _KEPT[:3]
    ]
    kept = course / ".autograder"
    moves += [
        (kept / what / old / f"{assignment}.json", kept / what / new / f"{assignment}.json")
        for what in _KEPT[:3]
    ]
    if any(old_place.exists() and new_place.exists() for old_place, new_place in moves):
        raise RenamingError(
            _(
                "{old} and {new} both have handed in {assignment}; one was expected",
                old=old,
                new=new,
                assignment=assignment,
            )
        )
    with locked(course):
        if url is not None:
            with Gradebook(url) as book:
                book.change(lambda api, db: rows.move_submission_rows(api, db, assignment, old, new))
        for old_place, new_place in moves:
            if old_place.exists():
                new_place.parent.mkdir(parents=True, exist_ok=True)
                old_place.rename(new_place)
                _remove_if_empty(old_place.parent)
        for what in _KEPT[:3]:
            _rewrite(kept / what / new / f"{assignment}.json", "student", old, new)


def forget_submission(course: Path, url: str | None, assignment: str, student: str) -> bool:
    """What grading made of one submission that is no more, in the gradebook and the folders. url: None where
    nothing has been graded yet. False, and nothing is done, where a person has entered something.
    """
    kept = course / ".autograder"
    places = [kept / what / student / f"{assignment}.json" for what in _KEPT[:2]]
    places += [course_folder(course, step) / student / assignment for step in ("autograded", "feedback")]
    free = [True]

    def forget_rows(api: Any, db: Any) -> None:
        free[0] = rows.forget_submission_rows(api, db, assignment, student)

    with locked(course):
        if url is not None:
            with Gradebook(url) as book:
                book.change(forget_rows)
        for place in places if free[0] else ():
            _remove(place)
            _remove_if_empty(place.parent)
    return free[0]


def forget(course: Path, url: str, kind: _Kind, name: str, *, dry_run: bool = False) -> Moved:
    """Remove a student or an assignment and all that was handed in, graded and entered of it. The released
    notebook stays. RenamingError if there is no such thing.
    """
    same = _of_student(course, name, name) if kind == "student" else _of_assignment(course, name, name)
    released = (course_folder(course, "release"), course_folder(course, "source"))
    places = [place for place, _ in same if place.parent not in released]
    _check(course, url, kind, name, [(place, place) for place in places])
    done = _told(course, kind, name, places)
    if dry_run:
        return done
    with locked(course):
        with Gradebook(url) as book:
            how = rows.forget_student if kind == "student" else rows.forget_assignment
            book.change(lambda api, db: how(api, db, name))
        for place in places:
            _remove(place)
        _rewrite_lists(course, kind, name, lambda other: None if other == name else other)
        # They hold what was handed in.
        forget_journals(course)
    return done


def _student_places(course: Path) -> list[Path]:
    steps = [course_folder(course, step) for step in ("submitted", "autograded", "feedback")]
    return [*steps, *(course / ".autograder" / what for what in _KEPT)]


def _of_student(course: Path, old: str, new: str) -> list[tuple[Path, Path]]:
    return [(place / old, place / new) for place in _student_places(course)]


def _of_assignment(course: Path, old: str, new: str) -> list[tuple[Path, Path]]:
    """Files of the assignment's name first, then the folders that they lie in."""
    moves: list[tuple[Path, Path]] = []
    for place in _student_places(course):
        for student in sorted(place.glob("*")):
            if place.name in _KEPT[:3] and place.parent.name == ".autograder":
                moves.append((student / f"{old}.json", student / f"{new}.json"))
                continue
            folder = student / old
            moves += [(folder / f"{old}{end}", folder / f"{new}{end}") for end in (".ipynb", ".html")]
            moves.append((folder, student / new))
    for step in ("release", "source"):
        folder = course_folder(course, step) / old
        moves += [(folder / f"{old}.ipynb", folder / f"{new}.ipynb"), (folder, folder.parent / new)]
    return [(one, other) for one, other in moves if one.exists()]


def _check(course: Path, url: str, kind: _Kind, name: str, moves: list[tuple[Path, Path]]) -> None:
    """RenamingError where there is nothing of that name, in the folders or in the gradebook."""
    if any(place.exists() for place, _ in moves):
        return
    with Gradebook(url) as book:
        assignments = {row.name for row in book.nbgrader.assignments}
        known = book.students() if kind == "student" else assignments
    if name not in known:
        raise RenamingError(
            _(
                "--{kind} {name}: no such {what} in {course} or its gradebook; there are {known}",
                kind=kind,
                what=_(kind),
                name=printable_name(name),
                course=course,
                known=", ".join(sorted(known)[:8]) or _("none"),
            )
        )


def _told(course: Path, kind: _Kind, name: str, places: list[Path]) -> Moved:
    done = Moved([str(place.relative_to(course)) for place in places if place.exists()])
    path = course / POLICIES_FILE
    if path.is_file() and name in path.read_text(encoding="utf-8", errors="replace"):
        done.remarks.append(
            _(
                "{file} names {name}: change it there by hand, if it is this {what}",
                file=POLICIES_FILE,
                name=name,
                what=_(kind),
            )
        )
    return done


def _release_under(course: Path, old: str, new: str) -> None:
    """An assignment that came with the package has its released notebook in the course from now on."""
    path = released_path(course, old)
    own = [course_folder(course, step) for step in ("release", "source")]
    if path is not None and path.parents[1] not in own:
        write_atomically(own[0] / new / f"{new}.ipynb", path.read_bytes())


def _rewrite_records(course: Path, kind: _Kind, old: str, new: str) -> None:
    kept = course / ".autograder"
    for what in _KEPT[:3]:
        pattern = f"{new}/*.json" if kind == "student" else f"*/{new}.json"
        for path in (kept / what).glob(pattern):
            _rewrite(path, kind, old, new)


def _rewrite(path: Path, kind: _Kind, old: str, new: str) -> None:
    """The name in a record, or in the facts of a page."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for holder in (found, found.get("report")):
        if isinstance(holder, dict) and holder.get(kind) == old:
            holder[kind] = new
    write_atomically(path, json.dumps(found, ensure_ascii=False).encode())


def _rewrite_lists(course: Path, kind: _Kind, old: str, name: Callable[[str], str | None]) -> None:
    """collected.csv, students.csv and what was written of due dates. name: None takes the entry out."""
    keep_collected(course, _collected_under(read_collected(course), kind, name))
    written = {}
    for assignment, dates in written_due(course).items():
        other = name(assignment) if kind == "assignment" else assignment
        if other is not None:
            written[other] = dates
    keep_due(course, written)
    for path in (course / ".autograder" / "downloads").glob("*.json") if kind == "student" else ():
        prefixes = json.loads(path.read_text(encoding="utf-8"))
        kept = {other: prefix for each, prefix in prefixes.items() if (other := name(each)) is not None}
        write_atomically(path, json.dumps(kept, ensure_ascii=False, sort_keys=True).encode())
    students = read_students(course)
    if kind == "student" and old in students:
        gone, other = students.pop(old), name(old)
        if other is not None:
            students[other] = type(gone)(**(vars(gone) | {"id": other}))
        write_students(course, students.values())


def _collected_under(
    known: frozenset[CollectedNumber], kind: _Kind, name: Callable[[str], str | None]
) -> Iterator[CollectedNumber]:
    for each in known:
        assignment = name(each.assignment) if kind == "assignment" else each.assignment
        student = name(each.student) if kind == "student" else each.student
        if assignment is not None and student is not None:
            yield replace(each, assignment=assignment, student=student)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
