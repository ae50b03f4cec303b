"""`{question} q-transpose`: a question that the page judges. It is written once, in the chapter's text:

- a choice: options `- [x] right` and `- [ ] wrong`, each with its explanation below it, `  > because …`;
- a number: `:answer: -5`; numbers that mistakes give are `- [ ] 5`, with what went wrong below them; `:hint:`
  is for any other number, and `:within:` says how far off an answer may be, relative to the right one;
- lines to order: `1. first`, `2. second` …, shown shuffled; `- [ ] a line that doesn't belong`.

What comes before them is the question; what comes after them is told with the right answer. Without scripts a
page has the question, its options, and the answer folded below; static/questions makes a form of it.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder._language import N_, _

# All words that this extension says by itself.
SAYS = {
    "title": N_("Question {number}"),
    "answer": N_("Show the answer"),
    "right": N_("Right"),
    "wrong": N_("Wrong"),
    "order": N_("In this order: {letters}."),
    "without": N_("{letters} is left out."),
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ITEM = re.compile(r"(?:- \[(?P<mark>[x ])\]|(?P<place>\d+)\.) (?P<text>.*)")
WITHIN = 0.005


# docutils nodes, named like the others.
class question(nodes.General, nodes.Element):
    """One question: `name` (its id), `kind`, and for a number `answer`, `within`."""


class question_options(nodes.enumerated_list):
    """The options of a choice, or the lines to order."""


class question_option(nodes.list_item):
    """An option: `right`; or a line: `place` (-1 for one that doesn't belong) and `letter`."""


class question_answer(nodes.General, nodes.Element):
    """The answer, with what there is to say of each option."""


class question_why(nodes.General, nodes.Element):
    """What there is to say: `of` an option (its number; with the `value` of a wrong number), "else" for any
    other answer, "result" for what is right, "end" for what is told with it.
    """


@dataclass
class Item:
    """An option, a wrong number or a line, as it is written."""

    text: list[str]
    right: bool
    place: int
    line: int
    why: list[str] = field(default_factory=list)


@dataclass
class Written:
    """A question's text, taken apart: what is asked, the items, what is told at the end (from which line)."""

    asked: list[str]
    items: list[Item]
    end: list[str]
    end_line: int


def take_apart(lines: list[str]) -> Written:
    """The parts of a question's text; an item goes on in the lines that are indented."""
    first = next((i for i, line in enumerate(lines) if ITEM.match(line)), len(lines))
    items: list[Item] = []
    for i, line in enumerate(lines[first:], start=first):
        if match := ITEM.match(line):
            place = int(match["place"]) - 1 if match["place"] else -1
            items.append(Item([match["text"]], match["mark"] == "x", place, i))
        elif line.startswith("  ") and line.strip():
            part = line.strip()
            last = items[-1]
            if part.startswith(">"):
                last.why.append(part[1:].strip())
            else:
                (last.why or last.text).append(part)
        elif line.strip():
            return Written(lines[:first], items, lines[i:], i)
    return Written(lines[:first], items, [], len(lines))


def number_of(text: str) -> float:
    """-5, 0.75 or 3/4 as a float; ValueError for other text."""
    return float(Fraction(text.strip().replace("−", "-")))


def shuffled(items: list[Item], name: str) -> list[Item]:
    """The same items in another order than the right one, the same one for each build."""
    found = list(items)
    chance = random.Random(name)
    while [item.place for item in found] == [item.place for item in items]:
        chance.shuffle(found)
    return found


class Question(SphinxDirective):
    """One question; an error of the page says what is missing in it."""

    required_arguments = 1
    has_content = True
    option_spec = {  # noqa: RUF012  # docutils' own way to declare options
        "answer": directives.unchanged_required,
        "within": float,
        "hint": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The question as nodes, for every kind of output."""
        name = self.arguments[0]
        written = take_apart(list(self.content))
        kind = self.kind(written)
        self.refuse(kind, written)
        number = self.env.temp_data["questions"] = self.env.temp_data.get("questions", 0) + 1
        box = question(ids=[name], name=name, kind=kind, classes=["question"])
        if kind == "number":
            box["answer"] = number_of(self.options["answer"])
            box["within"] = self.options.get("within", WITHIN)
        title = nodes.paragraph(ids=[f"{name}-title"], classes=["question-title"])
        title += nodes.strong("", _(SAYS["title"], number=number))
        box += title
        asked = nodes.container(ids=[f"{name}-asked"], classes=["question-asked"])
        self.state.nested_parse(StringList(written.asked, self.source_name), self.content_offset, asked)
        box += asked
        items = shuffled(written.items, name) if kind == "order" else written.items
        if kind != "number":
            box += self.listed(items, kind)
        box += self.answered(written, items, kind)
        return [box]

    @property
    def source_name(self) -> str:
        """The page's file, for messages and for translators."""
        return self.get_source_info()[0]

    def kind(self, written: Written) -> str:
        """What sort of question it is, by what is written."""
        if "answer" in self.options:
            return "number"
        return "order" if any(item.place >= 0 for item in written.items) else "choice"

    def refuse(self, kind: str, written: Written) -> None:
        """Every answer needs an explanation, and a question needs one right answer."""
        name, items = self.arguments[0], written.items
        if not name.startswith("q-"):
            raise self.error(f"question: given the name {name}; expected one that begins with q-")
        wrong = [item for item in items if not item.right and item.place < 0]
        if bare := [item.text[0] for item in (items if kind == "choice" else wrong) if not item.why]:
            raise self.error(f"question {name}: {bare[0]!r} has no explanation; write it below, after '  > '")
        if kind == "choice" and [item.right for item in items].count(True) != 1:
            raise self.error(f"question {name}: a choice has one option marked [x] and others marked [ ]")
        if kind == "number" and not ("hint" in self.options and written.end):
            raise self.error(f"question {name}: a number needs a :hint: and, at the end, its explanation")
        places = [item.place for item in items if item.place >= 0]
        if kind == "order" and (places != list(range(len(places))) or len(places) < 3 or not written.end):
            raise self.error(f"question {name}: expected lines 1., 2., 3. …, and an explanation at the end")

    def parsed(self, lines: list[str], line: int, into: nodes.Element) -> nodes.Element:
        """The text as nodes, in this element."""
        self.state.nested_parse(StringList(lines, self.source_name), self.content_offset + line, into)
        return into

    def listed(self, items: list[Item], kind: str) -> nodes.Node:
        """The options, or the shuffled lines."""
        found = question_options(enumtype="loweralpha", prefix="", suffix=".")
        for i, item in enumerate(items):
            option = question_option(letter=LETTERS[i])
            if kind == "order":
                option["place"] = item.place
            else:
                option["right"] = item.right
            found += self.parsed(item.text, item.line, option)
        return found

    def answered(self, written: Written, items: list[Item], kind: str) -> nodes.Node:
        """The answer: what is right, and why the rest is not."""
        found = question_answer()
        if kind == "number":
            lead = nodes.paragraph("", "", nodes.strong("", self.options["answer"]))
            found += question_why("", lead, of="result")
        if kind == "order":
            found += question_why("", nodes.paragraph("", order_in_words(items)), of="result")
        end = question_why(of="end")
        if written.end:
            found += self.parsed(written.end, written.end_line, end)
        for i, item in enumerate(items):
            if not item.why:
                continue
            why = question_why(of=i)
            if kind == "number":
                why["value"] = number_of(item.text[0])
            self.parsed(item.why, item.line, why)
            first = next(iter(why.findall(nodes.paragraph)))
            first.insert(0, nodes.inline("", f"{self.lead(item, i, kind)} ", classes=["question-lead"]))
            found += why
        if kind == "number":
            found += self.parsed([self.options["hint"]], 0, question_why(of="else"))
        return found

    def lead(self, item: Item, i: int, kind: str) -> str:
        """What an explanation is of, where it stands in a list of them."""
        if kind == "number":
            return f"{item.text[0]}:"
        verdict = "" if kind == "order" else f" {_(SAYS['right' if item.right else 'wrong'])}."
        return f"({LETTERS[i]}){verdict}"


def order_in_words(items: list[Item]) -> str:
    """In this order: c, a, b. d is left out."""
    placed = {item.place: LETTERS[i] for i, item in enumerate(items) if item.place >= 0}
    words = _(SAYS["order"], letters=", ".join(placed[place] for place in sorted(placed)))
    out = [LETTERS[i] for i, item in enumerate(items) if item.place < 0]
    return f"{words} {_(SAYS['without'], letters=', '.join(out))}" if out else words


# ---- HTML -------------------------------------------------------------------------------------------------


def visit_question(self: Any, node: question) -> None:
    """<div data-question=...>."""
    name = node["name"]
    attributes = {"data-question": name, "data-question-state": "open", "data-kind": node["kind"]}
    if node["kind"] == "number":
        attributes |= {"data-answer": repr(node["answer"]), "data-within": repr(node["within"])}
    labels = {"role": "group", "aria-labelledby": f"{name}-title"}
    self.body.append(self.starttag(node, "div", **attributes, **labels))


def visit_options(self: Any, _node: question_options) -> None:
    """<ol>: (a), (b), (c) on paper."""
    self.body.append('<ol class="question-options" type="a">\n')


def depart_options(self: Any, _node: question_options) -> None:
    """Close the list."""
    self.body.append("</ol>\n")


def visit_option(self: Any, node: question_option) -> None:
    """<li>."""
    attributes = {"data-letter": node["letter"]}
    if "place" in node:
        attributes["data-place"] = str(node["place"])
    elif node["right"]:
        attributes["data-right"] = ""
    self.body.append(self.starttag(node, "li", "", **attributes))


def depart_option(self: Any, _node: question_option) -> None:
    """Close the item."""
    self.body.append("</li>\n")


def visit_answer(self: Any, _node: question_answer) -> None:
    """<details>."""
    self.body.append(f'<details class="question-answer"><summary>{_(SAYS["answer"])}</summary>\n')


def depart_answer(self: Any, _node: question_answer) -> None:
    """Close it."""
    self.body.append("</details>\n")


def visit_why(self: Any, node: question_why) -> None:
    """<div data-why=...>; what is said of any other number belongs to the form alone."""
    attributes = {"data-why": str(node["of"])}
    if "value" in node:
        attributes["data-value"] = repr(node["value"])
    if node["of"] == "else":
        attributes["hidden"] = ""
    self.body.append(self.starttag(node, "div", **attributes))


def depart_div(self: Any, _node: nodes.Element) -> None:
    """Close a div."""
    self.body.append("</div>\n")


# ---- other outputs ----------------------------------------------------------------------------------------


def nothing(_self: Any, _node: nodes.Element) -> None:
    """Other outputs show what is inside."""


def as_list(of: str) -> tuple[Any, Any]:
    """The writer's own way with a list or its items."""
    return (
        lambda self, node: getattr(self, f"visit_{of}")(node),
        lambda self, node: getattr(self, f"depart_{of}")(node),
    )


def skip_hint(_self: Any, node: question_why) -> None:
    """Paper has nobody to give a hint to."""
    if node["of"] == "else":
        raise nodes.SkipNode


def unique(app: Sphinx, docname: str, names: Iterator[str]) -> None:
    """No page has a question's name twice: answers are kept by it."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{app.env.doc2path(docname)}: two questions have the name {name}")
        seen.add(name)


def check_names(app: Sphinx, doctree: nodes.document) -> None:
    """After a page is read."""
    unique(app, app.env.docname, (node["name"] for node in doctree.findall(question)))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive and its nodes."""
    app.add_directive("question", Question)
    plain: dict[str, Any] = {"latex": (nothing, nothing), "text": (nothing, nothing)}
    lists: dict[str, Any] = dict.fromkeys(("latex", "text"), as_list("enumerated_list"))
    items: dict[str, Any] = dict.fromkeys(("latex", "text"), as_list("list_item"))
    app.add_node(question, html=(visit_question, depart_div), **plain)
    app.add_node(question_options, html=(visit_options, depart_options), **lists)
    app.add_node(question_option, html=(visit_option, depart_option), **items)
    app.add_node(question_answer, html=(visit_answer, depart_answer), **plain)
    hints: dict[str, Any] = dict.fromkeys(("latex", "text"), (skip_hint, nothing))
    app.add_node(question_why, html=(visit_why, depart_div), **hints)
    app.connect("doctree-read", check_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
