"""Every sentence about a submission and its report: statuses, reasons, what was odd in the notebook, what
needs a person.
"""

from collections.abc import Callable, Sequence

from autograder._text import one_line
from autograder.facts import Fact
from autograder.feedback.words import error_words

MAX_NOTES = 40

STATUSES = {
    "not_run": "not run",
    "timeout": "out of time",
    "memory": "out of memory",
    "manual": "graded by hand",
}

REASONS: dict[str, Callable[..., str]] = {
    "as_released": lambda: "not written yet: the code is as it was released",
    "unwritten": lambda name: (
        f"it calls {name}, which is not written yet"
        if name
        else "not written yet: it raises NotImplementedError"
    ),
    "cell_missing": lambda: "the cell is missing",
    "cell_fails": lambda error: f"its cell does not run: {one_line(error_words(error))}",
    "error": lambda error: one_line(error_words(error)),
    "no_essay": lambda: "no answer was written",
    "to_be_read": lambda: "to be graded by hand",
    "unknown": lambda: "the grader knows no exercise of this name: to be graded by hand",
    "as_said": lambda text: text,
}

ATTENTION = {
    "ungradable": "ungradable",
    "missing": "missing",
    "timeout": "out of time",
    "memory": "out of memory",
    "crashed": "crashed",
    "not_run": "not run",
    "manual": "to be graded by hand",
    "no_numbers": "no points",
}

# What stands in a line of its own, not in groups of exercises that share a reason
ATTENTION_ALONE: dict[str, Callable[..., str]] = {
    "note": lambda text: str(text),
    "asked": lambda name, text: f"asks for a second look at {name}: “{text}”",
    "beyond": lambda name, given, maximum: (
        f"{name}: {given:g} points were given by hand, of {maximum:g}; they count as they were given"
    ),
}

MORE_TIME = "; more time: --timeout, or for one student [time] in autograder.toml"

SUBMISSION: dict[str, Callable[..., str]] = {
    "as_read": lambda text: text,
    "metadata_lost": lambda: (
        "the notebook has lost its nbgrader metadata; cells were recognised by their text"
    ),
    "type_changed": lambda id, given, read: f"the cell {id} had become {given}; it was read as {read}",
    "test_changed": lambda id, kept: (
        f"the test cell {id} had been changed; the released one counts{_own(kept)}"
    ),
    "given_changed": lambda id, kept: (
        f"the read-only cell {id} had been changed; the released one counts{_own(kept)}"
    ),
    "locked_copies": lambda id, count: f"the cell {id} was there {count} times; the released one counts",
    "untouched_copies": lambda id, count: (
        f"the cell {id} was there {count} times; untouched copies were left out"
    ),
    "code_copies": lambda id, count: (
        f"the cell {id} was there {count} times; all were run, the last one counts"
    ),
    "text_copies": lambda id, count: f"the cell {id} was there {count} times; its texts were put together",
    "cell_missing": lambda id: f"the cell {id} is missing",
    "cell_elsewhere": lambda id, name: f"the cell {id} is missing; {name} was found in another cell",
    "test_restored": lambda id: f"the test cell {id} was missing and was put back",
}


def _own(kept: bool) -> str:
    return "; what else it defines was run as a cell of the student's own" if kept else ""


def status_words(status: str) -> str:
    """A status as a person reads it."""
    return STATUSES.get(status, status)


def reason_words(reason: Fact | None) -> str:
    """Why an exercise has no grade, in a line; "" without a reason."""
    return REASONS[reason.kind](*reason.values) if reason is not None else ""


def submission_notes(notes: Sequence[Fact]) -> tuple[str, ...]:
    """What was out of the ordinary in a submission, a line each, MAX_NOTES of them at most and how many
    more there are.
    """
    said = tuple(SUBMISSION[note.kind](*note.values) for note in notes[:MAX_NOTES])
    more = len(notes) - MAX_NOTES
    return (*said, f"and {more} more remarks") if more > 0 else said


def suspicion(exercise_id: str) -> str:
    """For the instructor's eyes."""
    return f"{exercise_id}: looks numerically differentiated"


def attention_words(found: Fact) -> str:
    """What a person should look at: a status, its exercises in groups, and why; or a note as it is.

    The values are groups ((ids), reason), none where every exercise is meant; a note's is its text; of points
    beyond the maximum, the exercise, the points and the maximum.
    """
    if found.kind in ATTENTION_ALONE:
        return ATTENTION_ALONE[found.kind](*found.values)
    groups = "; ".join(", ".join(ids) + (f" ({why})" if why else "") for ids, why in found.values)
    more = MORE_TIME if found.kind == "timeout" else ""
    return f"{ATTENTION[found.kind]}: {groups or 'everything'}{more}"
