"""Values as the Python that makes them: a case that can be put into a cell, and arrays in a line of text."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.cases import PublicFunction

SHOWN_DIGITS = 4
# So many tell any two numbers of float64 apart.
ALL_DIGITS = 17


def number(value: float, digits: int = SHOWN_DIGITS) -> str:
    """A number with so many digits at most, whole ones without a point: 3, -0.25, nan."""
    if not np.isfinite(value):
        return str(float(value))
    return f"{value + 0.0:.{digits}g}"


def digits_that_tell(answer: float, expected: float) -> int:
    """So many digits that two numbers don't look alike that aren't; as many as ever are shown if they do."""
    for digits in range(SHOWN_DIGITS, ALL_DIGITS):
        if number(answer, digits) != number(expected, digits):
            return digits
    return ALL_DIGITS


def rows(value: Any) -> str:
    """Numbers in brackets: [[1, 2], [3, 4]]."""
    array = np.asarray(value)
    if array.ndim == 0:
        return number(float(array))
    return "[" + ", ".join(rows(item) for item in array) + "]"


def code(value: Any) -> str:
    """An expression that gives the value again, to four digits."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, PublicFunction):
        given = ", ".join(f"{code(name)}: {code(item)}" for name, item in value.parameters.items())
        return f'make_function("{value.name}", {{{given}}})'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {code(item)}" for key, item in value.items()) + "}"
    if np.ndim(value) == 0:
        return number(float(value))
    special = "nan" in rows(value) or "inf" in rows(value)
    text = rows(value).replace("nan", "np.nan").replace("inf", "np.inf") if special else rows(value)
    return f"np.array({_with_a_point(text)})"


def _with_a_point(text: str) -> str:
    """Whole numbers get a point, so that an array of them has float64's type."""
    first = text.lstrip("[").split(",")[0].split("]")[0]
    return text.replace(first, f"{first}.0", 1) if first.lstrip("-").isdigit() else text


def imports(values: Mapping[str, Any]) -> list[str]:
    """What the expressions need besides np."""
    if any(isinstance(value, PublicFunction) for value in values.values()):
        return ["from autograder.exercises.scalar_functions import make_function"]
    return []
