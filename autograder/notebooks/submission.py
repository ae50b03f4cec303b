"""What a student handed in, put beside the released assignment.

Statements, test cells, given helpers and points come from the released notebook, whatever the student's
copy says; the student's own code cells keep their own order. Cells are found by grade_id and, where a
program dropped the metadata, by their text. Everything out of the ordinary is reported in a note, for the
instructor.
"""

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.facts import Fact
from autograder.notebooks.assignment import (
    Assignment,
    GradedCell,
    assignment_names,
    has_role,
    is_test,
    load_assignment,
    read_assignment,
)
from autograder.notebooks.notebook import Cell, Notebook, NotebookError, read_notebook
from autograder.notebooks.regrade_cells import (
    REGRADE_TAG,
    RegradeRequest,
    is_regrade_cell,
    regrade_requests,
)

__all__ = [
    "Assignment",
    "Cell",
    "GradedCell",
    "Notebook",
    "NotebookError",
    "StudentCell",
    "Submission",
    "assignment_names",
    "load_assignment",
    "read_assignment",
    "read_notebook",
    "read_submission",
]

# A longer cell is no stub: it isn't read token by token.
_STUB_CHARACTERS = 20_000


@dataclass(frozen=True)
class StudentCell:
    """Code to run on the student's side; given cells carry the instructor's text."""

    source: str
    cell_id: str
    grade_id: str | None
    given: bool = False


@dataclass(frozen=True)
class SolutionPlace:
    """Where an exercise's function is: in which of the submission's cells, and after which it is asked for.

    It is asked for where its test cell stands; where that was moved above it or is gone, after its own cell.
    """

    cell: int
    after: int


@dataclass(frozen=True)
class Submission:
    """What there is to run and to read.

    cells: given helpers first, then the student's code in the student's order, without test cells. notes:
    what was out of the ordinary. notebook: the student's notebook put right for autograded/: every released
    cell once, tests and statements as released, the student's other cells where they stood. untouched:
    exercises whose stub is as it was released, or gone. missing: those of them whose solution is in no
    cell. places: where the functions of the exercises are. requests: for a second look.
    """

    cells: tuple[StudentCell, ...]
    notes: tuple[Fact, ...]
    essays: dict[str, str]
    notebook: tuple[Cell, ...]
    untouched: frozenset[str]
    missing: frozenset[str]
    places: dict[str, SolutionPlace]
    requests: tuple[RegradeRequest, ...] = ()


DEFINED = re.compile(
    r"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|import[ \t]+(\w+)"
    r"|from[ \t]+([\w.]+)[ \t]+import\b|(\w+)[ \t]*=(?!=))",
    re.MULTILINE,
)


def _defined(source: str) -> set[str]:
    """Names that lines at a cell's margin define or import.

    By text alone: a parser can be brought down by hostile source, and a cell may hold magics that are no
    Python.
    """
    return {next(filter(None, found)) for found in DEFINED.findall(source)} - {"autograder"}


# The line that brings check, and what a notebook in another language says besides
_BRINGS_CHECK = re.compile(r"from autograder import check(?:, use_language)?|use_language\(\"\w+\"\)")


def _code_lines(source: str) -> list[str]:
    lines = [line.split("#")[0].strip() for line in source.split("\n")]
    return [line for line in lines if line and not _BRINGS_CHECK.fullmatch(line)]


def _only_checks(source: str) -> bool:
    """A test cell by its text: nothing but check(name), comments and the import of check."""
    lines = _code_lines(source)
    return bool(lines) and all(re.fullmatch(r"check\(\s*\w+\s*\)", line) for line in lines)


def _as_released(cell: Cell, released: Cell) -> bool:
    """Is a read-only cell as it was given? In code that is no test, comments may be another release's."""
    if released.cell_type == "code" and not is_test(released):
        return _code_lines(cell.source) == _code_lines(released.source)
    return _same(cell.source, released.source)


def _same(one: str, other: str) -> bool:
    return [line.rstrip() for line in one.strip().split("\n")] == [
        line.rstrip() for line in other.strip().split("\n")
    ]


def _still_a_stub(cell: Cell, released: Cell) -> bool:
    """Has nothing been written into a solution's cell? In code, comments and empty lines are nothing."""
    if _same(cell.source, released.source):
        return True
    if "code" not in (cell.cell_type, released.cell_type) or len(cell.source) > _STUB_CHARACTERS:
        return False
    return _tokens(cell.source) == _tokens(released.source) != ()


