"""nbgrader's own Autograde step, in formgrader and on the command line,
grading behind our wall: by configuration alone.

Three lines of nbgrader_config.py are all it takes (examples/nbgrader_config.py has them):

    c.Autograde.exporter_class = "autograder.in_nbgrader.TolerantExporter"
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = ["autograder.in_nbgrader.GradeBehindTheWall"]
"""

from pathlib import Path
from typing import Any

import nbformat as untyped
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]
from traitlets import Float

from autograder._language import _
from autograder.course.own_exercises import load, own_source
from autograder.grading.grade_course import grade_course
from autograder.grading.grade_submission import SECONDS
from autograder.grading.settings import GradingError, Settings
from autograder.grading.tasks import is_ours
from autograder.notebooks.assignment import load_assignment
from autograder.notebooks.course_folders import course_folder

# Its functions carry no types
nbformat: Any = untyped


class TolerantExporter(NotebookExporter):
    """Lets a file that nbformat can't read reach the preprocessor, which says what is wrong with it."""

    def from_filename(self, filename: str, resources: Any = None, **more: Any) -> Any:
        """As nbconvert's; an unreadable file goes on as a notebook without cells."""
        try:
            nbformat.reads(Path(filename).read_text("utf-8"), as_version=4)
        # Whatever a file of any content makes of nbformat: the grader reads the file itself.
        except Exception:
            exporter: Any = self
            return exporter.from_notebook_node(nbformat.v4.new_notebook(), resources, **more)
        return super().from_filename(filename, resources, **more)


class GradeBehindTheWall(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades the submission as `autograder grade` does, same seed and
    same gradebook, instead of running it here.
    """

    seconds = Float(SECONDS, help="seconds for each exercise").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The autograded notebook in place of the submitted one. Raises what grade_course raises."""
        where = resources["nbgrader"]
        # nbgrader's converters work in the course's folder.
        course = Path.cwd()
        known = load(own_source(course))
        if not is_ours(load_assignment(course, where["assignment"]), known):
            left_alone = _(
                "{assignment} was left alone, its scores stay: none of its exercises is known here. To have "
                "nbgrader run it, take the lines c.Autograde… of autograder out of nbgrader_config.py.",
                assignment=where["assignment"],
            )
            self.log.warning("%s", left_alone)
            return nb, resources
        graded = grade_course(
            Settings(course, (where["assignment"],), (where["student"],), seconds=self.seconds, force=True),
            where["db_url"],
        )
        for report in graded.reports:
            score = _(
                "{score} of {max_score} points for {student}",
                score=report["score"],
                max_score=report["max_score"],
                student=where["student"],
            )
            self.log.info("%s", score)
        if graded.rules is not None:
            raise GradingError(
                _(
                    "{student} {assignment}: its score came about by other rules than this grader's and "
                    "stays; see what they would change: autograder grade {course}",
                    student=where["student"],
                    assignment=where["assignment"],
                    course=course,
                )
            )
        written = (
            course_folder(course, "autograded")
            / where["student"]
            / where["assignment"]
            / f"{where['notebook']}.ipynb"
        )
        return nbformat.reads(written.read_text("utf-8"), as_version=4), resources
