"""Cells as plain Python: IPython's magics, `!` and `?` rewritten by
IPython's own rules, within a bounded time.

IPython cuts the whole cell into tokens again for each line it rewrites, so hostile text could take hours. The
work is counted before it is done, for a submission as a whole. Nothing is parsed here, only cut into tokens:
a parser can be brought down by what it reads.
"""

import re
from collections.abc import Sequence

RUN_BODY = re.compile(r"\s*%%(?:time|timeit|capture|prun|memit)\b[^\n]*\n")  # these run the cell below them
TIMED = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)  # runs the rest of its line
WORK = 200_000  # lines to rewrite times characters of their cell, in all cells together: about a second

BUSY = "cells with very many magics were run as they are"


def plain_python(sources: Sequence[str]) -> tuple[list[str], list[str]]:
    """Every cell as plain Python, and a remark where too much would have had to be rewritten."""
    left, done, busy = WORK, [], False
    for source in sources:
        work = _lines(source) * len(source)
        if work > left:
            busy = True
            done.append(source)
        else:
            left -= work
            done.append(transformed(source) if work else source)
    return done, [BUSY] if busy else []


def _lines(source: str) -> int:
    """Lines that IPython may have to rewrite."""
    return sum(
        line[:1] in ("%", "!", "?") or line.endswith("?") or bool(re.search(r"=[ \t]*[%!]", line))
        for line in map(str.strip, source.split("\n"))
    )


def transformed(source: str) -> str:
    """One cell's text as plain Python; left as it is where that fails."""
    source = TIMED.sub(r"\1", RUN_BODY.sub("", source, count=1) if RUN_BODY.match(source) else source)
    if not _lines(source):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return str(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
    except Exception:  # text of any kind may come here; the child says what is wrong with it
        return source
