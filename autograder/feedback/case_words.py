"""What a case, or a part of the points, is called: "tanh, 5 units, inputs of size 0.6".

Their names are lists of short phrases with numbers in them. The catalogues hold each phrase once, with {} for
a number, so that one translation serves all sizes.
"""

import re

from autograder._language import _, localised

# Between phrases, not within a shape
BETWEEN = re.compile(r", (?![^()]*\))")
# A shape, widths (3-5-2), a number
SIZE = re.compile(r"\([\d, ]+\)|(?<![\w.])-?\d+(?:-\d+)+|(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?!\w)")


def phrases(name: str) -> list[str]:
    """The phrases of a name, {} in the place of their numbers."""
    return [SIZE.sub("{}", phrase) for phrase in BETWEEN.split(name)]


def case_words(name: str) -> str:
    """A name in the language in use."""
    return ", ".join(map(_phrase, BETWEEN.split(name)))


def _phrase(phrase: str) -> str:
    translated = _(SIZE.sub("{}", phrase))
    numbers = (localised(found) for found in SIZE.findall(phrase))
    return re.sub(r"\{\}", lambda _place: next(numbers), translated)
