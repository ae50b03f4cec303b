"""What grading keeps in COURSE/.autograder/: the seed, a lock, and each submission's last result."""

import base64
import contextlib
import hashlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from autograder._files import text_of, write_atomically
from autograder._language import _
from autograder.grading.jobs import GradedAttempt, Job, JobResult, key_but_for_data
from autograder.grading.receipt import Receipt
from autograder.grading.settings import GradingError
from autograder.report_json import ReportJson

# Of records that do not say by which rules they came about.
FIRST_RULES = 2


class Tried(TypedDict):
    """One attempt as it was graded: the digest of its notebook ("" if there was none), the text of its
    timestamp.txt, and its points before any penalty.
    """

    digest: str
    timestamp: str
    points: float


class Preview(TypedDict):
    """What a grader of other rules would give: its rules, the key of the job, and the points."""

    rules: int
    key: str
    points: float


class Record(TypedDict):
    """A submission's last result, and everything that its score depends on.

    key: the job's, under which the report stays good; rules: by which it came about; attempts: a digest of
    each different notebook that was handed in, in the order in which grading saw them; tried: the attempts
    that were graded, the last one last; counts: the place of the one that counts; answers: a digest of each
    exercise's answer in it; inputs: digests of the notebook, of the released one and of own_exercises.py, the
    seconds for an exercise, the isolation; entered: what the gradebook had from people, and of penalties,
    when the feedback page was written; receipt: the student's, none where nothing was handed in.
    stamp, but_for_data: of the notebook's file, and the job's key of all but its bytes; none where the bytes
    must be read to know whether they are the same.
    """

    key: str
    rules: int
    report: ReportJson
    attempts: list[str]
    tried: list[Tried]
    counts: int
    answers: dict[str, str]
    inputs: dict[str, str]
    entered: str
    receipt: NotRequired[Receipt]
    stamp: NotRequired[list[int]]
    but_for_data: NotRequired[str]
    preview: NotRequired[Preview]


def course_seed(course: Path) -> str:
    """The course's secret, made once, for its owner's eyes alone. GradingError if the file is empty."""
    path = course / ".autograder" / "seed"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16) + "\n", encoding="ascii")
    seed = path.read_text(encoding="ascii").strip()
    if not seed:
        raise GradingError(
            _("{path} is empty; the course's seed was expected: give --seed or delete the file", path=path)
        )
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
                _("another grader is at work on {course}: wait for it, then run this again", course=course)
            ) from None
        yield


def read_record(course: Path, student: str, assignment: str) -> Record | None:
    """The record of the submission's last result; None if there is none, or none that is whole."""
    return _read(_place(course, student, assignment))


def read_records(course: Path) -> list[Record]:
    """Every submission's record, in no order that means anything. What a killed run left half written is
    passed over: the next run writes it again.
    """
    paths = sorted((course / ".autograder" / "results").glob("*/*.json"))
    return [record for path in paths if (record := _read(str(path))) is not None]


def tried_of(job: Job, result: JobResult, timestamp: str) -> list[Tried]:
    """The attempts of a job as they were graded, the oldest first. timestamp: the last one's text."""
    digest = _digest(base64.b64decode(job["data"])) if job["data"] is not None else ""
    tried: list[Tried] = []
    for attempt in sorted(all_attempts(result), key=lambda attempt: attempt["attempt"]):
        place, points = attempt["attempt"], attempt["report"]["score"]
        if place < len(job["earlier"]):
            earlier = job["earlier"][place]
            same = _digest(base64.b64decode(earlier["data"]))
            tried.append({"digest": same, "timestamp": earlier["timestamp"], "points": points})
        else:
            tried.append({"digest": digest, "timestamp": timestamp, "points": points})
    return tried


def new_record(job: Job, key: str, counted: GradedAttempt, tried: list[Tried], last: Record | None) -> Record:
    """The record of a job's result. counted: the attempt that counts; last: the record before."""
    attempts = list(last["attempts"]) if last is not None else []
    if job["data"] is not None:
        # By the bytes' text in the job, as since the first version: an attempt is counted once.
        attempts = list(dict.fromkeys([*attempts, _digest(job["data"].encode())]))
    record: Record = {
        "key": key,
        "rules": job["version"],
        "report": counted["report"],
        "attempts": attempts,
        "tried": tried,
        "counts": counted["attempt"],
        "answers": counted["answers"],
        "inputs": inputs_of(job),
        "entered": "",
    }
    if "receipt" in counted["page"]:
        record["receipt"] = counted["page"]["receipt"]
    if "stamp" in job and key == job["key"]:
        record["stamp"], record["but_for_data"] = job["stamp"], key_but_for_data(job)
    return record


def inputs_of(job: Job) -> dict[str, str]:
    """What else than the rules the job's result depends on, each as a short text that changes with it."""
    data = base64.b64decode(job["data"]) if job["data"] is not None else b""
    return {
        "notebook": _digest(data) if data else "",
        "earlier": _digest(json.dumps(job["earlier"]).encode()) if job["earlier"] else "",
        "released": _digest(job["released"].encode()),
        "own": _digest(job["own"].encode()) if job["own"] else "",
        "seed": _digest(job["seed"].encode()),
        "seconds": f"{job['seconds']:g}",
        "isolation": job["isolation"],
    }


def all_attempts(result: JobResult) -> list[GradedAttempt]:
    """Every attempt of a result, the best by its points alone first."""
    names = GradedAttempt.__annotations__
    best = cast(GradedAttempt, {name: value for name, value in result.items() if name in names})
    return [best, *result["others"]]


def write_record(course: Path, record: Record) -> None:
    """Put the record in place of the submission's last one."""
    data = json.dumps(record, ensure_ascii=False).encode()
    write_atomically(_path(course, record["report"]["student"], record["report"]["assignment"]), data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _path(course: Path, student: str, assignment: str) -> Path:
    return Path(_place(course, student, assignment))


def _place(course: Path, student: str, assignment: str) -> str:
    """The same as text: a run in which nothing changed asks it of each submission."""
    return f"{course}/.autograder/results/{student}/{assignment}.json"


def _read(path: str) -> Record | None:
    """The record in a file. What an earlier version wrote lacks some of it: no key fits it then."""
    try:
        found = json.loads(text_of(path))
        report: ReportJson = found["report"]
        named = isinstance(report["student"], str) and isinstance(report["assignment"], str)
        if not named or not isinstance(report["score"], int | float):
            return None
        record: Record = {
            "key": found["key"] if "tried" in found else "",
            "rules": found.get("rules", FIRST_RULES),
            "report": report,
            "attempts": found.get("attempts", []),
            "tried": found.get("tried", []),
            "counts": found.get("counts", 0),
            "answers": found.get("answers", {}),
            "inputs": found.get("inputs", {}),
            "entered": found.get("entered", ""),
        }
        if "preview" in found:
            record["preview"] = found["preview"]
        if "receipt" in found:
            record["receipt"] = found["receipt"]
        if record["key"] and "stamp" in found:
            record["stamp"], record["but_for_data"] = found["stamp"], found["but_for_data"]
        return record
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
