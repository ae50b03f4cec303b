"""`autograder new-exercise`: an exercise that runs, to be changed into one's own."""

import builtins
import keyword
import re
import sys
from pathlib import Path
from typing import Literal

from autograder._files import write_atomically
from autograder._language import _
from autograder._templates import render_text
from autograder.course.own_exercises import FILE, AuthoringError, own_source
from autograder.exercises import ALL_EXERCISES
from autograder.notebooks.assignment import NAME, assignment_names

KindOfExercise = Literal["stated", "worked", "traced"]
# What a notebook, or own_exercises.py, means something else by.
_OURS = ("check", "np", "autograder", "backprop", "mistake", "stated", "traced", "worked")
_TAKEN = frozenset((*dir(builtins), *sys.stdlib_module_names, *_OURS))


def add_exercise(course: Path, id: str, assignment: str, kind: KindOfExercise, points: float) -> list[Path]:
    """Add the exercise to COURSE/own_exercises.py and to COURSE/solutions/A/A.md; either may be new.

    The paths that were written. AuthoringError if the name can't be used or is taken; nothing is overwritten.
    """
    if not id.isidentifier() or keyword.iskeyword(id) or not re.fullmatch(r"[a-z0-9_]{1,56}", id):
        raise AuthoringError(
            _("{id!r}: expected a function's name in small letters, such as swish_prime", id=id)
        )
    if id in ALL_EXERCISES:
        raise AuthoringError(_("{id}: it is an exercise of the book; give yours another name", id=id))
    if id in _TAKEN:
        raise AuthoringError(
            _(
                "{id}: Python or the notebook has something of this name, which the "
                "student's function would hide; give yours another name, such as my_{id}",
                id=id,
            )
        )
    if not NAME.fullmatch(assignment):
        raise AuthoringError(
            _("--assignment {assignment!r}: expected a folder's name, such as 13-own", assignment=assignment)
        )
    notebook = course / "solutions" / assignment / f"{assignment}.md"
    if not notebook.is_file() and assignment in assignment_names(None):
        raise AuthoringError(
            _(
                "--assignment {assignment}: the book has an assignment of this name; give the "
                "course's own another, such as 13-own, or copy the book's solutions/ into the course "
                "first",
                assignment=assignment,
            )
        )
    source = own_source(course)
    cells = notebook.read_text(encoding="utf-8") if notebook.is_file() else render_text("new/head.md.j2")
    if re.search(rf"\b{id}\b", source) or f'"{id}"' in cells:
        raise AuthoringError(
            _(
                "{id}: {course} has it already, in {file} or {notebook}; nothing was changed",
                id=id,
                course=course,
                file=FILE,
                notebook=notebook,
            )
        )
    codes = [int(code) for code in re.findall(r'"C(\d+)"', source)]
    source = source or render_text("new/file.py.j2")
    source = (
        source.rstrip("\n")
        + "\n"
        + render_text(
            f"new/{kind}.py.j2",
            id=id,
            assignment=assignment,
            code=f"C{max(codes, default=0) + 1}",
            imported=re.search(r"^from autograder.authoring import .*\btraced\b", source, re.MULTILINE)
            is not None,
            mistake="".join(part.capitalize() for part in id.split("_")) + "Value",
        )
    )
    cells = cells.rstrip("\n") + "\n" + render_text("new/cells.md.j2", id=id, kind=kind, points=points)
    write_atomically(course / FILE, (source.rstrip("\n") + "\n").encode())
    write_atomically(notebook, (cells.rstrip("\n") + "\n").encode())
    return [course / FILE, notebook]
