"""What is told of an error that a student's process sent: only what is known on this side already.

The threat: that process may have seen the hidden inputs, and knows this machine's folders and numbers. All
that it sends is of the student's making, even where it claims to be Python's, and goes back to the student on
a page. So nothing is passed on because it looks harmless. A message is told if it is one of the forms that
Python and NumPy have, with names of the notebook and numbers of a few digits in its places; a student's own
text is told if it stands in the notebook, in the same order, with at most a few numbers put in. Else the
error's kind alone is told.
"""

import builtins
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from autograder._language import N_, _
from autograder.sandbox.grader_words import in_the_language

FORMS = Path(__file__).with_name("message_forms.txt")
WORD = re.compile(r"[^\W\d]\w*")
# Of a notebook's text so much is looked at, and its names are no longer than this.
MOST_SOURCE, LONGEST_NAME = 400_000, 40
# Of a cell so much is cut into lines: an error further down is told without its line.
MOST_LINES_OF = 50_000
# Of a message so much is compared with what is known: a longer one is nobody's.
LONGEST_MESSAGE = 500
# Of a text of the student's own: so long it may be, and so many numbers may be put in.
LONGEST_TEXT, MOST_NUMBERS = 200, 4
# So many different ones are looked for: each takes milliseconds in a long notebook.
MOST_TEXTS = 200
NOT_SHOWN = N_("its text is not shown")
# Said in place of a text that isn't known, of errors that come of what isn't where exercises are graded.
NO_FILES = N_("where exercises are graded there are no files, no other programs and no network")
NO_ANSWER = N_(
    "input() can't be answered here, nor where exercises are graded: write the value into the cell"
)
OF_NUMPY = ("LinAlgError", "AxisError", "UFuncTypeError")
EXCEPTIONS = frozenset(OF_NUMPY) | {
    name
    for name, what in vars(builtins).items()
    if isinstance(what, type) and issubclass(what, BaseException)
}
_TYPES = """
NoneType NotImplementedType bool bytes builtin_function_or_method complex dict dict_items dict_keys
dict_values ellipsis enumerate filter float function generator int list map method module object range
reversed set slice str tuple type zip numpy.ndarray ndarray numpy.float64 numpy.float32 numpy.float16
numpy.int64 numpy.int32 numpy.bool numpy.bool_ numpy.ufunc numpy.dtype
"""
_DTYPES = """
float64 float32 float16 longdouble float128 complex64 complex128 int64 int32 int16 int8 uint64 uint32 uint16
uint8 bool object
"""
# What is named in messages though the notebook may call it otherwise.
_MODULES = frozenset({"numpy", "math", "random", "linalg", "fft"})
_OPERATIONS = " ".join(
    ("argmax", "argmin", *(name for name, what in vars(np).items() if isinstance(what, np.ufunc)))
)
_CONSTRUCTS = """
attribute|attribute here|await expression|comparison|conditional expression|dict literal|ellipsis|expression|
f-string expression|function call|generator expression|lambda|list comprehension|literal|named expression|
set display|subscript|yield expression
"""
_SIGNATURES = """
(n?,k),(k,m?)->(n?,m?) (m,m)->(m,m) (m,m),(m,n)->(m,n) (m,m),(m)->(m) (m,m)->() (n),(n)->() (m),(m)->()
"""
_NUMBER = r"-?\d{1,4}"
_DECIMAL = rf"{_NUMBER}(?:\.\d{{1,4}})?"
_DIMENSION = r"(?:\d{1,4}|newaxis)"
_SHAPE = rf"\((?:{_DIMENSION}(?:,{_DIMENSION}){{0,3}},?)?\)"
_SPACED = r"\((?:\d{1,4}(?:, \d{1,4}){0,3},?)?\)"
# A name is captured: it must be one of the notebook's.
_NAME = r"([^\W\d]\w{0,39})"


def _one_of(words: str, separator: str | None = None) -> str:
    found = [re.escape(word.strip()) for word in words.split(separator) if word.strip()]
    return f"(?:{'|'.join(sorted(found, key=len, reverse=True))})"