def _tokens(source: str) -> tuple[str, ...]:
    """The code without comments and empty lines; nothing of what can't be read as Python."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return ()
    layout = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    return tuple(
        tokenize.tok_name[token.type] if token.type in layout else token.string
        for token in found
        if token.type not in (tokenize.COMMENT, tokenize.NL)
    )


def _recognise(assignment: Assignment, cells: Iterable[Cell]) -> list[Cell]:
    """The student's cells with a grade_id where it can be told: as found, or by text without metadata."""
    known = {cell.grade_id for cell in assignment.cells}
    cells = [replace(cell, grade_id=cell.grade_id if cell.grade_id in known else None) for cell in cells]
    found = {cell.grade_id for cell in cells}
    # Whole texts first: statements, given helpers, tests, untouched stubs
    for released in assignment.cells:
        if released.grade_id in found:
            continue
        for place, cell in enumerate(cells):
            if cell.grade_id is None and _same(cell.source, released.source):
                cells[place] = replace(cell, grade_id=released.grade_id)
                found.add(released.grade_id)
                break
    for released in assignment.cells:
        name = (released.grade_id or "").removesuffix("_solution")
        if released.grade_id in found or not has_role(released, "solution"):
            continue
        if released.cell_type == "code":
            places = [i for i, c in enumerate(cells) if c.cell_type == "code" and name in _defined(c.source)]
            places = [i for i in places if cells[i].grade_id is None]
        else:
            places = _after_statement(cells, name)
        # The last definition is the one that counts
        if places:
            place = places[-1] if released.cell_type == "code" else places[0]
            cells[place] = replace(cells[place], grade_id=released.grade_id)
    return cells


def _after_statement(cells: list[Cell], name: str) -> list[int]:
    """Unclaimed markdown cells behind the essay's statement, up to the next cell that is known."""
    places: list[int] = []
    inside = False
    for place, cell in enumerate(cells):
        if cell.grade_id is not None:
            inside = cell.grade_id == f"{name}_statement"
        elif inside and cell.cell_type == "markdown":
            places.append(place)
    return places


def read_submission(assignment: Assignment, data: bytes) -> Submission:
    """What the student handed in, put beside the released notebook.
    NotebookError if the bytes are no notebook.
    """
    given_in = read_notebook(data)
    notes = [Fact("as_read", (note,)) for note in given_in.notes]
    if all(cell.grade_id is None for cell in given_in.cells):
        notes.append(Fact("metadata_lost"))
    cells = _one_of_each(assignment, _recognise(assignment, given_in.cells), notes)
    by_id = {cell.grade_id: cell for cell in cells if cell.grade_id is not None}
    merged: list[Cell] = []
    run: list[StudentCell] = []
    tests: dict[str, int] = {}
    for cell in cells:
        if cell.grade_id is None:
            if cell.cell_type == "code" and _only_checks(cell.source):
                continue
            asks = is_regrade_cell(cell)
            merged.append(replace(cell, nbgrader={}, tags=(REGRADE_TAG,) if asks else ()))
            if cell.cell_type == "code" and not asks:
                run.append(StudentCell(cell.source, cell.cell_id, None))
            continue
        released = assignment.cell(cell.grade_id)
        if cell.cell_type != released.cell_type:
            notes.append(Fact("type_changed", (cell.grade_id, cell.cell_type, released.cell_type)))
        if has_role(released, "solution"):
            merged.append(replace(released, source=cell.source))
            if released.cell_type == "code":
                run.append(StudentCell(cell.source, cell.cell_id, cell.grade_id))
            continue
        merged.append(released)
        if is_test(released):
            tests[cell.grade_id] = len(run)
        if not _as_released(cell, released):
            kept = _kept_of_changed(cell, released)
            kind = "test_changed" if is_test(released) else "given_changed"
            notes.append(Fact(kind, (cell.grade_id, kept)))
            if kept:
                own = replace(
                    cell, grade_id=None, nbgrader={}, tags=(), cell_id=f"{cell.cell_id[:50]}-changed"
                )
                merged.append(own)
                run.append(StudentCell(own.source, own.cell_id, None))
    missing = _restore_missing(assignment, merged, by_id, run, notes)
    kept_cells = [not _replaced_stub(assignment, cell, run) for cell in run]
    tests = {id: sum(kept_cells[:count]) for id, count in tests.items()}
    run = [cell for cell, stays in zip(run, kept_cells, strict=True) if stays]
    given = [
        StudentCell(cell.source, cell.cell_id, cell.grade_id, given=True)
        for cell in assignment.cells
        if cell.cell_type == "code" and not has_role(cell, "solution") and not is_test(cell)
    ]
    essays = {e.id: by_id[e.id].source if e.id in by_id else "" for e in assignment.exercises if e.manual}
    untouched = {
        cell.grade_id.removesuffix("_solution")
        for cell in assignment.cells
        if cell.grade_id
        and has_role(cell, "solution")
        and (cell.grade_id not in by_id or _still_a_stub(by_id[cell.grade_id], cell))
        and not _elsewhere(cell.grade_id, run)
    }
    return Submission(
        cells=(*given, *run),
        notes=tuple(notes),
        essays=essays,
        notebook=_with_unique_ids(merged),
        untouched=frozenset(untouched),
        missing=missing,
        places=_places(assignment, len(given), run, tests),
        requests=regrade_requests(assignment.exercises, cells),
    )


