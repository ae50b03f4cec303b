"""A card as plain text of at most 79 columns: for terminals, and wherever HTML is not shown."""

import textwrap
from collections.abc import Iterator

from autograder._language import _
from autograder.feedback.case_view import CaseView, SideBySide
from autograder.feedback.ladder import QUESTION, HelpStep
from autograder.feedback.view import Card, NumberTable
from autograder.feedback.words import PRINTED, case_title, more_help

WIDTH = 79
# Lines of what a function printed
PRINTED_LINES = 5


def card_text(card: Card) -> str:
    """The whole card; of the steps of help the first alone, and how to get the next."""
    found = list(_findings(card))
    case = list(_case(card.case)) if card.case is not None else []
    table = list(_table(card.numbers)) if card.numbers is not None else []
    help_lines = list(_help(card))
    rest = [f"{'✓' if line.passed else '×'} {line.name}: {line.message}" for line in card.checks]
    rest += [_("note: {note}", note=note) for note in card.notes]
    printed = list(_printed(card.printed)) if card.printed else []
    return "\n".join(
        [
            wrap(card.headline, ""),
            *(wrap(line, "  ") for line in found),
            *case,
            *(wrap(line, "  ") for line in help_lines),
            *(wrap(line, "  ") for line in rest),
            *table,
            *printed,
            wrap(card.caution, ""),
        ]
    )


def _findings(card: Card) -> Iterator[str]:
    yield from filter(None, (card.praise, card.next))
    for cause in card.causes:
        if not cause.code:
            yield f"→ {cause.sentence}"
            continue
        where = _("; see equation ({equation})", equation=cause.equation) if cause.equation else ""
        yield f"→ {cause.sentence}. ({cause.code}, {cause.name}{where}.)"


def _help(card: Card) -> Iterator[str]:
    more = 0
    for cause in card.causes:
        if cause.hint:
            yield _("hint: {hint}", hint=cause.hint)
        more = max(more, *(step.level for step in cause.steps), 0)
    for step in card.steps:
        if step.level == QUESTION:
            yield _("hint: {hint}", hint=step.words)
        more = max(more, step.level)
    if more > QUESTION:
        yield more_help(card.id, more)


def step_text(step: HelpStep) -> str:
    """One step of help, its equation with ^ below what is marked."""
    lines = [f"{step.title}:"]
    if step.words:
        lines.append(wrap(step.words, "  "))
    if step.equation is not None:
        lines += [f"  {step.equation.text}"]
        under = "".join(("^" if is_marked else " ") * len(text) for text, is_marked in step.equation.pieces)
        lines += [f"  {under.rstrip()}"] if under.strip() else []
    if step.code:
        lines.append(f"  {step.code}")
    return "\n".join(lines)


def _case(case: CaseView) -> Iterator[str]:
    yield wrap(case_title(case.call), "  ")
    for name, value in case.inputs:
        yield wrap(f"{name} = {value}", "    ")
    for compared in case.compared:
        yield from _compared(compared)


def _compared(compared: SideBySide) -> Iterator[str]:
    of = f"{compared.name}: " if compared.name else ""
    yours = [_line(row) for row in compared.yours]
    expected = [_line(row) for row in compared.expected]
    if not yours:
        yield wrap(f"{of}{_('yours')}: {compared.said}", "    ")
        yield wrap(f"{_('expected')}: {compared.expected_said or '; '.join(expected)}", "    ")
        return
    left_title, right_title = of + _("yours"), _("expected")
    wide = max(map(len, (*yours, left_title)))
    if wide + max(map(len, (*expected, right_title))) + 8 > WIDTH:
        yield from (f"    {left_title}", *(f"    {line}"[:WIDTH] for line in yours))
        yield from (f"    {right_title}", *(f"    {line}"[:WIDTH] for line in expected))
        return
    yield f"    {left_title:<{wide}}    {right_title}"
    for i in range(max(len(yours), len(expected))):
        left = yours[i] if i < len(yours) else ""
        right = expected[i] if i < len(expected) else ""
        yield f"    {left:<{wide}}    {right}".rstrip()
    if compared.said:
        yield wrap(f"({compared.said})", "    ")


def _line(row: tuple[tuple[str, str], ...]) -> str:
    return "  ".join(f"{mark} {number}" if mark else number for mark, number in row)


def _printed(text: str) -> Iterator[str]:
    lines = text.rstrip("\n").split("\n")
    yield wrap(f"{_(PRINTED)}:", "  ")
    yield from (f"    {line}"[:WIDTH] for line in lines[:PRINTED_LINES])
    if len(lines) > PRINTED_LINES:
        yield "    " + _("… ({count} lines more)", count=len(lines) - PRINTED_LINES)


def _table(table: NumberTable) -> Iterator[str]:
    """The student's own numbers with their marks, as lines of text."""
    yield wrap(f"{table.title}:", "  ")
    width = max(len(number) for row in table.rows for _, number in row)
    # So many columns fit into the text; more of them are in the card.
    fit = (WIDTH - 4) // (width + 4)
    for row in table.rows:
        line = "  ".join(f"{mark} {number:>{width}}" for mark, number in row[:fit])
        yield "    " + line + (" …" if table.more or len(row) > fit else "")
    yield wrap(f"{table.gap} ({table.legend}.)", "  ")


def wrap(line: str, indent: str) -> str:
    """A line broken at 79 columns, what follows indented further."""
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + ("  " if indent else "    "),
        break_on_hyphens=False,
    )
