"""A judgement's parts in words and marks, before they become text, HTML or JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.diagnosis.answer_arrays import AnswerArray
from autograder.diagnosis.assess import Judgement
from autograder.exercises import EXERCISES
from autograder.judging.comparison import Check
from autograder.judging.evidence import Evidence
from autograder.misconceptions import CATALOGUE

ROWS, COLUMNS = 6, 8  # of an array so much is shown
MEANINGS = {"✓": "right", "±": "right but for its sign", "×": "not right", "∅": "no number"}


@dataclass(frozen=True)
class Line:
    """One line of the list of checks."""

    passed: bool
    name: str
    message: str


@dataclass(frozen=True)
class Cause:
    """A named mistake, or a pattern where code is empty."""

    code: str
    name: str
    sentence: str
    equation: str = ""
    chapter: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Numbers:
    """The student's own numbers of one visible answer, each with a mark, and the gap in words."""

    title: str
    rows: tuple[tuple[tuple[str, str], ...], ...]  # (mark, number)
    more: bool
    gap: str


def lines(checks: Sequence[Check]) -> list[Line]:
    """The checks, with parts that say the same joined into one line."""
    found: list[Line] = []
    joined: dict[tuple[bool, str], list[Check]] = {}
    for check in checks:
        if check.name.startswith("values: "):
            joined.setdefault((check.passed, without_case(check.message)), []).append(check)
        else:
            found.append(Line(check.passed, check.name, check.message))
    for (passed, message), group in joined.items():
        names = "; ".join(check.name.removeprefix("values: ") for check in group)
        found.append(
            Line(passed, f"values of {_short(names)}", message if len(group) > 1 else group[0].message)
        )
    return found


def _short(names: str, width: int = 150) -> str:
    if len(names) <= width:
        return names
    kept = names[:width].rsplit("; ", 1)[0]
    return f"{kept} and {names.count('; ') - kept.count('; ')} more"


def without_case(message: str) -> str:
    """A check's message without the case it happened in first, which stands at its end."""
    message = message.split(", first in: ")[0]
    if "other numbers than expected" in message:
        return "other numbers than expected"
    if message.endswith(")"):
        depth = 0
        for place in range(len(message) - 1, -1, -1):
            depth += (message[place] == ")") - (message[place] == "(")
            if depth == 0:
                return message[:place].rstrip()
    return message


def causes(judgement: Judgement) -> list[Cause]:
    """The named mistakes, or else the pattern of the errors."""
    named = []
    for entry in judgement.mistakes:
        # the book's equations say nothing of a course's own exercise or mistake
        of_the_book = judgement.exercise_id in EXERCISES and entry.code in CATALOGUE
        equation = entry.equation if of_the_book else ""
        named.append(Cause(entry.code, entry.name, entry.sentence, equation, entry.chapter, entry.hint))
    if not named and judgement.pattern:
        named.append(Cause("", "", judgement.pattern))
    return named


def mark(answer: float, expected: float, allowed: float) -> str:
    """✓ ± × or ∅ for one number."""
    if not np.isfinite(answer):
        return "∅"
    if abs(answer - expected) <= allowed:
        return "✓"
    return "±" if abs(answer + expected) <= allowed else "×"


def numbers(judgement: Judgement) -> Numbers | None:
    """The first wrong array among the visible answers, a small one if there is one; None where none is shown."""
    wrong = [
        (answer, leaf)
        for answer in judgement.visible
        if answer.evidence.error is None
        # to float64's bound all of float32's numbers are off
        if "single" not in answer.evidence.case.tags
        for leaf in answer.came
        if not leaf.right
        and leaf.answer.shape == leaf.expected.shape
        and leaf.answer.size
        and leaf.name != "ok"
    ]
    if not wrong or judgement.fraction >= 1:
        return None
    fits = [pair for pair in wrong if leaf_fits(pair[1])]
    answer, leaf = (fits or wrong)[0]
    alone = leaf.layer is None and len(answer.exercise.results) == 1
    return _table(answer.evidence, leaf, "answer" if alone else leaf.name)


def leaf_fits(leaf: AnswerArray) -> bool:
    """Can the whole array be shown, and does it have more than one number?"""
    shape = np.atleast_2d(leaf.answer).shape
    return len(shape) == 2 and leaf.answer.size > 1 and shape[0] <= ROWS and shape[1] <= COLUMNS


def _table(e: Evidence, leaf: AnswerArray, name: str) -> Numbers:
    answer, expected = (np.atleast_2d(x).astype(float) for x in (leaf.answer, leaf.expected))
    bound = (
        np.broadcast_to(np.atleast_2d(leaf.tolerance), answer.shape)
        if np.ndim(leaf.tolerance) <= 2
        else 0 * answer
    )
    if leaf.answer.dtype.itemsize <= 4:  # float32 has seven digits
        bound = np.maximum(bound, 1e-6 * np.abs(expected))
    if answer.ndim > 2:
        answer, expected, bound = (x.reshape(x.shape[0], -1) for x in (answer, expected, bound))
    rows = tuple(
        tuple(
            (mark(answer[i, j], expected[i, j], bound[i, j]), f"{answer[i, j] + 0:.3g}")
            for j in range(min(answer.shape[1], COLUMNS))
        )
        for i in range(min(answer.shape[0], ROWS))
    )
    more = answer.shape[0] > ROWS or answer.shape[1] > COLUMNS
    title = f"Your {name} for: {e.case.name}"
    return Numbers(title, rows, more, _gap(answer, expected, bound))


def _gap(answer: np.ndarray, expected: np.ndarray, bound: np.ndarray) -> str:
    finite = np.isfinite(answer)
    if answer.size == 1 and not finite.all():
        return "The number is nan or inf."
    off = ~finite | (np.abs(np.where(finite, answer, 0) - expected) > bound)
    every = "All" if off.all() else f"{int(off.sum())} of"
    count = f"{every} {answer.size} numbers" if answer.size > 1 else "The number"
    verb = "are" if answer.size > 1 and off.sum() != 1 else "is"
    if not finite.all():
        return f"{count} {verb} off, and {int((~finite).sum())} of them {'is' if (~finite).sum() == 1 else 'are'} nan or inf."
    size = float(np.max(np.abs(expected)))
    gap = float(np.max(np.abs(answer - expected)))
    if size == 0:
        return f"{count} {verb} off; 0 is expected throughout."
    by = "as much as" if abs(gap / size - 1) < 0.005 else f"up to {_share(gap / size)}"
    return f"{count} {verb} off, by {by} the largest expected number."


def _share(share: float) -> str:
    if share < 1e-3:
        return f"{share:.0e} times"
    if share < 0.995:
        return f"{100 * share:.2g} % of"
    return f"{share:.2g} times"
