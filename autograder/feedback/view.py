"""What is shown of a judgement: its parts, with their words and marks, before they become text, HTML or
JSON.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder._language import _
from autograder.diagnosis.answer_arrays import AnswerArray
from autograder.diagnosis.assess import Judgement
from autograder.exercises import ALL_EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.feedback.case_view import CaseView
from autograder.feedback.case_words import case_words
from autograder.feedback.ladder import LINE, QUESTION, HelpFor, HelpStep, equation_to_see, steps_for
from autograder.feedback.small_case import SmallCase
from autograder.feedback.words import check_message, check_name, check_summary, gap_words, legend, table_title
from autograder.judging.comparison import Check
from autograder.judging.evidence import Evidence
from autograder.misconceptions import CATALOGUE
from autograder.misconceptions.equations import chapter_of

# Of an array so much is shown
MAX_ROWS, MAX_COLUMNS = 6, 8
# Characters of the names of parts that share a line
NAMES_WIDTH = 150


@dataclass(frozen=True)
class CheckLine:
    """One line of the list of checks."""

    passed: bool
    name: str
    message: str


@dataclass(frozen=True)
class Cause:
    """A named mistake, or a pattern where code is empty. equation, chapter: the book's, and where it stands;
    "" of a course's own.
    """

    code: str
    name: str
    sentence: str
    equation: str = ""
    chapter: str = ""
    hint: str = ""
    steps: Sequence[HelpStep] = ()


@dataclass(frozen=True)
class NumberTable:
    """The student's own numbers of one visible answer, each with a mark; what the marks mean, and the gap
    in words.
    """

    title: str
    # Rows of (mark, number).
    rows: tuple[tuple[tuple[str, str], ...], ...]
    more: bool
    gap: str
    legend: str


@dataclass(frozen=True)
class Card:
    """All that a card shows. symbol: ✓ right, ± in part, × not right, ∅ nothing to judge.

    case: the smallest one that is wrong, in the place of numbers. steps: help where no mistake has a name.
    printed: what the function printed in its first call. praise, next: where all is right.
    final: of work that is graded: the mistake's name comes first, and its hint is not folded away.
    """

    id: str
    headline: str
    symbol: str
    causes: Sequence[Cause] = ()
    checks: Sequence[CheckLine] = ()
    notes: Sequence[str] = ()
    numbers: NumberTable | None = None
    detail: str = ""
    caution: str = ""
    final: bool = False
    case: CaseView | None = None
    steps: Sequence[HelpStep] = ()
    printed: str = ""
    praise: str = ""
    next: str = ""


def symbol_of(graded: bool, fraction: float) -> str:
    """The mark of a whole exercise that earned this fraction of its points."""
    if not graded:
        return "∅"
    return "✓" if fraction >= 1 else "±" if fraction else "×"


def check_line(check: Check) -> CheckLine:
    """A check with the case that it failed in first."""
    return CheckLine(check.passed, check_name(check), check_message(check))


def check_lines(checks: Sequence[Check]) -> list[CheckLine]:
    """The checks, with parts that say the same joined into one line."""
    wrong = not all(check.passed for check in checks)
    # That the form is right and nothing was changed is no news where the numbers are wrong
    found = [check_line(check) for check in checks if check.kind != "values" and not (wrong and check.passed)]
    alike: dict[tuple[bool, str], list[Check]] = {}
    for check in checks:
        if check.kind == "values":
            summary = check_summary(check)
            # One error, whatever sizes the parts have
            raised = check.found is not None and check.found.kind == "raised"
            kind = re.sub(r"\d+", "0", summary) if raised else summary
            alike.setdefault((check.passed, kind), []).append(check)
    for (passed, _kind), group in alike.items():
        names = _short("; ".join(case_words(check.part) for check in group))
        message = check_summary(group[0]) if len(group) > 1 else check_message(group[0])
        found.append(CheckLine(passed, _("values of {names}", names=names), message))
    return found


def _short(names: str) -> str:
    if len(names) <= NAMES_WIDTH:
        return names
    kept = names[:NAMES_WIDTH].rsplit("; ", 1)[0]
    return _("{names} and {count} more", names=kept, count=names.count("; ") - kept.count("; "))


def causes_of(
    judgement: Judgement, exercise: Exercise | None = None, case: SmallCase | None = None, most: int = LINE
) -> list[Cause]:
    """The pattern of the errors, if there is one to tell, and the named mistakes; of an exercise given,
    with the steps of help up to a level.
    """
    named = []
    for entry in judgement.mistakes:
        # The book's equations say nothing of a course's own exercise or mistake
        of_the_book = judgement.exercise_id in ALL_EXERCISES and entry.code in CATALOGUE
        equation = equation_to_see(exercise, HelpFor(entry, judgement)) if of_the_book else ""
        chapter = chapter_of(equation) if equation else ""
        hint = _(entry.hint) if most >= QUESTION else ""
        steps = steps_for(exercise, HelpFor(entry, judgement, case), most) if exercise is not None else ()
        named.append(Cause(entry.code, _(entry.name), _(entry.sentence), equation, chapter, hint, steps))
    if judgement.pattern:
        named.insert(0, Cause("", "", judgement.pattern))
    return named


def mark_of(answer: float, expected: float, allowed: float) -> str:
    """✓ ± × or ∅ for one number."""
    if not np.isfinite(answer):
        return "∅"
    if abs(answer - expected) <= allowed:
        return "✓"
    return "±" if abs(answer + expected) <= allowed else "×"


def wrong_numbers(judgement: Judgement) -> NumberTable | None:
    """The first wrong array among the visible answers, a small one if there is one; None where none is
    shown.
    """
    if judgement.fraction >= 1:
        return None
    wrong = [
        (answer, leaf)
        for answer in judgement.visible
        # To float64's bound all of float32's numbers are off.
        if answer.evidence.error is None and "single" not in answer.evidence.case.tags
        for leaf in answer.came
        if _to_be_shown(leaf)
    ]
    if not wrong:
        return None
    small = [pair for pair in wrong if fits(pair[1])]
    answer, leaf = (small or wrong)[0]
    alone = leaf.layer is None and len(answer.exercise.results) == 1
    return _table(answer.evidence, leaf, "" if alone else leaf.name)


def _to_be_shown(leaf: AnswerArray) -> bool:
    same_shape = leaf.answer.shape == leaf.expected.shape
    return not leaf.right and same_shape and leaf.answer.size > 0 and leaf.name != "ok"


def fits(leaf: AnswerArray) -> bool:
    """Can the whole array be shown, and does it have more than one number?"""
    shape = np.atleast_2d(leaf.answer).shape
    return len(shape) == 2 and leaf.answer.size > 1 and shape[0] <= MAX_ROWS and shape[1] <= MAX_COLUMNS


def _table(e: Evidence, leaf: AnswerArray, name: str) -> NumberTable:
    answer, expected = (np.atleast_2d(x).astype(float) for x in (leaf.answer, leaf.expected))
    allowed = (
        np.broadcast_to(np.atleast_2d(leaf.tolerance), answer.shape)
        if np.ndim(leaf.tolerance) <= 2
        else 0 * answer
    )
    # float32 has seven digits
    if leaf.answer.dtype.itemsize <= 4:
        allowed = np.maximum(allowed, 1e-6 * np.abs(expected))
    if answer.ndim > 2:
        answer, expected, allowed = (x.reshape(x.shape[0], -1) for x in (answer, expected, allowed))
    rows = tuple(
        tuple(
            (mark_of(answer[i, j], expected[i, j], allowed[i, j]), f"{answer[i, j] + 0:.3g}")
            for j in range(min(answer.shape[1], MAX_COLUMNS))
        )
        for i in range(min(answer.shape[0], MAX_ROWS))
    )
    return NumberTable(
        table_title(name, e.case.name),
        rows,
        answer.shape[0] > MAX_ROWS or answer.shape[1] > MAX_COLUMNS,
        gap_words(answer, expected, allowed),
        legend({mark for row in rows for mark, _ in row}),
    )
