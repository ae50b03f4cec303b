"""Every sentence about a submission and its report: statuses, reasons, what was odd in the notebook, what
needs a person.
"""

from collections.abc import Callable, Sequence

from autograder._language import N_, _
from autograder._text import one_line
from autograder.facts import Fact
from autograder.feedback.words import error_words

MAX_NOTES = 40

STATUSES = {
    "graded": N_("graded"),
    "not_run": N_("not run"),
    "timeout": N_("out of time"),
    "memory": N_("out of memory"),
    "manual": N_("graded by hand"),
}

REASONS: dict[str, Callable[..., str]] = {
    "as_released": lambda: _("not written yet: the code is as it was released"),
    "unwritten": lambda name: (
        _("it calls {name}, which is not written yet", name=name)
        if name
        else _("not written yet: it raises NotImplementedError")
    ),
    "cell_missing": lambda: _("the cell is missing"),
    "cell_fails": lambda error: _("its cell does not run: {error}", error=one_line(error_words(error))),
    "error": lambda error: one_line(error_words(error)),
    "no_essay": lambda: _("no answer was written"),
    "to_be_read": lambda: _("to be graded by hand"),
    "unknown": lambda: _("the grader knows no exercise of this name: to be graded by hand"),
    "as_said": lambda text: text,
}

ATTENTION = {
    "ungradable": N_("ungradable"),
    "missing": N_("missing"),
    "timeout": N_("out of time"),
    "memory": N_("out of memory"),
    "crashed": N_("crashed"),
    "not_run": N_("not run"),
    "manual": N_("to be graded by hand"),
    "no_numbers": N_("no points"),
}

# What stands in a line of its own, not in groups of exercises that share a reason
ATTENTION_ALONE: dict[str, Callable[..., str]] = {
    "note": lambda text: str(text),
    "asked": lambda name, text: _("asks for a second look at {name}: “{text}”", name=name, text=text),
    "again": lambda name, given: _(
        "{name}: {given:g} points were given by hand, and wait for another look in formgrader",
        name=name,
        given=given,
    ),
    "beyond": lambda name, given, maximum: _(
        "{name}: {given:g} points were given by hand, of {maximum:g}; they count as they were given",
        name=name,
        given=given,
        maximum=maximum,
    ),
}

MORE_TIME = N_("; more time: --timeout, or for one student [time] in autograder.toml")

SUBMISSION: dict[str, Callable[..., str]] = {
    "as_read": lambda text: text,
    "metadata_lost": lambda: _(
        "the notebook has lost its nbgrader metadata; cells were recognised by their text"
    ),
    "type_changed": lambda id, given, read: _(
        "the cell {id} had become {given}; it was read as {read}", id=id, given=given, read=read
    ),
    "test_changed": lambda id, kept: _(
        "the test cell {id} had been changed; the released one counts{own}", id=id, own=_own(kept)
    ),
    "given_changed": lambda id, kept: _(
        "the read-only cell {id} had been changed; the released one counts{own}", id=id, own=_own(kept)
    ),
    "locked_copies": lambda id, count: _(
        "the cell {id} was there {count} times; the released one counts", id=id, count=count
    ),
    "untouched_copies": lambda id, count: _(
        "the cell {id} was there {count} times; untouched copies were left out", id=id, count=count
    ),
    "code_copies": lambda id, count: _(
        "the cell {id} was there {count} times; all were run, the last one counts", id=id, count=count
    ),
    "text_copies": lambda id, count: _(
        "the cell {id} was there {count} times; its texts were put together", id=id, count=count
    ),
    "cell_missing": lambda id: _("the cell {id} is missing", id=id),
    "cell_elsewhere": lambda id, name: _(
        "the cell {id} is missing; {name} was found in another cell", id=id, name=name
    ),
    "test_restored": lambda id: _("the test cell {id} was missing and was put back", id=id),
}


def _own(kept: bool) -> str:
    return _("; what else it defines was run as a cell of the student's own") if kept else ""


def status_words(status: str) -> str:
    """A status as a person reads it."""
    return _(STATUSES.get(status, status))


def reason_words(reason: Fact | None) -> str:
    """Why an exercise has no grade, in a line; "" without a reason."""
    return REASONS[reason.kind](*reason.values) if reason is not None else ""


def submission_notes(notes: Sequence[Fact]) -> tuple[str, ...]:
    """What was out of the ordinary in a submission, a line each, MAX_NOTES of them at most and how many
    more there are.
    """
    said = tuple(SUBMISSION[note.kind](*note.values) for note in notes[:MAX_NOTES])
    more = len(notes) - MAX_NOTES
    return (*said, _("and {more} more remarks", more=more)) if more > 0 else said


def suspicion(exercise_id: str) -> str:
    """For the instructor's eyes."""
    return _(
        "{exercise_id}: off in the 9th to 14th digit: numerically differentiated, or float32 on the way?",
        exercise_id=exercise_id,
    )


def attention_words(found: Fact) -> str:
    """What a person should look at: a status, its exercises in groups, and why; or a note as it is.

    The values are groups ((ids), reason), none where every exercise is meant; a note's is its text; of points
    beyond the maximum, the exercise, the points and the maximum; of points to be looked at again, the
    exercise and the points.
    """
    if found.kind in ATTENTION_ALONE:
        return ATTENTION_ALONE[found.kind](*found.values)
    groups = "; ".join(", ".join(ids) + (f" ({why})" if why else "") for ids, why in found.values)
    more = _(MORE_TIME) if found.kind == "timeout" else ""
    return f"{_(ATTENTION[found.kind])}: {groups or _('everything')}{more}"
