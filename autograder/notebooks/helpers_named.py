"""Which earlier functions a notebook's code may call: those whose mistakes can be anybody else's.

By text alone: a parser can be brought down by hostile source. Code can also reach a name without writing it;
where a text has the means (globals(), a dunder, a magic, another import than NumPy's), every helper counts.
Whoever gets around this has their own function judged as it was written, and no more.
"""

import re
import unicodedata
from collections.abc import Sequence

from autograder.notebooks.submission import StudentCell

# Work grows with the text's length alone: no part of a pattern can begin everywhere and run to the end.
_REACHES_ANY_NAME = re.compile(
    r"\b(?:globals|locals|vars|exec|eval|compile|getattr|setattr|delattr|get_ipython)\b|__"
    r"|^[^\S\n]*[%!?]|\bimport\s*\*|(?<![.\w])np(?:\.\w+)*+\s*=(?!=)"
    r"|^[^\S\n]*import\s+(?!numpy\b)|^[^\S\n]*from\s+(?!(?:numpy|autograder|__future__)\b)",
    re.MULTILINE,
)
_FUNCTION = re.compile(r"^def[ \t]+(\w+)", re.MULTILINE)


def helpers_named(cells: Sequence[StudentCell], depends_on: Sequence[str]) -> tuple[str, ...]:
    """Those of the functions in depends_on that are named beside their definition, and that the student wrote
    or may have changed.
    """
    own = [_text(cell) for cell in cells if not cell.given]
    given = [_text(cell) for cell in cells if cell.given]
    if any(map(_REACHES_ANY_NAME.search, own)):
        return tuple(depends_on)
    as_given = {name for text in given for name in _FUNCTION.findall(text)}
    if not all(_only_called(name, text) for name in as_given for text in own):
        as_given = set()
    named = (name for name in depends_on if any(_named(name, text) for text in (*own, *given)))
    return tuple(name for name in named if name not in as_given)


def _text(cell: StudentCell) -> str:
    """As Python reads names: letters of other forms are the plain ones."""
    return unicodedata.normalize("NFKC", cell.source)


def _named(name: str, text: str) -> bool:
    return re.search(rf"(?<!def )\b{name}\b", text) is not None


def _only_called(name: str, text: str) -> bool:
    """Is the name written for nothing but calls?"""
    return re.search(rf"\bdef\s+{name}\b|\b{name}\b(?!\s*\()", text) is None
