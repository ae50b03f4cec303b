"""The card: what is shown of a judgement, as HTML with inline styles only, so that it survives untrusted
notebooks and dark themes.

check()'s answer, the cards of graded notebooks and the sections of the feedback page are made of the same
pieces. They are filled in by the standard library: check() runs where NumPy alone is installed, and in the
browser.
"""

import html
import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from string import Template

from autograder._language import _, right_to_left
from autograder.feedback.case_view import CaseView, ShownRow, SideBySide
from autograder.feedback.ladder import LINE, QUESTION, HelpStep
from autograder.feedback.view import Card, Cause, CheckLine, NumberTable
from autograder.feedback.words import MEANINGS, PRINTED, case_title

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
    """A fragment with its values filled in, each escaped unless it is Html; $start and $direction are the
    language's.
    """
    safe = {key: value if isinstance(value, Html) else html.escape(value) for key, value in values.items()}
    rtl = right_to_left()
    way = {"start": "right", "direction": "rtl"} if rtl else {"start": "left", "direction": "ltr"}
    return Html(fragments()[fragment].substitute(safe, **way))


def escaped(text: str) -> Html:
    """A text as HTML that shows it."""
    return Html(html.escape(text))


def put_in(sentence: str, **pieces: Html) -> Html:
    """A sentence with pieces of HTML in the places that it has for them; the sentence itself is escaped."""
    return Html(html.escape(sentence).format(**pieces))


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
    return fill("chip", symbol=symbol, colour=COLOURS[symbol], meaning=_(MEANINGS[symbol]))


def _reference(cause: Cause, final: bool) -> Html:
    """Where the book tells more. Graded work has no link: no worker's environment may change its bytes."""
    if not cause.equation:
        return Html("")
    book = None if final else book_address()
    if book is None:
        said = _(
            "See equation ({equation}) of the book, and {code} among its common mistakes.",
            equation=cause.equation,
            code=cause.code,
        )
        return fill("words", words=said)
    page = f"{book}{cause.chapter}.html#equation-eq-{cause.equation.replace('.', '-')}"
    equation = fill("link", to=page, text=_("equation ({equation})", equation=cause.equation))
    mistakes = f"{book}common-mistakes.html#{cause.code.lower()}"
    more = fill("link", to=mistakes, text=_("more on this mistake"))
    return fill("words", words=put_in(_("See {equation} and {more}."), equation=equation, more=more))


def _cause(cause: Cause, final: bool) -> Html:
    if not cause.code:
        return fill("pattern", sentence=cause.sentence)
    said, title = f"{cause.sentence}.", f"({cause.code}, {cause.name})"
    if final:
        said, title = f"{cause.name}: {cause.sentence}", ""
    return fill("cause", said=said, title=title, reference=_reference(cause, final), hint=_hint(cause, final))


def _hint(cause: Cause, final: bool) -> Html:
    """The hint of graded work with the steps after it folded; a hint without steps; nothing where all steps
    stand below the case.
    """
    if final:
        hint = fill("words", words=_("Hint: {hint}", hint=cause.hint)) if cause.hint else Html("")
        return joined_html([hint, _ladder([step for step in cause.steps if step.level > QUESTION])])
    return (
        fill("folded_hint", title=_("A hint"), hint=cause.hint)
        if cause.hint and not cause.steps
        else Html("")
    )


def _ladder(steps: Sequence[HelpStep], of: str = "") -> Html:
    """The steps folded into one another, so that each is opened after the one before."""
    if not steps:
        return Html("")
    step, *rest = steps
    kind = _("A hint") if step.level == QUESTION else _("More")
    of_all = _("({level} of {last})", level=step.level, last=LINE)
    title = f"{kind}{of}: {step.title[0].lower()}{step.title[1:]} {of_all}"
    return fill("ladder", level=str(step.level), title=title, step=_step(step), rest=_ladder(rest, of))


def _step(step: HelpStep) -> Html:
    parts = [fill("words", words=step.words)] if step.words else []
    if step.equation is not None:
        pieces = (
            fill("marked", text=text) if marked else escaped(text) for text, marked in step.equation.pieces
        )
        number = f" ({step.equation.number})" if step.equation.number[:1].isdigit() else ""
        parts.append(fill("equation", plain=step.equation.text, pieces=joined_html(pieces), number=number))
    return joined_html([*parts, *([fill("line", code=step.code)] if step.code else [])])


def _case(case: CaseView) -> Html:
    return fill(
        "case",
        code=case.code,
        title=case_title(case.call),
        inputs=joined_html(fill("input", name=name, value=value) for name, value in case.inputs),
        compared=joined_html(map(_compared, case.compared)),
    )


def _compared(compared: SideBySide) -> Html:
    yours = [*([_grid(compared.yours)] if compared.yours else [])]
    said = [fill("words", words=compared.said)] if compared.said else []
    of = compared.expected_said
    expected = fill("words", words=of) if of else _grid(compared.expected)
    return fill(
        "compared",
        name=compared.name,
        yours_title=_("yours"),
        yours=joined_html([*yours, *said]),
        expected_title=_("expected"),
        expected=expected,
    )


def _grid(rows: Iterable[ShownRow]) -> Html:
    return fill("grid", rows=joined_html(fill("row", cells=joined_html(map(_number, row))) for row in rows))


def _number(entry: tuple[str, str]) -> Html:
    mark, number = entry
    if not mark:
        return fill("plain_cell", number=number)
    return fill("marked_cell", chip=chip(mark), number=number)


def _table(table: NumberTable) -> Html:
    rows = joined_html(
        fill("row", cells=joined_html(fill("cell", chip=chip(mark), number=number) for mark, number in row))
        for row in table.rows
    )
    more = _("Only the first rows and columns are shown.") if table.more else ""
    legend = f"{more} ({table.legend}.)".strip()
    return fill("numbers", title=table.title, rows=rows, gap=table.gap, legend=legend)


def _check(line: CheckLine) -> Html:
    return fill("check", chip=chip("✓" if line.passed else "×"), name=line.name, message=line.message)


def card_body(view: Card) -> Html:
    """A card without its frame and headline."""
    checks = fill("checks", checks=joined_html(map(_check, view.checks))) if view.checks else Html("")
    return joined_html(
        [
            *(fill("praise", praise=words) for words in (view.praise, view.next) if words),
            *(_cause(cause, view.final) for cause in view.causes),
            *([_case(view.case)] if view.case is not None else []),
            *([] if view.final else _ladders(view)),
            *([fill("printed", title=_(PRINTED), text=view.printed)] if view.printed else []),
            *([fill("detail", title=_("Where it happened"), detail=view.detail)] if view.detail else []),
            *([_table(view.numbers)] if view.numbers is not None else []),
            checks,
            *(fill("note", note=_("Note: {note}", note=note)) for note in view.notes),
        ]
    )


def _ladders(view: Card) -> list[Html]:
    """The help with each mistake, or with what has no name."""
    several = sum(bool(cause.steps) for cause in view.causes) > 1
    found = [
        _ladder(cause.steps, _(" on {name}", name=cause.name) if several else "") for cause in view.causes
    ]
    return [*found, _ladder(view.steps)]


def card_html(view: Card) -> Html:
    """The whole card."""
    return fill(
        "card",
        label=_("Feedback on {id}", id=view.id),
        colour=COLOURS[view.symbol],
        headline=view.headline,
        body=card_body(view),
        caution=fill("caution", caution=view.caution) if view.caution else Html(""),
    )
