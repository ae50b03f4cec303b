"""One submission as a job: plain JSON in, plain JSON out, the same
answer wherever and however often it runs.
"""

import atexit
import base64
import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from autograder.course.attempts import Attempt
from autograder.course.own_exercises import Course, load
from autograder.course.submitted import SubmissionFolder, read_bytes
from autograder.grading import documents, grade_submission
from autograder.grading.result import Report
from autograder.notebooks.assignment import Assignment, load_assignment, read_assignment, released_path
from autograder.notebooks.notebook import NotebookError, one_cell_a_line
from autograder.notebooks.submission import Submission
from autograder.report_json import ReportJson
from autograder.sandbox.launch import SandboxError
from autograder.sandbox.zygote import Isolation, Zygote

# Of what a job's result means: another number grades everything again.
VERSION = 2


class EarlierAttempt(TypedDict):
    """What was handed in before: the notebook's bytes in base64, and the text of its timestamp.txt."""

    data: str
    timestamp: str


class Job(TypedDict):
    """All that a worker needs to grade a submission. data: the notebook's bytes in base64, None if there are
    none, for the reason in error; unreadable: there is a file and it can't be read. released, own: texts of
    the released notebook and of own_exercises.py. key: a digest of all the rest, under which the result stays
    good.
    """

    student: str
    assignment: str
    released: str
    data: str | None
    unreadable: bool
    earlier: list[EarlierAttempt]
    own: str
    notes: list[str]
    error: str | None
    seed: str
    seconds: float
    isolation: Isolation
    version: int
    key: str


class JobResult(TypedDict):
    """What a worker found. key: the job's, "" if the job was lost; untouched: exercises left as they were
    released; timestamp: the text of the attempt that counts, None if that is the last one; autograded,
    feedback: files' texts.
    """

    key: str
    report: ReportJson
    untouched: list[str]
    timestamp: str | None
    handed_in: bool
    autograded: str
    feedback: str


def released_bytes(course: Path, name: str) -> bytes:
    """The released notebook's bytes, as load_assignment would choose
    them: FileNotFoundError, NotebookError.
    """
    path = released_path(course, name)
    if path is None:
        load_assignment(course, name)  # says what there is instead
        raise FileNotFoundError(name)
    data = path.read_bytes()
    read_assignment(name, data)
    return data


def without_exercises(released: bytes, dropped: Sequence[str]) -> bytes:
    """The released notebook with these exercises worth nothing; KeyError for one that it doesn't have."""
    if not dropped:
        return released
    notebook = json.loads(released.decode("utf-8-sig"))
    graded = {
        roles["grade_id"]: roles
        for cell in notebook["cells"]
        if (roles := cell["metadata"].get("nbgrader", {})).get("grade") is True
    }
    for exercise in dropped:
        graded[exercise]["points"] = 0
    return json.dumps(notebook, ensure_ascii=False).encode()


def make_job(
    folder: SubmissionFolder,
    released: bytes,
    *,
    seed: str,
    seconds: float,
    isolation: Isolation,
    own: str = "",
    earlier: Callable[[bytes | None], Sequence[Attempt]] = lambda data: (),
) -> Job:
    """What a worker needs to grade this submission, and the key under which its result stays good. Raises
    nothing for a notebook that can't be read: the job says so.

    own: the text of the course's own_exercises.py. earlier: the attempts before this one, where the best
    counts.
    """
    notes, error, data = list(folder.notes), folder.error, None
    if folder.path is not None:
        try:
            data = read_bytes(folder.path)
        except NotebookError as unreadable:
            error = str(unreadable)
    job: Job = {
        "student": folder.student,
        "assignment": folder.assignment,
        "released": released.decode("utf-8"),
        "data": None if data is None else base64.b64encode(data).decode("ascii"),
        "unreadable": folder.path is not None and data is None,
        "earlier": [
            {"data": base64.b64encode(attempt.data).decode("ascii"), "timestamp": attempt.timestamp}
            for attempt in earlier(data)
        ],
        "own": own,
        "notes": notes,
        "error": error,
        "seed": seed,
        "seconds": seconds,
        "isolation": isolation,
        "version": VERSION,
        "key": "",
    }
    job["key"] = _digest(job)
    return job


def _digest(job: Job) -> str:
    contents = {name: value for name, value in job.items() if name != "key"}
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()


_zygotes: dict[str, Zygote] = {}


def run_here(job: Job) -> JobResult:
    """Grade one job in this process, with the zygote that it keeps for its isolation.

    SandboxError if no wall can be had, or if another version of the grader made the job.
    """
    if job["version"] != VERSION:
        raise SandboxError(f"a worker has another version of the grader ({VERSION}, not {job['version']})")
    isolation = job["isolation"]
    if isolation not in _zygotes:
        zygote = Zygote(isolation)
        zygote.__enter__()
        if not _zygotes:
            atexit.register(close_zygotes)
        _zygotes[isolation] = zygote
    return run(job, _zygotes[isolation])


def close_zygotes() -> None:
    """End what run_here keeps."""
    while _zygotes:
        _zygotes.popitem()[1].__exit__(None, None, None)


def run(job: Job, zygote: Zygote) -> JobResult:
    """Grade one job's submission, or the best of its attempts; the files
    for the student come ready to be written.
    """
    course = load(job["own"])
    last = None if job["data"] is None else base64.b64decode(job["data"])
    tries = [base64.b64decode(attempt["data"]) for attempt in job["earlier"]]
    graded = [_grade(job, data, zygote, course) for data in (*tries, last)]
    best = max(range(len(graded)), key=lambda place: (graded[place][0].score, place))
    report, submission = graded[best]
    if best < len(tries):
        note = f"attempt {best + 1} of {len(tries) + (last is not None)} counts: it has the most points"
        report = replace(report, notes=(note, *report.notes))
    assignment = _assignment(job["assignment"], job["released"])
    return {
        "key": job["key"],
        "report": report.to_json(),
        "untouched": sorted(submission.untouched) if submission is not None else [],
        "timestamp": job["earlier"][best]["timestamp"] if best < len(tries) else None,
        "handed_in": last is not None or job["unreadable"] or best < len(tries),
        "autograded": one_cell_a_line(documents.autograded(assignment, report, submission)),
        "feedback": documents.feedback_page(report, submission),
    }


def _grade(job: Job, data: bytes | None, zygote: Zygote, course: Course) -> tuple[Report, Submission | None]:
    return grade_submission.grade(
        _assignment(job["assignment"], job["released"]),
        data,
        student=job["student"],
        seed=job["seed"],
        zygote=zygote,
        seconds=job["seconds"],
        notes=job["notes"],
        error=job["error"],
        status="ungradable" if job["unreadable"] else "missing",
        course=course,
    )


def lost_result(job: Job, reason: str) -> JobResult:
    """The result of a job that no worker could finish: every exercise ungradable, and a note that says so."""
    assignment = _assignment(job["assignment"], job["released"])
    report = grade_submission.without_grade(
        assignment,
        "ungradable",
        reason,
        student=job["student"],
        seed=job["seed"],
        isolation=job["isolation"],
        notes=job["notes"],
    )
    return {
        # No key: it never counts as done, so the next run tries again.
        "key": "",
        "report": report.to_json(),
        "untouched": [],
        "timestamp": None,
        "handed_in": job["data"] is not None or job["unreadable"],
        "autograded": one_cell_a_line(documents.autograded(assignment, report, None)),
        "feedback": documents.feedback_page(report, None),
    }


@functools.lru_cache(maxsize=32)
def _assignment(name: str, released: str) -> Assignment:
    return read_assignment(name, released.encode())