_DTYPE = rf"(?:{_one_of(_DTYPES)}|<U\d{{1,2}})"
PLACES = {
    "name": _NAME,
    "names": rf"'{_NAME}'(?:, '{_NAME}')?(?:, '{_NAME}')?(?:,? and '{_NAME}')?",
    "module": rf"{_NAME}(?:\.{_NAME})?(?:\.{_NAME})?",
    "function": rf"(?:<lambda>|{_NAME}(?:\.<locals>)?(?:\.{_NAME})?)",
    "operation": _one_of(_OPERATIONS),
    "n": _NUMBER,
    "number": _DECIMAL,
    "value": rf"(?:{_DECIMAL}|{_SPACED}|'{_NAME}')",
    "shape": _SHAPE,
    "spaced": _SPACED,
    "size": r"\d{1,4}\.?\d{0,2}",
    "large": r"\(\d{1,15}(?:, \d{1,4}){0,3},?\)",
    "shapes": rf"{_SHAPE}(?:(?: |->){{1,2}}{_SHAPE}){{0,4}} ?",
    "type": _one_of(_TYPES),
    "dtype": _DTYPE,
    "dtypes": rf"dtype\('{_DTYPE}'\)(?:, dtype\('{_DTYPE}'\)){{0,2}}",
    "op": r"(?:[-+*/@%&|^<>=~]{1,3}|\*\* or pow\(\)|divmod\(\))",
    "signature": _one_of(_SIGNATURES),
    "keyword": r"[a-z]{2,8}",
    "construct": _one_of(_CONSTRUCTS, "|"),
    "bracket": r"[][(){}]",
    "unit": r"(?:bytes|[KMGTPE]iB)",
    "letter": r"[A-Za-z]",
    "char": r"(.)",
    "hex": r"[0-9A-Fa-f]{3,6}",
}
IN_A_CELL = r"(?: \(<(?:cell \d{1,4}|string|unknown)>, line \d{1,5}\))?"
# What a number in a text of the student's own may look like: 3, -0.25, 1e-07, (3, 4).
PUT_IN = re.compile(r"\((?:\d{1,4}, ?){1,4}(?:\d{1,4})?\)|-?\d{1,6}(?:\.\d{1,4})?(?:e-?\d{1,3})?")
# Where it is put in: {n}, {x.shape}, %d, %.3f.
PUT_IN_AT = r"\{[^{}\n]{0,60}\}|%[-+ #0-9.]{0,6}[a-z]"


@cache
def known_forms() -> re.Pattern[str]:
    """All messages of FORMS as one pattern; the names in them are its groups."""
    forms = []
    for line in FORMS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            parts = re.split(r"\{(\w+)\}", line)
            texts = [PLACES[part] if place % 2 else re.escape(part) for place, part in enumerate(parts)]
            forms.append("".join(texts))
    return re.compile(f"(?:{'|'.join(forms)}){IN_A_CELL}", re.DOTALL)


