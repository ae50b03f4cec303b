"""solutions/<chapter>/<chapter>.md to exercises/<chapter>/<chapter>.ipynb: one way, the same bytes every
time.

Cell ids come from the grade_ids, keys are sorted, no date or version is written, so a release of unchanged
solutions changes nothing. The metadata are those that `nbgrader generate_assignment` would leave: stock
nbgrader and formgrader work on the result.
"""

import ast
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder._files import write_atomically
from autograder._language import ENGLISH, _, language
from autograder.authoring.cell_error import CellError
from autograder.authoring.fixed_words import fixed_words
from autograder.authoring.stale_notebooks import GENERATED, remove_stale
from autograder.authoring.translated_notebook import FOLDER, speaking, translate, translation_of
from autograder.errors import reason
from autograder.notebooks.clear_solutions import clear_solution

# Of nbgrader's cell metadata
SCHEMA_VERSION = 3
RawCell = dict[str, Any]


class ReleaseError(CellError):
    """A solution notebook breaks a rule; str() names file and cell, what was given and what expected."""


@dataclass(frozen=True)
class Released:
    """One notebook that was written: the points of its exercises, those of bonus, optional and graded ones
    apart, and whether the file changed.

    graded: those of the graded set. name: "g6-step-2", and "g6-step-2/B" for a variant of it.
    """

    name: str
    path: Path
    exercises: tuple[str, ...]
    points: float
    bonus: float
    changed: bool
    optional: float = 0.0
    graded: float = 0.0


@dataclass(frozen=True)
class ReleaseSummary:
    """What a release did: every notebook in order, and the stale ones that were taken away."""

    notebooks: tuple[Released, ...]
    removed: tuple[Path, ...]

    @property
    def points(self) -> float:
        return sum(notebook.points for notebook in self.notebooks)

    @property
    def bonus(self) -> float:
        return sum(notebook.bonus for notebook in self.notebooks)


def release(source: Path, to: Path) -> ReleaseSummary:
    """Write the students' notebook of every solution notebook in source; all are checked before any is
    written.

    Their text is in the language in use where source/translations/<language>/ has it; the rest stays English.
    Stale notebooks in `to` are removed if an earlier release made them; other files are left alone.
    ReleaseError for a notebook that breaks a rule; FileNotFoundError if source holds none.
    """
    made = []
    for path in _sources(source):
        cells = _read_cells(path)
        _check_cells(path, cells)
        stubs = [_stub(path, cell) for cell in cells]
        if language() != ENGLISH:
            stubs = in_language(translation_of(source / FOLDER, path), path, stubs)
        _check_nothing_leaks(path, cells, stubs)
        made.append((path, cells, _to_bytes(stubs, path.name)))
    written = []
    for path, cells, data in made:
        folder = path.parent.relative_to(source)
        target = to / folder / f"{path.stem}.ipynb"
        tests = [cell for cell in cells if cell["metadata"]["nbgrader"]["grade"]]
        bonus, optional, graded = (
            sum(_points(cell) for cell in tests if tag in cell["metadata"].get("tags", []))
            for tag in ("bonus", "optional", "graded")
        )
        written.append(
            Released(
                name=folder.as_posix(),
                path=target,
                exercises=tuple(cell["metadata"]["nbgrader"]["grade_id"] for cell in tests),
                points=sum(map(_points, tests)) - bonus - optional - graded,
                bonus=bonus,
                changed=write_atomically(target, data),
                optional=optional,
                graded=graded,
            )
        )
    return ReleaseSummary(tuple(written), tuple(remove_stale(to, {notebook.path for notebook in written})))


def write_source_notebooks(source: Path, to: Path) -> list[Path]:
    """The same notebooks with their solutions, as nbgrader's `source/` folder wants them, for use with stock
    tools; of variants the first.
    """
    paths = []
    for path in _sources(source):
        if path.parent.parent != source:
            continue
        cells = _read_cells(path)
        _check_cells(path, cells)
        target = to / path.parent.relative_to(source) / f"{path.stem}.ipynb"
        write_atomically(target, _to_bytes(cells, path.name))
        paths.append(target)
    return paths


