"""Notebook bytes to cells: tolerant of what programs do to notebooks, distrustful of what people do to them.

Only the standard library's json looks at the file; nothing in it is run, rendered or believed. Whatever the
bytes are, read_notebook gives a Notebook or raises a NotebookError with one clear line. What nbformat finds
valid is read to the same cells.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder._language import _
from autograder.errors import GraderError
from autograder.notebooks.outputs import without_outputs

# Of a file, pictures included; an exercise notebook has about 20 kB.
MAX_BYTES = 64 * 2**20
# Without what its cells had put out, where that makes it larger than this.
MAX_WITHOUT_OUTPUTS = 16 * 2**20
# Lists and objects in the JSON: bounds the memory that parsing may take.
MAX_CONTAINERS = 500_000
MAX_CELLS = 5_000
# Characters in all cells together.
MAX_SOURCE = 2**20

CellType = Literal["code", "markdown", "raw"]
Reason = Literal["empty", "too_large", "not_json", "truncated", "too_deep", "not_a_notebook", "unreadable"]


class NotebookError(GraderError):
    """The file can't be read as a notebook. str() is one line for people, without the file's name, which is
    for whoever asked to put before it; reason is one word for programs.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def of(self, name: str) -> "NotebookError":
        """The same error with the name of what can't be read, a file's or an assignment's, before it."""
        return NotebookError(self.reason, f"{name}: {self}")


@dataclass(frozen=True)
class Cell:
    """One cell. nbgrader holds its nbgrader metadata as found: believe it only in our own notebooks."""

    cell_type: CellType
    source: str
    cell_id: str
    grade_id: str | None = None
    nbgrader: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """The cells in the file's order, and a line for each thing that was odd but could be read."""

    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


def read_notebook(data: bytes) -> Notebook:
    """The cells of a notebook file of nbformat 1 to 4.

    Accepts a BOM, UTF-16 and UTF-32, zero bytes at the end, NaN and Infinity, sources as text or as lists of
    lines, missing ids, unknown metadata. NotebookError if it is empty, larger than MAX_BYTES, cut off, nested
    too deeply, no JSON or no notebook.
    """
    notes: list[str] = []
    content = _parse(_decode(data, notes))
    if not isinstance(content, dict):
        raise NotebookError(
            "not_a_notebook",
            _("no notebook: the file holds a JSON {kind}; a notebook was expected", kind=_kind(content)),
        )
    cells = tuple(
        cell
        for number, raw in enumerate(_raw_cells(content, notes), start=1)
        if (cell := _cell(raw, number, notes))
    )
    if sum(len(cell.source) for cell in cells) > MAX_SOURCE:
        raise NotebookError(
            "too_large",
            _(
                "too large: the cells hold more than {most_source:,} characters of text",
                most_source=MAX_SOURCE,
            ),
        )
    return Notebook(cells, tuple(notes))


def _decode(data: bytes, notes: list[str]) -> str:
    if len(data) > MAX_BYTES:
        raise NotebookError(
            "too_large",
            _(
                "too large: more than {most_bytes:,} bytes; clear the outputs and hand it in again",
                most_bytes=MAX_BYTES,
            ),
        )
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        wide = "UTF-16" if encoding.startswith("utf-16") else "UTF-32"
        notes.append(_("the file was in {encoding}; notebooks are in UTF-8", encoding=wide))
        text = data.decode(encoding, errors="replace")
    else:
        if data[:3] == b"\xef\xbb\xbf":
            notes.append(_("the file began with a byte order mark"))
        text = data.decode("utf-8-sig", errors="replace")
        if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
            notes.append(_("some bytes of the file were not UTF-8 and were replaced"))
    if not text.strip("\0 \t\r\n"):
        raise NotebookError("empty", _("the file is empty; a notebook was expected"))
    if text.endswith("\0"):
        # A crash of the disk or of what copies files leaves them.
        notes.append(_("zero bytes at the end of the file were left out"))
        text = text.rstrip("\0")
    if _is_large(text):
        text = without_outputs(text)
    if len(text) > MAX_WITHOUT_OUTPUTS:
        raise NotebookError(
            "too_large",
            _(
                "too large: {count:,} characters without outputs, at most {most_without_outputs:,} are read",
                count=len(text),
                most_without_outputs=MAX_WITHOUT_OUTPUTS,
            ),
        )
    if _is_large(text):
        raise NotebookError(
            "too_large",
            _(
                "too large: it has more than {most_containers:,} lists and objects",
                most_containers=MAX_CONTAINERS,
            ),
        )
    return text


