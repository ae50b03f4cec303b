"""Grading a class: jobs out to local processes or to dask.distributed, results back to one writer.

Everything needed to go on after a kill is on disk: a result's record is written only when its files and its scores
are, and a job whose record is good is not run again.
"""

import atexit
import contextlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from autograder import grading, jobs
from autograder.assignment import Assignment, read_assignment
from autograder.attempts import Attempt, earlier
from autograder.authoring import AuthoringError, load, own_source
from autograder.course_config import ConfigError, read_config
from autograder.gradebook import Entry, Gradebook, read_timestamp, timestamp_text
from autograder.intake import Found, carried, find_students, find_submissions
from autograder.notebook import NotebookError
from autograder.policies import Policies, PolicyError, read_policies
from autograder.release import write_atomically
from autograder.sandbox import Zygote

CHUNK = 50  # results a transaction

_zygotes: dict[str, Zygote] = {}


class EngineError(Exception):
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
    seconds: float = grading.SECONDS
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


@dataclass(frozen=True)
class Graded:
    """What a run did: every report as JSON in the order student, assignment; lines on what was left out; how many were
    graded now, and whose score is another than at the last run.
    """

    reports: list[dict[str, Any]]
    remarks: list[str]
    fresh: int
    changes: list[Change]


def run_job(job: jobs.Job) -> jobs.Result:
    """Grade one job in this process, with the zygote that it keeps for its isolation."""
    isolation = job["isolation"]
    if isolation not in _zygotes:
        zygote = Zygote(isolation)
        zygote.__enter__()
        atexit.register(zygote.__exit__, None, None, None)
        _zygotes[isolation] = zygote
    return jobs.run(job, _zygotes[isolation])


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
    settings: Settings, url: str, progress: Callable[[int, int, str], None] = lambda done, total, who: None
) -> Graded:
    """Grade what has changed; EngineError, GradebookError, FileNotFoundError or OSError if it can't be done."""
    with locked(settings.course):
        settings = replace(settings, seed=settings.seed or course_seed(settings.course))
        if settings.scheduler is None:
            with Zygote(settings.isolation):  # type: ignore[arg-type]
                pass  # a machine without a wall is refused before anything is written
        try:
            policies = read_policies(settings.course)
            late_penalty = policies.penalty or read_config(settings.course).late_penalty
            own = own_source(settings.course)
            load(own)
        except (ConfigError, PolicyError, AuthoringError) as error:
            raise EngineError(str(error)) from None
        found, remarks = _wanted(settings)
        assignments, all_jobs = _jobs(settings, found, remarks, policies, own)
        with Gradebook(url) as book:
            for assignment in assignments.values():
                book.add_assignment(assignment)
            known = book.graded()
            done = {} if settings.force else _done(settings.course, all_jobs, known)
            todo = [job for job in all_jobs if job["key"] not in done]
            results = _map(todo, settings)
            changes: list[Change] = []
            chunk: list[tuple[jobs.Job, jobs.Result]] = []
            for finished, (job, result) in enumerate(results, start=1):
                chunk.append((job, result))
                progress(finished, len(todo), f"{job['student']} {job['assignment']}")
                if len(chunk) >= CHUNK:
                    changes += _write(settings.course, book, chunk, done)
                    chunk = []
            changes += _write(settings.course, book, chunk, done)
            for name in assignments:
                if name in policies.due or name in policies.extensions:
                    book.set_due(name, policies.due.get(name), policies.extensions.get(name, {}))
                book.charge_lateness(name, late_penalty)
    reports = [done[job["key"]] for job in all_jobs]
    return Graded(reports, remarks, len(todo), sorted(changes, key=lambda c: (c.assignment, c.student)))


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


def _jobs(
    settings: Settings, found: Sequence[Found], remarks: list[str], policies: Policies, own: str
) -> tuple[dict[str, Assignment], list[jobs.Job]]:
    """Each submission as a job; an assignment nobody released is an error if asked for, a remark if found."""
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
    made = [
        jobs.make_job(
            f,
            released[f.assignment],
            seed=str(settings.seed),
            seconds=policies.seconds(f.student, settings.seconds),
            isolation=settings.isolation,
            own=own,
            earlier=_earlier(settings.course, f, policies),
        )
        for f in found
        if f.assignment in released
    ]
    return {name: read_assignment(name, data) for name, data in released.items()}, made


