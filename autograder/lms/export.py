"""One export: scores in, a file's bytes out, and an outcome for a person to read."""

from collections.abc import Collection, Mapping
from pathlib import Path

from autograder._language import _
from autograder.lms import layouts
from autograder.lms.identities import CollectedNumber
from autograder.lms.merge import ExportOutcome, merge
from autograder.lms.plain import moodle_import, plain
from autograder.lms.scores import Scores
from autograder.lms.sheets import ExportError, read_sheet, sheet_bytes

FORMATS = {"canvas": ".csv", "moodle": ".csv", "blackboard": ".csv", "csv": ".csv"}


def export(
    format: str,
    scores: Scores,
    merge_file: Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    decimal: str = ".",
    keep_pending: bool = False,
    collected: Collection[CollectedNumber] = (),
    headers: Mapping[str, str] | None = None,
    scale: bool = False,
) -> tuple[bytes, ExportOutcome]:
    """The file for that format. columns: assignment -> its name in the LMS; headers: the English name of a
    column of the LMS's file -> its name there; scale: to the LMS's points.

    ExportError if the format needs the LMS's own file, or that file doesn't fit.
    """
    unknown = [name for name in headers or {} if name not in layouts.columns_known()]
    if unknown:
        raise ExportError(
            _(
                "autograder.toml: lms.columns names {unknown!r}; expected one of {columns}",
                unknown=unknown[0],
                columns=", ".join(layouts.columns_known()),
            )
        )
    if not scores.assignments:
        raise ExportError(_("the gradebook has no assignment yet: run `autograder grade COURSE` first"))
    if merge_file is None:
        if format == "csv":
            sheet, outcome = plain(scores, decimal, keep_pending)
        elif format == "moodle":
            sheet, outcome = moodle_import(scores, keep_pending, collected)
        else:
            where = layouts.layout_of(format, ()).where
            raise ExportError(
                _(
                    "--format {format} needs --merge FILE, the file that the LMS exports ({where}): its "
                    "ids say which row is whose",
                    format=format,
                    where=_(where),
                )
            )
    else:
        if format == "csv":
            raise ExportError(
                _("--merge goes with canvas, moodle and blackboard; --format csv is a table of its own")
            )
        given = read_sheet(merge_file)
        layout = layouts.layout_of(format, given.header, headers)
        sheet, outcome = merge(given, layout, scores, columns, keep_pending, collected, scale)
    return sheet_bytes(sheet), outcome
