"""Every sentence about a judgement, made here from the facts in it. Another language is another module like
this one.

The sentences that name a mistake come from the catalogue, those about patterns of errors from the diagnosis.
"""

import re
import sys
from collections.abc import Callable

import numpy as np

from autograder.diagnosis.assess import Judgement
from autograder.facts import Fact
from autograder.feedback.done import NextExercise
from autograder.judging.comparison import Check, Place, Problem, ValueSummary
from autograder.sandbox.calls import CallError

MEANINGS = {"✓": "right", "±": "right but for its sign", "×": "not right", "∅": "no number"}
# Where Python says that an error in a cell's text is; the cell's number counts cells that students don't see.
PYTHONS_PLACE, OWN_PLACE = re.compile(r" \(<cell \d+>, line (\d+)\)"), r" (line \1 of the cell)"
PYTHON = ".".join(map(str, sys.version_info[:2]))
CAUTION = "This is advice, not a grade: grading uses other numbers than these."
ONLY_HERE = "on the numbers of the grading, not on the public ones"

NOTHING_LEFT = "all exercises of this notebook are right"

WITHOUT_ANSWERS = {
    "crashed": "it raises an error",
    "timeout": "it took too long",
    "memory": "it wanted more memory than there is",
    "missing": "no function of this name",
    "not_run": "its cell does not run",
}


def error_words(error: CallError) -> str:
    """Why a call gave no value, in a line."""
    if error.withheld:
        return f"an error {ONLY_HERE}"
    if error.type in ("SyntaxError", "IndentationError", "TabError"):
        # Another Python may read what this one doesn't.
        return f"{PYTHONS_PLACE.sub(OWN_PLACE, error.message)}; read by Python {PYTHON}"
    return error.message


def headline(judgement: Judgement) -> str:
    """One line: how much of the exercise is right."""
    id, fraction = judgement.exercise_id, judgement.fraction
    if judgement.status != "graded":
        if judgement.unwritten is not None:
            called = f"calls {judgement.unwritten}, which is not written yet"
            return f"{id}: {called if judgement.unwritten else 'not written yet'}"
        reason = error_words(judgement.error) if judgement.error is not None else ""
        return f"{id}: {WITHOUT_ANSWERS[judgement.status]}" + (f": {reason}" if reason else "")
    if fraction >= 1:
        return f"✓ {id}: right on every number tried here"
    return f"± {id}: {fraction:.0%} of the points" if fraction else f"× {id}: not right yet"


def next_words(found: NextExercise) -> str:
    """What to do when an exercise is right: "next: all_deltas (1 of 3 done)"."""
    done = f"({found.done} of {found.of} done)"
    return f"next: {found.id} {done}" if found.id else f"{NOTHING_LEFT} {done}"


CASE_TITLE = "The smallest case that is wrong"
PRINTED = "What it printed in its first call"


def more_help(exercise_id: str, levels: int) -> str:
    """How to see the next steps of help where no card is shown."""
    return f"more help: check({exercise_id}).help(2), up to help({levels})"


# ---- checks

CHECK_NAMES = {"runs": "runs", "shape": "shape and dtype", "purity": "purity"}
PASSED = {"shape": "as expected", "purity": "inputs unchanged, the same answer twice", "values": "right"}
FAILED: dict[str, Callable[..., str]] = {
    # runs
    "error": error_words,
    "no_answer": lambda error: f"no call gave an answer, the first: {error_words(error)}",
    # shape
    "problem": lambda problem: problem_words(problem),
    "other_form": lambda: f"another shape or type than expected {ONLY_HERE}",
    "far_form": lambda: "another shape or type than expected",
    # purity
    "argument_changed": lambda: "an argument was changed in place",
    "answer_overwritten": lambda: (
        "the array that one call returned is written into by the next: "
        "make a new one in the function each time"
    ),
    "other_answer": lambda: "a second call with the same inputs gave another answer",
    "impure_here": lambda: f"an argument or an earlier answer was changed {ONLY_HERE}",
    # values
    "raised": lambda error: error_words(error) if error.withheld else f"raised {error.message}",
    "unwritten": lambda name: f"{name} is called, and not written yet",
    "no_numbers": lambda: "no numbers to compare: the shape is off",
    "not_finite": lambda: "nan or inf in the answer",
    "float32_inputs": lambda: "right but for float32, where differences have no digits left",
    "pattern": lambda sentence: sentence,
    "other_numbers": lambda *_: "other numbers than expected",
    "other_numbers_here": lambda: f"other numbers than expected {ONLY_HERE}",
    "always_the_same": lambda: "ok is the same for right and for wrong gradients",
    "credited_here": lambda share: f"{share_words(share)}, for a mistake {ONLY_HERE}",
    "credited": lambda share, name, code: f"{share_words(share)}: {name}, {code}",
}