def compute_checksum(cell: RawCell) -> str:
    """nbgrader's checksum of a cell: its source, type, roles, id and points."""
    meta = cell["metadata"]["nbgrader"]
    locked = not meta["solution"] and (meta["grade"] or meta["locked"])
    parts = [
        cell["source"],
        cell["cell_type"],
        str(meta["grade"]),
        str(meta["solution"]),
        str(locked),
        meta["grade_id"],
    ]
    if meta["grade"]:
        parts.append(str(_points(cell)))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _sources(source: Path) -> list[Path]:
    paths = [*sorted(source.glob("*/*.md")), *sorted(source.glob("*/*/*.md"))] if source.is_dir() else []
    paths = [path for path in paths if path.relative_to(source).parts[0] != FOLDER]
    if not paths:
        raise FileNotFoundError(
            _("no notebook in {source}; expected files like 01-forward/01-forward.md", source=source)
        )
    for path in paths:
        # A variant stands in a folder of its own beside the first: g6-step-2/B/g6-step-2.md.
        name = path.relative_to(source).parts[0]
        if path.stem != name:
            raise ReleaseError(
                path,
                "-",
                _("the file {name} in {folder}/", name=path.name, folder=path.parent.name),
                _("{name}.md there", name=name),
            )
    return paths


def _read_cells(path: Path) -> list[RawCell]:
    import jupytext  # type: ignore[import-untyped]  # not at import time: reading a released notebook needs the standard library alone

    try:
        notebook = jupytext.read(path, fmt="md:myst")
    except Exception as error:
        # Its parsers raise errors of many kinds
        raise ReleaseError(
            path,
            "-",
            _("a file that jupytext can't read ({reason})", reason=reason(error)),
            _("a MyST text notebook"),
        ) from error
    cells = []
    for number, cell in enumerate(notebook.cells, start=1):
        if not cell.metadata.get("nbgrader") and not cell.source.strip():
            continue
        given = cell.metadata.get("nbgrader") or {"grade_id": f"cell-{number}", "locked": True}
        roles = {"grade": False, "locked": False, "solution": False, "task": False}
        meta = roles | dict(given) | {"schema_version": SCHEMA_VERSION}
        raw: RawCell = {"cell_type": cell.cell_type, "metadata": {"nbgrader": meta}, "source": cell.source}
        if cell.metadata.get("tags"):
            raw["metadata"]["tags"] = list(cell.metadata["tags"])
        if cell.cell_type == "code":
            raw |= {"execution_count": None, "outputs": []}
        cells.append(raw)
    return cells


def _points(cell: RawCell) -> float:
    return float(cell["metadata"]["nbgrader"]["points"])


