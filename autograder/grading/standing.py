"""Which of the last run's results still hold, and which can't be given anew without somebody's consent.

A result holds as long as everything that it depends on is as it was. A score that came about by other rules
than this grader's stays, whatever else has changed but the student's own work, until they are accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder._files import is_file
from autograder.grading.jobs import Job, key_under
from autograder.grading.records import Preview, Record, inputs_of, read_record
from autograder.grading.report_store import ReportStore
from autograder.grading.rules import RULES
from autograder.grading.settings import Settings
from autograder.grading.tasks import SubmissionKey, Task
from autograder.notebooks.course_folders import course_folder


@dataclass(frozen=True, slots=True)
class Brief:
    """What a run asks of every record that holds, so that each is read once.

    timestamp: the last attempt's text, None where nothing was handed in; tried: how many were graded;
    entered: what people had entered when the page was written, None where the page is none of ours.
    """

    timestamp: str | None
    tried: int
    entered: str | None

    @classmethod
    def of(cls, record: Record) -> "Brief":
        last = record["tried"][-1] if record["tried"] else None
        timestamp = last["timestamp"] if last is not None and last["digest"] else None
        return cls(timestamp, len(record["tried"]), record["entered"] if record["key"] else None)


@dataclass
class Standing:
    """reports: those that hold. briefs: of their records, as long as nothing is written into these.
    missing: their keys where no file was handed in. held: those of other rules, whose scores stay though this
    grader might give others. unseen: those of them of which nobody knows yet what it would give.
    """

    reports: ReportStore
    briefs: dict[SubmissionKey, Brief] = field(default_factory=dict)
    missing: set[SubmissionKey] = field(default_factory=set)
    held: list[Task] = field(default_factory=list)
    unseen: list[Task] = field(default_factory=list)


def standing(settings: Settings, tasks: Sequence[Task]) -> Standing:
    """What of these tasks is done already."""
    found = Standing(ReportStore(settings.course / ".autograder"))
    autograded = course_folder(settings.course, "autograded")
    for task in tasks:
        record = read_record(settings.course, task.student, task.assignment)
        if record is None:
            continue
        if not settings.force and _is_untouched(autograded, task, record):
            found.reports[task.key] = record["report"]
            found.briefs[task.key] = Brief.of(record)
            continue
        job = task.job()
        handed_in = job["data"] is not None or job["unreadable"] or bool(job["earlier"])
        if _is_held(settings, job, record):
            found.held.append(task)
            if _previewed(record, job) is None:
                found.unseen.append(task)
        elif settings.force or not _holds(autograded, job, record, handed_in):
            continue
        found.reports[task.key] = record["report"]
        found.briefs[task.key] = Brief.of(record)
        if not handed_in:
            found.missing.add(task.key)
    return found


def _is_untouched(autograded: Path, task: Task, record: Record) -> bool:
    """Is everything as it was, by the file's size and times? False where its bytes must be read to know."""
    if record["rules"] != RULES or "stamp" not in record or "but_for_data" not in record:
        return False
    written = f"{autograded}/{task.student}/{task.assignment}/{task.assignment}.ipynb"
    return task.unchanged(record["stamp"], record["but_for_data"]) and is_file(written)


def _holds(autograded: Path, job: Job, record: Record, handed_in: bool) -> bool:
    """Is everything as it was when the record was made?"""
    name = job["assignment"]
    if record["rules"] != RULES or record["key"] != job["key"]:
        return False
    return not handed_in or is_file(f"{autograded}/{job['student']}/{name}/{name}.ipynb")


def _is_held(settings: Settings, job: Job, record: Record) -> bool:
    """Would grading it anew give a score by other rules for the same work?"""
    if record["rules"] == RULES or settings.accept_rules:
        return False
    if not record["inputs"]:
        return record["key"] == key_under(job, record["rules"])
    now = inputs_of(job)
    return all(record["inputs"][name] == now[name] for name in ("notebook", "earlier"))


def _previewed(record: Record, job: Job) -> Preview | None:
    """What this grader would give, if a run has found that out already."""
    preview = record.get("preview")
    fits = preview is not None and preview["rules"] == RULES and preview["key"] == job["key"]
    return preview if fits else None
