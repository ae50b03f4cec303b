"""What a course's nbgrader_config.py says that grading must know: where the gradebook is, and what being late
costs.

The same files that nbgrader reads, in its order: Jupyter's configuration folders first, the course's own
last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError

CONFIG_NAME = "nbgrader_config"
Penalty = Callable[[str, float, float], float | None]


class ConfigError(GraderError):
    """The course's configuration can't be read; str() says which file it was and what is wrong with it."""


@dataclass(frozen=True)
class CourseConfig:
    """db: a SQLAlchemy URL, None for gradebook.db in the course. late_penalty(student, score, seconds late)
    gives the points to take off; None: being late costs nothing in this course.
    """

    db: str | None = None
    late_penalty: Penalty | None = None


def read_config(course: Path) -> CourseConfig:
    """The course's configuration; ConfigError if a file of it can't be run or names a plugin that isn't
    there.
    """
    from jupyter_core.paths import jupyter_config_path

    folders = [*jupyter_config_path(), str(course.resolve())]
    found = [
        folder
        for folder in folders
        if any((Path(folder) / f"{CONFIG_NAME}{end}").is_file() for end in (".py", ".json"))
    ]
    if not found:
        return CourseConfig()
    from traitlets.config import Application

    app = Application()
    app.raise_config_file_errors = True
    try:
        for folder in found:
            app.load_config_file(CONFIG_NAME, folder)
        db = app.config.CourseDirectory.get("db_url")
        return CourseConfig(_beside(course, db) if isinstance(db, str) else None, _late_penalty(app.config))
    except Exception as error:
        # The file is the instructor's own Python: anything may happen in it
        where = " and ".join(f"{folder}/{CONFIG_NAME}" for folder in found)
        raise ConfigError(f"{where} can't be used: {type(error).__name__}: {error}") from None


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