def _is_large(text: str) -> bool:
    return len(text) > MAX_WITHOUT_OUTPUTS or text.count("[") + text.count("{") > MAX_CONTAINERS


def _integer(digits: str) -> int | float:
    # A number of a million digits takes minutes to read.
    return int(digits) if len(digits) < 30 else math.inf


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        raise NotebookError("too_deep", _("no notebook: its JSON is nested too deeply")) from None
    except json.JSONDecodeError as error:
        raise _explain(text, error) from None
    except ValueError:
        raise NotebookError("not_json", _("no notebook: it holds a number that can't be read")) from None


def _explain(text: str, error: json.JSONDecodeError) -> NotebookError:
    start = text.lstrip("\ufeff \t\r\n")[:200]
    if start.startswith("PK\x03\x04"):
        return NotebookError(
            "not_json", _("no notebook: this is a zip archive; hand in the .ipynb inside it")
        )
    if start.startswith("\x1f"):
        return NotebookError(
            "not_json", _("no notebook: this is a gzip archive; hand in the .ipynb inside it")
        )
    if start.startswith("version https://git-lfs"):
        return NotebookError(
            "not_json", _("no notebook: this is what Git LFS keeps in its place; hand in the file")
        )
    if start.startswith("%PDF"):
        return NotebookError("not_json", _("no notebook: this is a PDF; hand in the .ipynb itself"))
    if start.startswith("<") and not start.startswith("<<<<<<<"):
        return NotebookError(
            "not_json", _("no notebook: this is a web page (HTML); hand in the .ipynb itself")
        )
    if re.search(r"^(<<<<<<< |>>>>>>> )", text, re.MULTILINE):
        return NotebookError(
            "not_json", _("not valid JSON: it holds conflict markers of git (<<<<<<<); resolve them")
        )
    if not start.startswith(("{", "[")):
        return NotebookError("not_json", _("no notebook: the file is not JSON (a script, or plain text?)"))
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated string"):
        return NotebookError(
            "truncated",
            _(
                "the notebook is cut off: it ends in line {count} in the middle",
                count=text.count(chr(10)) + 1,
            ),
        )
    return NotebookError(
        "not_json",
        _(
            "not valid JSON: {msg} in line {lineno}, column {colno}",
            msg=error.msg,
            lineno=error.lineno,
            colno=error.colno,
        ),
    )


def _kind(value: Any) -> str:
    names = {
        list: "list",
        str: "text",
        bool: _("truth value"),
        type(None): "null",
        int: "number",
        float: "number",
    }
    return names.get(type(value), "value")


