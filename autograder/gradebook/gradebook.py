"""nbgrader's gradebook: assignments, students, submissions and scores, written through nbgrader's own models.

A transaction a chunk. What people entered (manual scores, comments, extra credit, extensions) is never touched, also
while they enter it: one grader writes at a time, and a row that is being written is locked. So formgrader, `nbgrader
generate_feedback` and `nbgrader export` go on from here.
"""

import contextlib
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.course.nbgrader_config import ConfigError, Penalty, read_config
from autograder.errors import GraderError
from autograder.gradebook.nbgrader_models import models
from autograder.notebooks.assignment import Assignment, has_role

SCHEMA = "e43177bfe90b"  # nbgrader 0.9's; alembic's name for it
TRIES = 6  # where another program holds what is to be written
WRITERS = 0x6E6267  # PostgreSQL's advisory lock: graders of one database write one after another


class GradebookError(GraderError):
    """The gradebook can't be used; str() says what was given, what was expected, and what to do."""


@dataclass(frozen=True)
class Entry:
    """One submission to be written: its report as JSON, when it was handed in, and the essays left blank."""

    report: dict[str, Any]
    timestamp: datetime | None
    untouched: frozenset[str]
    handed_in: bool = True  # False: no folder at all; the student is recorded, a submission is not


def default_url(course: Path) -> str:
    """Where nbgrader has this course's gradebook: its configuration's db_url, else gradebook.db in the course."""
    try:
        return read_config(course).db or f"sqlite:///{(course / 'gradebook.db').resolve()}"
    except ConfigError as error:
        raise GradebookError(str(error)) from None


def existing_url(course: Path, db: str | None) -> str:
    """The gradebook to read: --db, or the course's own. GradebookError if the course has none yet."""
    url = db or default_url(course)
    if db is None and url.endswith("/gradebook.db") and not (course / "gradebook.db").is_file():
        raise GradebookError(f"{course}: no gradebook.db there; run `autograder grade {course}` first")
    return url


@dataclass(frozen=True)
class There:
    """Rows of the gradebook: students and assignments by name, submissions by both."""

    students: dict[str, Any]
    assignments: dict[str, Any]
    submissions: dict[tuple[str, str], Any]


