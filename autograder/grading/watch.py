"""`autograder grade --watch`: what arrives in submitted/ is graded as it comes, by one warm process.

Each run over what has changed is a run of grade_course, with the same gradebook, records and rules, so a kill
loses nothing: what a run had not written is found by the next one. A folder that can't be read (an unmounted
share) or written (a full disk) is told once and tried again.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from autograder._files import write_atomically
from autograder._language import _
from autograder.course.policies import read_policies
from autograder.errors import GraderError, reason
from autograder.grading.grade_course import Graded, grade_course
from autograder.grading.settings import Settings
from autograder.grading.tasks import SubmissionKey
from autograder.lms.exchange import CourseExchange
from autograder.notebooks.course_folders import course_folder

# Seconds between two looks; what looks the same twice has been written to its end.
LOOK_EVERY = 0.1
HOUR = 3600.0
# More than these at once are graded by as many processes as there are cores: starting them takes a second.
RUSH = 16
# Name, time and size of each file of a submission's folder.
Contents: TypeAlias = tuple[tuple[str, int, int], ...]


def contents_of(course: Path) -> dict[SubmissionKey, Contents]:
    """What lies in every submission's folder. OSError if submitted/ can't be read."""
    found: dict[SubmissionKey, Contents] = {}
    for student in os.scandir(course_folder(course, "submitted")):
        if student.name.startswith(".") or not student.is_dir(follow_symlinks=False):
            continue
        # What goes away at this moment, as a file under a passing name does, is seen at the next look.
        with contextlib.suppress(FileNotFoundError):
            for assignment in os.scandir(student.path):
                if assignment.is_dir(follow_symlinks=False) and not assignment.name.startswith("."):
                    files = [(e.name, e.stat(follow_symlinks=False)) for e in os.scandir(assignment.path)]
                    found[student.name, assignment.name] = tuple(
                        sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)
                    )
    return found


@dataclass
class Watch:
    """The state of a watch over a course. told: a line for whoever looks on. exchange: where students hand in
    and get their feedback, None if that is submitted/ itself.
    """

    settings: Settings
    url: str
    told: Callable[[str], None]
    exchange: CourseExchange | None = None
    # As they were when they were graded last.
    graded: dict[SubmissionKey, Contents] = field(default_factory=dict)
    # As they were at the last look.
    seen: dict[SubmissionKey, Contents] = field(default_factory=dict)
    trouble: str = ""
    waiting: set[SubmissionKey] = field(default_factory=set)

    def begin(self) -> Graded:
        """Grade what the last run, or a kill, has left."""
        if self.exchange is not None:
            course_folder(self.settings.course, "submitted").mkdir(exist_ok=True)
        self.seen = self.graded = contents_of(self.settings.course)
        done = grade_course(replace(self.settings, warm=True), self.url)
        if self.exchange is not None:
            for student, assignment in done.marks:
                self.exchange.give_back(student, assignment)
        return done

    def try_to_begin(self) -> Graded | None:
        """begin(), or None where a folder isn't there yet or a disk is full, which is told once."""
        try:
            return self.begin()
        except OSError as error:
            self._tell_once(reason(error))
            return None

    def look(self, now: float) -> list[Graded]:
        """Grade what has changed since it was graded and is written to its end. now: seconds since 1970."""
        try:
            if self.exchange is not None:
                self.exchange.take_in()
            contents = contents_of(self.settings.course)
            ready = [
                key
                for key, files in contents.items()
                if files and files != self.graded.get(key) and files == self.seen.get(key)
            ]
            self.seen = contents
            done = [self._grade(name, keys, now) for name, keys in self._allowed(ready, now).items()]
        except (GraderError, OSError) as error:
            self._tell_once(reason(error))
            return []
        self.trouble = self.trouble if not done else ""
        return done

    def _grade(self, assignment: str, students: list[str], now: float) -> Graded:
        began = time.monotonic()
        few = len(students) <= RUSH
        wanted = replace(self.settings, assignments=(assignment,), students=tuple(students), warm=few)
        done = grade_course(wanted, self.url)
        # What is another now than it was when it was found, or gone with its share, is looked at again.
        now_there = contents_of(self.settings.course)
        self.graded |= {
            key: self.seen[key]
            for student in students
            if now_there.get(key := (student, assignment)) == self.seen[key]
        }
        if self.exchange is not None:
            for student in students:
                self.exchange.give_back(student, assignment)
        tries = read_tries(self.settings.course, now)
        for student in students:
            tries.setdefault(f"{student}/{assignment}", []).append(now)
        write_tries(self.settings.course, tries)
        seconds = time.monotonic() - began
        for student in students:
            mark = done.marks.get((student, assignment))
            points = _("no grade")
            if mark is not None and mark.score is not None:
                points = _("{score:g} of {maximum:g}", score=mark.score, maximum=mark.maximum)
            self.told(
                _(
                    "{student} {assignment}: {points} ({seconds:.2f} s for {count})",
                    student=student,
                    assignment=assignment,
                    points=points,
                    seconds=seconds,
                    count=len(students),
                )
            )
        return done

    def _allowed(self, ready: Iterable[SubmissionKey], now: float) -> dict[str, list[str]]:
        """By assignment, the students who have a try left this hour; the others wait until they have one."""
        most = read_policies(self.settings.course).tries_per_hour
        tries = read_tries(self.settings.course, now)
        found: dict[str, list[str]] = {}
        for student, assignment in ready:
            before = tries.get(f"{student}/{assignment}", [])
            if most and len(before) >= most:
                if (student, assignment) not in self.waiting:
                    minutes = (before[-most] + HOUR - now) / 60
                    again = _("graded in {minutes:.0f} minutes", minutes=minutes)
                    self.told(
                        _(
                            "{student} {assignment}: {most} tries this hour; {again}",
                            student=student,
                            assignment=assignment,
                            most=most,
                            again=again,
                        )
                    )
                self.waiting.add((student, assignment))
                continue
            self.waiting.discard((student, assignment))
            found.setdefault(assignment, []).append(student)
        return found

    def _tell_once(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.told(_("{trouble}; nothing is lost, it is tried again", trouble=trouble))
        self.trouble = trouble


def watch(
    settings: Settings,
    url: str,
    told: Callable[[str], None],
    exchange: CourseExchange | None = None,
) -> None:
    """Grade what arrives, until this process is interrupted. GraderError if the course can't be graded as it
    stands; a share or a disk that isn't ready is waited for.
    """
    over = Watch(settings, url, told, exchange)
    while (done := over.try_to_begin()) is None:
        time.sleep(10 * LOOK_EVERY)
    told(
        _(
            "{count} submissions, {fresh} of them graded now; waiting for more",
            count=len(done.reports),
            fresh=done.fresh,
        )
    )
    while True:
        began = time.monotonic()
        over.look(time.time())
        # A large course on a slow share is not looked at all the time.
        time.sleep(max(LOOK_EVERY, 3 * (time.monotonic() - began)))


def _path(course: Path) -> Path:
    return course / ".autograder" / "tries.json"


def read_tries(course: Path, now: float) -> dict[str, list[float]]:
    """When each submission was graded in the last hour, by student/assignment."""
    try:
        table = json.loads(_path(course).read_text(encoding="utf-8"))
        return {key: [at for at in times if at > now - HOUR] for key, times in table.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def write_tries(course: Path, tries: Mapping[str, list[float]]) -> None:
    """Keep them for the next run."""
    data = json.dumps({key: times for key, times in tries.items() if times}).encode()
    write_atomically(_path(course), data)
