"""What the last run wrote into the gradebook by the course's policies, kept in COURSE/.autograder/due.json.

What a policy no longer says can then be taken back, and what a person entered is told from it.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from autograder._files import write_atomically
from autograder.course.policies import Policies
from autograder.gradebook.lateness import DueDates


def due_by(policies: Policies, assignment: str) -> DueDates:
    """What the policies say of one assignment."""
    return DueDates(policies.due.get(assignment), policies.extensions.get(assignment, {}))


def written_due(course: Path) -> dict[str, DueDates]:
    """Assignment -> what the last run wrote; nothing where no run has, or none that can be read."""
    try:
        found = json.loads(_path(course).read_text(encoding="utf-8"))
        return {
            name: DueDates(
                datetime.fromisoformat(each["due"]) if each["due"] else None,
                {student: timedelta(seconds=more) for student, more in each["extensions"].items()},
            )
            for name, each in found.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def keep_due(course: Path, written: Mapping[str, DueDates]) -> None:
    """Keep for the next run what this one wrote."""
    found = {
        name: {
            "due": each.due.isoformat() if each.due else "",
            "extensions": {student: more.total_seconds() for student, more in each.extensions.items()},
        }
        for name, each in sorted(written.items())
        if each.due is not None or each.extensions
    }
    if found or _path(course).is_file():
        write_atomically(_path(course), json.dumps(found, indent=1, ensure_ascii=False).encode())


def _path(course: Path) -> Path:
    return course / ".autograder" / "due.json"