def _raw_cells(content: dict[str, Any], notes: list[str]) -> list[Any]:
    version = content.get("nbformat")
    cells = content.get("cells")
    # nbformat 1 to 3
    if cells is None and isinstance(content.get("worksheets"), list):
        notes.append(_("the notebook is in an old format (nbformat 3 or older); it was read as if upgraded"))
        sheets = [sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, dict)]
        cells = [_upgraded(cell) for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise NotebookError(
            "not_a_notebook",
            _(
                "no notebook: a JSON object with a list of cells was expected; its cells are a {kind}",
                kind=_kind(cells),
            ),
        )
    if isinstance(version, int) and version > 4:
        notes.append(_("the notebook is in a newer format than nbformat 4; it was read as nbformat 4"))
    if len(cells) > MAX_CELLS:
        raise NotebookError(
            "too_large",
            _(
                "too large: {count:,} cells; at most {most_cells:,} are read",
                count=len(cells),
                most_cells=MAX_CELLS,
            ),
        )
    return cells


def _upgraded(raw: Any) -> Any:
    """A cell of nbformat 1 to 3 in the form of nbformat 4, as nbformat upgrades it."""
    if not isinstance(raw, dict):
        return raw
    kind, source = raw.get("cell_type"), raw.get("source", raw.get("input"))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        # The oldest files have lines without their ends.
        ended = not source or source[0].endswith(("\n", "\r"))
        source = ("" if ended else "\n").join(source)
    if kind == "heading" and isinstance(source, str):
        level = raw.get("level")
        hashes = "#" * level if isinstance(level, int) and 1 <= level <= 6 else "#"
        source = f"{hashes} {' '.join(source.splitlines())}"
    return raw | {"cell_type": "markdown" if kind in ("heading", "html") else kind, "source": source}


def _cell(raw: Any, number: int, notes: list[str]) -> Cell | None:
    if not isinstance(raw, dict):
        notes.append(_("cell {number} was skipped: it is a {kind}, no cell", number=number, kind=_kind(raw)))
        return None
    kind = raw.get("cell_type")
    # Of nbformat 3, and left so by programs that upgrade a file halfway.
    if kind == "heading":
        kind = "markdown"
    if kind not in ("code", "markdown", "raw"):
        notes.append(_("cell {number} was skipped: its type is not code, markdown or raw", number=number))
        return None
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    grade_id = nbgrader.get("grade_id")
    tags = metadata.get("tags")
    cell_id = raw.get("id")
    if not isinstance(cell_id, str) or not re.fullmatch(r"[\w-]{1,64}", cell_id, re.ASCII):
        cell_id = f"cell-{number}"
    return Cell(
        cell_type=kind,
        source=_source(raw, number, notes),
        cell_id=cell_id,
        grade_id=grade_id if isinstance(grade_id, str) and 0 < len(grade_id) <= 128 else None,
        nbgrader=nbgrader,
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _source(raw: dict[str, Any], number: int, notes: list[str]) -> str:
    # "input": nbformat 3
    source = raw.get("source", raw.get("input"))
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        if len(lines) < len(source):
            notes.append(
                _("cell {number}: parts of its source are not text and were left out", number=number)
            )
        source = "".join(lines)
    elif source is None:
        source = ""
    elif not isinstance(source, str):
        notes.append(
            _("cell {number}: its source is a {kind} and was left out", number=number, kind=_kind(source))
        )
        source = ""
    # Lone surrogates and NULs stand in no Python.
    clean = source.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    if clean != source:
        notes.append(_("cell {number}: characters that no program can hold were replaced", number=number))
    return clean.replace("\r\n", "\n").replace("\r", "\n")


def to_json(
    cells: Sequence[Cell], outputs: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> dict[str, Any]:
    """An nbformat 4.5 notebook of these cells, of nothing but what a Cell holds; outputs by cell id."""
    outputs = outputs or {}
    raw = []
    for cell in cells:
        metadata: dict[str, Any] = {"nbgrader": dict(cell.nbgrader)} if cell.nbgrader else {}
        if cell.tags:
            metadata["tags"] = list(cell.tags)
        item: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.cell_id,
            "metadata": metadata,
            "source": cell.source.splitlines(keepends=True),
        }
        if cell.cell_type == "code":
            item |= {
                "execution_count": None,
                "outputs": [dict(output) for output in outputs.get(cell.cell_id, ())],
            }
        raw.append(item)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": raw, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def one_cell_a_line(notebook: Mapping[str, Any]) -> str:
    """The text of a notebook's file: Python's own indented form takes a tenth of the time of grading."""
    cells = ",\n".join(json.dumps(cell, ensure_ascii=False) for cell in notebook["cells"])
    rest = json.dumps({key: value for key, value in notebook.items() if key != "cells"}, ensure_ascii=False)
    return f'{{"cells": [\n{cells}\n],\n{rest[1:]}\n'