def share_words(share: float) -> str:
    """How much of a part's points is kept."""
    named = {0.75: "three quarters", 0.5: "half", 0.25: "a quarter", 0.8: "four fifths"}
    return f"{named.get(share) or f'{100 * share:.3g} %'} of the points"


def check_name(check: Check) -> str:
    """What was looked at: "values: sigmoid"."""
    return CHECK_NAMES.get(check.kind) or f"values: {check.part}"


def check_summary(check: Check) -> str:
    """What came of a check, without the case that it happened in first."""
    if check.passed:
        return PASSED[check.kind]
    assert check.found is not None
    return FAILED[check.found.kind](*check.found.values)


def check_message(check: Check) -> str:
    """What came of a check, and in which case first."""
    said = check_summary(check)
    if check.passed or not check.case:
        return said
    assert check.found is not None
    if check.found.kind != "other_numbers":
        return f"{said} ({check.case})"
    how_many = " in {} of {} arrays".format(*check.found.values) if check.found.values else ""
    return f"{said}{how_many}, first in: {check.case}"


# ---- an answer's form


def problem_words(problem: Problem) -> str:
    """What is wrong with an answer's form: "dW[2] has shape (3, 4); expected shape (4, 3)"."""
    given, expected = problem.given, problem.expected
    says = ASPECTS[problem.aspect](given)
    return f"{place_words(problem.place)} {says}; expected {EXPECTED[expected.kind](*expected.values)}"


ASPECTS: dict[str, Callable[[ValueSummary], str]] = {
    "kind": lambda given: f"is {value_words(given)}",
    "container": lambda given: f"is a {given.type}",
    "dtype": lambda given: f"has dtype {given.dtype}",
    "shape": lambda given: f"has shape {given.shape}",
}
EXPECTED: dict[str, Callable[..., str]] = {
    "layers": lambda: "a dict keyed by the layer number",
    "keys": lambda first, last: f"the keys {first} to {last}",
    "tuple": lambda length: f"a tuple of {length}",
    "list": lambda length: f"a list of {length}",
    "array": lambda shape: f"an array of shape {shape}",
    "number": lambda: "a number",
    "real": lambda: "real numbers",
    "single": lambda: "a single number",
    "shape": lambda shape: f"shape {shape}",
    "ok_and_errors": lambda: "(ok, errors)",
    "truth": lambda: "True or False",
    "like_theta": lambda shape: f"an array of theta's shape {shape}",
}


def place_words(place: Place) -> str:
    """Where in an answer something is: "the answer", "item 0 of the answer", "dW[2]"."""
    if isinstance(place, str):
        return place
    said = "the answer"
    for step, where in place:
        said = f"{said}[{where}]" if step == "key" else f"item {where} of {said}"
    return said


def value_words(value: ValueSummary) -> str:
    """The kind of a value: "an array of shape (3, 7)", "a dict with keys 1, 2"."""
    if value.shape is not None:
        return f"an array of shape {value.shape}"
    if value.keys is not None:
        return f"a dict with keys {', '.join(value.keys)}" if value.keys else "an empty dict"
    if value.length is not None:
        return f"a {value.type} of {value.length}"
    if value.type == "NoneType":
        return "None (is a return missing?)"
    return f"{'an' if value.type[0] in 'aeiou' else 'a'} {value.type}"


