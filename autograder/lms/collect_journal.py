"""What a collection replaces is kept, so that it can be taken back: COURSE/.autograder/undo/<number>/.

Before a file is written its bytes are put there, and a line into journal.jsonl; so an interrupted collection
can be taken back too. The last few are kept.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder._files import write_atomically
from autograder._language import _
from autograder.errors import GraderError

JOURNALS_KEPT = 5
JOURNAL_FILE = "journal.jsonl"
# (assignment, the student's name, the name after)
Move = Callable[[str, str, str], None]
# (assignment, student) -> was all that grading made of the submission removed?
Forget = Callable[[str, str], bool]


class UndoError(GraderError):
    """Nothing can be taken back; str() says why."""


@dataclass
class TakenBack:
    """Paths in the course that are as they were, and what was left as it is, each with its reason."""

    assignment: str
    restored: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class CollectJournal:
    """Told before each write of one collection."""

    def __init__(self, course: Path, assignment: str) -> None:
        self.course = course
        numbers = [int(path.name) for path in _folders(course)]
        self.folder = _place(course) / f"{max(numbers, default=0) + 1:06d}"
        self.assignment = assignment
        self.paths: list[Path] = []

    def before_write(self, path: Path) -> None:
        """This file is going to be written or removed; once a path is enough."""
        if path in self.paths:
            return
        self.paths.append(path)
        there = path.is_file()
        if there:
            write_atomically(self.folder / f"{len(self.paths)}.before", path.read_bytes())
        self._line({"path": str(path.relative_to(self.course)), "number": len(self.paths), "there": there})

    def moved(self, assignment: str, old: str, new: str) -> None:
        """A student's submission of that assignment has another name now."""
        self._line({"assignment": assignment, "old": old, "new": new})

    def close(self) -> None:
        """What the files are now; a collection that changed nothing leaves no journal."""
        if not self.paths:
            return
        after = {str(path.relative_to(self.course)): _digest(path) for path in self.paths}
        before = {name: _digest(self.folder / f"{i}.before") for i, name in enumerate(after, start=1)}
        moves = any("old" in line for line in _lines(self.folder))
        if after == before and not moves:
            shutil.rmtree(self.folder)
            return
        self._line({"after": after})
        for old in _folders(self.course)[:-JOURNALS_KEPT]:
            shutil.rmtree(old)

    def _line(self, line: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / JOURNAL_FILE
        if not path.exists():
            path.write_text(json.dumps({"collected": self.assignment}) + "\n", encoding="utf-8")
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def take_back(course: Path, move: Move, forget: Forget, *, dry_run: bool = False) -> TakenBack:
    """Take the last collection back: every file as it was before, students under the names they had. What was
    graded of a notebook that is gone is removed too, unless a person has entered something.

    A file that was changed since stays as it is. UndoError if there is no collection to take back.
    """
    folders = _folders(course)
    if not folders:
        raise UndoError(
            _(
                "{course}: no collection to take back; the last {journals_kept} are kept",
                course=course,
                journals_kept=JOURNALS_KEPT,
            )
        )
    folder = folders[-1]
    lines = list(_lines(folder))
    done = TakenBack(next((line["collected"] for line in lines if "collected" in line), ""))
    after: dict[str, str] = next((line["after"] for line in lines if "after" in line), {})
    for line in reversed(lines):
        if "path" in line:
            if _restore(course, folder, line, after, dry_run, done) and not line["there"] and not dry_run:
                _forget_graded(course / line["path"], forget, done)
        elif "old" in line:
            done.restored.append(
                _(
                    "{assignment} of {new}: {old} again",
                    assignment=line["assignment"],
                    new=line["new"],
                    old=line["old"],
                )
            )
            if not dry_run:
                move(line["assignment"], line["new"], line["old"])
    if not dry_run:
        shutil.rmtree(folder)
    done.restored.sort()
    return done


def forget_journals(course: Path) -> None:
    """Remove what is kept: it holds notebooks of whoever is forgotten."""
    shutil.rmtree(_place(course), ignore_errors=True)


def _restore(
    course: Path, folder: Path, line: dict[str, Any], after: dict[str, str], dry_run: bool, done: TakenBack
) -> bool:
    """Make the file what it was; False if there is nothing to do, or it was changed since."""
    path, kept = course / line["path"], folder / f"{line['number']}.before"
    now, before = _digest(path), _digest(kept)
    if now == before:
        return False
    if line["path"] in after and now != after[line["path"]]:
        done.remarks.append(
            _("{path} was changed since it was collected; it stays as it is", path=line["path"])
        )
        return False
    done.restored.append(line["path"])
    if dry_run:
        return True
    if line["there"]:
        write_atomically(path, kept.read_bytes())
    else:
        path.unlink()
        _remove_empty(course, path.parent)
    _forget_attempt(course, path, now)
    return True


def _forget_graded(path: Path, forget: Forget, done: TakenBack) -> None:
    """path: of the notebook that is gone."""
    assignment, student = path.parent.name, path.parent.parent.name
    if path.suffix == ".ipynb" and not forget(assignment, student):
        done.remarks.append(
            _(
                "{student} {assignment} stays in the gradebook: a person has entered something",
                student=student,
                assignment=assignment,
            )
        )


def _remove_empty(course: Path, folder: Path) -> None:
    """Folders that hold nothing any more."""
    while folder != course and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _forget_attempt(course: Path, path: Path, digest: str) -> None:
    """A notebook that is taken back was no attempt."""
    if path.suffix == ".ipynb":
        name = path.parent.name
        kept = course / ".autograder" / "attempts" / path.parent.parent.name / name
        for attempt in kept.glob(f"*-{digest[:16]}.ipynb"):
            attempt.unlink()
            attempt.with_suffix(".txt").unlink(missing_ok=True)


def _place(course: Path) -> Path:
    return course / ".autograder" / "undo"


def _folders(course: Path) -> list[Path]:
    place = _place(course)
    return sorted(path for path in place.glob("*") if path.name.isdigit() and (path / JOURNAL_FILE).is_file())


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / JOURNAL_FILE
    for text in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            yield json.loads(text)
        except ValueError:
            # The last line of an interrupted run
            return


def _digest(path: Path) -> str:
    """Of the file's bytes; "" where there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