def _earlier(course: Path, found: Found, policies: Policies) -> Callable[[bytes | None], Sequence[Attempt]]:
    """The attempts before this one, where the course counts the best; this one is kept for later."""

    def attempts(data: bytes | None) -> Sequence[Attempt]:
        if policies.attempts == "last":
            return ()
        said = timestamp_text(course / "submitted" / found.student / found.assignment)
        return earlier(course, found.student, found.assignment, None if data is None else Attempt(data, said))

    return attempts


def _record(course: Path, job: jobs.Job) -> Path:
    return course / ".autograder" / "results" / job["student"] / f"{job['assignment']}.json"


def _done(
    course: Path, all_jobs: Sequence[jobs.Job], known: set[tuple[str, str]]
) -> dict[str, dict[str, Any]]:
    """Reports that are still good: the record's key is the job's, and the files and the gradebook have them."""
    done = {}
    for job in all_jobs:
        name = job["assignment"]
        handed_in = job["data"] is not None or job["unreadable"] or job["earlier"]
        notebook = course / "autograded" / job["student"] / name / f"{name}.ipynb"
        if handed_in and not (notebook.is_file() and (job["student"], name) in known):
            continue
        try:
            record = json.loads(_record(course, job).read_text(encoding="utf-8"))
            if record["key"] == job["key"]:
                done[job["key"]] = record["report"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # no good record: grade it again
    return done


def _map(todo: Sequence[jobs.Job], settings: Settings) -> Iterator[tuple[jobs.Job, jobs.Result]]:
    if settings.scheduler is not None:
        return _on_dask(todo, settings.scheduler)
    return _local(todo, settings.jobs)


def _local(
    todo: Sequence[jobs.Job], count: int, work: Callable[[jobs.Job], jobs.Result] = run_job
) -> Iterator[tuple[jobs.Job, jobs.Result]]:
    """Local processes; a job that takes its process down is tried once more alone, and is then lost."""
    suspects: list[jobs.Job] = []
    context = get_context("spawn")  # a fork would carry the gradebook and the seed into the workers
    if todo:
        with ProcessPoolExecutor(min(count, len(todo)), mp_context=context) as pool:
            futures = {pool.submit(work, job): job for job in todo}
            for future in as_completed(futures):
                try:
                    yield futures[future], future.result()
                except BrokenProcessPool:
                    suspects.append(futures[future])
    for job in suspects:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            try:
                yield job, pool.submit(work, job).result()
            except BrokenProcessPool:
                yield job, jobs.lost(job, "the grading process ended twice on this submission")


def _on_dask(todo: Sequence[jobs.Job], address: str) -> Iterator[tuple[jobs.Job, jobs.Result]]:
    """The same jobs on a dask.distributed cluster; Dask itself sends a lost worker's jobs to another."""
    try:
        from distributed import Client
        from distributed import as_completed as as_finished
        from distributed.scheduler import KilledWorker
    except ModuleNotFoundError:
        raise EngineError("--scheduler needs dask.distributed: pip install 'deltabook[cluster]'") from None
    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise EngineError(f"--scheduler {address}: no scheduler answers there ({error})") from None
    with client:
        futures = {client.submit(run_job, job, pure=False): job for job in todo}
        for future in as_finished(list(futures)):  # type: ignore[no-untyped-call]
            job = futures[future]
            try:
                yield job, future.result()
            except KilledWorker:
                yield job, jobs.lost(job, "every worker that tried this submission was lost")


def _write(
    course: Path,
    book: Gradebook,
    chunk: Sequence[tuple[jobs.Job, jobs.Result]],
    done: dict[str, dict[str, Any]],
) -> list[Change]:
    """Files first, scores in one transaction, records last: whatever is interrupted is done again."""
    entries, changes = [], []
    for job, result in chunk:
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
        before = _last_score(course, job)
        if before is not None and before != report["score"]:
            changes.append(Change(student, name, before, report["score"]))
        done[job["key"]] = report
    book.write(entries)
    for job, result in chunk:
        if result["key"]:
            record = {"key": result["key"], "report": result["report"]}
            write_atomically(_record(course, job), json.dumps(record, ensure_ascii=False).encode())
    return changes


def _last_score(course: Path, job: jobs.Job) -> float | None:
    """The score of the last run, None if there was none."""
    try:
        return float(json.loads(_record(course, job).read_text(encoding="utf-8"))["report"]["score"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