# ---- notes

NOTES: dict[str, Callable[..., str]] = {
    "size_one": lambda: "The number came wrapped in an array: accepted, but a float is expected.",
    "bool": lambda: "The answer is an array of True and False: accepted as 1 and 0.",
    "float32": lambda: "Computed in float32: right to its seven digits.",
    "rounded": lambda decimals: (
        f"The numbers were rounded to {decimals} decimals: small ones lose all digits."
    ),
    "float32_inputs": lambda: "Right in float64, but not for inputs in float32: not counted.",
    "numeric": lambda: (
        "The numbers are off in the 9th to 14th digit: this looks numerically differentiated, not derived."
    ),
    "epsilon_in_log": lambda: (
        "A small epsilon inside the logarithm shifts the loss a little; from the logits you need none."
    ),
    "epsilon_below": lambda: (
        "A small epsilon below the fraction takes a little off every number: with the largest z of each "
        "column taken off first the sum is at least 1 and needs none."
    ),
    "factor_1_m": lambda: (
        "Right but for a factor 1/m: δ is per example, the mean over the m examples enters in Step 3 alone."
    ),
    "right_given_own": lambda *names: (
        f"Right given your own {' and '.join(names)}: the mistake there costs nothing here."
    ),
    "judged_with_right": lambda *names: (
        f"Judged with a right {' and '.join(names)} in place of your own: "
        "the mistake there costs nothing here."
    ),
    "advisory_error": lambda case: f"Not counted: an error is raised for {case}.",
    "advisory_answer": lambda case: f"Not counted: another answer for {case}.",
    "advisory_here": lambda: "Not counted: another answer, or an error, for inputs that cost nothing.",
    # of a notebook that is tried before it is handed in
    "foreign": lambda package: (
        f"This code uses {package}; grading has the standard library and NumPy alone, so it would fail there."
    ),
    "cell_failed": lambda kind, text: f"a cell failed: {kind}: {text}"[:300],
}


def note_words(note: Fact) -> str:
    """A remark on how an exercise was judged."""
    return NOTES[note.kind](*note.values)


# ---- a table of numbers


def table_title(name: str, case: str) -> str:
    """Over the student's own numbers."""
    return f"Your {name or 'answer'} for: {case}"


def legend(marks: set[str]) -> str:
    """What the marks in a table mean, those that are in it."""
    return ", ".join(f"{symbol} {meaning}" for symbol, meaning in MEANINGS.items() if symbol in marks)


def gap_words(answer: np.ndarray, expected: np.ndarray, allowed: np.ndarray) -> str:
    """How many numbers are off, and by how much. All three of one shape."""
    finite = np.isfinite(answer)
    if answer.size == 1 and not finite.all():
        return "The number is nan or inf."
    off = ~finite | (np.abs(np.where(finite, answer, 0) - expected) > allowed)
    every = "All" if off.all() else f"{int(off.sum())} of"
    count = f"{every} {answer.size} numbers" if answer.size > 1 else "The number"
    verb = "are" if answer.size > 1 and off.sum() != 1 else "is"
    if not finite.all():
        strange = int((~finite).sum())
        return f"{count} {verb} off, and {strange} of them {'is' if strange == 1 else 'are'} nan or inf."
    size = float(np.max(np.abs(expected)))
    gap = float(np.max(np.abs(answer - expected)))
    if size == 0:
        return f"{count} {verb} off; 0 is expected throughout."
    by = "as much as" if abs(gap / size - 1) < 0.005 else f"up to {_share(gap / size)}"
    return f"{count} {verb} off, by {by} the largest expected number."


def _share(share: float) -> str:
    if share < 1e-3:
        return f"{share:.0e} times"
    return f"{100 * share:.2g} % of" if share < 0.995 else f"{share:.2g} times"
