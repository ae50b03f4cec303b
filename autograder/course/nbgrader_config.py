"""What a course's nbgrader_config.py says that grading must know: where the gradebook is, and what being late
costs.

Where its folders are is told by autograder.notebooks.course_folders, from the same files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.notebooks.course_folders import load_nbgrader_config, unusable_config

Penalty = Callable[[str, float, float], float | None]


@dataclass(frozen=True)
class CourseConfig:
    """db: a SQLAlchemy URL, None for gradebook.db in the course. late_penalty(student, score, seconds late)
    gives the points to take off; None: being late costs nothing in this course.
    """

    db: str | None = None
    late_penalty: Penalty | None = None


def read_config(course: Path) -> CourseConfig:
    """The course's configuration; ConfigError if a file of it can't be run or names a missing plugin."""
    config = load_nbgrader_config(course)
    if config is None:
        return CourseConfig()
    try:
        db = config.CourseDirectory.get("db_url")
        return CourseConfig(_beside(course, db) if isinstance(db, str) else None, _late_penalty(config))
    except Exception as error:
        # A plugin is the instructor's own Python: anything may happen in it.
        raise unusable_config(course, error) from None


def _late_penalty(config: Any) -> Penalty | None:
    """nbgrader's plugin as it is configured: its own `penalty_method`, or a class of the course's."""
    if not ("AssignLatePenalties" in config or "LateSubmissionPlugin" in config):
        return None
    from nbgrader.plugins import LateSubmissionPlugin  # type: ignore[import-untyped]
    from traitlets.utils.importstring import import_item

    named = config.AssignLatePenalties.get("plugin_class", LateSubmissionPlugin)
    plugin = (import_item(named) if isinstance(named, str) else named)(config=config)
    penalty: Penalty = plugin.late_submission_penalty
    return penalty


def _beside(course: Path, url: str) -> str:
    """A SQLite file without a folder lies in the course, wherever the command is started."""
    from sqlalchemy.engine import make_url

    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return url
    path = course.resolve() / str(address.database)
    return address.set(database=str(path)).render_as_string(hide_password=False)
