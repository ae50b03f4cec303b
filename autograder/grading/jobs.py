"""One submission as a job: plain JSON in, plain JSON out, the same answer wherever and however often it
runs.
"""

import atexit
import base64
import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NotRequired, TypedDict

from autograder._language import ENGLISH, _, language, use_language
from autograder.course.attempts import Attempt, best_attempt
from autograder.course.own_exercises import Course, load
from autograder.course.submitted import SubmissionFolder, read_bytes
from autograder.grading import documents, grade_submission
from autograder.grading.answers import answer_digests
from autograder.grading.feedback_page import PageFacts, render_page
from autograder.grading.receipt import receipt_of, utc_now
from autograder.grading.result import Report
from autograder.grading.rules import RULES
from autograder.grading.settings import GradingError
from autograder.grading.stamps import settled, stamp_of
from autograder.notebooks.assignment import Assignment, load_assignment, read_assignment, released_path
from autograder.notebooks.notebook import NotebookError, one_cell_a_line
from autograder.notebooks.submission import Submission
from autograder.report_json import ReportJson
from autograder.sandbox.launch import SandboxError
from autograder.sandbox.limits import Limits
from autograder.sandbox.zygote import Isolation, Zygote

# What a result does not depend on.
NOT_OF_THE_KEY = ("key", "taken_up", "stamp")


class EarlierAttempt(TypedDict):
    """What was handed in before: the notebook's bytes in base64, and the text of its timestamp.txt."""

    data: str
    timestamp: str


class Job(TypedDict):
    """All that a worker needs to grade a submission. data: the notebook's bytes in base64, None if there are
    none, for the reason in error; unreadable: there is a file and it can't be read. released, own: texts of
    the released notebook and of own_exercises.py. taken_up: when the notebook was read, for the receipt.
    credit: what the course's rubric says that named mistakes keep, by their codes. help: the steps of help
    that go back, 0 to 4. language: of the words for the student, where it isn't English. stamp: of the file
    that was read, where it can vouch for its bytes. key: a digest of all the rest but taken_up, under which
    the result stays good.
    """

    student: str
    assignment: str
    released: str
    data: str | None
    unreadable: bool
    earlier: list[EarlierAttempt]
    own: str
    credit: dict[str, float]
    help: int
    notes: list[str]
    error: str | None
    seed: str
    seconds: float
    isolation: Isolation
    version: int
    taken_up: str
    key: str
    language: NotRequired[str]
    stamp: NotRequired[list[int]]


class GradedAttempt(TypedDict):
    """One attempt graded. attempt: its place, the oldest's 0; untouched: exercises left as released;
    answers: a digest of each exercise's answer; timestamp: the attempt's text, None if it is the last one;
    autograded, feedback: files' texts; page: what the feedback page is made of.
    """

    attempt: int
    report: ReportJson
    untouched: list[str]
    answers: dict[str, str]
    timestamp: str | None
    autograded: str
    feedback: str
    page: PageFacts


class JobResult(GradedAttempt):
    """What a worker found: the attempt that counts by its points alone, and the others. key: the job's, "" if
    the job was lost.
    """

    key: str
    handed_in: bool
    others: list[GradedAttempt]


def released_bytes(course: Path | None, name: str) -> bytes:
    """The released notebook's bytes, as load_assignment would choose them: FileNotFoundError,
    NotebookError.
    """
    path = released_path(course, name)
    if path is None:
        # Says what there is instead
        load_assignment(course, name)
        raise FileNotFoundError(name)
    data = path.read_bytes()
    read_assignment(name, data)
    return data


