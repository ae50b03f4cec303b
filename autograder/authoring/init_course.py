"""`autograder init`: a course folder in which formgrader shows the assignments.

release/ holds the notebooks as students get them; source/ the same with the stubs between solution marks,
from which formgrader's Generate makes release/ again; the gradebook knows the assignments. Nothing is
overwritten.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder._files import write_atomically
from autograder._language import ENGLISH, _, language
from autograder._templates import render_text
from autograder.authoring.release import in_language, notebook_bytes
from autograder.authoring.translated_notebook import translation_of
from autograder.course.graded_set import graded_notebooks
from autograder.course.policies import POLICIES_FILE, commented_file, read_policies
from autograder.errors import GraderError
from autograder.exercises.graded import GRADED_SET, VARIANTS
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from autograder.notebooks.assignment import (
    assignment_names,
    load_assignment,
    packaged_translations,
    released_path,
)
from autograder.notebooks.course_folders import CONFIG_NAME, course_folder

_STUB = re.compile(
    r"^(?P<indent>[ \t]*)# YOUR CODE HERE\n(?P=indent)raise NotImplementedError\(\)", re.MULTILINE
)
# What of nbgrader's configuration makes formgrader's button grade behind the wall.
OURS = "autograder.in_nbgrader.GradeBehindTheWall"


class InitError(GraderError):
    """The course can't be made; str() says what was given, what was expected, what to do."""


@dataclass
class NewCourse:
    """Paths that were written, and those that were there and stay; the assignments; what to look at."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    assignments: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def init_course(
    course: Path, assignments: Sequence[str] = (), *, graded: bool = False, variant: str = "A"
) -> NewCourse:
    """Make the course, or add to it what it lacks. assignments: those of the package; none: all of the
    book's, or with graded all of the graded set, in this variant.

    InitError for an assignment or a variant that isn't there; GradebookError if the gradebook can't be
    written.
    """
    if variant not in VARIANTS:
        raise InitError(
            _(
                "--variant {variant}: no such variant; there are {variants}",
                variant=variant,
                variants=", ".join(VARIANTS),
            )
        )
    known = [name for name in assignment_names(None) if (name in GRADED_SET) == graded]
    unknown = [name for name in assignments if name not in known]
    if unknown:
        raise InitError(
            _(
                "--assignment {unknown}: no such assignment; there are {known}",
                unknown=unknown[0],
                known=", ".join(known),
            )
        )
    if course.exists() and not course.is_dir():
        raise InitError(
            _(
                "{course}: it is no folder; the name of a new or of an nbgrader course was expected",
                course=course,
            )
        )
    done = NewCourse(assignments=list(assignments or known))
    config = course / f"{CONFIG_NAME}.py"
    text = render_text("nbgrader_config.py.j2", course_id=json.dumps(course.resolve().name))
    _put(config, f"{text}\n".encode(), done)
    if OURS not in config.read_text(encoding="utf-8", errors="replace"):
        done.remarks.append(
            _(
                "{config} was there and stays; for formgrader's Autograde button it needs the lines "
                "c.Autograde… that the book's page For instructors shows",
                config=config,
            )
        )
    _put(course / POLICIES_FILE, commented_file().encode(), done)
    said = read_policies(course).language or ENGLISH
    if said != language():
        done.remarks.append(
            _(
                '{file} was there and stays: what students read is in "{said}"; new notebooks are in '
                '"{language}"',
                file=course / POLICIES_FILE,
                said=said,
                language=language(),
            )
        )
    course_folder(course, "submitted").mkdir(parents=True, exist_ok=True)
    for name in done.assignments:
        path = graded_notebooks(variant)[name] if name in GRADED_SET else released_path(None, name)
        # It is among the packaged ones.
        assert path is not None
        data = translated(path)
        _put(course_folder(course, "release") / name / f"{name}.ipynb", data, done)
        _put(course_folder(course, "source") / name / f"{name}.ipynb", with_solution_marks(data), done)
    with Gradebook(default_url(course)) as book:
        there = {row.name for row in book.nbgrader.assignments}
        for name in done.assignments:
            if name not in there:
                book.add_assignment(load_assignment(course, name))
    return done


def translated(path: Path) -> bytes:
    """A packaged notebook in the language in use: its text where somebody has translated it, else its fixed
    sentences alone.
    """
    if language() == ENGLISH:
        return path.read_bytes()
    notebook = json.loads(path.read_bytes())
    stubs = [cell | {"source": "".join(cell["source"])} for cell in notebook["cells"]]
    cells = in_language(translation_of(packaged_translations(), path), path, stubs)
    notebook["cells"] = [cell | {"source": cell["source"].splitlines(keepends=True)} for cell in cells]
    return notebook_bytes(notebook)


def with_solution_marks(data: bytes) -> bytes:
    """The released notebook with every stub between nbgrader's marks: what stands there, or is written there
    instead, is what Generate replaces by the stub.
    """
    notebook = json.loads(data)
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or not cell["metadata"].get("nbgrader", {}).get("solution"):
            continue
        source = "".join(cell["source"])
        marked = _STUB.sub(r"\g<indent>### BEGIN SOLUTION\n\g<0>\n\g<indent>### END SOLUTION", source)
        cell["source"] = marked.splitlines(keepends=True)
    return notebook_bytes(notebook)


def _put(path: Path, data: bytes, done: NewCourse) -> None:
    if path.exists():
        done.kept.append(path)
        return
    write_atomically(path, data)
    done.written.append(path)
