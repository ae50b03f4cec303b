"""Grade one notebook, with no course folder and no gradebook: what `autograder grade-one` and the bundles do.

The same job as in a course, so the same score: grading/jobs.py knows nothing of where a notebook came from.
"""

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder._language import _, languages, use_language
from autograder._text import printable_name
from autograder.course.own_exercises import load, own_source
from autograder.course.policies import Policies, read_policies
from autograder.course.submitted import SubmissionFolder, read_bytes
from autograder.grading.grade_submission import SECONDS
from autograder.grading.jobs import (
    JobResult,
    make_job,
    released_bytes,
    run_here,
    wall_here,
    without_exercises,
)
from autograder.grading.receipt import Receipt
from autograder.grading.result import nothing_graded
from autograder.notebooks.assignment import (
    assignment_names,
    assignment_with,
    no_exercise_found,
    released_path,
)
from autograder.notebooks.notebook import Cell, NotebookError, read_notebook
from autograder.notebooks.other_language import language_of
from autograder.report_json import ReportJson
from autograder.sandbox.zygote import Isolation


@dataclass(frozen=True)
class OneResult:
    """One notebook's grade. texts: each exercise's card as plain text; page: the feedback page's HTML;
    wall: what the student's code was locked in by.
    """

    report: ReportJson
    texts: dict[str, str]
    page: str
    receipt: Receipt
    wall: Mapping[str, object]

    @property
    def nothing_graded(self) -> bool:
        """Was there nothing in it that could be graded? Then it has no points, which is no 0."""
        return nothing_graded(self.report)

    def to_json(self) -> dict[str, object]:
        """`--format plain`: the report without the course's secret, with cards, receipt and wall."""
        report = {name: value for name, value in self.report.items() if name != "seed"}
        return {**report, "texts": self.texts, "receipt": self.receipt, "wall": wall_words(self.wall)}


def assignment_of(path: Path, data: bytes, course: Path | None = None) -> str:
    """Whose notebook it is: by its exercises' names in the released notebooks, else by its file's name.

    data: the file's bytes. NotebookError if it is none's.
    """
    ids = {cell.grade_id for cell in read_notebook(data).cells if cell.grade_id}
    if found := assignment_with(course, ids):
        return found
    if path.stem in assignment_names(course):
        return path.stem
    raise no_exercise_found(course)


def grade_notebook(
    path: Path,
    *,
    assignment: str = "",
    notes: Sequence[str] = (),
    course: Path | None = None,
    student: str = "student",
    seed: str,
    seconds: float = SECONDS,
    isolation: Isolation = "strong",
) -> OneResult:
    """The grade of one notebook. assignment: read off the notebook if not given. notes: on how it was found.
    course: a folder with release/, own_exercises.py and autograder.toml, of which what a mistake keeps,
    exercises that are dropped and the steps of help hold here; without one, the book's own notebooks are
    what was released, in the notebook's own language.

    GraderError, NotebookError, OSError, SandboxError say why nothing could be graded.
    """
    try:
        data = read_bytes(path)
        name = assignment or assignment_of(path, data, course)
    except NotebookError as error:
        raise error.of(printable_name(path.name)) from None
    try:
        released = released_bytes(course, name) if course is not None else _packaged(name, data)
    except NotebookError as error:
        raise error.of(name) from None
    policies = read_policies(course) if course is not None else Policies()
    own = own_source(course) if course is not None else ""
    job = make_job(
        SubmissionFolder(student, name, str(path), tuple(notes)),
        without_exercises(released, name, policies.drop.get(name, ())),
        seed=seed,
        seconds=seconds,
        isolation=isolation,
        own=own,
        credit=policies.known_credits(load(own).catalogue),
        help=policies.help,
        data=data,
    )
    result = run_here(job)
    texts, wall = card_texts(result), wall_here(isolation)
    return OneResult(result["report"], texts, result["feedback"], result["page"]["receipt"], wall)


def _packaged(name: str, data: bytes) -> bytes:
    """The package's own released notebook that this one is an answer to: its variant, and in the language
    that it asks for, in which the grade is told then too. FileNotFoundError if there is none.
    """
    cells: Sequence[Cell] = ()
    # What can't be read at all has its own place in the report
    with contextlib.suppress(NotebookError):
        cells = read_notebook(data).cells
    path = released_path(None, name, {cell.grade_id for cell in cells if cell.grade_id})
    spoken = language_of(cells)
    if path is None or spoken not in languages():
        return released_bytes(None, name) if path is None else path.read_bytes()
    # What reads the translations is not among a bundle's packages, which has its released notebook with it
    from autograder.authoring.init_course import translated

    use_language(spoken)
    return translated(path)


def wall_words(wall: Mapping[str, object]) -> str:
    """What kept the student's code apart on this machine, and what was not there."""
    have = ["seccomp"] if wall.get("seccomp") else []
    have += ["Landlock"] if wall.get("landlock") else []
    have += ["namespaces"] if wall.get("mount_namespace") else []
    if not have:
        return _("The student's code ran behind nothing: its result is the student's own word.")
    own_user = os.geteuid() == 0
    have += [_("a user of its own")] if own_user else []
    lack = [] if wall.get("landlock") else [_("Landlock (namespaces and seccomp keep files apart)")]
    lack += [] if wall.get("mount_namespace") else ["namespaces"]
    lack += [] if own_user else [_("a user of its own (the grader is not root here)")]
    missing = _("; not on this machine: {lack}", lack=", ".join(lack)) if lack else ""
    return _("The student's code ran behind {have}{missing}.", have=", ".join(have), missing=missing)


def card_texts(result: JobResult) -> dict[str, str]:
    """Each exercise's card as the autograded notebook has it, as plain text."""
    texts = {}
    for cell in json.loads(result["autograded"])["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain", "")
            texts[grade_id] = text if isinstance(text, str) else "".join(text)
    return texts
