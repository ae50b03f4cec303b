"""What a student's process says of an error, cut down to what may be passed on.

Any text that comes from the other side is of the student's making, even where it claims to be Python's: it could carry
what that process has seen, such as where this Python is installed, in any disguise. So a message is passed on whole if
its words are those that Python and NumPy use, or the notebook's own, a few of them; else its kind alone is.
"""

import builtins
import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d]\w*")
KIND = re.compile(r"([^\W\d]\w*)(?:: |$)")
OWN_WORDS = 8  # of the notebook's own words so many may stand in one message
NOT_SHOWN = "its text is not shown"

# The words of Python's and NumPy's messages about programs such as these exercises.
COMMON = frozenset(
    WORD.findall(
        """
    a access after aligned all alignment allocate allowed along already also ambiguous an and any are argument arguments arr array
    array_like arrays as assign assigned assignment associated at attribute axes axis bad base be before block bool boolean bound bounds
    boundary bracket break broadcast broadcastable builtin_function_or_method but by bytes call callable called calling came can cannot
    cast casting cell change changed character closed closing code comma comparison complex concatenate concatenation condition constant
    contain contains continue convert converted core correct corresponding could data decimal def default defined definition delimiter
    depth destination detected deprecated did didn dict dictionary different dim dimension dimensional dimensions division do does doesn
    domain don dtype during each element elements ellipsis else empty enclosing end enough entries equal error escape every exactly
    except exceeded expected exponent expression extra f false few file first flag float float16 float32 float64 floating flow follow for
    forgot format found free from full function generator get gib given global got grade graded greater gufunc handle has have here how
    id identity if import importable imported in inconsistent indent indentation indented index indexed indices indexing infinite
    inhomogeneous input instance instead int int32 int64 integer integers invalid inverse is isn it item items iterable iteration
    iterator its itemsize itself k key keyword keywords kib large larger last least left len length less level library line list literal
    local location loop m make many mask match matching math matmul matrices matrix maximum may maybe mean meant memory method mib
    mismatch missing mode modification module more most multi multiple multiply must n name named ndarray ndim need needs negative
    nested never new newaxis no non none nonetype not np number numbers numpy nan newline object objects of on one only opening operand
    operands operation operator or order other out outer output outside own p packed parameter parameters parenthesis parse parsing part
    perhaps permitted pickle point positional positive possible power powers print promotion python q r range raise raised read
    real recursion reduce reduction referenced remapped repeats requested required requires reserved reshape result return returned root
    rule s same same_kind scalar scalars scanning scope self sequence set setting shape shapes shadowed should signature since single
    singular size sizes slice slices some spaces specified square standard start statement step str string strings structure sub
    subscriptable such support supported symbol syntax t tab tabs take takes text than that the them then there this through to together
    token too top total true truth try tuple two type types u ufunc unable unary unbound undefined underflow overflow unexpected unhashable
    unicode unindent unmatched unpack unpacked unsupported unterminated until update use used using valid value values variable vector
    was way were when where which while will with within without write writeable written yet you your yourself zero zerodivisionerror
    yield exercises encountered complex128 uint8 int8 generator set frozenset bytearray nonetype divide sqrt log exp tanh dot sum max min add subtract multiply true_divide into missed inputs safely coerced
    according original tib pib casts dimensionality operate unpacking encountered singleton starred targets nothing key layers ints thread threads had null parentheses answer long parts lists taken characters most give deep process seconds
    source null safe unsafe
    """
    )
)


def words(sources: Iterable[str]) -> frozenset[str]:
    """The words of a notebook's cells."""
    return frozenset(word for source in sources for word in WORD.findall(source))


def passed_on(text: str, own: frozenset[str], other: str = "an error") -> str:
    """The message if its words allow it; else its kind, "ValueError (its text is not shown)"."""
    used = set(WORD.findall(text))
    strange = {w for w in used if w.lower() not in COMMON and not _is_kind(w)}
    if strange <= own and len(strange) <= OWN_WORDS:
        return text
    found = KIND.match(text)
    known = found is not None and is_known_type(found[1], own)
    return f"{found[1] if found is not None and known else other} ({NOT_SHOWN})"


def is_known_type(name: str, own: frozenset[str]) -> bool:
    """May this name of an exception be passed on: Python's, NumPy's, or a short one of the notebook's own?"""
    return _is_kind(name) or (name in own and len(name) <= 40)


def _is_kind(word: str) -> bool:
    """The name of an exception of Python's or NumPy's."""
    known = getattr(builtins, word, None)
    return (isinstance(known, type) and issubclass(known, BaseException)) or word in (
        "LinAlgError",
        "AxisError",
        "UFuncTypeError",
    )
