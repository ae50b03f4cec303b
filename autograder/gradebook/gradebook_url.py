"""Where a course has its gradebook, as SQLAlchemy URLs."""

from pathlib import Path

from autograder._language import _
from autograder.course.nbgrader_config import read_config
from autograder.errors import GraderError


class GradebookError(GraderError):
    """The gradebook can't be used; str() says what was given, what was expected, and what to do."""


MAX_URL = 4_000


def given_url(db: str | None) -> str | None:
    """The URL that --db stands for: itself, or what stands in FILE for @FILE, where no list of processes
    shows its password. GradebookError if none does.
    """
    if db is None or not db.startswith("@"):
        return db
    try:
        with Path(db[1:]).open(encoding="utf-8") as file:
            url = file.read(MAX_URL).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else _("it is no text")
        raise GradebookError(
            _("--db {db}: the file can't be read ({why}); the URL was expected in it", db=db, why=why)
        ) from None
    if not url or len(url.split()) != 1:
        raise GradebookError(
            _("--db {db}: one line with the URL was expected in the file, and nothing else", db=db)
        )
    return url


def default_url(course: Path) -> str:
    """Where nbgrader has this course's gradebook: its configuration's db_url, else gradebook.db in the
    course.

    ConfigError if a configuration file can't be used.
    """
    return read_config(course).db or f"sqlite:///{(course / 'gradebook.db').resolve()}"


def existing_url(course: Path, db: str | None) -> str:
    """The gradebook to read: --db, or the course's own. GradebookError if the course has none yet."""
    db = given_url(db)
    url = db or default_url(course)
    if db is None and url.endswith("/gradebook.db") and not (course / "gradebook.db").is_file():
        raise GradebookError(
            _("{course}: no gradebook.db there; run `autograder grade {course}` first", course=course)
        )
    return url


def url_without_password(url: str) -> str:
    """The URL as it may be printed."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return repr(url[:30])
