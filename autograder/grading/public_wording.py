"""A judgement told again with public numbers: what a student's process says while it holds the hidden ones
goes nowhere.

An error's text, a type's name, a shape, a factor, the case that fails first or the name of a mistake that is
made on purpose can carry what the process was given. So where a judgement has such words, they are taken from
what the same functions said on the public numbers, before any hidden one was sent; names and remarks are told
where both runs have them. The verdict stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from autograder.diagnosis.assess import Judgement
from autograder.facts import Fact
from autograder.judging.comparison import Check
from autograder.sandbox.calls import CallError

# Kinds of errors that the grader sees by itself and puts into its own words
GRADERS_OWN = ("timeout", "missing", "not_loaded")
# Remarks that name a case
ADVISORY = ("advisory_error", "advisory_answer")
# Remarks on the helpers, which follow from verdicts; and one for the instructor, who must see it whatever the
# public run says.
OF_THE_VERDICT = ("right_given_own", "judged_with_right", "numeric")
# More than the product of two sizes of a public case. A larger dimension, key or length, or more dimensions,
# says nothing to its author; and it could spell out what the process sees of the machine.
LARGEST_TOLD, MOST_DIMENSIONS = 300, 4


def in_public_words(judgement: Judgement, again: Callable[[], Judgement]) -> Judgement:
    """The same verdict with what was found on public numbers only; again() gives the judgement on these."""
    error = judgement.error
    remarks = any(note.kind not in OF_THE_VERDICT for note in judgement.notes)
    if error is not None and error.kind in GRADERS_OWN and judgement.status != "graded":
        return judgement
    flawless = all(check.passed for check in judgement.checks)
    if error is None and judgement.pattern is None and flawless and not remarks:
        return judgement
    public = again()
    found: dict[tuple[str, str], Check] = {
        (check.kind, check.part): check for check in public.checks if not check.passed
    }
    alike = error is not None and public.error is not None and public.error.kind == error.kind
    if error is not None:
        error = public.error if alike else CallError(error.kind, "", withheld=True)
    return replace(
        judgement,
        checks=tuple(_reworded(check, found, error) for check in judgement.checks),
        mistakes=judgement.mistakes if judgement.codes == public.codes else (),
        pattern=public.pattern if judgement.pattern else None,
        notes=_notes(judgement, public),
        error=error,
        unwritten=public.unwritten if alike else None,
    )


def _notes(judgement: Judgement, public: Judgement) -> tuple[Fact, ...]:
    kept = tuple(
        note
        for note in judgement.notes
        if note.kind not in ADVISORY and (note.kind in OF_THE_VERDICT or note in public.notes)
    )
    if not any(note.kind in ADVISORY for note in judgement.notes):
        return kept
    cases = tuple(note for note in public.notes if note.kind in ADVISORY)
    return (*kept, *(cases or (Fact("advisory_here"),)))


def _reworded(check: Check, public: Mapping[tuple[str, str], Check], error: CallError | None) -> Check:
    if check.passed or check.found is None:
        return check
    if check.found.kind == "credited":
        # Why the part earns what it does; in the catalogue's words where the public run names it too
        known = public.get((check.kind, check.part))
        agreed = known is not None and known.found == check.found
        return check if agreed else replace(check, found=Fact("credited_here", check.found.values[:1]))
    same = public.get((check.kind, check.part)) or public.get(("runs", ""))
    # A credit that only the answers on public numbers would have had is none.
    if same is not None and (same.found is None or same.found.kind != "credited"):
        return replace(check, found=_bounded(same.found), case=same.case)
    if check.kind == "shape":
        return replace(check, found=Fact("other_form"), case="")
    if check.kind == "purity":
        return replace(check, found=Fact("impure_here"), case="")
    if check.kind == "values" and check.found.kind != "raised":
        return replace(check, found=Fact("other_numbers_here"), case="")
    withheld = CallError(error.kind if error is not None else "exception", "", withheld=True)
    return replace(check, found=Fact("raised", (withheld,)), case="")


def _bounded(found: Fact | None) -> Fact | None:
    """What was found, but for a form of large numbers, or of many."""
    if found is None or found.kind != "problem":
        return found
    given = found.values[0].given
    shape, keys = given.shape or (), tuple(map(int, given.keys or ()))
    far = any(abs(number) > LARGEST_TOLD for number in (*shape, *keys, given.length or 0))
    return Fact("far_form") if far or len(shape) > MOST_DIMENSIONS else found
