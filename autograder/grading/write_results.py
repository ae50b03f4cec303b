"""Results to disk: the one writer of a run.

Files first, scores in one transaction, records last: whatever is interrupted is done again.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder._files import write_atomically
from autograder.course.submitted import attachments
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.timestamps import read_timestamp, timestamp_text
from autograder.gradebook.write_entries import Entry
from autograder.grading.jobs import Job, JobResult
from autograder.grading.packed_reports import packed
from autograder.grading.records import read_record, write_record
from autograder.grading.tasks import SubmissionKey
from autograder.report_json import ReportJson

# Results a transaction, and how many seconds the first of them waits for it.
CHUNK, CHUNK_SECONDS = 50, 2.0


@dataclass(frozen=True)
class Change:
    """A score that a regrade moved."""

    student: str
    assignment: str
    before: float
    after: float


def write_as_they_come(
    course: Path,
    book: Gradebook,
    results: Iterable[tuple[Job, JobResult]],
    total: int,
    reports: dict[SubmissionKey, bytes],
    progress: Callable[[int, int, ReportJson], None],
) -> list[Change]:
    """Write what comes in, a chunk at a time: so many results, or what came in so many seconds.

    Each report goes, packed, into reports. GradebookError or OSError if it can't be written.
    """
    changes: list[Change] = []
    chunk: list[tuple[Job, JobResult]] = []
    since = time.monotonic()
    for finished, (job, result) in enumerate(results, start=1):
        chunk.append((job, result))
        if len(chunk) >= CHUNK or time.monotonic() - since > CHUNK_SECONDS:
            changes += write_chunk(course, book, chunk, reports)
            chunk, since = [], time.monotonic()
        progress(finished, total, result["report"])
    return changes + write_chunk(course, book, chunk, reports)


def write_chunk(
    course: Path, book: Gradebook, chunk: Sequence[tuple[Job, JobResult]], reports: dict[SubmissionKey, bytes]
) -> list[Change]:
    """Write these results, and the scores that are others than at the last run."""
    entries, changes, before = [], [], []
    for job, result in chunk:
        student, assignment, report = job["student"], job["assignment"], result["report"]
        if result["handed_in"]:
            _write_files(course, student, assignment, result)
        try:
            timestamp = read_timestamp(_timestamp_text(course, job, result))
        except ValueError as error:
            report["notes"].append(str(error))
            timestamp = None
        entries.append(Entry(report, timestamp, frozenset(result["untouched"]), result["handed_in"]))
        last = read_record(course, student, assignment)
        before.append(last)
        if last is not None and last["report"]["score"] != report["score"]:
            changes.append(Change(student, assignment, last["report"]["score"], report["score"]))
        reports[student, assignment] = packed(report)
    book.write(entries)
    for (job, result), last in zip(chunk, before, strict=True):
        # A job that was lost has no key: no record of it, so the next run tries it again.
        if result["key"]:
            write_record(course, job, result, last)
    return changes


def _write_files(course: Path, student: str, assignment: str, result: JobResult) -> None:
    autograded = course / "autograded" / student / assignment
    feedback = course / "feedback" / student / assignment
    write_atomically(autograded / f"{assignment}.ipynb", result["autograded"].encode())
    write_atomically(feedback / f"{assignment}.html", result["feedback"].encode())
    for name, data in attachments(course / "submitted" / student / assignment).items():
        for folder in (autograded, feedback):
            write_atomically(folder / name, data)


def _timestamp_text(course: Path, job: Job, result: JobResult) -> str:
    """When the attempt that counts was handed in: an earlier one's own
    time, else what lies beside the notebook.
    """
    if result["timestamp"] is not None:
        return result["timestamp"]
    return timestamp_text(course / "submitted" / job["student"] / job["assignment"])
