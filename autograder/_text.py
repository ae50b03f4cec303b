"""Text of strangers' making, before it meets a terminal, a page or a spreadsheet."""

import re

# Characters kept of a message
MESSAGE = 300
CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
# Text that shows as other text
HIDING = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def one_line(text: str, length: int = MESSAGE) -> str:
    """Text of a student's making on one line, without what moves a terminal's cursor or turns text round."""
    text = HIDING.sub("", CONTROL.sub("", text.replace("\n", " ").replace("\t", " ")))
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= length else text[: length - 1] + "…"


def printable_name(name: str) -> str:
    """A file's name, at most 80 characters of it; what can't be seen, or isn't text, is escaped."""
    seen = (c if c.isprintable() and not HIDING.match(c) else ascii(c)[1:-1] for c in name)
    return "".join(seen)[:80]
