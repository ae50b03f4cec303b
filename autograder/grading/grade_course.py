"""Grading a class: jobs out to local processes or to dask.distributed, results back to one writer.

Everything needed to go on after a kill is on disk: a result's record is written only when its files and its scores
are, and a job whose record is good is not run again.
"""

import contextlib
import hashlib
import itertools
import json
import secrets
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder._files import write_atomically
from autograder.course.attempts import Attempt, earlier
from autograder.course.nbgrader_config import ConfigError, read_config
from autograder.course.own_exercises import AuthoringError, load, own_source
from autograder.course.policies import Policies, PolicyError, read_policies
from autograder.course.submitted import Found, carried, find_students, find_submissions
from autograder.errors import GraderError
from autograder.gradebook.gradebook import Entry, Gradebook
from autograder.gradebook.nbgrader_models import models
from autograder.gradebook.timestamps import read_timestamp, timestamp_text
from autograder.grading import cluster, grade_submission, jobs, pool
from autograder.notebooks.assignment import Assignment, assignment_names, read_assignment
from autograder.notebooks.notebook import NotebookError

CHUNK, CHUNK_SECONDS = 50, 2.0  # results a transaction, and how long the first of them waits for it


class EngineError(GraderError):
    """The course can't be graded; str() says what was given, what was expected, and what to do."""


@dataclass(frozen=True)
class Settings:
    """How to grade: seed None takes the course's own, made at the first run; jobs counts local processes."""

    course: Path
    assignments: Sequence[str] = ()
    students: Sequence[str] = ()
    jobs: int = 1
    scheduler: str | None = None
    seed: str | None = None
    seconds: float = grade_submission.SECONDS
    isolation: str = "strong"
    force: bool = False
    db: str | None = None


@dataclass(frozen=True)
class Change:
    """A score that a regrade moved."""

    student: str
    assignment: str
    before: float
    after: float


@dataclass
class Task:
    """A submission to be graded, without its bytes: job() reads them. The same student and assignment are the same."""

    student: str
    assignment: str
    job: Callable[[], jobs.Job] = field(compare=False, default=dict)
    handed_in: bool = field(compare=False, default=True)

    def __hash__(self) -> int:
        return hash((self.student, self.assignment))


class Reports(Sequence[dict[str, Any]]):
    """The reports of a run, kept packed: a large class's take little memory."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self.packed = packed

    def __len__(self) -> int:
        return len(self.packed)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return Reports(self.packed[place])
        return json.loads(zlib.decompress(self.packed[place]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reports) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def as_json(self) -> Iterator[str]:
        """The text of a JSON list of them, indented, piece by piece."""
        for place in range(len(self)):
            text = json.dumps(self[place], indent=1, ensure_ascii=False).replace("\n", "\n ")
            yield ("[\n " if place == 0 else ",\n ") + text
        yield "\n]\n" if self.packed else "[]\n"


def packed(report: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(report, ensure_ascii=False).encode(), 1)


@dataclass(frozen=True)
class Graded:
    """What a run did: every report as JSON in the order student, assignment; lines on what was left out; how many were
    graded now, and whose score is another than at the last run.
    """

    reports: Reports
    remarks: list[str]
    fresh: int
    changes: list[Change]


def course_seed(course: Path) -> str:
    """The course's secret, made once; nobody but its owner may read the file."""
    path = course / ".autograder" / "seed"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16) + "\n", encoding="ascii")
    seed = path.read_text(encoding="ascii").strip()
    if not seed:
        raise EngineError(f"{path} is empty; the course's seed was expected: give --seed or delete the file")
    return seed


@contextlib.contextmanager
def locked(course: Path) -> Iterator[None]:
    """One grader a course at a time; EngineError if another is at work."""
    import fcntl

    folder = course / ".autograder"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EngineError(
                f"another grader is at work on {course}: wait for it, then run this again"
            ) from None
        yield


