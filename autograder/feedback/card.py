"""The card: what is shown of a judgement, as HTML with inline styles only, so that it survives untrusted
notebooks and dark themes.

check()'s answer, the cards of graded notebooks and the sections of the feedback page are made of the same
pieces. They are filled in by the standard library: check() runs where NumPy alone is installed, and in the
browser.
"""

import html
import os
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from string import Template

from autograder.feedback.view import Card, Cause, CheckLine, NumberTable
from autograder.feedback.words import MEANINGS

# Okabe and Ito's blue, vermilion and orange, dark enough for white symbols on them; never colour alone.
COLOURS = {"✓": "#00609c", "±": "#8a6100", "×": "#b34700", "∅": "#5c5c5c"}


class Html(str):
    """HTML that may stand in a page as it is; whatever else is filled in gets escaped, here and in jinja2's
    templates.
    """

    def __html__(self) -> str:
        return self


@cache
def fragments() -> dict[str, Template]:
    """The pieces of templates/card.html, by the name in the comment before each."""
    text = (files("autograder") / "templates" / "card.html").read_text(encoding="utf-8")
    parts = re.split(r"^<!-- (\w+) -->\n", text, flags=re.MULTILINE)[1:]
    return {name: Template(body.rstrip("\n")) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def fill(fragment: str, /, **values: str) -> Html:
    """A fragment with its values filled in, each escaped unless it is Html."""
    safe = {key: value if isinstance(value, Html) else html.escape(value) for key, value in values.items()}
    return Html(fragments()[fragment].substitute(safe))


def joined_html(parts: Iterable[Html]) -> Html:
    return Html("".join(parts))


def book_address() -> str | None:
    """Where the book's pages lie as DELTABOOK_URL says: an address, or "." within the book's own pages;
    None elsewhere.
    """
    address = os.environ.get("DELTABOOK_URL", "")
    if address == ".":
        return ""
    return address.rstrip("/") + "/" if re.match(r"https?://", address) else None


def chip(symbol: str) -> Html:
    """A mark: symbol, colour and a name for screen readers."""
    return fill("chip", symbol=symbol, colour=COLOURS[symbol], meaning=MEANINGS[symbol])


def _reference(cause: Cause) -> Html:
    """Where the book tells more."""
    if not cause.equation:
        return Html("")
    book = book_address()
    if book is None:
        return fill("reference", equation=cause.equation, code=cause.code)
    return fill(
        "link",
        book=book,
        chapter=cause.chapter,
        anchor=cause.equation.replace(".", "-"),
        equation=cause.equation,
        code=cause.code.lower(),
    )


def _cause(cause: Cause, final: bool) -> Html:
    if not cause.code:
        return fill("pattern", sentence=cause.sentence)
    said, title = f"{cause.sentence}.", f"({cause.code}, {cause.name})"
    if final:
        said, title = f"{cause.name}: {cause.sentence}", ""
    hint = fill("open_hint" if final else "folded_hint", hint=cause.hint) if cause.hint else Html("")
    return fill("cause", said=said, title=title, reference=_reference(cause), hint=hint)


def _table(table: NumberTable) -> Html:
    rows = joined_html(
        fill("row", cells=joined_html(fill("cell", chip=chip(mark), number=number) for mark, number in row))
        for row in table.rows
    )
    more = " Only the first rows and columns are shown." if table.more else ""
    legend = f"{more} ({table.legend}.)".strip()
    return fill("numbers", title=table.title, rows=rows, gap=table.gap, legend=legend)


def _check(line: CheckLine) -> Html:
    return fill("check", chip=chip("✓" if line.passed else "×"), name=line.name, message=line.message)


def card_body(view: Card) -> Html:
    """A card without its frame and headline."""
    checks = fill("checks", checks=joined_html(map(_check, view.checks))) if view.checks else Html("")
    return joined_html(
        [
            *(_cause(cause, view.final) for cause in view.causes),
            *([fill("detail", detail=view.detail)] if view.detail else []),
            *([_table(view.numbers)] if view.numbers is not None else []),
            checks,
            *(fill("note", note=note) for note in view.notes),
        ]
    )


def card_html(view: Card) -> Html:
    """The whole card."""
    return fill(
        "card",
        id=view.id,
        colour=COLOURS[view.symbol],
        headline=view.headline,
        body=card_body(view),
        caution=fill("caution", caution=view.caution) if view.caution else Html(""),
    )
