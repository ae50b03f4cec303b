"""Every sentence about a judgement, made here from the facts in it.

The sentences that name a mistake come from the catalogue, those about patterns of errors from the diagnosis.
"""

import re
import sys
from collections.abc import Callable

import numpy as np

from autograder._language import N_, _, n_
from autograder.diagnosis.assess import Judgement
from autograder.facts import Fact
from autograder.feedback.case_words import case_words
from autograder.feedback.done import NextExercise
from autograder.judging.comparison import Check, Place, Problem, ValueSummary
from autograder.sandbox.calls import CallError

MEANINGS = {"✓": N_("right"), "±": N_("right but for its sign"), "×": N_("not right"), "∅": N_("no number")}
# Where Python says that an error in a cell's text is; the cell's number counts cells that students don't see.
PYTHONS_PLACE, OWN_PLACE = re.compile(r" \(<cell \d+>, line (\d+)\)"), N_(" (line {line} of the cell)")
PYTHON = ".".join(map(str, sys.version_info[:2]))
CAUTION = N_("This is advice, not a grade: grading uses other numbers than these.")
ONLY_HERE = N_("on the numbers of the grading, not on the public ones")

NOTHING_LEFT = N_("all exercises of this notebook are right")

WITHOUT_ANSWERS = {
    "crashed": N_("it raises an error"),
    "timeout": N_("it took too long"),
    "memory": N_("it wanted more memory than there is"),
    "missing": N_("no function of this name"),
    "not_run": N_("its cell does not run"),
}


def error_words(error: CallError) -> str:
    """Why a call gave no value, in a line."""
    if error.withheld:
        return _("an error {where}", where=_(ONLY_HERE))
    if error.type in ("SyntaxError", "IndentationError", "TabError"):
        # Another Python may read what this one doesn't.
        said = PYTHONS_PLACE.sub(lambda place: _(OWN_PLACE, line=place[1]), error.message)
        return _("{said}; read by Python {version}", said=said, version=PYTHON)
    return error.message


def headline(judgement: Judgement) -> str:
    """One line: how much of the exercise is right."""
    id, fraction = judgement.exercise_id, judgement.fraction
    if judgement.status != "graded":
        if judgement.unwritten is not None:
            called = _("calls {name}, which is not written yet", name=judgement.unwritten)
            return f"{id}: {called if judgement.unwritten else _('not written yet')}"
        reason = error_words(judgement.error) if judgement.error is not None else ""
        return f"{id}: {_(WITHOUT_ANSWERS[judgement.status])}" + (f": {reason}" if reason else "")
    if fraction >= 1:
        return _("✓ {id}: right on every number tried here", id=id)
    return (
        _("± {id}: {fraction:.0%} of the points", id=id, fraction=fraction)
        if fraction
        else _("× {id}: not right yet", id=id)
    )


def next_words(found: NextExercise) -> str:
    """What to do when an exercise is right: "next: all_deltas (1 of 3 done)"."""
    done = _("({done} of {of} done)", done=found.done, of=found.of)
    return f"{_('next: {id}', id=found.id)} {done}" if found.id else f"{_(NOTHING_LEFT)} {done}"


PRINTED = N_("What it printed in its first call")


def case_title(call: str) -> str:
    """Over the smallest failing case: "The smallest case that is wrong: affine(W, a_prev, b) with"."""
    return _("The smallest case that is wrong: {call} with", call=call)


def more_help(exercise_id: str, levels: int) -> str:
    """How to see the next steps of help where no card is shown."""
    return _(
        "more help: check({exercise_id}).help(2), up to help({levels})",
        exercise_id=exercise_id,
        levels=levels,
    )


# ---- checks

CHECK_NAMES = {"runs": N_("runs"), "shape": N_("shape and dtype"), "purity": N_("purity")}
PASSED = {
    "shape": N_("as expected"),
    "purity": N_("inputs unchanged, the same answer twice"),
    "values": N_("right"),
}
FAILED: dict[str, Callable[..., str]] = {
    # runs
    "error": error_words,
    "no_answer": lambda error: _("no call gave an answer, the first: {error}", error=error_words(error)),
    # shape
    "problem": lambda problem: problem_words(problem),
    "other_form": lambda: _("another shape or type than expected {where}", where=_(ONLY_HERE)),
    "far_form": lambda: _("another shape or type than expected"),
    # purity
    "argument_changed": lambda: _("an argument was changed in place"),
    "answer_overwritten": lambda: _(
        "the array that one call returned is written into by the next: make a new one in "
        "the function each time"
    ),
    "other_answer": lambda: _("a second call with the same inputs gave another answer"),
    "impure_here": lambda: _("an argument or an earlier answer was changed {where}", where=_(ONLY_HERE)),
    # values
    "raised": lambda error: (
        error_words(error) if error.withheld else _("raised {error}", error=error.message)
    ),
    "unwritten": lambda name: _("{name} is called, and not written yet", name=name),
    "no_numbers": lambda: _("no numbers to compare: the shape is off"),
    "not_finite": lambda: _("nan or inf in the answer"),
    "float32_inputs": lambda: _("right but for float32, where differences have no digits left"),
    "pattern": lambda sentence: sentence,
    "other_numbers": lambda *_counts: _("other numbers than expected"),
    "other_numbers_here": lambda: _("other numbers than expected {where}", where=_(ONLY_HERE)),
    "always_the_same": lambda: _("ok is the same for right and for wrong gradients"),
    "credited_here": lambda share: _(
        "{share}, for a mistake {where}", share=share_words(share), where=_(ONLY_HERE)
    ),
    "credited": lambda share, name, code: f"{share_words(share)}: {_(name)}, {code}",
}


