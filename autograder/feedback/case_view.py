"""The smallest failing case as it is shown: inputs, and the student's numbers beside the expected ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder._language import _
from autograder.diagnosis.answer_arrays import AnswerArray
from autograder.feedback.as_code import SHOWN_DIGITS, code, digits_that_tell, imports, number, rows
from autograder.feedback.small_case import SmallCase
from autograder.feedback.words import error_words, value_words
from autograder.judging.comparison import summary_of

ShownRow = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SideBySide:
    """One array of the answer: rows of (mark, number) of the student's, and of the expected one. said and
    expected_said stand in the place of rows where there are none.
    """

    name: str
    yours: tuple[ShownRow, ...]
    expected: tuple[ShownRow, ...]
    said: str = ""
    expected_said: str = ""


@dataclass(frozen=True)
class CaseView:
    """inputs: (name, value). call: the function's call. code: Python that makes the case and calls."""

    inputs: tuple[tuple[str, str], ...]
    call: str
    compared: tuple[SideBySide, ...]
    code: str


def case_view(case: SmallCase, told: str = "") -> CaseView:
    """The case in words and numbers. told: the error that the card has told already, which is said once."""
    exercise = case.exercise
    call = f"{exercise.function}({', '.join(case.inputs)})"
    inputs = tuple((name, _shown(value)) for name, value in case.inputs.items())
    lines = [*imports(case.inputs), *(f"{name} = {code(value)}" for name, value in case.inputs.items()), call]
    compared = [_compared(case, array, told) for array in case.arrays]
    if case.other_form:
        said, expected = (value_words(summary_of(value)) for value in (case.answer, case.expected))
        compared = [SideBySide("", (), (), said, expected)]
    return CaseView(inputs, call, tuple(compared), "\n".join(lines))


def _shown(value: Any) -> str:
    """A value to be read: brackets without np.array."""
    if isinstance(value, np.ndarray):
        return rows(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {rows(item)}" for key, item in value.items()) + "}"
    return code(value)


def _compared(case: SmallCase, array: AnswerArray, told: str) -> SideBySide:
    alone = array.layer is None and len(case.exercise.results) == 1
    name = "" if alone else array.name
    unmarked = np.full(array.expected.shape, "")
    expected = _rows(array.expected, unmarked, name)
    if case.error is not None:
        error = error_words(case.error)
        return SideBySide(name, (), expected, _("the error above") if error == told else error)
    if array.answer.shape != array.expected.shape:
        plain = np.full(array.answer.shape, "")
        return SideBySide(
            name, _rows(array.answer, plain), expected, _("the shape {shape}", shape=array.answer.shape)
        )
    marks = _marks(array)
    digits = _digits(array, marks)
    return SideBySide(
        name,
        _rows(array.answer, marks, name, digits),
        _rows(array.expected, unmarked, name, digits),
    )


def _marks(array: AnswerArray) -> np.ndarray:
    """✓ or × or ± or ∅ for each number."""
    answer, expected = array.answer, array.expected
    allowed = np.broadcast_to(array.tolerance, expected.shape)
    with np.errstate(all="ignore"):
        marks = np.where(np.abs(answer - expected) <= allowed, "✓", "×")
        marks = np.where((marks == "×") & (np.abs(answer + expected) <= allowed), "±", marks)
    return np.where(np.isfinite(answer), marks, "∅")


def _digits(array: AnswerArray, marks: np.ndarray) -> np.ndarray:
    """How many digits are shown of each number: as many as tell a wrong one from the one expected."""
    digits = np.full(marks.shape, SHOWN_DIGITS)
    for place in np.ndindex(marks.shape):
        if marks[place] == "×":
            digits[place] = digits_that_tell(float(array.answer[place]), float(array.expected[place]))
    return digits


def shown_number(name: str, value: float, digits: int = SHOWN_DIGITS) -> str:
    """A number as a reader sees it; ok is a truth value."""
    return str(bool(value)) if name == "ok" else number(value, digits)


def _rows(
    array: np.ndarray, marks: np.ndarray, name: str = "", digits: np.ndarray | None = None
) -> tuple[ShownRow, ...]:
    """Two-dimensional, whatever it was."""
    if digits is None:
        digits = np.full(array.shape, SHOWN_DIGITS)
    array, marks, digits = (np.atleast_2d(x) for x in (array, marks, digits))
    if array.ndim > 2:
        array, marks, digits = (x.reshape(x.shape[0], -1) for x in (array, marks, digits))
    return tuple(
        tuple(
            (str(mark), shown_number(name, float(value), int(shown)))
            for mark, value, shown in zip(*row, strict=True)
        )
        for row in zip(marks, array, digits, strict=True)
    )