def grade_course(
    settings: Settings,
    url: str,
    progress: Callable[[int, int, dict[str, Any]], None] = lambda done, total, report: None,
) -> Graded:
    """Grade what has changed; EngineError, GradebookError, SandboxError, FileNotFoundError or OSError if it can't be done.

    progress is told how many are done, of how many, and the last one's report.
    """
    with locked(settings.course):
        settings = replace(settings, seed=settings.seed or course_seed(settings.course))
        try:
            policies = read_policies(settings.course)
            late_penalty = policies.penalty or read_config(settings.course).late_penalty
            own = own_source(settings.course)
            load(own)
        except (ConfigError, PolicyError, AuthoringError) as error:
            raise EngineError(str(error)) from None
        found, remarks = _wanted(settings)
        remarks[:0] = policies.unknown(assignment_names(settings.course))
        assignments, tasks = _tasks(settings, found, remarks, policies, own)
        reports: dict[Task, bytes] = {}
        if not settings.force:
            for task in tasks:
                _take_record(settings.course, task, reports)
        fresh = [task for task in tasks if task not in reports]
        fresh.sort(key=lambda task: task.assignment)  # a worker keeps the probes of a few exercises
        results = _map(fresh, settings)
        first = list(
            itertools.islice(results, 1)
        )  # a machine without a wall is refused before anything is written
        with Gradebook(url) as book:
            for assignment in assignments.values():
                book.add_assignment(assignment)
            known = book.graded()
            absent = [
                task for task in reports if task.handed_in and (task.student, task.assignment) not in known
            ]
            results = itertools.chain(first, results, _map(absent, settings))
            changes = _collect(settings.course, book, results, len(fresh) + len(absent), reports, progress)
            for name in assignments:
                if name in policies.due or name in policies.extensions:
                    book.set_due(name, policies.due.get(name), policies.extensions.get(name, {}))
                book.charge_lateness(name, late_penalty)
    changes.sort(key=lambda c: (c.assignment, c.student))
    return Graded(Reports([reports[task] for task in tasks]), remarks, len(fresh) + len(absent), changes)


def _collect(
    course: Path,
    book: Gradebook,
    results: Iterable[tuple[jobs.Job, jobs.Result]],
    total: int,
    reports: "dict[Task, bytes]",
    progress: Callable[[int, int, dict[str, Any]], None],
) -> list[Change]:
    """Write what comes in, a chunk at a time: so many results, or what came in so many seconds."""
    changes: list[Change] = []
    chunk: list[tuple[jobs.Job, jobs.Result]] = []
    since = time.monotonic()
    for finished, (job, result) in enumerate(results, start=1):
        chunk.append((job, result))
        if len(chunk) >= CHUNK or time.monotonic() - since > CHUNK_SECONDS:
            changes += _write(course, book, chunk, reports)
            chunk, since = [], time.monotonic()
        progress(finished, total, result["report"])
    return changes + _write(course, book, chunk, reports)


def _wanted(settings: Settings) -> tuple[list[Found], list[str]]:
    """The submissions that were asked for, and those that should be there and aren't.

    A student has to hand in what was asked for by name; without that, a student whose folder is empty has handed in
    nothing at all, and one who left out an assignment is no news.
    """
    found, remarks = find_submissions(settings.course)
    students = [folder.name for folder in find_students(settings.course)[0]]
    unknown = [student for student in settings.students if student not in students]
    if unknown:
        there = ", ".join(students[:8]) or "none"
        raise EngineError(f"--student {unknown[0]}: no folder submitted/{unknown[0]}; there are {there}")
    names = sorted(set(settings.assignments) or {f.assignment for f in found})
    handed_in = {(f.student, f.assignment) for f in found}
    busy = {f.student for f in found}
    found += [
        Found(student, name, None, (), "nothing was handed in")
        for student in students
        if settings.assignments or student not in busy
        for name in names
        if (student, name) not in handed_in
    ]
    wanted = [
        f
        for f in found
        if (not settings.students or f.student in settings.students)
        and (not settings.assignments or f.assignment in settings.assignments)
    ]
    return sorted(wanted, key=lambda f: (f.student, f.assignment)), remarks


def _tasks(
    settings: Settings, found: Sequence[Found], remarks: list[str], policies: Policies, own: str
) -> tuple[dict[str, Assignment], list[Task]]:
    """Each submission as a task; an assignment nobody released is an error if asked for, a remark if found."""
    released: dict[str, bytes] = {}
    for name in sorted({f.assignment for f in found} | set(settings.assignments)):
        try:
            released[name] = jobs.without(
                jobs.released_bytes(settings.course, name), policies.drop.get(name, ())
            )
        except KeyError as unknown:
            raise EngineError(
                f"autograder.toml: drop.{name!r} names {unknown}; it has no such exercise"
            ) from None
        except (FileNotFoundError, NotebookError) as error:
            if name in settings.assignments:
                raise EngineError(f"--assignment {name}: {error}") from None
            count = sum(f.assignment == name for f in found)
            remarks.append(f"{count} submission{'s' * (count != 1)} of {name!r} not graded: {error}")

    def job_of(f: Found) -> jobs.Job:
        return jobs.make_job(
            f,
            released[f.assignment],
            seed=str(settings.seed),
            seconds=policies.seconds(f.student, settings.seconds),
            isolation=settings.isolation,
            own=own,
            earlier=_earlier(settings.course, f, policies),
        )

    tasks = [Task(f.student, f.assignment, partial(job_of, f)) for f in found if f.assignment in released]
    return {name: read_assignment(name, data) for name, data in released.items()}, tasks


