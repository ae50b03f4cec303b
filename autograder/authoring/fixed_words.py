"""The sentences that stand in every notebook of the book, in the language in use. What an exercise asks is
its own text, and stays as its author wrote it.
"""

import re

from autograder._language import ENGLISH, N_, _, language

FIXED = (
    N_(
        "Write your code where it says `# YOUR CODE HERE` (take the `raise` out), run the cell, then run the "
        "`check` cell below it."
    ),
    N_("`check` uses numbers that everybody may see; grading uses others."),
    N_("Add as many cells of your own as you like."),
    N_("Only NumPy may be imported."),
    N_("**What the graded check covers**:"),
    N_(
        "Another shape or type than asked, and arguments that are changed or answers that differ on a second "
        "call, cost a fifth each."
    ),
)
# What a heading says an exercise is worth
WORTH = (
    N_("{points} points"),
    N_("{points} bonus points"),
    N_("{points} bonus points, graded by hand"),
)
WORTH_LINE = re.compile(r"^(#+ .*)\((\d+(?:\.\d+)?) ([a-z ,]+)\)$", re.MULTILINE)


def fixed_words(text: str) -> str:
    """A text cell with its fixed sentences in the language in use, however their lines were broken."""
    if language() == ENGLISH:
        return text
    for sentence in FIXED:
        said = _(sentence).replace("\\", r"\\")
        text = re.sub(r"\s+".join(map(re.escape, sentence.split())), said, text)
    return WORTH_LINE.sub(_heading, text)


def _heading(found: re.Match[str]) -> str:
    worth = f"{{points}} {found[3]}"
    return f"{found[1]}({_(worth, points=found[2])})" if worth in WORTH else found[0]