@dataclass(frozen=True)
class NotebookWords:
    """A notebook's cells as what may be told of it."""

    cells: Sequence[str]

    @cached_property
    def source(self) -> str:
        """The beginning of its text."""
        return "\n".join(self.cells)[:MOST_SOURCE]

    @cached_property
    def names(self) -> frozenset[str]:
        """The words that stand in it and could be names."""
        return frozenset(word for word in WORD.findall(self.source) if len(word) <= LONGEST_NAME)

    @cached_property
    def _known(self) -> dict[str, str | None]:
        """The messages that were looked at, without names; None for those that are not known."""
        return {}

    @cached_property
    def _lines(self) -> dict[int, list[str]]:
        """The lines of the cells that errors were told of."""
        return {}

    @cached_property
    def _quoted(self) -> dict[str, bool]:
        """The texts that own_text has looked for: do they stand in the notebook?"""
        return {}

    def type(self, name: str) -> str:
        """The name of an exception: one of Python's, NumPy's or the notebook's; else ""."""
        return name if name in EXCEPTIONS or name in self.names else ""

    def message(self, type_: str, text: str) -> str:
        """An error's message: its kind, and its text where this is a known one about the notebook's names."""
        kind = self.type(type_) or _("an error")
        text = " ".join(text.split())
        if text and self.is_known(text):
            return f"{kind}: {in_the_language(text)}"
        return _of_its_kind(kind, text)

    def is_known(self, text: str) -> bool:
        """Is it a message of Python's or NumPy's, about names of this notebook?"""
        return self._without_names(text) is not None

    def plain_message(self, type_: str, text: str) -> str:
        """An error's message without names, for those who need not read what a student wrote."""
        kind = type_ if type_ in EXCEPTIONS else _("an error")
        text = " ".join(text.split())
        known = self._without_names(text) if text else ""
        return f"{kind}: {in_the_language(known)}" if known else _of_its_kind(kind, text)

    def _without_names(self, text: str) -> str | None:
        """A known message with … for the notebook's names; None if it is none."""
        # The same few are told again and again, by each child.
        if text not in self._known:
            if len(self._known) >= MOST_TEXTS:
                self._known.clear()
            found = known_forms().fullmatch(text) if len(text) <= LONGEST_MESSAGE else None
            self._known[text] = self._blanked(found) if found is not None else None
        return self._known[text]

    def _blanked(self, found: re.Match[str]) -> str | None:
        """The matched message with … for names; None if one of them is not the notebook's."""
        plain = found.string
        for place in range(found.re.groups, 0, -1):
            name = found[place]
            if name is None or name in _MODULES:
                continue
            if name not in self.names and not (len(name) == 1 and name in self.source):
                return None
            plain = f"{plain[: found.start(place)]}…{plain[found.end(place) :]}"
        return plain

    def own_text(self, text: str) -> str:
        """A text of the student's own if it stands in the notebook, but for a few numbers; else ""."""
        if not text.isprintable() or len(text) > LONGEST_TEXT or len(PUT_IN.findall(text)) > MOST_NUMBERS:
            return ""
        if not WORD.search(text):
            return ""
        if text not in self._quoted and len(self._quoted) < MOST_TEXTS:
            self._quoted[text] = self._stands_quoted(text)
        return text if self._quoted.get(text) else ""

    def _stands_quoted(self, text: str) -> bool:
        """Does it stand in the notebook as a string, or with a place where each number is put in?"""
        at, pattern = 0, ""
        for number in PUT_IN.finditer(text):
            pattern += re.escape(text[at : number.start()]) + f"(?:{re.escape(number[0])}|{PUT_IN_AT})"
            at = number.end()
        pattern += re.escape(text[at:])
        return re.search(f"[\"']{pattern}[\"']", self.source) is not None

    def lines(self, places: Sequence[tuple[int, int, str]]) -> str:
        """The notebook's lines on the way to an error, from (number of the cell, of the line, function)."""
        told = []
        for cell, line, function in places:
            if 0 < cell <= len(self.cells) and 0 < line < MOST_SOURCE:
                if cell not in self._lines:
                    self._lines[cell] = self.cells[cell - 1][:MOST_LINES_OF].split("\n")
                text = self._lines[cell][line - 1 : line]
                within = f", in {function}" if function in self.names else ""
                told += [
                    f'  File "<cell {cell}>", line {line}{within}',
                    *(f"    {t.strip()[:200]}" for t in text),
                ]
        return "\n".join(told)


def _of_its_kind(kind: str, text: str) -> str:
    """What is told of an error whose text is empty or isn't known."""
    of_python = getattr(builtins, kind, None)
    if of_python is EOFError:
        return f"{kind}: {_(NO_ANSWER)}"
    if not text:
        return kind
    if isinstance(of_python, type) and issubclass(of_python, OSError):
        return f"{kind}: {_(NO_FILES)}"
    return f"{kind} ({_(NOT_SHOWN)})"
