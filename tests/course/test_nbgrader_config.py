"""What nbgrader_config.py says is what nbgrader makes of it; a broken
one is named, not shown as a traceback.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.nbgrader_config import CourseConfig, read_config
from autograder.gradebook.gradebook_url import default_url
from autograder.notebooks.course_folders import ConfigError

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
OWN_PLUGIN = """
from nbgrader.plugins import BasePlugin

class TenPercentAnHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1 * (total_seconds_late // 3600)

c = get_config()
c.AssignLatePenalties.plugin_class = TenPercentAnHour
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    (tmp_path / "jupyter").mkdir()
    (tmp_path / "course").mkdir()
    return tmp_path / "course"


def test_without_a_file_everything_is_as_usual(course: Path) -> None:
    assert read_config(course) == CourseConfig()
    assert default_url(course) == f"sqlite:///{course.resolve()}/gradebook.db"


def test_the_gradebooks_url_is_the_courses(course: Path) -> None:
    config = course / "nbgrader_config.py"
    config.write_text("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///grades/all.db'\n")
    assert default_url(course) == f"sqlite:///{course.resolve()}/grades/all.db"
    config.write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'postgresql://teacher:secret@db/grades'\n"
    )
    assert default_url(course) == "postgresql://teacher:secret@db/grades"


def test_the_courses_file_overrides_the_users(course: Path) -> None:
    (course.parent / "jupyter" / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'sqlite:////elsewhere.db'\n"
        "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    assert default_url(course) == "sqlite:////elsewhere.db"
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///own.db'\n"
    )
    found = read_config(course)
    assert found.db == f"sqlite:///{course.resolve()}/own.db"
    assert found.late_penalty is not None
    assert found.late_penalty("ada", 12.0, 60.0) == 12.0


def test_a_plugin_of_the_courses_own(course: Path) -> None:
    (course / "nbgrader_config.py").write_text(OWN_PLUGIN)
    penalty = read_config(course).late_penalty
    assert penalty is not None
    assert penalty("ada", 20.0, 2 * 3600.0) == pytest.approx(4.0)


@pytest.mark.parametrize(
    "text",
    [
        "this is no Python",
        "1 / 0",
        "c = get_config()\nc.AssignLatePenalties.plugin_class = 'no.such.Plugin'",
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'sometimes'",
        "c = get_config()\nc.CourseDirectory.db_url = 'nonsense'",
    ],
)
def test_a_broken_file_is_named(course: Path, text: str) -> None:
    (course / "nbgrader_config.py").write_text(text)
    with pytest.raises(ConfigError, match="nbgrader_config"):
        read_config(course)
    with pytest.raises(ConfigError, match="nbgrader_config"):
        default_url(course)


def test_the_command_says_it_in_a_line(course: Path) -> None:
    (course / "nbgrader_config.py").write_text("1 / 0")
    (course / "submitted").mkdir()
    for more in ([], ["--db", "sqlite:///x.db"]):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", "grade", str(course), *more],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 2
        assert "nbgrader_config" in done.stderr
        assert "Traceback" not in done.stderr
