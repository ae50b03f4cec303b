"""Single cells of a table: numbers as an LMS reads them, text that no spreadsheet runs as a formula."""

import re

# Spreadsheets take the wide forms of the signs too, and look past what is not seen.
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
UNSEEN = r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
FORMULA = re.compile(rf"^{UNSEEN}[{SIGNS}\t\r\n]")
# Where a table is opened with another sign between its cells, a formula may begin behind that sign.
LATER_FORMULA = re.compile(rf"([;,\t|]{UNSEEN})(?=[{SIGNS}])")
# A formula that reaches out of its cell: a call, another program, another sheet.
DANGEROUS = re.compile(r"^\s*(?:[=@][^(|!]*[(|!]|[+\-][^|!]*[|!])")
NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")


def spreadsheet_text(value: str) -> str:
    """Text as it may stand in a cell: what begins like a formula gets an apostrophe before it, behind a sign
    that parts cells too; one line.
    """
    value = LATER_FORMULA.sub(r"\1'", re.sub(r"[\r\n\x00]+", " ", value))
    # "-" is Moodle's sign for no grade.
    if FORMULA.match(value) and not NUMBER.match(value) and value.strip() != "-":
        return "'" + value
    return value


def number_text(value: float, decimal: str = ".") -> str:
    """A score without needless digits: 26, 20.4; with a decimal comma where the file has one."""
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".").replace(".", decimal) or "0"


def is_dangerous(value: str) -> bool:
    """Would a spreadsheet run it as a formula that reaches out of its cell? "- late" is none."""
    return DANGEROUS.match(value) is not None


# What a system writes in a cell that has no grade yet.
NO_GRADE = ("", "-", "–", "—", "needs grading", "in progress")


def has_words(cell: str) -> bool:
    """Does it say something else than a grade, or that there is none: EX, N/A, a grade in words?"""
    cell = cell.strip().casefold()
    return cell not in NO_GRADE and not cell.startswith(NO_GRADE[4:]) and read_number(cell) is None


def read_number(cell: str) -> float | None:
    """A number with a decimal point or comma; None if the cell holds anything else."""
    cell = cell.strip()
    return float(cell.replace(",", ".")) if NUMBER.match(cell) else None
