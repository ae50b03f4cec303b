"""A released assignment: what the students were given, and what each part of it is worth."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from autograder._language import _
from autograder._text import printable_name
from autograder.notebooks.clear_solutions import clear_solution
from autograder.notebooks.course_folders import course_folder
from autograder.notebooks.notebook import Cell, NotebookError, read_notebook

# A student's or an assignment's name: one plain folder name
NAME = re.compile(r"[\w][\w .@+'-]{0,98}[\w.'-]|[\w]")


@dataclass(frozen=True)
class GradedCell:
    """An exercise's test cell, or an essay: its points, whether a person grades it, whether it is a bonus."""

    id: str
    points: float
    manual: bool
    bonus: bool


@dataclass(frozen=True)
class Assignment:
    """A released notebook: its cells, none of them with a solution, and its exercises in order."""

    name: str
    cells: tuple[Cell, ...]
    exercises: tuple[GradedCell, ...]

    @property
    def max_score(self) -> float:
        """nbgrader's: the sum of all points, bonus included."""
        return sum(exercise.points for exercise in self.exercises)

    def cell(self, grade_id: str) -> Cell:
        """The released cell of that grade_id; KeyError if there is none."""
        for cell in self.cells:
            if cell.grade_id == grade_id:
                return cell
        raise KeyError(grade_id)


def has_role(cell: Cell, role: str) -> bool:
    return cell.nbgrader.get(role) is True


def is_test(cell: Cell) -> bool:
    return has_role(cell, "grade") and not has_role(cell, "solution")


def read_assignment(name: str, data: bytes) -> Assignment:
    """The assignment in a released notebook's bytes; solutions, if it still has them, are cleared.

    NotebookError if it can't be read, has no exercise, or names a cell twice.
    """
    cells: list[Cell] = []
    exercises: list[GradedCell] = []
    for cell in read_notebook(data).cells:
        if cell.grade_id is None or not any(has_role(cell, role) for role in ("grade", "solution", "locked")):
            continue
        if any(other.grade_id == cell.grade_id for other in cells):
            raise NotebookError(
                "not_a_notebook",
                _("the released notebook has two cells {grade_id}", grade_id=cell.grade_id),
            )
        if has_role(cell, "solution") and "BEGIN SOLUTION" in cell.source:
            cell = replace(cell, source=clear_solution(cell.source, cell.cell_type)[0])
        cells.append(cell)
        if has_role(cell, "grade"):
            points = cell.nbgrader.get("points")
            if isinstance(points, bool) or not isinstance(points, int | float):
                raise NotebookError(
                    "not_a_notebook",
                    _(
                        "the released notebook's cell {grade_id} has the points {points!r}; give a number",
                        grade_id=cell.grade_id,
                        points=points,
                    ),
                )
            exercises.append(
                GradedCell(
                    cell.grade_id or "", float(points), has_role(cell, "solution"), "bonus" in cell.tags
                )
            )
    if not exercises:
        raise NotebookError(
            "not_a_notebook",
            _("the released notebook has no graded cell (nbgrader metadata missing?)"),
        )
    return Assignment(name, tuple(cells), tuple(exercises))


def _packaged() -> Path:
    """The released notebooks that come with us: inside the wheel, or exercises/ in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "released"
    return packed if packed.is_dir() else package.parent / "exercises"


def packaged_translations() -> Path:
    """The folder with their texts in other languages."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "translated"
    return packed if packed.is_dir() else package.parent / "solutions" / "translations"


def released_path(course: Path | None, name: str, grade_ids: Collection[str] = ()) -> Path | None:
    """The released notebook's file, None if there is none; of a packaged one's variants that which shares
    most of these cells' names, the first where none does. FileNotFoundError where the course's folder of the
    assignment holds notebooks and none of them bears its name.
    """
    for folder in [*_released_by(course), _packaged()]:
        path = folder / name / f"{name}.ipynb"
        if path.is_file():
            return _variant_with(path, grade_ids) if folder == _packaged() and grade_ids else path
        if others := sorted(other.name for other in (folder / name).glob("*.ipynb")):
            raise FileNotFoundError(
                _(
                    "{name}/{name2}/ holds {others}; {name2}.ipynb was expected, the assignment's name: "
                    "rename the notebook or the folder",
                    name=folder.name,
                    name2=name,
                    others=", ".join(map(printable_name, others[:3])),
                )
            )
    return None


def _variant_with(path: Path, grade_ids: Collection[str]) -> Path:
    """Of a packaged notebook and its variants in the folders beside it, the one with most of these cells."""
    variants = [path, *sorted(path.parent.glob(f"*/{path.name}"))]
    return max(variants, key=lambda each: _shared(read_assignment(path.stem, each.read_bytes()), grade_ids))


def _shared(assignment: Assignment, grade_ids: Collection[str]) -> int:
    """How many of the assignment's exercises are among these cells."""
    return sum(exercise.id in grade_ids for exercise in assignment.exercises)


def _released_by(course: Path | None) -> list[Path]:
    """The course's folders with released notebooks, the first one first."""
    if course is None:
        return []
    return [course_folder(course, "release"), course_folder(course, "source")]


def load_assignment(course: Path | None, name: str, grade_ids: Collection[str] = ()) -> Assignment:
    """The assignment of that name: COURSE/release/A/A.ipynb, else COURSE/source/A/A.ipynb, else the packaged
    one, in the variant with most of these cells.

    FileNotFoundError if there is none, NotebookError if it can't be read.
    """
    path = released_path(course, name, grade_ids) if NAME.fullmatch(name) else None
    if path is None:
        known = ", ".join(assignment_names(course)) or _("none")
        raise FileNotFoundError(
            _(
                "no released notebook of the assignment {name!r}; known assignments: {known}",
                name=name,
                known=known,
            )
        )
    try:
        return read_assignment(name, path.read_bytes())
    except NotebookError as error:
        raise error.of(name) from None


def no_exercise_found(course: Path | None) -> NotebookError:
    """The error of a notebook that shares no exercise with a released one."""
    names = ", ".join(assignment_names(course)) or _("none here")
    return NotebookError(
        "not_a_notebook", _("no exercise was found in it; expected a notebook of {names}", names=names)
    )


def assignment_names(course: Path | None) -> list[str]:
    """Every assignment with a released notebook, in the course or packaged, sorted."""
    names = set()
    for folder in [*_released_by(course), _packaged()]:
        names |= {path.stem for path in folder.glob("*/*.ipynb") if path.stem == path.parent.name}
    return sorted(name for name in names if NAME.fullmatch(name))


def assignment_with(course: Path | None, grade_ids: Collection[str]) -> str:
    """The assignment, of the course or packaged, that shares most of these cells' names; "" if none does."""
    shared = {
        name: _shared(load_assignment(course, name, grade_ids), grade_ids)
        for name in assignment_names(course)
    }
    best = max(shared, key=lambda name: shared[name], default="")
    return best if shared.get(best) else ""