NAMED_SHARES = {
    0.75: N_("three quarters of the points"),
    0.5: N_("half of the points"),
    0.25: N_("a quarter of the points"),
    0.8: N_("four fifths of the points"),
}


def share_words(share: float) -> str:
    """How much of a part's points is kept."""
    if share in NAMED_SHARES:
        return _(NAMED_SHARES[share])
    return _("{percent:.3g} % of the points", percent=100 * share)


def check_name(check: Check) -> str:
    """What was looked at: "values: sigmoid"."""
    name = CHECK_NAMES.get(check.kind)
    return _(name) if name else _("values: {part}", part=case_words(check.part))


def check_summary(check: Check) -> str:
    """What came of a check, without the case that it happened in first."""
    if check.passed:
        return _(PASSED[check.kind])
    assert check.found is not None
    return FAILED[check.found.kind](*check.found.values)


def check_message(check: Check) -> str:
    """What came of a check, and in which case first."""
    said = check_summary(check)
    if check.passed or not check.case:
        return said
    assert check.found is not None
    if check.found.kind != "other_numbers":
        return f"{said} ({case_words(check.case)})"
    if not check.found.values:
        return _("{said}, first in: {case}", said=said, case=case_words(check.case))
    wrong, of = check.found.values
    return _(
        "{said} in {wrong} of {of} arrays, first in: {case}",
        said=said,
        wrong=wrong,
        of=of,
        case=case_words(check.case),
    )


# ---- an answer's form


def problem_words(problem: Problem) -> str:
    """What is wrong with an answer's form: "dW[2] has shape (3, 4); expected shape (4, 3)"."""
    given, expected = problem.given, problem.expected
    says = ASPECTS[problem.aspect](given)
    wanted = EXPECTED[expected.kind](*expected.values)
    return _("{place} {says}; expected {wanted}", place=place_words(problem.place), says=says, wanted=wanted)


ASPECTS: dict[str, Callable[[ValueSummary], str]] = {
    "kind": lambda given: _("is {value}", value=value_words(given)),
    "container": lambda given: _("is a {type}", type=given.type),
    "dtype": lambda given: _("has dtype {dtype}", dtype=given.dtype),
    "shape": lambda given: _("has shape {shape}", shape=given.shape),
}
EXPECTED: dict[str, Callable[..., str]] = {
    "layers": lambda: _("a dict keyed by the layer number"),
    "keys": lambda first, last: _("the keys {first} to {last}", first=first, last=last),
    "tuple": lambda length: _("a tuple of {length}", length=length),
    "list": lambda length: _("a list of {length}", length=length),
    "array": lambda shape: _("an array of shape {shape}", shape=shape),
    "number": lambda: _("a number"),
    "real": lambda: _("real numbers"),
    "single": lambda: _("a single number"),
    "shape": lambda shape: _("shape {shape}", shape=shape),
    "ok_and_errors": lambda: _("(ok, errors)"),
    "truth": lambda: _("True or False"),
    "like_theta": lambda shape: _("an array of theta's shape {shape}", shape=shape),
}


def place_words(place: Place) -> str:
    """Where in an answer something is: "the answer", "item 0 of the answer", "dW[2]"."""
    if isinstance(place, str):
        return place
    said = _("the answer")
    for step, where in place:
        said = f"{said}[{where}]" if step == "key" else _("item {number} of {said}", number=where, said=said)
    return said


