"""Where a course keeps what: release/, submitted/ and so on, or as its nbgrader_config.py names them.

The same configuration files that nbgrader reads, in its order: Jupyter's folders first, the course's own
last.
"""

from pathlib import Path
from typing import Any, Literal

from autograder._language import _
from autograder.errors import GraderError

CONFIG_NAME = "nbgrader_config"
FolderName = Literal["source", "release", "submitted", "autograded", "feedback"]
FOLDERS: tuple[FolderName, ...] = ("source", "release", "submitted", "autograded", "feedback")
# nbgrader's order of folders under a step; another one would put one student's work into another's place.
STRUCTURE = str(Path("{nbgrader_step}", "{student_id}", "{assignment_id}"))
# What was read last, by course: reading costs an import of traitlets, and a run asks thousands of times.
_READ: dict[str, tuple[tuple[int, ...], dict[FolderName, Path]]] = {}


class ConfigError(GraderError):
    """The course's configuration can't be read; str() says which file it was and what is wrong with it."""


def course_folder(course: Path, step: FolderName) -> Path:
    """The course's folder of one of nbgrader's steps. ConfigError if a configuration file can't be used."""
    stamp = _stamp(course)
    known = _READ.get(str(course))
    if known is None or known[0] != stamp:
        known = _READ[str(course)] = stamp, _folders(course)
    return known[1][step]


def load_nbgrader_config(course: Path) -> Any:
    """What nbgrader's configuration files say, as traitlets' Config; None where there is no file.

    ConfigError if a file of it can't be run.
    """
    from jupyter_core.paths import jupyter_config_path

    folders = [*jupyter_config_path(), str(course.resolve())]
    found = [
        folder
        for folder in folders
        if any((Path(folder) / f"{CONFIG_NAME}{end}").is_file() for end in (".py", ".json"))
    ]
    if not found:
        return None
    from traitlets.config import Application

    app = Application()
    app.raise_config_file_errors = True
    try:
        for folder in found:
            app.load_config_file(CONFIG_NAME, folder)
    except Exception as error:
        # The file is the instructor's own Python: anything may happen in it.
        raise unusable_config(course, error) from None
    return app.config


def unusable_config(course: Path, error: Exception) -> ConfigError:
    """What to tell where the course's configuration, or a plugin that it names, fails."""
    where = course.resolve() / CONFIG_NAME
    return ConfigError(
        _("{where} can't be used: {name}: {error}", where=where, name=type(error).__name__, error=error)
    )


def _folders(course: Path) -> dict[FolderName, Path]:
    default = {step: course / step for step in FOLDERS}
    try:
        config = load_nbgrader_config(course)
    except ModuleNotFoundError:
        # Without the extra [grade] there is no nbgrader to configure.
        return default
    if config is None:
        return default
    given = config.CourseDirectory
    structure = given.get("directory_structure", STRUCTURE)
    if str(Path(structure)) != STRUCTURE:
        raise ConfigError(
            _(
                "{config}: c.CourseDirectory.directory_structure is {structure!r}; {expected!r} "
                "was expected, nbgrader's own, for autograder knows no other",
                config=course.resolve() / CONFIG_NAME,
                structure=structure,
                expected=STRUCTURE,
            )
        )
    return {step: course / str(given.get(f"{step}_directory", step)) for step in FOLDERS}


def _stamp(course: Path) -> tuple[int, ...]:
    """When the course's own files of configuration were changed; 0 for one that isn't there."""
    times = []
    for end in (".py", ".json"):
        try:
            times.append((course / f"{CONFIG_NAME}{end}").stat().st_mtime_ns)
        except OSError:
            times.append(0)
    return tuple(times)