def _check_cells(path: Path, cells: list[RawCell]) -> None:
    def refuse(cell: RawCell, given: str, expected: str) -> None:
        raise ReleaseError(path, str(cell["metadata"]["nbgrader"].get("grade_id")), given, expected)

    if (
        not cells
        or cells[0]["cell_type"] != "code"
        or "from autograder import check" not in cells[0]["source"]
    ):
        raise ReleaseError(
            path, "1", _("another first cell"), _("a code cell with `from autograder import check`")
        )
    seen: dict[str, RawCell] = {}
    for cell in cells:
        meta = cell["metadata"]["nbgrader"]
        grade_id = meta.get("grade_id")
        if not isinstance(grade_id, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", grade_id):
            refuse(
                cell, _("the grade_id {grade_id!r}", grade_id=grade_id), _("1 to 64 letters, digits, _ or -")
            )
        if grade_id in seen:
            refuse(cell, _("a second cell with this grade_id"), _("each grade_id once"))
        seen[grade_id] = cell
        if meta["grade"]:
            points = meta.get("points")
            if isinstance(points, bool) or not isinstance(points, (int, float)) or not points > 0:
                refuse(cell, f"points: {points!r}", _("a positive number"))
        elif "points" in meta:
            refuse(cell, _("points in a cell that is not graded"), _("points in test cells alone"))
        if meta["solution"] and meta["locked"]:
            refuse(cell, "locked: true", _("a solution cell that students may edit"))
        if meta["grade"] and not meta["solution"]:
            _check_test(path, cell, seen)
        if meta["solution"] and not meta["grade"] and f"{grade_id}".removesuffix("_solution") == grade_id:
            refuse(cell, _("a solution cell of this name"), "<exercise>_solution")
    for grade_id, cell in seen.items():
        if grade_id.endswith("_solution") and grade_id.removesuffix("_solution") not in seen:
            refuse(
                cell,
                _("a solution cell without a test cell"),
                _("a test cell {name} after it", name=grade_id.removesuffix("_solution")),
            )


def _check_test(path: Path, cell: RawCell, seen: dict[str, RawCell]) -> None:
    grade_id = cell["metadata"]["nbgrader"]["grade_id"]
    last = cell["source"].strip().rsplit("\n", 1)[-1]
    if cell["cell_type"] != "code" or last != f"check({grade_id})":
        raise ReleaseError(
            path, grade_id, _("a test cell that ends in {last!r}", last=last), f"check({grade_id})"
        )
    if not cell["metadata"]["nbgrader"]["locked"]:
        raise ReleaseError(path, grade_id, "locked: false", _("a locked test cell"))
    solution = seen.get(f"{grade_id}_solution")
    if solution is None:
        raise ReleaseError(
            path,
            grade_id,
            _("no solution cell before it"),
            _("a solution cell {grade_id}_solution", grade_id=grade_id),
        )
    try:
        tree = ast.parse(solution["source"])
    except SyntaxError as error:
        raise ReleaseError(
            path, f"{grade_id}_solution", _("code that is no Python ({error})", error=error), "Python"
        ) from None
    if grade_id not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
        raise ReleaseError(
            path,
            f"{grade_id}_solution",
            _("code without that function"),
            f"def {grade_id}(…)",
        )


def _stub(path: Path, cell: RawCell) -> RawCell:
    """The cell as students get it: no solution, locked where it is not theirs, with nbgrader's checksum."""
    meta = dict(cell["metadata"]["nbgrader"])
    stub = cell | {"metadata": cell["metadata"] | {"nbgrader": meta}}
    if meta["solution"]:
        try:
            stub["source"], _ = clear_solution(cell["source"], cell["cell_type"])
        except ValueError as error:
            raise ReleaseError(
                path, meta["grade_id"], str(error), "### BEGIN SOLUTION … ### END SOLUTION"
            ) from None
    _check_no_solution(path, meta["grade_id"], stub["source"])
    stub["metadata"]["deletable"] = False
    if not meta["solution"]:
        stub["metadata"]["editable"] = False
    meta["cell_type"] = cell["cell_type"]
    meta["checksum"] = compute_checksum(stub)
    return stub


def in_language(file: Path | None, path: Path, stubs: list[RawCell]) -> list[RawCell]:
    """The students' cells of the notebook at path in the language in use, as its translation has them.

    file: the translation; None where there is none, and the fixed sentences alone are in the language.
    ReleaseError, TranslationError for a translation that breaks a rule.
    """

    def by_id(cells: list[RawCell]) -> dict[str, tuple[str, str]]:
        return {_grade_id(cell): (cell["cell_type"], cell["source"]) for cell in cells}

    texts = translate(file or path, by_id(_read_cells(file)) if file else {}, by_id(stubs))
    texts[_grade_id(stubs[0])] = speaking(texts[_grade_id(stubs[0])])
    found = []
    for stub in stubs:
        meta = dict(stub["metadata"]["nbgrader"])
        text = texts[_grade_id(stub)]
        # What nobody has translated has its fixed sentences in the language all the same
        text = fixed_words(text) if stub["cell_type"] == "markdown" else text
        cell = stub | {"source": text, "metadata": stub["metadata"] | {"nbgrader": meta}}
        meta["checksum"] = compute_checksum(cell)
        _check_no_solution(file or path, meta["grade_id"], cell["source"])
        found.append(cell)
    return found


def _grade_id(cell: RawCell) -> str:
    return str(cell["metadata"]["nbgrader"]["grade_id"])


def _check_no_solution(path: Path, grade_id: str, source: str) -> None:
    for marker in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS"):
        if marker in source:
            raise ReleaseError(
                path,
                grade_id,
                _("{marker} in a cell that students would see", marker=marker),
                _("it in solution cells alone"),
            )


def _check_nothing_leaks(path: Path, cells: list[RawCell], stubs: list[RawCell]) -> None:
    """No line of a solution may stand anywhere in the released notebook;
    lines of under 20 characters don't count.
    """
    shown = {line.strip(): stub for stub in stubs for line in stub["source"].split("\n")}
    for cell in cells:
        meta = cell["metadata"]["nbgrader"]
        if not meta["solution"]:
            continue
        for line in clear_solution(cell["source"], cell["cell_type"])[1]:
            if len(line.strip()) >= 20 and line.strip() in shown:
                where = shown[line.strip()]["metadata"]["nbgrader"]["grade_id"]
                raise ReleaseError(
                    path,
                    where,
                    _(
                        "{line!r}, a line of the solution of {grade_id}",
                        line=line.strip(),
                        grade_id=meta["grade_id"],
                    ),
                    _("no solution text there"),
                )


def _to_bytes(cells: list[RawCell], source: str) -> bytes:
    notebook = {
        "cells": [
            cell
            | {
                "id": cell["metadata"]["nbgrader"]["grade_id"],
                "source": cell["source"].splitlines(keepends=True),
            }
            for cell in cells
        ],
        "metadata": {
            "deltabook": {GENERATED: source},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return notebook_bytes(notebook)


def notebook_bytes(notebook: dict[str, Any]) -> bytes:
    """A notebook as a file: the same bytes each time."""
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
