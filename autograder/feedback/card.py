"""The card: a judgement as HTML with inline styles only, so that it survives untrusted notebooks and dark themes."""

import html
import os
import re
from functools import cache
from importlib.resources import files
from string import Template

from autograder.feedback.view import MEANINGS, Cause, Line, Numbers

# Okabe and Ito's blue, vermilion and orange, dark enough for white symbols on them; never colour alone.
COLOURS = {"✓": "#00609c", "±": "#8a6100", "×": "#b34700", "∅": "#5c5c5c"}


@cache
def fragments() -> dict[str, Template]:
    """The pieces of templates/card.html, by the name in the comment before each."""
    text = (files("autograder") / "templates" / "card.html").read_text(encoding="utf-8")
    parts = re.split(r"^<!-- (\w+) -->\n", text, flags=re.MULTILINE)[1:]
    return {name: Template(body.rstrip("\n")) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def fill(fragment: str, /, **values: str) -> str:
    """A fragment with plain texts filled in, escaped; names that end in _html go in as they are."""
    safe = {
        key.removesuffix("_html"): value if key.endswith("_html") else html.escape(value)
        for key, value in values.items()
    }
    return fragments()[fragment].substitute(safe)


def book() -> str | None:
    """Where the book's pages lie as DELTABOOK_URL says: an address, or "." within the book's own pages; None elsewhere."""
    address = os.environ.get("DELTABOOK_URL", "")
    if address == ".":
        return ""
    return address.rstrip("/") + "/" if re.match(r"https?://", address) else None


def chip(symbol: str) -> str:
    """A mark: symbol, colour and a name for screen readers."""
    return fill("chip", symbol=symbol, colour=COLOURS[symbol], meaning=MEANINGS[symbol])


def _cause(cause: Cause) -> str:
    if not cause.code:
        return fill("pattern", sentence=cause.sentence)
    where = book()
    if not cause.equation:
        equation = ""
    elif where is None:
        equation = fill("reference", equation=cause.equation, code=cause.code)
    else:
        equation = fill(
            "link", chapter=where + cause.chapter, anchor=cause.equation.replace(".", "-"), equation=cause.equation,
            code=cause.code.lower(),
        ).replace('href="common', f'href="{html.escape(where)}common')  # fmt: skip
    title = f"({cause.code}, {cause.name})"
    return fill("cause", sentence=cause.sentence, title=title, equation_html=equation, hint=cause.hint)


def _numbers(found: Numbers) -> str:
    rows = ""
    used = []
    for row in found.rows:
        cells = "".join(fill("cell", chip_html=chip(mark), number=number) for mark, number in row)
        rows += fill("row", cells_html=cells)
        used += [mark for mark, _ in row]
    legend = ", ".join(f"{symbol} {meaning}" for symbol, meaning in MEANINGS.items() if symbol in used)
    more = " Only the first rows and columns are shown." if found.more else ""
    return fill(
        "numbers", title=found.title, rows_html=rows, gap=found.gap, legend=f"{more} ({legend}.)".strip()
    )


def card(
    id: str,
    headline: str,
    symbol: str,
    causes: list[Cause],
    lines: list[Line],
    numbers: Numbers | None,
    notes: tuple[str, ...],
    detail: str,
    caution: str,
) -> str:
    """The whole card."""
    checks = "".join(
        fill("check", chip_html=chip("✓" if line.passed else "×"), name=line.name, message=line.message)
        for line in lines
    )
    return fill(
        "card",
        id=id,
        colour=COLOURS[symbol],
        headline=headline,
        causes_html="".join(map(_cause, causes)) + (fill("detail", detail=detail) if detail else ""),
        numbers_html=_numbers(numbers) if numbers is not None else "",
        checks_html=checks,
        notes_html="".join(fill("note", note=note) for note in notes),
        caution=caution,
    )
