"""Grading a class: what is there, what changed, grade that, write it down.

Jobs go out to local processes or to dask.distributed, results come back to one writer. Everything needed to
go on after a kill is on disk: a result's record is written only when its files and its scores are, and a job
whose record is good is not run again.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder._language import _
from autograder.course.nbgrader_config import read_config
from autograder.course.own_exercises import load, own_source
from autograder.course.policies import read_policies, use_language_of
from autograder.course.submitted import student_names
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.marks import SubmissionMark
from autograder.gradebook.nbgrader_models import models
from autograder.grading import cluster, pool
from autograder.grading.due_dates import due_by, keep_due, written_due
from autograder.grading.follow_up import attempts_changed, take_up_times, write_pages
from autograder.grading.jobs import Job, JobResult, lost_result, run_here
from autograder.grading.records import course_seed, locked
from autograder.grading.report_store import Reports
from autograder.grading.rules_change import RulesChange, rules_change
from autograder.grading.settings import Settings
from autograder.grading.standing import standing
from autograder.grading.tasks import SubmissionKey, Task, find_tasks
from autograder.grading.write_results import write_as_they_come
from autograder.lms.student_list import read_students
from autograder.notebooks.assignment import assignment_names
from autograder.report_json import ReportJson
from autograder.sandbox.launch import SandboxError


@dataclass(frozen=True)
class Change:
    """A score, after the penalty, that a run moved; None: nothing was, or is, graded."""

    student: str
    assignment: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Graded:
    """What a run did: every report as JSON in the order student, assignment; lines on what was left out; how
    many were graded now, and whose score is another than before the run.

    marks: (student, assignment) -> what the gradebook says at the end, people's work included. rules: what
    other rules than those of a running course would change, None where there are none.
    """

    reports: Reports
    remarks: list[str]
    fresh: int
    changes: list[Change]
    marks: dict[SubmissionKey, SubmissionMark] = field(default_factory=dict)
    rules: RulesChange | None = None


def grade_course(
    settings: Settings,
    url: str,
    progress: Callable[[int, int, ReportJson], None] = lambda done, total, report: None,
) -> Graded:
    """Grade what has changed, into the gradebook at that SQLAlchemy URL.

    progress is told how many are done, of how many, and the last one's report. GraderError if it can't be
    done (the course, its policies, the gradebook, the wall), OSError if the disk is full or read-only.
    """
    with locked(settings.course):
        settings = replace(settings, seed=settings.seed or course_seed(settings.course))
        policies = read_policies(settings.course)
        use_language_of(policies)
        penalty = policies.penalty or read_config(settings.course).late_penalty
        own = own_source(settings.course)
        policies.known_credits(load(own).catalogue)
        assignments, tasks, remarks = find_tasks(settings, policies, own)
        remarks[:0] = policies.unknown(assignment_names(settings.course))
        listed = read_students(settings.course)
        remarks += policies.slips(sorted(set(student_names(settings.course)) | set(listed)))
        done = standing(settings, tasks)
        reports = done.reports
        fresh = [task for task in tasks if task.key not in reports]
        # By assignment: a worker keeps the probes of a few exercises.
        fresh.sort(key=lambda task: task.assignment)
        if settings.scheduler is not None and not fresh:
            cluster.ask_for(settings.scheduler)
        results = _graded(fresh, settings)
        # A machine without a wall is refused here, before anything is written.
        first = list(itertools.islice(results, 1))
        dates = {name: due_by(policies, name) for name in assignments}
        with Gradebook(url) as book:
            before = book.marks(assignments)
            for assignment in assignments.values():
                book.add_assignment(assignment)
            book.set_students(listed.values())
            written = written_due(settings.course)

            def set_due() -> None:
                for name, now in dates.items():
                    last = written.get(name)
                    if now.due is not None or now.extensions or last is not None:
                        book.set_due(name, now, last)

            set_due()
            extensions = {
                (student, name): more
                for name, now in dates.items()
                for student, more in now.extensions.items()
            }
            lateness = book.lateness(penalty, extensions)
            held = {task.key for task in done.held}
            kept = [task for task in tasks if task.key in reports and task.key not in done.missing]
            remarks += take_up_times(settings.course, book, kept, done.briefs)
            again = [
                task
                for task in kept
                if task.key not in before
                or (task.key not in held and attempts_changed(settings.course, task, lateness, done.briefs))
            ]
            for task in again:
                done.briefs.pop(task.key, None)
            results = itertools.chain(first, results, _graded(again, settings))
            count = len(fresh) + len(again)
            write_as_they_come(settings.course, book, results, count, reports, progress, lateness, before)
            scores = {key: mark.score for key, mark in before.items()}
            del before
            set_due()
            keep_due(settings.course, written | dates)
            for name in assignments:
                book.charge_lateness(name, penalty)
            marks = book.marks(assignments)
            write_pages(settings.course, [task.key for task in tasks], marks, done.briefs)
        rules = rules_change(settings.course, done, _graded(done.unseen, settings))
    return Graded(
        reports.of([task.key for task in tasks]),
        remarks,
        count,
        _changes(scores, marks),
        marks,
        rules,
    )


def _changes(
    before: dict[SubmissionKey, float | None], after: dict[SubmissionKey, SubmissionMark]
) -> list[Change]:
    """Whose score moved, in the order assignment, student."""
    return [
        Change(student, assignment, before[student, assignment], mark.score)
        for (student, assignment), mark in sorted(after.items(), key=lambda entry: entry[0][::-1])
        if (student, assignment) in before and before[student, assignment] != mark.score
    ]


def _graded(tasks: Sequence[Task], settings: Settings) -> Iterator[tuple[Job, JobResult]]:
    """The tasks' jobs, made one by one as they are needed, and their results."""
    if not tasks:
        return
    todo = (task.job() for task in tasks)
    if settings.warm:
        yield from ((job, _kept_going(job)) for job in todo)
    elif settings.scheduler is not None:
        yield from cluster.run_on_cluster(todo, settings.scheduler)
    else:
        processes = min(settings.jobs, len(tasks))
        yield from pool.run_on_processes(todo, processes, meanwhile=_import_models)


def _kept_going(job: Job) -> JobResult:
    """A job in this process. A fault of ours costs this job, not the class."""
    try:
        return run_here(job)
    except SandboxError:
        raise
    except Exception as error:
        return lost_result(
            job, _("the grader itself failed on this submission ({name})", name=type(error).__name__)
        )


def _import_models() -> None:
    """Slow, and needed at the first result. Not in a thread: two that import one package at once break it."""
    # Where nbgrader is missing, opening the gradebook says so.
    with contextlib.suppress(ImportError):
        models()
