"""A large notebook's text without what its cells had put out, which grading never reads."""

import re

# In JSON a bare quote ends or begins a text, so this is a key, wherever it stands.
OUTPUTS = re.compile(r'(?<!\\)"outputs"\s*:\s*\[')
PARTS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{}]', re.DOTALL)
# Texts, lists and objects that are passed over: bounds the time that it may take.
MOST_PARTS = 2_000_000


def without_outputs(text: str) -> str:
    """The text of a notebook's file with every list of outputs empty; what can't be followed stays."""
    kept, at, left = [], 0, MOST_PARTS
    while (found := OUTPUTS.search(text, at)) is not None:
        depth, end = 1, -1
        for part in PARTS.finditer(text, found.end()):
            left -= 1
            letter = text[part.start()]
            depth += (letter in "[{") - (letter in "]}")
            if depth == 0 or left < 0:
                end = part.start()
                break
        if depth:
            break
        kept.append(text[at : found.end()])
        at = end
    return "".join([*kept, text[at:]])