def _earlier(course: Path, found: Found, policies: Policies) -> Callable[[bytes | None], Sequence[Attempt]]:
    """The attempts before this one, where the course counts the best; this one is kept for later."""

    def attempts(data: bytes | None) -> Sequence[Attempt]:
        if policies.attempts == "last":
            return ()
        said = timestamp_text(course / "submitted" / found.student / found.assignment)
        return earlier(course, found.student, found.assignment, None if data is None else Attempt(data, said))

    return attempts


def _record(course: Path, student: str, assignment: str) -> Path:
    return course / ".autograder" / "results" / student / f"{assignment}.json"


def _take_record(course: Path, task: Task, reports: dict[Task, bytes]) -> None:
    """Put the last run's report into reports if it is still good: the record's key is the job's, the files are there."""
    job, name = task.job(), task.assignment
    task.handed_in = job["data"] is not None or job["unreadable"] or bool(job["earlier"])
    if task.handed_in and not (course / "autograded" / task.student / name / f"{name}.ipynb").is_file():
        return
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # no good record: grade it again
        record = json.loads(_record(course, task.student, name).read_text(encoding="utf-8"))
        if record["key"] == job["key"]:
            reports[task] = packed(record["report"])


def _import_models() -> None:
    """Slow, and needed once a result is there. Not in a thread: two that import one package at once break it."""
    with contextlib.suppress(ImportError):  # told when the gradebook is opened
        models()


def _map(tasks: Sequence[Task], settings: Settings) -> Iterator[tuple[jobs.Job, jobs.Result]]:
    """The tasks' jobs, made one by one as they are needed, and their results."""
    if not tasks:
        return
    todo = (task.job() for task in tasks)
    if settings.scheduler is None:
        yield from pool.run_all(todo, min(settings.jobs, len(tasks)), meanwhile=_import_models)
        return
    try:
        yield from cluster.run_all(todo, settings.scheduler)
    except cluster.ClusterError as error:
        raise EngineError(str(error)) from None


def _write(
    course: Path,
    book: Gradebook,
    chunk: Sequence[tuple[jobs.Job, jobs.Result]],
    reports: dict[Task, bytes],
) -> list[Change]:
    """Files first, scores in one transaction, records last: whatever is interrupted is done again."""
    entries, changes, before = [], [], [_last(course, job) for job, _ in chunk]
    for (job, result), last in zip(chunk, before, strict=True):
        student, name, report = job["student"], job["assignment"], result["report"]
        if result["handed_in"]:
            write_atomically(
                course / "autograded" / student / name / f"{name}.ipynb", result["autograded"].encode()
            )
            write_atomically(
                course / "feedback" / student / name / f"{name}.html", result["feedback"].encode()
            )
            for file, data in carried(course / "submitted" / student / name).items():
                for step in ("autograded", "feedback"):
                    write_atomically(course / step / student / name / file, data)
        said = result["timestamp"]
        try:
            timestamp = read_timestamp(
                timestamp_text(course / "submitted" / student / name) if said is None else said
            )
        except ValueError as error:
            report["notes"].append(str(error))
            timestamp = None
        entries.append(Entry(report, timestamp, frozenset(result["untouched"]), result["handed_in"]))
        score = last.get("report", {}).get("score", report["score"])
        if score != report["score"]:
            changes.append(Change(student, name, score, report["score"]))
        reports[Task(student, name)] = packed(report)
    book.write(entries)
    for (job, result), last in zip(chunk, before, strict=True):
        if result["key"]:
            record = {"key": result["key"], "report": result["report"], "attempts": _attempts(last, job)}
            write_atomically(
                _record(course, job["student"], job["assignment"]),
                json.dumps(record, ensure_ascii=False).encode(),
            )
    return changes


def _last(course: Path, job: jobs.Job) -> dict[str, Any]:
    """The record of the last run, empty if there was none."""
    try:
        record = json.loads(_record(course, job["student"], job["assignment"]).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _attempts(last: dict[str, Any], job: jobs.Job) -> list[str]:
    """A digest of each different notebook that was handed in, in the order in which grading saw them."""
    known: list[str] = last.get("attempts", [])
    digest = hashlib.sha256((job["data"] or "").encode()).hexdigest()[:16]
    return known if job["data"] is None or digest in known else [*known, digest]
