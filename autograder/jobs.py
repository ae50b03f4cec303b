"""One submission as a job: plain JSON in, plain JSON out, the same answer wherever and however often it runs."""

import base64
import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from autograder import grading, returned
from autograder.assignment import Assignment, load_assignment, read_assignment, released_path
from autograder.intake import Found, read_bytes
from autograder.notebook import NotebookError

VERSION = 1  # of what a job's result means: another number grades everything again

Job = dict[str, Any]
Result = dict[str, Any]


def released_bytes(course: Path, name: str) -> bytes:
    """The released notebook's bytes, as load_assignment would choose them: FileNotFoundError, NotebookError."""
    path = released_path(course, name)
    if path is None:
        load_assignment(course, name)  # says what there is instead
        raise FileNotFoundError(name)
    data = path.read_bytes()
    read_assignment(name, data)
    return data


def make_job(found: Found, released: bytes, *, seed: str, seconds: float, isolation: str) -> Job:
    """What a worker needs to grade this submission, and the key under which its result stays good."""
    notes, error, data = list(found.notes), found.error, None
    if found.path is not None:
        try:
            data = read_bytes(found.path)
        except NotebookError as unreadable:
            error = str(unreadable)
    job: Job = {
        "student": found.student,
        "assignment": found.assignment,
        "released": released.decode("utf-8"),
        "data": None if data is None else base64.b64encode(data).decode("ascii"),
        "unreadable": found.path is not None and data is None,
        "notes": notes,
        "error": error,
        "seed": seed,
        "seconds": seconds,
        "isolation": isolation,
        "version": VERSION,
    }
    job["key"] = hashlib.sha256(json.dumps(job, sort_keys=True).encode()).hexdigest()
    return job


def run(job: Job, zygote: grading.Zygote) -> Result:
    """Grade one job's submission; the files for the student come ready to be written."""
    assignment = _assignment(job["assignment"], job["released"])
    data = None if job["data"] is None else base64.b64decode(job["data"])
    report, submission = grading.grade(
        assignment,
        data,
        student=job["student"],
        seed=job["seed"],
        zygote=zygote,
        seconds=job["seconds"],
        notes=job["notes"],
        error=job["error"],
        status="ungradable" if job["unreadable"] else "missing",
    )
    notebook = returned.autograded(assignment, report, submission)
    return {
        "key": job["key"],
        "report": report.to_json(),
        "untouched": sorted(submission.untouched) if submission is not None else [],
        "autograded": json.dumps(notebook, indent=1, ensure_ascii=False) + "\n",
        "feedback": returned.feedback_page(report, submission),
    }


def lost(job: Job, reason: str) -> Result:
    """The result of a job that no worker could finish: every exercise ungradable, and a note that says so."""
    assignment = _assignment(job["assignment"], job["released"])
    report = grading.without_grade(
        assignment, "ungradable", reason, student=job["student"], seed=job["seed"],
        isolation=job["isolation"], notes=job["notes"],
    )  # fmt: skip
    notebook = returned.autograded(assignment, report, None)
    return {
        "key": "",  # never counts as done: the next run tries again
        "report": report.to_json(),
        "untouched": [],
        "autograded": json.dumps(notebook, indent=1, ensure_ascii=False) + "\n",
        "feedback": returned.feedback_page(report, None),
    }


@functools.lru_cache(maxsize=32)
def _assignment(name: str, released: str) -> Assignment:
    return read_assignment(name, released.encode())
