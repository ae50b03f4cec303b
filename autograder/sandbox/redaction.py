"""What may be passed on of a text that a student's process sent.

The threat: that process has seen the hidden inputs, and knows this machine's folders and numbers. All that it
sends is of the student's making, even where it claims to be Python's, and what it says of an error goes back
to the student on the feedback page. So a message could carry the inputs out, in any disguise.

The rule: a message is passed on whole if its words are those that Python and NumPy use, or the notebook's
own, a few of them; else the exception's name alone is, if it is one that Python, NumPy or the notebook has.
"""

import builtins
import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d]\w*")
TYPE = re.compile(r"([^\W\d]\w*)(?:: |$)")
# Of the notebook's own words so many may stand in one message.
MAX_OWN_WORDS = 8
NUMPYS = ("LinAlgError", "AxisError", "UFuncTypeError")
NOT_SHOWN = "its text is not shown"

# The words of Python's and NumPy's messages about programs such as these exercises.
MESSAGES = """
a access according add after aligned alignment all allocate allowed along already also ambiguous an and answer
any are argument arguments arr array array_like arrays as assign assigned assignment associated at attribute
axes axis bad base be before block bool boolean bound boundary bounds bracket break broadcast broadcastable
builtin_function_or_method but by bytearray bytes call callable called calling came can cannot cast casting
casts cell change changed character characters closed closing code coerced comma comparison complex complex128
concatenate concatenation condition constant contain contains continue convert converted core correct
corresponding could data decimal deep def default defined definition delimiter deprecated depth destination
detected dict dictionary did didn different dim dimension dimensional dimensionality dimensions divide
division do does doesn domain don dot dtype during each element elements ellipsis else empty enclosing
encountered end enough entries equal error escape every exactly exceeded except exercises exp expected
exponent expression extra f false few file first flag float float16 float32 float64 floating flow follow for
forgot format found free from frozenset full function generator get gib give given global got grade graded
greater gufunc had handle has have here how id identity if import importable imported in inconsistent indent
indentation indented index indexed indexing indices infinite inhomogeneous input inputs instance instead int
int32 int64 int8 integer integers into ints invalid inverse is isn it item items itemsize iterable iteration
iterator its itself k key keyword keywords kib large larger last layers least left len length less level
library line list lists literal local location log long loop m make many mask match matching math matmul
matrices matrix max maximum may maybe mean meant memory method mib min mismatch missed missing mode
modification module more most multi multiple multiply must n name named nan ndarray ndim need needs negative
nested never new newaxis newline no non none nonetype not nothing np null number numbers numpy object objects
of on one only opening operand operands operate operation operator or order original other out outer output
outside overflow own p packed parameter parameters parentheses parenthesis parse parsing part parts perhaps
permitted pib pickle point positional positive possible power powers print process promotion python q r raise
raised range read real recursion reduce reduction referenced remapped repeats requested required requires
reserved reshape result return returned root rule s safe safely same same_kind scalar scalars scanning scope
seconds self sequence set setting shadowed shape shapes should signature since single singleton singular size
sizes slice slices some source spaces specified sqrt square standard starred start statement step str string
strings structure sub subscriptable subtract such sum support supported symbol syntax t tab tabs take taken
takes tanh targets text than that the them then there this thread threads through tib to together token too
top total true true_divide truth try tuple two type types u ufunc uint8 unable unary unbound undefined
underflow unexpected unhashable unicode unindent unmatched unpack unpacked unpacking unsafe unsupported
unterminated until update use used using valid value values variable vector was way were when where which
while will with within without write writeable written yet yield you your yourself zero zerodivisionerror
"""
COMMON = frozenset(MESSAGES.split())


def words(sources: Iterable[str]) -> frozenset[str]:
    """The words of a notebook's cells."""
    return frozenset(word for source in sources for word in WORD.findall(source))


def disclosable(text: str, own: frozenset[str], other: str = "an error") -> str:
    """The message if its words allow it; else its type's name, "ValueError (its text is not shown)".

    own: the notebook's words. other: what is said instead of a name that may not be passed on either.
    """
    used = set(WORD.findall(text))
    strange = {w for w in used if w.lower() not in COMMON and not _is_exception(w)}
    if strange <= own and len(strange) <= MAX_OWN_WORDS:
        return text
    found = TYPE.match(text)
    known = found is not None and is_known_type(found[1], own)
    return f"{found[1] if found is not None and known else other} ({NOT_SHOWN})"


def is_known_type(name: str, own: frozenset[str]) -> bool:
    """May this name of an exception be passed on: Python's, NumPy's, or a short one of the notebook's own?"""
    return _is_exception(name) or (name in own and len(name) <= 40)


def _is_exception(word: str) -> bool:
    """Is it the name of an exception of Python's or NumPy's?"""
    known = getattr(builtins, word, None)
    return word in NUMPYS or (isinstance(known, type) and issubclass(known, BaseException))