def without_exercises(released: bytes, name: str, dropped: Sequence[str]) -> bytes:
    """The assignment's released notebook with these exercises worth nothing; GradingError for one that it
    doesn't have.
    """
    if not dropped:
        return released
    notebook = json.loads(released.decode("utf-8-sig"))
    graded = {
        roles["grade_id"]: roles
        for cell in notebook["cells"]
        if (roles := cell["metadata"].get("nbgrader", {})).get("grade") is True
    }
    for exercise in dropped:
        if exercise not in graded:
            raise GradingError(
                _(
                    "autograder.toml: drop.{name!r} names {exercise!r}; it has no such exercise",
                    name=name,
                    exercise=exercise,
                )
            )
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
    credit: Mapping[str, float] = MappingProxyType({}),
    help: int = documents.USUAL_HELP.most,
    earlier: Callable[[bytes | None], Sequence[Attempt]] = lambda data: (),
    data: bytes | None = None,
    read: bool = True,
) -> Job:
    """What a worker needs to grade this submission, and the key under which its result stays good. Raises
    nothing for a notebook that can't be read: the job says so.

    own: the text of the course's own_exercises.py. credit: what its rubric says that mistakes keep, by their
    codes. help: how many steps of help go back with it. earlier: the attempts before this one, where the best
    counts. data: the notebook's bytes, where they have been read. read=False: everything but the notebook's
    bytes, the attempts and the key.
    """
    notes, error, stamp = list(folder.notes), folder.error, None
    path = folder.path if read else None
    if path is not None and data is None:
        try:
            stamp = stamp_of(path)
            data = read_bytes(path)
        except NotebookError as unreadable:
            error = str(unreadable)
    job: Job = {
        "student": folder.student,
        "assignment": folder.assignment,
        "released": _text(released),
        "data": None if data is None else base64.b64encode(data).decode("ascii"),
        "unreadable": path is not None and data is None,
        "earlier": [
            {"data": base64.b64encode(attempt.data).decode("ascii"), "timestamp": attempt.timestamp}
            for attempt in (earlier(data) if read else ())
        ],
        "own": own,
        "credit": dict(credit),
        "help": help,
        "notes": notes,
        "error": error,
        "seed": seed,
        "seconds": seconds,
        "isolation": isolation,
        "version": RULES,
        "taken_up": utc_now(),
        "key": "",
    }
    if language() != ENGLISH:
        job["language"] = language()
    if read:
        job["key"] = key_under(job, RULES)
        if data is not None and stamp is not None and settled(stamp):
            job["stamp"] = stamp
    return job


def key_under(job: Job, rules: int) -> str:
    """The key of a result that a grader of these rules would have for this job."""
    contents = {name: value for name, value in job.items() if name not in NOT_OF_THE_KEY}
    contents["version"] = rules
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()


def key_but_for_data(job: Job) -> str:
    """The same of everything but the notebook's bytes: two jobs with the same one, and the same bytes, have
    the same key.
    """
    contents = {name: value for name, value in job.items() if name not in (*NOT_OF_THE_KEY, "data")}
    # Each of these is the same text for a whole class.
    contents |= {"released": _digest(job["released"]), "own": _digest(job["own"])}
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()


@functools.lru_cache(maxsize=32)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@functools.lru_cache(maxsize=32)
def _text(released: bytes) -> str:
    return released.decode("utf-8")


_zygotes: dict[str, Zygote] = {}


def run_here(job: Job) -> JobResult:
    """Grade one job in this process, with the zygote that it keeps for its isolation.

    SandboxError if no wall can be had, or if another version of the grader made the job.
    """
    if job["version"] != RULES:
        raise SandboxError(
            _(
                "a worker has another version of the grader ({rules}, not {version})",
                rules=RULES,
                version=job["version"],
            )
        )
    isolation = job["isolation"]
    if isolation not in _zygotes:
        zygote = Zygote(isolation)
        zygote.__enter__()
        if not _zygotes:
            atexit.register(close_zygotes)
        _zygotes[isolation] = zygote
    # Whoever has twice the time for an exercise has it for each call and each cell too.
    _zygotes[isolation].bound(Limits().scaled(job["seconds"] / grade_submission.SECONDS))
    return run(job, _zygotes[isolation])


def wall_here(isolation: Isolation) -> Mapping[str, object]:
    """What the last child of this process was locked in by: see Zygote.restrictions. Empty before any ran."""
    return dict(_zygotes[isolation].restrictions) if isolation in _zygotes else {}


def close_zygotes() -> None:
    """End what run_here keeps."""
    while _zygotes:
        _zygotes.popitem()[1].__exit__(None, None, None)