def value_words(value: ValueSummary) -> str:
    """The kind of a value: "an array of shape (3, 7)", "a dict with keys 1, 2"."""
    if value.shape is not None:
        return _("an array of shape {shape}", shape=value.shape)
    if value.keys is not None:
        return _("a dict with keys {keys}", keys=", ".join(value.keys)) if value.keys else _("an empty dict")
    if value.length is not None:
        return _("a {type} of {length}", type=value.type, length=value.length)
    if value.type == "NoneType":
        return _("None (is a return missing?)")
    return _(N_("an {type}") if value.type[0] in "aeiou" else N_("a {type}"), type=value.type)


# ---- notes

NOTES: dict[str, Callable[..., str]] = {
    "size_one": lambda: _("The number came wrapped in an array: accepted, but a float is expected."),
    "bool": lambda: _("The answer is an array of True and False: accepted as 1 and 0."),
    "float32": lambda: _("Computed in float32: right to its seven digits."),
    "rounded": lambda decimals: _(
        "The numbers were rounded to {decimals} decimals: small ones lose all digits.", decimals=decimals
    ),
    "float32_inputs": lambda: _("Right in float64, but not for inputs in float32: not counted."),
    "numeric": lambda: _(
        "The numbers are off in the 9th to 14th digit, as they are where a slope is numerically "
        "differentiated, or where float32 is used on the way."
    ),
    "epsilon_in_log": lambda: _(
        "A small epsilon inside the logarithm shifts the loss a little; from the logits you need none."
    ),
    "epsilon_below": lambda: _(
        "A small epsilon below the fraction takes a little off every number: with the "
        "largest z of each column taken off first the sum is at least 1 and needs none."
    ),
    "factor_1_m": lambda: _(
        "Right but for a factor 1/m: δ is per example, the mean over the m examples enters in Step 3 alone."
    ),
    "right_given_own": lambda *names: _(
        "Right given your own {names}: the mistake there costs nothing here.", names=_(" and ").join(names)
    ),
    "judged_with_right": lambda *names: _(
        "Judged with a right {names} in place of your own: the mistake there costs nothing here.",
        names=_(" and ").join(names),
    ),
    "advisory_error": lambda case: _("Not counted: an error is raised for {case}.", case=case_words(case)),
    "advisory_answer": lambda case: _("Not counted: another answer for {case}.", case=case_words(case)),
    "advisory_here": lambda: _("Not counted: another answer, or an error, for inputs that cost nothing."),
    # of a notebook that is tried before it is handed in
    "foreign": lambda package: _(
        "This code uses {package}; grading has the standard library and NumPy alone, so it would fail there.",
        package=package,
    ),
    "cell_failed": lambda kind, text: _("a cell failed: {kind}: {text}", kind=kind, text=text)[:300],
}


def note_words(note: Fact) -> str:
    """A remark on how an exercise was judged."""
    return NOTES[note.kind](*note.values)


# ---- a table of numbers


def table_title(name: str, case: str) -> str:
    """Over the student's own numbers."""
    if not name:
        return _("Your answer for: {case}", case=case_words(case))
    return _("Your {name} for: {case}", name=name, case=case_words(case))


def legend(marks: set[str]) -> str:
    """What the marks in a table mean, those that are in it."""
    return ", ".join(f"{symbol} {_(meaning)}" for symbol, meaning in MEANINGS.items() if symbol in marks)


def gap_words(answer: np.ndarray, expected: np.ndarray, allowed: np.ndarray) -> str:
    """How many numbers are off, and by how much. All three of one shape."""
    finite = np.isfinite(answer)
    if answer.size == 1 and not finite.all():
        return _("The number is nan or inf.")
    off = ~finite | (np.abs(np.where(finite, answer, 0) - expected) > allowed)
    wrong, size = int(off.sum()), answer.size
    if not finite.all():
        return _how_many(wrong, size) + _and_strange(int((~finite).sum())) + "."
    largest = float(np.max(np.abs(expected)))
    if largest == 0:
        return _("{count}; 0 is expected throughout.", count=_how_many(wrong, size))
    gap = float(np.max(np.abs(answer - expected))) / largest
    return _("{count}, by {gap} the largest expected number.", count=_how_many(wrong, size), gap=_gap(gap))


def _how_many(wrong: int, size: int) -> str:
    if size == 1:
        return _("The number is off")
    if wrong == size:
        return _("All {size} numbers are off", size=size)
    return n_("{n} of {size} numbers is off", "{n} of {size} numbers are off", wrong, size=size)


def _and_strange(count: int) -> str:
    return n_(", and {n} of them is nan or inf", ", and {n} of them are nan or inf", count)


def _gap(share: float) -> str:
    if abs(share - 1) < 0.005:
        return _("as much as")
    if share < 1e-3:
        return _("up to {share:.0e} times", share=share)
    if share < 0.995:
        return _("up to {percent:.2g} % of", percent=100 * share)
    return _("up to {share:.2g} times", share=share)
