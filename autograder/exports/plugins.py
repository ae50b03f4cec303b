"""The same exports for `nbgrader export --exporter autograder.exports.plugins.CanvasExporter --to FILE`.

In nbgrader_config.py: c.CanvasExporter.merge = "the file that Canvas exported".
"""

from pathlib import Path
from typing import Any

from nbgrader.plugins.export import ExportPlugin  # type: ignore[import-untyped]
from traitlets import Bool, Unicode

from autograder._files import write_atomically
from autograder._language import _
from autograder.lms.export import FORMATS, export


class _Exporter(ExportPlugin):  # type: ignore[misc]
    format = ""
    merge = Unicode("", help="the LMS's own export, into which the scores go").tag(config=True)
    keep_pending = Bool(False, help="write scores of which a part is still to be graded").tag(config=True)

    def export(self, gradebook: Any) -> None:
        """Write the file; what hinders it is logged, nothing is written, and nbgrader ends with code 2."""
        from autograder.course.policies import PolicyError, read_policies
        from autograder.lms.identities import CollectedError, read_collected
        from autograder.lms.scores import read_scores
        from autograder.lms.sheets import ExportError

        course = Path(self.parent.coursedir.root)
        wanted = [str(a) for a in self.assignment], [str(s) for s in self.student]
        scores = read_scores(gradebook, *wanted, course=course)
        merge = Path(self.merge) if self.merge else None
        try:
            policies = read_policies(course)
            data, outcome = export(
                self.format,
                scores,
                merge,
                columns=policies.columns,
                keep_pending=self.keep_pending,
                collected=read_collected(course),
                headers=policies.headers,
                scale=policies.scale == "lms",
            )
        except (CollectedError, ExportError, PolicyError) as error:
            self.log.error("export: %s", str(error).replace("--merge", f"c.{type(self).__name__}.merge"))
            raise SystemExit(2) from None
        to = Path(self.to or f"grades{FORMATS[self.format]}")
        write_atomically(to, data)
        self.log.info("%s", _("{count} scores written to {file}", count=outcome.written, file=to))
        for line in outcome.lines():
            self.log.warning(line)


class CsvExporter(_Exporter):
    """A plain table, missing apart from 0, safe in a spreadsheet."""

    format = "csv"


class CanvasExporter(_Exporter):
    """Canvas's own export with our scores in it."""

    format = "canvas"


class MoodleExporter(_Exporter):
    """Moodle's grade import, or its grading worksheet filled."""

    format = "moodle"


class BlackboardExporter(_Exporter):
    """Blackboard's own download with our scores in it."""

    format = "blackboard"