class Gradebook:
    """The gradebook at a SQLAlchemy URL, made if it isn't there. GradebookError if it is of another version, or
    can't be opened.
    """

    def __init__(self, url: str) -> None:
        from sqlalchemy import create_engine, inspect, text
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError

        self.api = api = models()
        try:
            _create(url, api)
            engine = create_engine(url)
            versions = []
            if "alembic_version" in inspect(engine).get_table_names():
                with engine.begin() as connection:
                    rows = connection.execute(text("SELECT version_num FROM alembic_version"))
                    versions = [row[0] for row in rows]
            engine.dispose()
            if versions != [SCHEMA]:
                raise GradebookError(
                    f"the gradebook {shown_url(url)} has schema {', '.join(map(str, versions)) or 'unknown'}; "
                    f"{SCHEMA} (nbgrader 0.9) was expected: run `nbgrader update .` or `nbgrader db upgrade` first"
                )
            self._gradebook = api.Gradebook(url)
        except ModuleNotFoundError as error:
            raise GradebookError(
                f"the gradebook {shown_url(url)} can't be opened: {error}; "
                "for PostgreSQL: pip install 'psycopg[binary]'"
            ) from None
        except (ArgumentError, SQLAlchemyError, ImportError) as error:
            first = str(error).splitlines()[0]
            raise GradebookError(f"the gradebook {shown_url(url)} can't be opened: {first}") from None
        self._db = self._gradebook.db

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, *_: object) -> None:
        self._gradebook.close()

    @property
    def nbgrader(self) -> Any:
        """nbgrader's own Gradebook object, for its exporters."""
        return self._gradebook

    def graded(self) -> set[tuple[str, str]]:
        """(student, assignment) of every submission that is in the gradebook."""
        api = self.api
        rows = (
            self._db.query(api.SubmittedAssignment.student_id, api.Assignment.name)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .all()
        )
        return {(student, assignment) for student, assignment in rows}

    def students(self) -> set[str]:
        return {row[0] for row in self._db.query(self.api.Student.id).all()}

    def add_assignment(self, assignment: Assignment) -> None:
        """Record the assignment, its one notebook and its cells, or bring them up to date."""
        self._tried(lambda: self._add(assignment))

    def _add(self, assignment: Assignment) -> None:
        """nbgrader's update_or_create_* one by one commit each: here it is one transaction."""
        api, name = self.api, assignment.name
        self._begin()
        kept = self._row(api.Assignment, {"name": name})
        kernelspec = '{"display_name": "Python 3", "language": "python", "name": "python3"}'
        notebook = self._row(api.Notebook, {"name": name, "assignment_id": kept.id}, kernelspec=kernelspec)
        for cell in assignment.cells:
            where = {"name": cell.grade_id, "notebook_id": notebook.id}
            if has_role(cell, "grade"):
                points = float(cell.nbgrader["points"])
                self._row(api.GradeCell, where, max_score=points, cell_type=cell.cell_type)
            if has_role(cell, "solution"):
                self._row(api.SolutionCell, where)
            locked = not has_role(cell, "solution") and (has_role(cell, "grade") or has_role(cell, "locked"))
            checksum = cell.nbgrader.get("checksum")
            self._row(
                api.SourceCell, where,
                cell_type=cell.cell_type, locked=locked, source=cell.source, checksum=checksum,
            )  # fmt: skip
        self._db.commit()

    def _row(self, kind: Any, where: dict[str, Any], **values: Any) -> Any:
        """The row of that kind with these values, made if it isn't there."""
        found = self._db.query(kind).filter_by(**where).one_or_none()
        if found is None:
            found = kind(**where)
            self._db.add(found)
        for name, value in values.items():
            setattr(found, name, value)
        self._db.flush()
        return found

    def write(self, entries: Iterable[Entry]) -> None:
        """Write a chunk of submissions in one transaction: all of them or, where one fails, none."""
        chunk = list(entries)

        def transaction() -> None:
            self._begin()
            # All rows at the end, and what is there read at once: both by submission took most of the time.
            with self._db.no_autoflush:
                there = self._there(chunk)
                for entry in chunk:
                    self._write(entry, there)
            self._db.commit()

        self._tried(transaction)

    def set_due(self, assignment: str, due: datetime | None, extensions: Mapping[str, timedelta]) -> None:
        """When the assignment is due (None: as the gradebook has it), and how much later for a student who handed in."""
        api = self.api

        def transaction() -> None:
            self._begin()
            kept = self._db.query(api.Assignment).filter_by(name=assignment).one()
            if due is not None:
                kept.duedate = due
            for submission in kept.submissions:
                if submission.student_id in extensions:
                    submission.extension = extensions[submission.student_id]
            self._db.commit()

        self._tried(transaction)

    def charge_lateness(self, assignment: str, penalty: Penalty | None) -> None:
        """Set what being late costs in each submission of the assignment, anew from its score as it is now.

        As nbgrader's AssignLatePenalties: nothing where it came in time, at most the score, at least 0. None: being
        late costs nothing, and what it cost once is taken back.
        """
        api = self.api

        def transaction() -> None:
            self._begin()
            submitted = api.SubmittedNotebook
            concerned = (
                self._db.query(submitted)
                .join(api.SubmittedAssignment, api.SubmittedAssignment.id == submitted.assignment_id)
                .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
                .filter(api.Assignment.name == assignment)
            )
            if penalty is None:
                concerned = concerned.filter(submitted.late_submission_penalty.is_not(None))
            for notebook in concerned:
                seconds, points = notebook.assignment.total_seconds_late, None
                if penalty is not None and seconds > 0:
                    points = penalty(notebook.assignment.student_id, notebook.score, seconds)
                if points is not None:
                    points = min(max(points, 0.0), notebook.score)
                notebook.late_submission_penalty = points
            self._db.commit()

        self._tried(transaction)

    def _begin(self) -> None:
        """Begin to write: wait for other writers, and believe nothing that was read before."""
        from sqlalchemy import text

        self._db.rollback()
        self._db.expire_all()
        if self._gradebook.engine.dialect.name == "sqlite":
            self._db.execute(text("BEGIN IMMEDIATE"))
        elif self._gradebook.engine.dialect.name == "postgresql":
            self._db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})

    def _tried(self, transaction: Callable[[], None]) -> None:
        """Do it, again where somebody else was in the way (a lock, a deadlock, the same row made twice)."""
        from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

        for attempt in range(1, TRIES + 1):
            try:
                transaction()
                return
            except SQLAlchemyError as error:
                self._db.rollback()
                if isinstance(error, OperationalError | IntegrityError) and attempt < TRIES:
                    time.sleep(random.uniform(0.1, 0.2) * 2**attempt)
                    continue
                first = str(error).splitlines()[0]
                raise GradebookError(
                    f"the gradebook can't be written: {first}; nothing of this chunk was"
                ) from None

    def _there(self, chunk: Sequence[Entry]) -> There:
        """The rows that a chunk needs and that are there."""
        api = self.api
        students = {entry.report["student"] for entry in chunk}
        assignments = {entry.report["assignment"] for entry in chunk}
        submissions = (
            self._db.query(api.SubmittedAssignment, api.Assignment.name)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .filter(api.SubmittedAssignment.student_id.in_(students))
        )
        return There(
            {row.id: row for row in self._db.query(api.Student).filter(api.Student.id.in_(students))},
            {
                row.name: row
                for row in self._db.query(api.Assignment).filter(api.Assignment.name.in_(assignments))
            },
            {(row.student_id, name): row for row, name in submissions},
        )

    def _write(self, entry: Entry, there: There) -> None:
        from sqlalchemy.exc import NoResultFound

        api, name = self.api, entry.report["student"]
        student = there.students.get(name)
        if student is None:
            student = there.students[name] = api.Student(id=name)
            self._db.add(student)
        if not entry.handed_in:
            return
        assignment = there.assignments.get(entry.report["assignment"])
        if assignment is None:  # somebody deleted it meanwhile
            raise NoResultFound(f"no assignment {entry.report['assignment']!r} is in it")
        submission = there.submissions.get((name, assignment.name))
        if submission is None:
            submission = api.SubmittedAssignment(assignment=assignment, student=student)
            self._db.add(submission)
            there.submissions[name, assignment.name] = submission
        if entry.timestamp is not None:
            submission.timestamp = entry.timestamp
        for notebook in assignment.notebooks:
            self._notebook(entry, submission, notebook)

    def _notebook(self, entry: Entry, submission: Any, notebook: Any) -> None:
        api = self.api
        mine = next((n for n in submission.notebooks if n.notebook_id == notebook.id), None)
        if mine is None:
            mine = api.SubmittedNotebook(notebook=notebook, assignment=submission)
            self._db.add(mine)
            grades = {}
        else:  # the rows are ours until the end of the transaction: nobody's manual score is overlooked
            rows = self._db.query(api.Grade).filter_by(notebook_id=mine.id)
            grades = {grade.cell_id: grade for grade in rows.populate_existing().with_for_update()}
        comments = {comment.cell_id: comment for comment in mine.comments}
        by_id = {exercise["id"]: exercise for exercise in entry.report["exercises"]}
        for cell in notebook.grade_cells:
            grade = grades.get(cell.id)
            if grade is None:
                grade = api.Grade(cell_id=cell.id, notebook=mine)
                self._db.add(grade)
            exercise = by_id.get(cell.name)
            if exercise is not None:
                self._grade(grade, exercise, cell.name in entry.untouched)
        for cell in notebook.solution_cells:
            comment = comments.get(cell.id)
            if comment is None:
                comment = api.Comment(cell_id=cell.id, notebook=mine)
                self._db.add(comment)
            blank = cell.name.removesuffix("_solution") in entry.untouched
            comment.auto_comment = "No response." if blank else None

    @staticmethod
    def _grade(grade: Any, exercise: dict[str, Any], untouched: bool) -> None:
        """As nbgrader's SaveAutoGrades: manual_score and extra_credit stay; a score by hand asks for another look."""
        status = exercise["status"]
        if status == "manual":
            grade.auto_score = 0.0 if untouched else None
        else:
            grade.auto_score = None if status == "ungradable" else exercise["score"]
        by_hand: Sequence[str] = ("ungradable", "missing") if not untouched else ()
        grade.needs_manual_grade = (
            grade.manual_score is not None or grade.auto_score is None or status in by_hand
        )


def _create(url: str, api: Any) -> None:
    """Make an empty gradebook as nbgrader does, without starting alembic; leave one that is there alone.

    SQLite commits each CREATE by itself, so the file is made beside its place and linked there whole: a run that is
    killed leaves a gradebook or none, and one that somebody else made meanwhile is kept.
    """
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.engine import make_url

    address, target = make_url(url), None
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        target = Path(str(address.database))
        if target.exists():
            return
        handle, new = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".new", dir=target.parent)
        os.close(handle)
        address = address.set(database=new)
    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":  # two graders that begin together make it once
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})
            if not inspect(connection).get_table_names():
                api.Base.metadata.create_all(connection)
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": SCHEMA})
                connection.execute(
                    text("INSERT INTO course (id) VALUES ('default_course')")
                )  # as nbgrader does
        if target is not None:
            Path(new).chmod(0o644)
            with contextlib.suppress(FileExistsError):
                os.link(new, target)
    finally:
        engine.dispose()
        if target is not None:
            Path(new).unlink()


def shown_url(url: str) -> str:
    """The URL without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return repr(url[:30])