def _places(
    assignment: Assignment, given: int, run: Sequence[StudentCell], tests: Mapping[str, int]
) -> dict[str, SolutionPlace]:
    """given: so many cells come before the student's own. tests: so many of these stand above a test cell."""
    found: dict[str, SolutionPlace] = {}
    for exercise in assignment.exercises:
        own = [at for at, cell in enumerate(run) if cell.grade_id == f"{exercise.id}_solution"]
        own = own or [at for at, cell in enumerate(run) if exercise.id in _defined(cell.source)]
        if own:
            after = max(own[-1], tests.get(exercise.id, 0) - 1)
            found[exercise.id] = SolutionPlace(given + own[-1], given + after)
    return found


def _one_of_each(assignment: Assignment, cells: list[Cell], notes: list[Fact]) -> list[Cell]:
    """Duplicated cells resolved: untouched copies go; the last of the rest keeps the id, others stay code."""
    counts = Counter(cell.grade_id for cell in cells if cell.grade_id is not None)
    for grade_id in [grade_id for grade_id, count in counts.items() if count > 1]:
        released = assignment.cell(grade_id)
        places = [place for place, cell in enumerate(cells) if cell.grade_id == grade_id]
        written = [place for place in places if not _same(cells[place].source, released.source)]
        if not has_role(released, "solution"):
            notes.append(Fact("locked_copies", (grade_id, len(places))))
        elif len(written) < 2:
            notes.append(Fact("untouched_copies", (grade_id, len(places))))
        elif released.cell_type == "code":
            notes.append(Fact("code_copies", (grade_id, len(places))))
        else:
            notes.append(Fact("text_copies", (grade_id, len(places))))
            text = "\n\n".join(cells[place].source for place in written)
            cells[written[-1]] = replace(cells[written[-1]], source=text)
            written = written[-1:]
        keep = written[-1] if written else places[0]
        for place in places:
            if place != keep:
                cells[place] = replace(
                    cells[place], grade_id=None, source=cells[place].source if place in written else ""
                )
    return [cell for cell in cells if cell.grade_id is not None or cell.source.strip()]


def _kept_of_changed(cell: Cell, released: Cell) -> bool:
    """Does a changed read-only cell define or import something of the student's own, that others may need?"""
    return cell.cell_type == "code" == released.cell_type and not _defined(cell.source) <= _defined(
        released.source
    )


def _replaced_stub(assignment: Assignment, cell: StudentCell, run: list[StudentCell]) -> bool:
    """An untouched stub must not overwrite the function that the student wrote in a cell above it."""
    return (
        cell.grade_id is not None
        and _same(cell.source, assignment.cell(cell.grade_id).source)
        and _elsewhere(cell.grade_id, run)
    )


def _elsewhere(grade_id: str, run: list[StudentCell]) -> bool:
    name = grade_id.removesuffix("_solution")
    return any(cell.grade_id != grade_id and name in _defined(cell.source) for cell in run)


def _restore_missing(
    assignment: Assignment,
    merged: list[Cell],
    by_id: dict[str, Cell],
    run: list[StudentCell],
    notes: list[Fact],
) -> frozenset[str]:
    """Put every released cell that is missing behind its neighbour in the released order; say so where it
    matters.

    The exercises whose solution is in no cell.
    """
    missing: set[str] = set()
    place = -1
    for released in assignment.cells:
        where = next((i for i, cell in enumerate(merged) if cell.grade_id == released.grade_id), None)
        if where is not None:
            place = where
            continue
        place += 1
        merged.insert(place, released)
        grade_id = released.grade_id or ""
        if has_role(released, "solution"):
            name = grade_id.removesuffix("_solution")
            if released.cell_type == "code" and _elsewhere(grade_id, run):
                notes.append(Fact("cell_elsewhere", (grade_id, name)))
            else:
                notes.append(Fact("cell_missing", (grade_id,)))
                missing.add(name)
        elif (
            is_test(released)
            and by_id.get(f"{grade_id}_solution") is not None
            and not _was_checked(grade_id, run)
        ):
            notes.append(Fact("test_restored", (grade_id,)))
    return frozenset(missing)


def _was_checked(grade_id: str, run: list[StudentCell]) -> bool:
    """A test cell merged into another cell is not missing."""
    return any(
        re.search(rf"^check\(\s*{re.escape(grade_id)}\s*\)", cell.source, re.MULTILINE) for cell in run
    )


def _with_unique_ids(cells: list[Cell]) -> tuple[Cell, ...]:
    taken = {cell.cell_id for cell in cells if cell.grade_id is not None}
    unique: list[Cell] = []
    for number, cell in enumerate(cells, start=1):
        if cell.grade_id is None:
            if cell.cell_id in taken:
                cell = replace(cell, cell_id=f"own-{number}")
            taken.add(cell.cell_id)
        unique.append(cell)
    return tuple(unique)
