"""nbgrader's gradebook: assignments, students, submissions and scores, written through nbgrader's own models.

A transaction a chunk. What people entered (manual scores, comments, extra credit, extensions) is never
touched, also while they enter it: one grader writes at a time, and a row that is being written is locked. So
formgrader, `nbgrader generate_feedback` and `nbgrader export` go on from here.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from autograder._language import _
from autograder.course.nbgrader_config import Penalty
from autograder.gradebook.create_gradebook import SCHEMA, WRITERS_LOCK, create_gradebook
from autograder.gradebook.gradebook_url import GradebookError, url_without_password
from autograder.gradebook.lateness import DueDates, Lateness, cost, seconds_late
from autograder.gradebook.marks import SubmissionMark, read_marks
from autograder.gradebook.nbgrader_models import models
from autograder.gradebook.write_entries import Entry, EntryWriter
from autograder.lms.student_list import ListedStudent
from autograder.notebooks.assignment import Assignment, has_role

# Where another program holds what is to be written.
TRIES_OF_A_TRANSACTION = 6


class Gradebook:
    """The gradebook at a SQLAlchemy URL, made if it isn't there. GradebookError if it is of another version,
    or can't be opened.
    """

    def __init__(self, url: str) -> None:
        from sqlalchemy import create_engine, inspect, text
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError

        self.api = api = models()
        try:
            create_gradebook(url, api)
            engine = create_engine(url)
            versions = []
            if "alembic_version" in inspect(engine).get_table_names():
                with engine.begin() as connection:
                    rows = connection.execute(text("SELECT version_num FROM alembic_version"))
                    versions = [row[0] for row in rows]
            engine.dispose()
            if versions != [SCHEMA]:
                raise GradebookError(
                    _(
                        "the gradebook {url} has schema {found}; {schema} (nbgrader 0.9) was expected: run "
                        "`nbgrader update .` or `nbgrader db upgrade` first",
                        url=url_without_password(url),
                        found=", ".join(map(str, versions)) or "unknown",
                        schema=SCHEMA,
                    )
                )
            self._gradebook = api.Gradebook(url)
        except ModuleNotFoundError as error:
            raise GradebookError(
                _(
                    "the gradebook {url} can't be opened: {error}; for PostgreSQL: pip install "
                    "'psycopg[binary]'",
                    url=url_without_password(url),
                    error=error,
                )
            ) from None
        except (ArgumentError, SQLAlchemyError, ImportError) as error:
            first = str(error).splitlines()[0]
            raise GradebookError(
                _("the gradebook {url} can't be opened: {first}", url=url_without_password(url), first=first)
            ) from None
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
        rows = self._submissions(self.api.SubmittedAssignment.student_id, self.api.Assignment.name)
        return {(student, assignment) for student, assignment in rows}

    def _submissions(self, *columns: Any) -> Any:
        """A query of these columns, of submissions and their assignments."""
        api = self.api
        return self._db.query(*columns).join(
            api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id
        )

    def students(self) -> set[str]:
        return {row[0] for row in self._db.query(self.api.Student.id).all()}

    def add_assignment(self, assignment: Assignment) -> None:
        """Record the assignment, its notebook and its cells, or update them. GradebookError if it can't."""
        self._tried(lambda: self._add(assignment))

    def _add(self, assignment: Assignment) -> None:
        """nbgrader's update_or_create_* one by one commit each: here it is one transaction."""
        api, name = self.api, assignment.name
        assignment_row = self._row(api.Assignment, {"name": name})
        kernelspec = '{"display_name": "Python 3", "language": "python", "name": "python3"}'
        notebook = self._row(
            api.Notebook, {"name": name, "assignment_id": assignment_row.id}, kernelspec=kernelspec
        )
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
                api.SourceCell,
                where,
                cell_type=cell.cell_type,
                locked=locked,
                source=cell.source,
                checksum=checksum,
            )

    def _row(self, kind: Any, where: dict[str, Any], **values: Any) -> Any:
        """The row of that kind with these values, made if it isn't there."""
        row = self._db.query(kind).filter_by(**where).one_or_none()
        if row is None:
            row = kind(**where)
            self._db.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        self._db.flush()
        return row

    def write(self, entries: Iterable[Entry]) -> None:
        """Write a chunk of submissions in one transaction: all of them or none, and GradebookError."""
        chunk = list(entries)

        def transaction() -> None:
            # All rows at the end, and what is there read at once: both by submission took most of the time.
            with self._db.no_autoflush:
                writer = EntryWriter(self.api, self._db, chunk)
                for entry in chunk:
                    writer.write(entry)

        self._tried(transaction)

    def set_due(self, assignment: str, now: DueDates, before: DueDates | None = None) -> None:
        """When the assignment is due, and how much later for a student who handed in, as the course's
        policies say. before: what they said at the last run; what they no longer say is taken back, unless a
        person has entered something else since.
        """
        api, last = self.api, before or DueDates()

        def transaction() -> None:
            row = self._db.query(api.Assignment).filter_by(name=assignment).one()
            if now.due is not None:
                row.duedate = now.due
            elif last.due is not None and row.duedate == last.due:
                row.duedate = None
            named = now.extensions.keys() | last.extensions.keys()
            submitted = api.SubmittedAssignment
            for submission in self._db.query(submitted).filter(
                submitted.assignment_id == row.id, submitted.student_id.in_(named)
            ):
                student = submission.student_id
                if student in now.extensions:
                    submission.extension = now.extensions[student]
                elif student in last.extensions and submission.extension == last.extensions[student]:
                    submission.extension = None

        self._tried(transaction)

    def set_handed_in(self, times: Mapping[tuple[str, str], datetime | None]) -> None:
        """When submissions, by (student, assignment), were handed in (UTC); None: nobody knows."""
        api = self.api

        def transaction() -> None:
            rows = self._submissions(api.SubmittedAssignment, api.Assignment.name).filter(
                api.SubmittedAssignment.student_id.in_({student for student, _ in times})
            )
            for row, name in rows:
                if (row.student_id, name) in times:
                    row.timestamp = times[row.student_id, name]

        if times:
            self._tried(transaction)

    def set_students(self, listed: Iterable[ListedStudent]) -> None:
        """Put names, e-mails and the LMS's ids as they are listed; what is empty there stays. Canvas's test
        student is there only once it has handed in.
        """
        api, wanted = self.api, {student.id: student for student in listed}

        def transaction() -> None:
            rows = {row.id: row for row in self._db.query(api.Student)}
            for name, student in wanted.items():
                if name not in rows and student.is_test:
                    continue
                row = rows.get(name) or api.Student(id=name)
                self._db.add(row)
                for field in ("first_name", "last_name", "email", "lms_user_id"):
                    if value := getattr(student, field):
                        setattr(row, field, value)

        if wanted:
            self._tried(transaction)

    def change(self, how: Callable[[Any, Any], None]) -> None:
        """Change rows in one transaction: how(nbgrader.api, session). GradebookError if it can't be done."""

        self._tried(lambda: how(self.api, self._db))

    def lateness(self, penalty: Penalty | None, extensions: Mapping[tuple[str, str], timedelta]) -> Lateness:
        """What being late costs by the gradebook's due dates and extensions; these extensions come first."""
        api = self.api
        due = {row.name: row.duedate for row in self._db.query(api.Assignment) if row.duedate is not None}
        submitted = api.SubmittedAssignment
        rows = self._submissions(submitted.student_id, api.Assignment.name, submitted.extension).filter(
            submitted.extension.is_not(None)
        )
        known = {(student, name): extension for student, name, extension in rows}
        return Lateness(due, known | dict(extensions), penalty)

    def marks(self, assignments: Collection[str]) -> dict[tuple[str, str], SubmissionMark]:
        """(student, assignment) -> what the gradebook says of it now, people's work included."""
        self._db.rollback()
        self._db.expire_all()
        return read_marks(self.api, self._db, assignments)

    def charge_lateness(self, assignment: str, penalty: Penalty | None) -> None:
        """Set what being late costs in each submission of the assignment, anew from its score as it is now.

        As nbgrader's AssignLatePenalties: nothing where it came in time, at most the score, at least 0. None:
        being late costs nothing, and what it cost once is taken back.
        """
        api = self.api

        def transaction() -> None:
            notebook, submitted = api.SubmittedNotebook, api.SubmittedAssignment
            concerned = (
                self._db.query(notebook.id, notebook.late_submission_penalty)
                .join(submitted, submitted.id == notebook.assignment_id)
                .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
                .filter(api.Assignment.name == assignment)
                .add_columns(
                    submitted.student_id, submitted.timestamp, submitted.extension, api.Assignment.duedate
                )
            )
            if penalty is None:
                concerned = concerned.filter(notebook.late_submission_penalty.is_not(None))
            # Most came in time: only what changes is loaded whole.
            for id, charged, student, handed_in, extension, due in concerned.all():
                seconds, points = seconds_late(handed_in, due, extension), None
                row = None
                if penalty is not None and seconds > 0:
                    row = self._db.get(notebook, id)
                    points = cost(penalty(student, row.score, seconds), row.score)
                if points != charged:
                    (row or self._db.get(notebook, id)).late_submission_penalty = points

        self._tried(transaction)

    def _begin(self) -> None:
        """Begin to write: wait for other writers, and believe nothing that was read before."""
        from sqlalchemy import text

        self._db.rollback()
        self._db.expire_all()
        if self._gradebook.engine.dialect.name == "sqlite":
            self._db.execute(text("BEGIN IMMEDIATE"))
        elif self._gradebook.engine.dialect.name == "postgresql":
            self._db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})

    def _tried(self, transaction: Callable[[], None]) -> None:
        """Do it in one transaction, again where somebody else was in the way (a lock, a row made twice)."""
        from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

        for attempt in range(1, TRIES_OF_A_TRANSACTION + 1):
            try:
                self._begin()
                transaction()
                self._db.commit()
                return
            except SQLAlchemyError as error:
                self._db.rollback()
                in_the_way = isinstance(error, OperationalError | IntegrityError) and not _disk_is_full(error)
                if in_the_way and attempt < TRIES_OF_A_TRANSACTION:
                    time.sleep(random.uniform(0.1, 0.2) * 2**attempt)
                    continue
                first = str(error).splitlines()[0]
                raise GradebookError(
                    _("the gradebook can't be written: {first}; nothing of this chunk was", first=first)
                ) from None


def _disk_is_full(error: Exception) -> bool:
    """Is it that SQLite finds no room? Waiting makes none."""
    return getattr(getattr(error, "orig", None), "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
