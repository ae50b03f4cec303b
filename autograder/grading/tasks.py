"""What there is to be graded in a course: the submissions that were asked for, each as a job to be made when
needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from autograder._language import _, n_
from autograder.course.attempts import Attempt, earlier, remark
from autograder.course.own_exercises import Course, load
from autograder.course.policies import Policies
from autograder.course.submitted import SubmissionFolder, find_submissions, student_names
from autograder.errors import GraderError
from autograder.gradebook.timestamps import timestamp_text
from autograder.grading import jobs
from autograder.grading.settings import GradingError, Settings
from autograder.grading.stamps import stamp_of
from autograder.notebooks.assignment import Assignment, assignment_names, read_assignment
from autograder.notebooks.course_folders import course_folder
from autograder.notebooks.notebook import NotebookError

# (student, assignment)
SubmissionKey: TypeAlias = tuple[str, str]


class NotOursError(GraderError):
    """None of an assignment's exercises is known here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "none of the exercises of {name} is known here: it is left alone, for nbgrader to grade",
                name=name,
            )
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A submission to be graded, without its bytes: job() reads them. made: the job of a folder, with its
    bytes or, read=False, without.
    """

    folder: SubmissionFolder
    made: Callable[[SubmissionFolder, bool], jobs.Job]
    # Where the best attempt counts, each is kept when it is read.
    may_be_left_unread: bool
    # One for all that a run keeps by submission
    key: SubmissionKey

    @property
    def student(self) -> str:
        return self.folder.student

    @property
    def assignment(self) -> str:
        return self.folder.assignment

    def job(self) -> jobs.Job:
        """The job, with the notebook's bytes as they are now."""
        return self.made(self.folder, True)

    def unchanged(self, stamp: Sequence[int], but_for_data: str) -> bool:
        """Is the job the one of this stamp and this key of all but the bytes? False if that is not known."""
        if not self.may_be_left_unread or self.folder.file is None or stamp_of(self.folder.file) != stamp:
            return False
        return jobs.key_but_for_data(self.made(self.folder, False)) == but_for_data


def find_tasks(
    settings: Settings, policies: Policies, own: str
) -> tuple[dict[str, Assignment], list[Task], list[str]]:
    """The assignments by name, a task for each submission in the order student, assignment, and lines on what
    was left out. GradingError for what was asked for by name and isn't there; FileNotFoundError if there is
    no submitted/.
    """
    folders, remarks = _wanted(settings)
    released = _released(settings, policies, load(own), folders, remarks)
    made = partial(_job, settings, policies, own, released)
    tasks = [
        Task(folder, made, policies.attempts == "last", (folder.student, folder.assignment))
        for folder in folders
        if folder.assignment in released
    ]
    return {name: read_assignment(name, data) for name, data in released.items()}, tasks, remarks


def _wanted(settings: Settings) -> tuple[list[SubmissionFolder], list[str]]:
    """The submissions that were asked for, and those that should be there and aren't.

    A student has to hand in what was asked for by name; without that, a student whose folder is empty has
    handed in nothing at all, and one who left out an assignment is no news.
    """
    folders, remarks = find_submissions(settings.course)
    students = student_names(settings.course)
    unknown = [student for student in settings.students if student not in students]
    if unknown:
        there = ", ".join(students[:8]) or _("none")
        raise GradingError(
            _(
                "--student {unknown}: no folder submitted/{unknown}; there are {there}",
                unknown=unknown[0],
                there=there,
            )
        )
    names = sorted(set(settings.assignments) or {folder.assignment for folder in folders})
    handed_in = {(folder.student, folder.assignment) for folder in folders}
    busy = {folder.student for folder in folders}
    folders += [
        SubmissionFolder(student, name, None, (), _("nothing was handed in"))
        for student in students
        if settings.assignments or student not in busy
        for name in names
        if (student, name) not in handed_in
    ]
    wanted = [
        folder
        for folder in folders
        if (not settings.students or folder.student in settings.students)
        and (not settings.assignments or folder.assignment in settings.assignments)
    ]
    return sorted(wanted, key=lambda folder: (folder.student, folder.assignment)), remarks


def _released(
    settings: Settings,
    policies: Policies,
    known: Course,
    folders: Sequence[SubmissionFolder],
    remarks: list[str],
) -> dict[str, bytes]:
    """Each assignment's released notebook; one that nobody released, or that holds no exercise of ours, is an
    error if asked for, a remark if found.
    """
    released: dict[str, bytes] = {}
    for name in sorted({folder.assignment for folder in folders} | set(settings.assignments)):
        try:
            data = jobs.released_bytes(settings.course, name)
            if not is_ours(read_assignment(name, data), known):
                raise NotOursError(name)
            released[name] = jobs.without_exercises(data, name, policies.drop.get(name, ()))
        except (FileNotFoundError, NotebookError, NotOursError) as error:
            if name in settings.assignments:
                raise GradingError(_("--assignment {name}: {error}", name=name, error=error)) from None
            count = sum(folder.assignment == name for folder in folders)
            remarks.append(
                n_(
                    "{n} submission of {name!r} not graded: {error}",
                    "{n} submissions of {name!r} not graded: {error}",
                    count,
                    name=name,
                    error=error,
                )
            )
    return released


def is_ours(assignment: Assignment, known: Course) -> bool:
    """Does it hold an exercise that we can judge, or come with us? Else nbgrader's scores are not touched."""
    ours = any(exercise.id in known.exercises for exercise in assignment.exercises)
    return ours or assignment.name in assignment_names(None)


def _job(
    settings: Settings,
    policies: Policies,
    own: str,
    released: dict[str, bytes],
    folder: SubmissionFolder,
    read: bool,
) -> jobs.Job:
    said = remark(settings.course, folder.student, folder.assignment) if policies.attempts == "best" else ""
    return jobs.make_job(
        replace(folder, notes=(*folder.notes, said)) if said else folder,
        released[folder.assignment],
        seed=str(settings.seed),
        seconds=policies.seconds(folder.student, settings.seconds),
        isolation=settings.isolation,
        own=own,
        credit=policies.credit,
        help=policies.help,
        earlier=_earlier(settings.course, folder, policies),
        read=read,
    )


def _earlier(
    course: Path, folder: SubmissionFolder, policies: Policies
) -> Callable[[bytes | None], Sequence[Attempt]]:
    """The attempts before this one, where the course counts the best; this one is kept for later."""

    def attempts(data: bytes | None) -> Sequence[Attempt]:
        if policies.attempts == "last":
            return ()
        timestamp = timestamp_text(course_folder(course, "submitted") / folder.student / folder.assignment)
        now = None if data is None else Attempt(data, timestamp)
        return earlier(course, folder.student, folder.assignment, now)

    return attempts