def run(job: Job, zygote: Zygote) -> JobResult:
    """Grade one job's submission with all its attempts; the files for the student come ready to write."""
    use_language(job.get("language", ENGLISH))
    course = _course(job["own"], tuple(sorted(job["credit"].items())))
    last = None if job["data"] is None else base64.b64decode(job["data"])
    tries = [base64.b64decode(attempt["data"]) for attempt in job["earlier"]]
    handed_in = last is not None or job["unreadable"]
    # Where the last one is gone, what was handed in before counts.
    attempts = [*tries, last] if handed_in or not tries else tries
    with ExitStack() as open_attempts:
        # No attempt is asked anything hidden before the last one has said all that it may say.
        begun = [open_attempts.enter_context(_begun(job, data, zygote, course)) for data in attempts]
        graded = [
            _attempt(job, place, data, *finish(), course)
            for place, (data, finish) in enumerate(zip(attempts, begun, strict=True))
        ]
    _ask_as_the_last(graded)
    best = graded[best_attempt([attempt["report"]["score"] for attempt in graded])]
    others = [attempt for attempt in graded if attempt is not best]
    return {**best, "key": job["key"], "handed_in": handed_in or bool(tries), "others": others}


def _ask_as_the_last(graded: Sequence[GradedAttempt]) -> None:
    """Whichever attempt counts: what the student asks now is what the last one asks."""
    *earlier, last = graded
    for attempt in earlier:
        report, page = attempt["report"], attempt["page"]
        if report.get("requests") == last["report"].get("requests"):
            continue
        report.pop("requests", None)
        if "requests" in last["report"]:
            report["requests"] = [request.copy() for request in last["report"]["requests"]]
        asked = {exercise["id"]: exercise["asked"] for exercise in last["page"]["exercises"]}
        for exercise in page["exercises"]:
            exercise["asked"] = asked.get(exercise["id"], "")
        attempt["feedback"] = render_page(page)


def _attempt(
    job: Job, place: int, data: bytes | None, report: Report, submission: Submission | None, course: Course
) -> GradedAttempt:
    """One attempt graded, with what is written for it if it counts."""
    earlier = place < len(job["earlier"])
    if earlier:
        count = len(job["earlier"]) + (job["data"] is not None)
        note = _("attempt {place} of {count} counts: it has the most points", place=place + 1, count=count)
        report = replace(report, notes=(note, *report.notes))
    assignment = _assignment(job["assignment"], job["released"])
    given = documents.GradedHelp(course.exercises, job["help"])
    page = documents.page_facts(report, submission, given)
    if data is not None:
        page["receipt"] = receipt_of(data, job["taken_up"])
    return {
        "attempt": place,
        "report": report.to_json(),
        "untouched": sorted(submission.untouched) if submission is not None else [],
        "answers": answer_digests(submission.notebook) if submission is not None else {},
        "timestamp": job["earlier"][place]["timestamp"] if earlier else None,
        "autograded": one_cell_a_line(documents.autograded(assignment, report, submission, given)),
        "feedback": render_page(page),
        "page": page,
    }


def _begun(
    job: Job, data: bytes | None, zygote: Zygote, course: Course
) -> AbstractContextManager[Callable[[], tuple[Report, Submission | None]]]:
    return grade_submission.begun(
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
    page = documents.page_facts(report, None)
    if job["data"] is not None:
        page["receipt"] = receipt_of(base64.b64decode(job["data"]), job["taken_up"])
    return {
        # No key: it never counts as done, so the next run tries again.
        "key": "",
        "attempt": len(job["earlier"]),
        "report": report.to_json(),
        "untouched": [],
        "answers": {},
        "timestamp": None,
        "handed_in": job["data"] is not None or job["unreadable"],
        "autograded": one_cell_a_line(documents.autograded(assignment, report, None)),
        "feedback": render_page(page),
        "page": page,
        "others": [],
    }


@functools.lru_cache(maxsize=4)
def _course(own: str, credit: tuple[tuple[str, float], ...]) -> Course:
    return load(own).with_credits(dict(credit))


@functools.lru_cache(maxsize=32)
def _assignment(name: str, released: str) -> Assignment:
    return read_assignment(name, released.encode())
