"""What grading keeps in COURSE/.autograder/: the course's seed, a lock,
and a record of each submission's last result.
"""

import contextlib
import hashlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from autograder._files import write_atomically
from autograder.grading.jobs import Job, JobResult
from autograder.grading.settings import GradingError
from autograder.report_json import ReportJson


class Record(TypedDict):
    """A submission's last result. key: the job's, under which the report stays good; attempts: a digest of
    each different notebook that was handed in, in the order in which grading saw them.
    """

    key: str
    report: ReportJson
    attempts: list[str]


def course_seed(course: Path) -> str:
    """The course's secret, made once; nobody but its owner may read the
    file. GradingError if the file is empty.
    """
    path = course / ".autograder" / "seed"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16) + "\n", encoding="ascii")
    seed = path.read_text(encoding="ascii").strip()
    if not seed:
        raise GradingError(f"{path} is empty; the course's seed was expected: give --seed or delete the file")
    return seed


@contextlib.contextmanager
def locked(course: Path) -> Iterator[None]:
    """One grader a course at a time; GradingError if another is at work."""
    import fcntl

    folder = course / ".autograder"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GradingError(
                f"another grader is at work on {course}: wait for it, then run this again"
            ) from None
        yield


def read_record(course: Path, student: str, assignment: str) -> Record | None:
    """The record of the submission's last result; None if there is none, or none that is whole."""
    return _read(_path(course, student, assignment))


def read_records(course: Path) -> list[Record]:
    """Every submission's record, in no order that means anything. What a killed run left half written is
    passed over: the next run writes it again.
    """
    paths = sorted((course / ".autograder" / "results").glob("*/*.json"))
    return [record for path in paths if (record := _read(path)) is not None]


def write_record(course: Path, job: Job, result: JobResult, last: Record | None) -> None:
    """Record the job's result in place of the last one."""
    attempts = list(last["attempts"]) if last is not None else []
    if job["data"] is not None:
        digest = hashlib.sha256(job["data"].encode()).hexdigest()[:16]
        attempts += [digest] if digest not in attempts else []
    record: Record = {"key": result["key"], "report": result["report"], "attempts": attempts}
    data = json.dumps(record, ensure_ascii=False).encode()
    write_atomically(_path(course, job["student"], job["assignment"]), data)


def _path(course: Path, student: str, assignment: str) -> Path:
    return course / ".autograder" / "results" / student / f"{assignment}.json"


def _read(path: Path) -> Record | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        report: ReportJson = found["report"]
        named = isinstance(report["student"], str) and isinstance(report["assignment"], str)
        whole = named and isinstance(report["score"], int | float)
        return (
            {"key": found["key"], "report": report, "attempts": found.get("attempts", [])} if whole else None
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
