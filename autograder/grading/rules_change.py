"""What a grader of other rules than a course's would change, found out without changing anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.jobs import Job, JobResult
from autograder.grading.records import read_record, write_record
from autograder.grading.rules import RULES
from autograder.grading.standing import Standing


@dataclass(frozen=True)
class WouldChange:
    """One submission's points, before any penalty: as they stand, and as this grader would give them."""

    student: str
    assignment: str
    stands: float
    would_be: float


@dataclass(frozen=True)
class RulesChange:
    """before: the rules, in order, by which scores of this course came about; held: how many of them stay;
    changes: those that this grader, whose rules are RULES, would move.
    """

    before: tuple[int, ...]
    held: int
    changes: tuple[WouldChange, ...]


def rules_change(
    course: Path, done: Standing, results: Iterable[tuple[Job, JobResult]]
) -> RulesChange | None:
    """What would change. results: of the submissions of which nobody knew; kept beside their scores, so that
    they are graded once. None where every score came about by this grader's rules.
    """
    for job, result in results:
        record = read_record(course, job["student"], job["assignment"])
        # A job that was lost has no key: the next run tries again.
        if record is not None and result["key"]:
            record["preview"] = {"rules": RULES, "key": result["key"], "points": result["report"]["score"]}
            write_record(course, record)
    if not done.held:
        return None
    before, changes = set(), []
    for task in done.held:
        record = read_record(course, task.student, task.assignment)
        if record is None:
            continue
        before.add(record["rules"])
        stands, preview = record["report"]["score"], record.get("preview")
        if preview is not None and preview["rules"] == RULES and preview["points"] != stands:
            changes.append(WouldChange(task.student, task.assignment, stands, preview["points"]))
    return RulesChange(tuple(sorted(before)), len(done.held), tuple(changes))
