"""Results to disk: the one writer of a run.

Files first, scores in one transaction, records last: whatever is interrupted is done again.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from autograder._files import write_atomically
from autograder.course.attempts import best_attempt
from autograder.course.submitted import attachments
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.lateness import Lateness
from autograder.gradebook.marks import SubmissionMark
from autograder.gradebook.timestamps import read_timestamp, timestamp_text
from autograder.gradebook.write_entries import Entry
from autograder.grading.answers import digests_on_disk
from autograder.grading.feedback_page import keep_facts, page_path
from autograder.grading.jobs import GradedAttempt, Job, JobResult
from autograder.grading.receipt import receipt_line
from autograder.grading.records import (
    Record,
    Tried,
    all_attempts,
    new_record,
    read_record,
    tried_of,
    write_record,
)
from autograder.grading.regrade import take_up_requests
from autograder.grading.report_store import ReportStore
from autograder.grading.result import nothing_graded
from autograder.grading.tasks import SubmissionKey
from autograder.notebooks.course_folders import course_folder
from autograder.report_json import ReportJson

# Results a transaction, and how many seconds the first of them waits for it.
CHUNK, CHUNK_SECONDS = 50, 2.0
NEVER_LATE = Lateness()


def write_as_they_come(
    course: Path,
    book: Gradebook,
    results: Iterable[tuple[Job, JobResult]],
    total: int,
    reports: ReportStore,
    progress: Callable[[int, int, ReportJson], None],
    lateness: Lateness,
    marks: Mapping[SubmissionKey, SubmissionMark],
) -> None:
    """Write what comes in, a chunk at a time: so many results, or what came in so many seconds.

    Each report goes into reports. marks: what the gradebook said before. GradebookError or OSError
    if it can't be written.
    """
    chunk: list[tuple[Job, JobResult]] = []
    since = time.monotonic()
    for finished, (job, result) in enumerate(results, start=1):
        chunk.append((job, result))
        if len(chunk) >= CHUNK or time.monotonic() - since > CHUNK_SECONDS:
            write_chunk(course, book, chunk, reports, lateness, marks)
            chunk, since = [], time.monotonic()
        progress(finished, total, result["report"])
    write_chunk(course, book, chunk, reports, lateness, marks)


def write_chunk(
    course: Path,
    book: Gradebook,
    chunk: Sequence[tuple[Job, JobResult]],
    reports: ReportStore,
    lateness: Lateness = NEVER_LATE,
    marks: Mapping[SubmissionKey, SubmissionMark] = MappingProxyType({}),
) -> None:
    """Write these results. lateness: what being late costs, where the best of several attempts counts. marks:
    what the gradebook said before.
    """
    entries, records = [], []
    for job, result in chunk:
        student, assignment = job["student"], job["assignment"]
        last = read_record(course, student, assignment)
        before = _before(course, job, last)
        now = timestamp_text(course_folder(course, "submitted") / student / assignment)
        tried = tried_of(job, result, now)
        place = counting(tried, student, assignment, lateness)
        counted = next(attempt for attempt in all_attempts(result) if attempt["attempt"] == place)
        record = new_record(job, result["key"], counted, tried, last)
        report = counted["report"]
        asked = last["report"].get("requests", []) if last is not None else []
        take_up_requests(report.get("requests", []), asked, marks.get((student, assignment)))
        if result["handed_in"]:
            _write_files(course, student, assignment, counted)
        timestamp, problem = read_time(counting_time(record))
        report["notes"] += [problem] if problem else []
        entries.append(
            Entry(
                report,
                timestamp,
                frozenset(counted["untouched"]),
                result["handed_in"],
                nothing=nothing_graded(report),
                before={
                    name: status
                    for name, (digest, status) in before.items()
                    if counted["answers"].get(name) == digest
                },
            )
        )
        records.append(record)
        reports[student, assignment] = report
    book.write(entries)
    for record in records:
        # A job that was lost has no key: no record of it, so the next run tries it again.
        if record["key"]:
            write_record(course, record)


def counting(tried: Sequence[Tried], student: str, assignment: str, lateness: Lateness) -> int:
    """The place of the attempt that counts: the first with the most points, after what being late costs."""

    def left(attempt: Tried) -> float:
        handed_in, _ = read_time(attempt["timestamp"])
        points = attempt["points"]
        return round(points - lateness.cost(student, assignment, points, handed_in), 9)

    return best_attempt([left(attempt) for attempt in tried])


def counting_time(record: Record) -> str:
    """The text of the timestamp of the attempt that counts."""
    return record["tried"][record["counts"]]["timestamp"]


def read_time(text: str) -> tuple[datetime | None, str]:
    """The time in a timestamp.txt, and what is wrong with it, "" if nothing."""
    try:
        return read_timestamp(text), ""
    except ValueError as error:
        return None, str(error)


def _before(course: Path, job: Job, last: Record | None) -> dict[str, tuple[str, str]]:
    """Exercise -> the digest of the answer that a person has seen, and its status."""
    student, assignment = job["student"], job["assignment"]
    if last is not None and last["answers"]:
        statuses = {exercise["id"]: exercise["status"] for exercise in last["report"]["exercises"]}
        return {name: (digest, statuses.get(name, "")) for name, digest in last["answers"].items()}
    if last is not None and last["key"]:
        return {}
    # Graded by nbgrader itself, or by an earlier version: what stands in autograded/ is what was seen.
    seen = digests_on_disk(course_folder(course, "autograded") / student / assignment / f"{assignment}.ipynb")
    return {name: (digest, "") for name, digest in seen.items()}


def _write_files(course: Path, student: str, assignment: str, counted: GradedAttempt) -> None:
    autograded = course_folder(course, "autograded") / student / assignment
    write_atomically(autograded / f"{assignment}.ipynb", counted["autograded"].encode())
    write_atomically(page_path(course, student, assignment), counted["feedback"].encode())
    keep_facts(course, counted["page"])
    if "receipt" in counted["page"]:
        text = receipt_line(counted["page"]["receipt"]) + "\n"
        write_atomically(page_path(course, student, assignment).with_name("receipt.txt"), text.encode())
    copy_attachments(course, student, assignment)


def copy_attachments(course: Path, student: str, assignment: str) -> None:
    """nbgrader's small files beside the notebook go along with it."""
    folders = [course_folder(course, "autograded"), course_folder(course, "feedback")]
    for name, data in attachments(course_folder(course, "submitted") / student / assignment).items():
        for folder in folders:
            write_atomically(folder / student / assignment / name, data)
