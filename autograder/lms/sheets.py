"""An LMS's own export file, read and written in the form in which it came.

Encoding and byte order mark, delimiter, quoting, line ends and the decimal sign stay as they were: the LMS
wrote the file and has to read it again.
"""

import codecs
import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import GraderError
from autograder.lms import cells

MAX_SHEET_BYTES = 64 * 2**20


class ExportError(GraderError):
    """The scores can't be exported; str() says what was given, what was expected, and what to do."""


@dataclass(frozen=True)
class SheetForm:
    """How a table lies in its file."""

    encoding: str = "utf-8"
    mark: bytes = b""
    delimiter: str = ","
    quote_all: bool = False
    line_end: str = "\r\n"
    decimal: str = "."


@dataclass(frozen=True)
class Spreadsheet:
    """A table with its header; every row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    form: SheetForm = SheetForm()

    def column(self, name: str) -> int | None:
        """Where the column of that name stands, whatever its case; None if there is none."""
        wanted = name.casefold()
        return next((i for i, cell in enumerate(self.header) if cell.strip().casefold() == wanted), None)

    def with_rows(self, rows: list[tuple[str, ...]]) -> "Spreadsheet":
        return replace(self, rows=tuple(rows))


def read_sheet(path: Path) -> Spreadsheet:
    """The table in an LMS's file. ExportError if it can't be read as one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExportError(f"--merge {path}: it can't be read ({error.strerror})") from None
    if len(data) > MAX_SHEET_BYTES:
        raise ExportError(
            f"--merge {path}: {len(data)} bytes; an LMS's export of at most {MAX_SHEET_BYTES} was expected"
        )
    encoding, mark = _encoding(data)
    try:
        content = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        encoding, content = "cp1252", data.decode("cp1252", "replace")
    first = content.split("\n", 1)[0]
    delimiter = max("\t,;", key=first.count)
    if not content.strip() or "\0" in content:
        raise ExportError(
            f"--merge {path}: no table was found in it; the CSV or tab-separated file that the LMS exports "
            "was expected"
        )
    try:
        table = [
            row for row in csv.reader(io.StringIO(content), delimiter=delimiter, strict=True) if any(row)
        ]
    except csv.Error as error:
        raise ExportError(
            f"--merge {path}: not a whole table ({error}); export it from the LMS again"
        ) from None
    width = max(map(len, table))
    padded = [tuple(row + [""] * (width - len(row))) for row in table]
    form = SheetForm(
        encoding,
        mark,
        delimiter,
        quote_all=first.lstrip().startswith('"') and first.count('"') >= 2 * (first.count(delimiter) + 1),
        line_end="\r\n" if "\r\n" in content else "\n",
        decimal=_decimal(padded[1:], delimiter),
    )
    return Spreadsheet(padded[0], tuple(padded[1:]), form)


def sheet_bytes(sheet: Spreadsheet) -> bytes:
    """The table in its form. Characters that the file's encoding lacks turn the file into UTF-8."""
    form = sheet.form
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=form.delimiter,
        lineterminator=form.line_end,
        quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerow(sheet.header)
    writer.writerows(sheet.rows)
    try:
        return form.mark + out.getvalue().encode(form.encoding)
    except UnicodeEncodeError:
        return codecs.BOM_UTF8 + out.getvalue().encode("utf-8")


def _encoding(data: bytes) -> tuple[str, bytes]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return encoding, mark
    return "utf-8", b""


def _decimal(rows: list[tuple[str, ...]], delimiter: str) -> str:
    """The decimal sign of the file's numbers. Between commas a comma is one only if no number has a point."""
    numbers = [cell for row in rows for cell in row if cells.read_number(cell) is not None]
    commas, points = (sum(sign in cell for cell in numbers) for sign in ",.")
    if delimiter == "," and points:
        return "."
    return "," if commas > points else "."
