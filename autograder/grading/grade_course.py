"""Grading a class: what is there, what changed, grade that, write it down.

Jobs go out to local processes or to dask.distributed, results come back to one writer. Everything needed to
go on after a kill is on disk: a result's record is written only when its files and its scores are, and a job
whose record is good is not run again.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.course.nbgrader_config import read_config
from autograder.course.own_exercises import load, own_source
from autograder.course.policies import read_policies
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.nbgrader_models import models
from autograder.grading import cluster, pool
from autograder.grading.jobs import Job, JobResult
from autograder.grading.packed_reports import PackedReports, packed
from autograder.grading.records import course_seed, locked, read_record
from autograder.grading.settings import Settings
from autograder.grading.tasks import SubmissionKey, Task, find_tasks
from autograder.grading.write_results import Change, write_as_they_come
from autograder.notebooks.assignment import assignment_names
from autograder.report_json import ReportJson


@dataclass(frozen=True)
class Graded:
    """What a run did: every report as JSON in the order student, assignment; lines on what was left out; how
    many were graded now, and whose score is another than at the last run.
    """

    reports: PackedReports
    remarks: list[str]
    fresh: int
    changes: list[Change]


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
        late_penalty = policies.penalty or read_config(settings.course).late_penalty
        own = own_source(settings.course)
        load(own)
        assignments, tasks, remarks = find_tasks(settings, policies, own)
        remarks[:0] = policies.unknown(assignment_names(settings.course))
        reports, missing = ({}, set()) if settings.force else _still_good(settings, tasks)
        fresh = [task for task in tasks if task.key not in reports]
        # By assignment: a worker keeps the probes of a few exercises.
        fresh.sort(key=lambda task: task.assignment)
        results = _graded(fresh, settings)
        # A machine without a wall is refused here, before anything is written.
        first = list(itertools.islice(results, 1))
        with Gradebook(url) as book:
            for assignment in assignments.values():
                book.add_assignment(assignment)
            known = book.graded()
            lost = [t for t in tasks if t.key in reports and t.key not in missing and t.key not in known]
            results = itertools.chain(first, results, _graded(lost, settings))
            count = len(fresh) + len(lost)
            changes = write_as_they_come(settings.course, book, results, count, reports, progress)
            for name in assignments:
                if name in policies.due or name in policies.extensions:
                    book.set_due(name, policies.due.get(name), policies.extensions.get(name, {}))
                book.charge_lateness(name, late_penalty)
    changes.sort(key=lambda change: (change.assignment, change.student))
    return Graded(PackedReports([reports[task.key] for task in tasks]), remarks, count, changes)


def _still_good(
    settings: Settings, tasks: Sequence[Task]
) -> tuple[dict[SubmissionKey, bytes], set[SubmissionKey]]:
    """The last run's reports, packed, of which the record's key is the job's and the files are there; and the
    keys of those that no file was handed in for.
    """
    reports: dict[SubmissionKey, bytes] = {}
    missing: set[SubmissionKey] = set()
    for task in tasks:
        job, name = task.job(), task.assignment
        handed_in = job["data"] is not None or job["unreadable"] or bool(job["earlier"])
        written = settings.course / "autograded" / task.student / name / f"{name}.ipynb"
        if handed_in and not written.is_file():
            continue
        record = read_record(settings.course, task.student, name)
        if record is not None and record["key"] == job["key"]:
            reports[task.key] = packed(record["report"])
            if not handed_in:
                missing.add(task.key)
    return reports, missing


def _graded(tasks: Sequence[Task], settings: Settings) -> Iterator[tuple[Job, JobResult]]:
    """The tasks' jobs, made one by one as they are needed, and their results."""
    if not tasks:
        return
    todo = (task.job() for task in tasks)
    if settings.scheduler is not None:
        yield from cluster.run_on_cluster(todo, settings.scheduler)
    else:
        processes = min(settings.jobs, len(tasks))
        yield from pool.run_on_processes(todo, processes, meanwhile=_import_models)


def _import_models() -> None:
    """Slow, and needed once a result is there. Not in a thread: two
    that import one package at once break it.
    """
    # Where nbgrader is missing, opening the gradebook says so.
    with contextlib.suppress(ImportError):
        models()
