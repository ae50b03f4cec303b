"""An LMS's own export file, read and written in the form in which it came.

A cell that nobody changed keeps its bytes, quotes and all; encoding, byte order mark, delimiter, line ends
and the decimal sign stay as they were: the LMS wrote the file and has to read it again.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder._language import N_, _
from autograder._text import HIDING
from autograder.errors import GraderError
from autograder.lms import cells

MAX_SHEET_BYTES = 64 * 2**20
_PAGE = N_("it is a web page, perhaps the page for signing in: sign in and export again")
_WORKBOOK = N_("it is a workbook of a spreadsheet program: save it as CSV there")
# How a file begins that is no table -> what to do
NO_TABLES = {
    b"PK\x03\x04": _WORKBOOK,
    b"\xd0\xcf\x11\xe0": _WORKBOOK,
    b"<!DOCTYPE": _PAGE,
    b"<!doctype": _PAGE,
    b"<html": _PAGE,
}


def column_key(name: str) -> str:
    """Equal for the spellings of one column's name: case, spaces of any kind, apostrophes of any kind,
    accents composed or not, and signs that are not seen don't count.
    """
    seen = HIDING.sub("", unicodedata.normalize("NFKC", name))
    return " ".join(re.sub("[’‘ʼ`´]", "'", seen).casefold().split())


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
class SourceRow:
    """A row as its file has it: each cell's value and its text with quotes, and what ends the line. place:
    the row's number among those of the table, None for an empty one.
    """

    values: tuple[str, ...]
    texts: tuple[str, ...]
    end: str
    place: int | None


@dataclass(frozen=True)
class Spreadsheet:
    """A table with its header; every row is as long as the header. source: the rows, header first, as they
    lie in the file that was read; names: other names of a column, by the one that is asked for.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    form: SheetForm = SheetForm()
    source: tuple[SourceRow, ...] = field(default=(), compare=False, repr=False)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def column(self, name: str) -> int | None:
        """Where the column of that name, or of another that means the same, stands; None if there is none.
        The name itself comes first; of spellings see column_key.
        """
        cells = [column_key(cell) for cell in self.header]
        for wanted in map(column_key, (name, *self.names.get(name, ()))):
            if wanted in cells:
                return cells.index(wanted)
        return None

    def known_by(self, names: Mapping[str, tuple[str, ...]]) -> "Spreadsheet":
        """The same, with other names for its columns."""
        return replace(self, names=names)

    def with_rows(self, rows: list[tuple[str, ...]]) -> "Spreadsheet":
        return replace(self, rows=tuple(rows))


def read_sheet(path: Path) -> Spreadsheet:
    """The table in an LMS's file. ExportError if it can't be read as one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExportError(
            _("--merge {path}: it can't be read ({strerror})", path=path, strerror=error.strerror)
        ) from None
    if len(data) > MAX_SHEET_BYTES:
        raise ExportError(
            _(
                "--merge {path}: {count} bytes; an LMS's export of at most {most} was expected",
                path=path,
                count=len(data),
                most=MAX_SHEET_BYTES,
            )
        )
    encoding, mark = _encoding(data)
    try:
        content = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        # The five bytes that it does not know come back as they were.
        encoding, content = "cp1252", data.decode("cp1252", "surrogateescape")
    no_table = [what for begins, what in NO_TABLES.items() if data.lstrip().startswith(begins)]
    for what in no_table:
        raise ExportError(
            _("--merge {path}: {what}; the file that the LMS exports was expected", path=path, what=_(what))
        )
    # Excel's own first line, which says the delimiter.
    told = re.match(r'"?sep=([,;\t])"?[ \t]*\r?\n', content)
    if told:
        content = content[told.end() :]
        mark += data[len(mark) : len(data) - len(content.encode(encoding, "surrogateescape"))]
    first = content.split("\n", 1)[0]
    delimiter = told[1] if told else max("\t,;", key=first.count)
    if not content.strip() or "\0" in content:
        raise ExportError(
            _(
                "--merge {path}: no table was found in it; the CSV or tab-separated file that the "
                "LMS exports was expected",
                path=path,
            )
        )
    try:
        source = tuple(_source_rows(content, delimiter))
    except ValueError as error:
        raise ExportError(
            _(
                "--merge {path}: not a whole table ({error}); export it from the LMS again",
                path=path,
                error=error,
            )
        ) from None
    table = [row.values for row in source if row.place is not None]
    width = max(map(len, table))
    padded = [row + ("",) * (width - len(row)) for row in table]
    form = SheetForm(
        encoding,
        mark,
        delimiter,
        quote_all=first.lstrip().startswith('"') and first.count('"') >= 2 * (first.count(delimiter) + 1),
        line_end="\r\n" if "\r\n" in content else "\n",
        decimal=_decimal(padded[1:], delimiter),
    )
    return Spreadsheet(padded[0], tuple(padded[1:]), form, source)


def _source_rows(content: str, delimiter: str) -> Iterator[SourceRow]:
    """The rows of a CSV text. ValueError where a quote is not closed, or text follows one that is."""
    cell = re.compile(
        rf'(?P<text>"(?P<quoted>(?:[^"]++|"")*+)"|(?P<plain>[^"{delimiter}\r\n][^{delimiter}\r\n]*|))'
        rf"(?P<end>{delimiter}|\r\n|\r|\n|\Z)"
    )
    place, position, line = 0, 0, 1
    values: list[str] = []
    texts: list[str] = []
    while position < len(content) or values:
        found = cell.match(content, position)
        if found is None:
            raise ValueError(f"line {line}: a quote that is not closed, or text after one")
        quoted = found["quoted"]
        values.append(found["plain"] if quoted is None else quoted.replace('""', '"'))
        texts.append(found["text"])
        line += found[0].count("\n")
        position = found.end()
        if found["end"] == delimiter:
            continue
        row = any(values)
        yield SourceRow(tuple(values), tuple(texts), found["end"], place if row else None)
        place += row
        values, texts = [], []


def sheet_bytes(sheet: Spreadsheet) -> bytes:
    """The table in its form: cells that were read and not changed as they were. Characters that the file's
    encoding lacks turn the file into UTF-8.
    """
    form = sheet.form
    table = [sheet.header, *sheet.rows]
    if sheet.source and len(table) == sum(row.place is not None for row in sheet.source):
        text = "".join(_as_it_was(row, table, form) for row in sheet.source)
    else:
        text = "".join(_written(row, form) + form.line_end for row in table)
    try:
        return form.mark + text.encode(form.encoding, "surrogateescape")
    except UnicodeEncodeError:
        return codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def _as_it_was(row: SourceRow, table: list[tuple[str, ...]], form: SheetForm) -> str:
    """A row of the file with what is new in the table's; cells that the file's row lacks only if needed."""
    if row.place is None:
        return form.delimiter.join(row.texts) + row.end
    new = table[row.place]
    count = max([len(row.values), *(place + 1 for place, value in enumerate(new) if value)])
    cells = []
    for place, value in enumerate(new[:count]):
        if place < len(row.values) and row.values[place] == value:
            cells.append(row.texts[place])
        else:
            quoted = place < len(row.texts) and row.texts[place].startswith('"')
            cells.append(_written((value,), replace(form, quote_all=form.quote_all or quoted)))
    return form.delimiter.join(cells) + row.end


def _written(row: tuple[str, ...], form: SheetForm) -> str:
    """A row as text, without its end."""
    out = io.StringIO(newline="")
    csv.writer(
        out,
        delimiter=form.delimiter,
        lineterminator="",
        quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL,
    ).writerow(row)
    return out.getvalue()


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
