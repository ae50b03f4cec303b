"""A year in the life of a course, lived by its commands alone: is every score explained, is no work lost?

    python benchmarks/year.py [--seed 1] [--students 60] [--jobs 2]

Nine assignments come from a learning management system in four languages, some late and some twice. Essays
are graded by hand in nbgrader's gradebook, scores overridden after appeals. One exercise is dropped, one
mended (other points), a student renamed, one forgotten, a worksheet of another week given, the rules for late
work changed, and whatever is graded is graded again. benchmarks/year_ledger.py keeps by itself what each score
has to be. At the end each is compared with what `autograder explain`, the gradebook, the feedback page, the
table and the file for Moodle say. Prints a table, then every discrepancy; ends with 1 if there is one.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from benchmarks.practice import ASSIGNMENTS  # noqa: E402
from benchmarks.year_answers import KINDS, Answers, exercises_of  # noqa: E402
from benchmarks.year_desk import Desk, Person  # noqa: E402
from benchmarks.year_ledger import Attempt, Ledger  # noqa: E402
from benchmarks.year_review import review  # noqa: E402

BEGIN = datetime(2026, 3, 2, 18, 0)
ESSAY = "why_same_g"


class Year:
    """The course, its people, and the ledger of what was done. `happened` has a line for each event."""

    def __init__(
        self, desk: Desk, seed: int, size: int, assignments: Sequence[str], answers: Answers
    ) -> None:
        self.desk, self.answers = desk, answers
        self.random = random.Random(seed)
        self.assignments = tuple(assignments)
        self.people = [Person(f"s{i:03}", f"Given{i} Family{i}") for i in range(size)]
        points = {name: exercises_of(name) for name in self.assignments}
        self.ledger = Ledger(points, answers.fraction)
        self.events: dict[str, int] = {}
        # Moodle's, by assignment and person's name
        self.numbers: dict[str, dict[str, int]] = {}

    # ---- one week after another ----

    def live(self) -> None:
        """The whole year."""
        self.desk.run("init", self.desk.course, *(f"--assignment={name}" for name in self.assignments))
        for week, name in enumerate(self.assignments):
            self.ledger.due[name] = BEGIN + timedelta(weeks=week)
        self._write_policies()
        # Spread over the weeks, however few there are; the last week has what is left.
        later = [
            self.wrong_worksheet,
            self.appeal,
            self.mend_an_exercise,
            self.grade_essays,
            self.rename_somebody,
            self.drop_an_exercise,
            self.appeal,
            self.change_the_policy,
            self.forget_somebody,
            self.hand_in_again,
            self.collect_by_mistake,
            self.hand_in_again,
            self.grade_essays,
            self.appeal,
        ]
        for week, name in enumerate(self.assignments):
            self.hand_in_week(week, name)
            self.grade()
            until = (
                len(later)
                if week == len(self.assignments) - 1
                else round(len(later) * week / len(self.assignments))
            )
            done = sum(self.events.get(event.__name__, 0) for event in set(later))
            for event in later[done:until]:
                self.events[event.__name__] = self.events.get(event.__name__, 0) + 1
                event(week)
                if self.random.random() < 0.5:
                    self.grade()
        self.grade("--force")
        self.grade_essays(len(self.assignments))
        self.grade()

    def grade(self, *more: str) -> None:
        self.desk.run("grade", self.desk.course, *more, ok=(0, 1))

    def hand_in_week(self, week: int, name: str) -> None:
        """Most hand in, some late, some not at all; Moodle numbers people anew."""
        numbers = self.random.sample(range(100, 999), len(self.people))
        self.people = [
            replace(person, number=number) for person, number in zip(self.people, numbers, strict=True)
        ]
        self.numbers[name] = {person.name: person.number for person in self.people}
        for person in self.people:
            if self.random.random() < 0.93:
                self._attempt(person, name)
        self.desk.download(name, self.people, self._handed(name))
        self.desk.collect(name)

    def _attempt(self, person: Person, name: str, after: datetime | None = None) -> None:
        kinds = {
            exercise: self.random.choices(KINDS, (7, 2, 1))[0]
            if exercise != ESSAY
            else self.random.choice(KINDS[:2])
            for exercise in self.ledger.points[name]
        }
        due = self.ledger.due[name] if after is None else after
        minutes = (
            -self.random.randrange(5, 3000) if self.random.random() < 0.8 else self.random.randrange(1, 6000)
        )
        if after is not None:
            minutes = abs(minutes)
        self.ledger.hand_in(person.id, name, Attempt(kinds, due + timedelta(minutes=minutes)))

    def _handed(self, name: str) -> Mapping[str, tuple[bytes, datetime]]:
        """student -> the last notebook and when."""
        last = {person.id: self.ledger.last(person.id, name) for person in self.people}
        return {
            student: (self.answers.notebook(name, attempt.kinds), attempt.when)
            for student, attempt in last.items()
            if attempt is not None
        }

    def _write_policies(self) -> None:
        self.desk.write_policies(self.ledger)

    # ---- what happens once or a few times ----

    def wrong_worksheet(self, week: int) -> None:
        """The worksheet of another assignment: nothing may move."""
        name = self.assignments[week]
        before = self.desk.snapshot()
        # The same numbers, of other people
        turned = [
            replace(p, number=q.number)
            for p, q in zip(self.people, self.people[1:] + self.people[:1], strict=True)
        ]
        self.desk.download(name, self.people, self._handed(name), listed=turned)
        self.desk.collect(name, "--update", ok=(1, 2))
        if self.desk.snapshot() != before:
            self.desk.wrong(f"{name}: the worksheet of another week moved notebooks")

    def appeal(self, week: int) -> None:
        """Somebody asks why; the score is explained, and a person gives another, with a comment."""
        name = self.random.choice(self.assignments[: week + 1])
        exercise = self.random.choice([e for e in self.ledger.points[name] if e != ESSAY])
        there = [p.id for p in self.people if self.ledger.last(p.id, name) is not None]
        for student in self.random.sample(there, min(2, len(there))):
            self.desk.run("explain", self.desk.course, student, name, ok=(0, 1))
            most = self.ledger.points[name][exercise]
            score = self.random.choice((0.0, 0.25, 0.5, 1.0)) * most
            extra = self.random.choice((None, 0.5))
            comment = f"appeal {self.random.randrange(10**6)}"
            self.desk.by_hand(student, name, exercise, score, comment, extra)
            self.ledger.by_hand(student, name, exercise, score, comment, extra)

    def grade_essays(self, week: int) -> None:
        """Half of the essays that wait, all at the end."""
        for name in self.assignments[: week + 1]:
            if ESSAY not in self.ledger.points[name]:
                continue
            for student in self.desk.waiting(name, ESSAY):
                if week == len(self.assignments) or self.random.random() < 0.5:
                    score = self.random.choice((0.0, 1.5, 3.0, 4.0))
                    comment = f"essay {self.random.randrange(10**6)}"
                    self.desk.by_hand(student, name, ESSAY, score, comment, None)
                    self.ledger.by_hand(student, name, ESSAY, score, comment, None)

    def mend_an_exercise(self, week: int) -> None:
        """Released again with other points."""
        name = self.random.choice(self.assignments[: week + 1])
        exercise = self.random.choice([e for e in self.ledger.points[name] if e != ESSAY])
        self.ledger.points[name][exercise] += self.random.choice((-2, 3, 5))
        self.desk.release(name, self.ledger.points[name])

    def drop_an_exercise(self, week: int) -> None:
        """Worth nothing to anybody from now on."""
        several = [name for name in self.assignments[: week + 1] if len(self.ledger.points[name]) > 1]
        name = self.random.choice(several or self.assignments[: week + 1])
        exercise = self.random.choice([e for e in self.ledger.points[name] if e != ESSAY])
        self.ledger.dropped.setdefault(name, set()).add(exercise)
        self._write_policies()

    def change_the_policy(self, week: int) -> None:
        """Late work costs from now on, some have longer, the best attempt counts."""
        ledger = self.ledger
        ledger.percent, ledger.grace, ledger.most = (
            self.random.choice((5, 10)),
            self.random.choice((0, 30)),
            60,
        )
        ledger.best = True
        for name in self.random.sample(self.assignments[: week + 1], min(2, week + 1)):
            late = self.random.choice(self.people).id
            ledger.extensions[name] = {late: self.random.choice((24, 48))}
        ledger.time[self.random.choice(self.people).id] = 2.0
        self._write_policies()
        # What is there is seen as a first attempt before another one comes.
        self.grade()

    def rename_somebody(self, week: int) -> None:
        """By the command, and at the university too."""
        place = self.random.randrange(len(self.people))
        old, new = self.people[place].id, f"{self.people[place].id}-new"
        self.desk.run("rename", self.desk.course, "--student", old, "--to", new, ok=(0, 1))
        self.people[place] = replace(self.people[place], id=new)
        self.ledger.rename(old, new)
        self._write_policies()

    def forget_somebody(self, week: int) -> None:
        """Who leaves is gone, everywhere."""
        gone = self.people.pop(self.random.randrange(len(self.people)))
        self.desk.run("forget", self.desk.course, "--student", gone.id, "--yes", ok=(0, 1))
        self.ledger.forget(gone.id)
        self._write_policies()
        self.desk.forgotten += [gone.id, gone.name, gone.email]

    def hand_in_again(self, week: int) -> None:
        """Some hand in this week's once more, and the download comes once more."""
        name = self.assignments[week]
        there = [p for p in self.people if self.ledger.last(p.id, name) is not None]
        for person in self.random.sample(there, max(1, len(there) // 10)):
            last = self.ledger.last(person.id, name)
            assert last is not None
            self._attempt(person, name, last.when)
        self.desk.download(name, self.people, self._handed(name))
        self.desk.collect(name, "--update")
        self.grade()

    def collect_by_mistake(self, week: int) -> None:
        """An assistant collects everybody's empty notebooks, and takes that back; perhaps after grading."""
        name = self.assignments[week]
        before = self.desk.snapshot()
        blank = dict.fromkeys(self.ledger.points[name], "blank")
        empty = (self.answers.notebook(name, blank), self.ledger.due[name] + timedelta(days=30))
        self.desk.download(name, self.people, {person.id: empty for person in self.people})
        self.desk.collect(name, "--update")
        if self.random.random() < 0.5:
            self.grade()
        self.desk.run("undo", self.desk.course)
        if self.desk.snapshot() != before:
            self.desk.wrong(f"{name}: undo left other notebooks than there were")
        self.grade()


def lived(
    folder: Path,
    seed: int,
    size: int,
    assignments: Sequence[str],
    run: Callable[..., tuple[int, str]],
    answers: Answers,
) -> tuple[str, list[str]]:
    """A year in that folder: the table, and every discrepancy. run: arguments of the command line -> its exit
    code and what it printed.
    """
    desk = Desk(folder, run)
    year = Year(desk, seed, size, assignments, answers)
    year.live()
    return review(desk, year.ledger, year.people, year.events, year.numbers)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    from benchmarks.year_desk import in_this_process

    def run(*arguments: object) -> tuple[int, str]:
        more = ("--jobs", given.jobs) if arguments[0] == "grade" else ()
        return in_this_process(*arguments, *more)

    with tempfile.TemporaryDirectory() as folder:
        table, wrong = lived(Path(folder), given.seed, given.students, ASSIGNMENTS, run, Answers(ASSIGNMENTS))
    print(f"seed {given.seed}, {given.students} students")
    print(table)
    for line in wrong:
        print(f"WRONG {line}")
    print(f"{len(wrong)} discrepancies")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
