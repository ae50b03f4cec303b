"""The grader's catalogue of mistakes, in the book: `{mistake} K13`, `{mistakes} 06-step-2`, `{all-mistakes}`.

Each entry's docstring is its page; nothing is said twice. Equations and pages are linked where the book has
them.
"""

import inspect
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from autograder import misconceptions
from autograder._language import N_, _, commented
from autograder.course.own_exercises import load
from autograder.feedback.words import share_words
from autograder.misconceptions import CATALOGUE, Misconception
from autograder.misconceptions.backward_loop import InputsChangedOrStateKept
from autograder.misconceptions.catalogue import LEAST_OF_ONE_STEP

PAGE = "common-mistakes"
# The exercises that ask for all steps, where a mistake in one step keeps something.
WHOLE_RECIPE = {"all_deltas", "backprop", "l2_backprop"}
# The codes up to here are the classic ones; a chapter shows those as cards and names the others
LISTED = 38
CHAPTERS = {
    "01-forward": N_("Forward propagation"),
    "02-nonlinearities": N_("Nonlinearities"),
    "03-losses": N_("Losses"),
    "04-delta": N_("Measuring δ"),
    "05-step-1": N_("Step 1"),
    "06-step-2": N_("Step 2"),
    "07-step-3": N_("Step 3"),
    "08-batches": N_("Putting it together"),
    "09-gradient-checking": N_("Gradient checking"),
    "12-graphs": N_("Computational graphs"),
}


# A docutils node, named like the others.
class place(nodes.inline):
    """Text that becomes a link to an equation or an entry, where the finished book has it."""


def of_edition(config: Config) -> tuple[dict[str, type[Misconception]], dict[str, str]]:
    """(entries by code, chapters with their titles) of this edition: the book's without the chapters that it
    leaves out, and its own.
    """
    own = getattr(config, "edition_own_exercises", "")
    catalogue = load(Path(own).read_text(encoding="utf-8") if own else "").catalogue
    left_out = getattr(config, "edition_left_out", {})
    titles = {name: _(title) for name, title in CHAPTERS.items() if name not in left_out}
    for entry in catalogue.values():
        if entry.chapter not in CHAPTERS:
            titles.setdefault(entry.chapter, _("Own exercises: {chapter}", chapter=entry.chapter))
    return {code: entry for code, entry in catalogue.items() if entry.chapter in titles}, titles


class folded(nodes.admonition):
    """A mistake on a chapter's page: its title, and the rest where the reader opens it."""


class folded_title(nodes.title):
    """The title of a folded mistake."""


def credit_words(entry: type[Misconception]) -> str:
    """What the mistake keeps of the points, as its entry in the catalogue says."""
    if entry is InputsChangedOrStateKept:
        return _("It takes a fifth of the exercise's points away, once.")
    if not entry.credit:
        words = _("Of the part that it alone has spoilt it keeps nothing.")
    elif entry.credit_only == "square":
        words = _(
            "Of the part that it alone has spoilt, in square networks only, it keeps {share}.",
            share=share_words(entry.credit),
        )
    else:
        words = _("Of the part that it alone has spoilt it keeps {share}.", share=share_words(entry.credit))
    if (
        entry.one_step()
        and entry.credit < LEAST_OF_ONE_STEP
        and not WHOLE_RECIPE.isdisjoint(entry.exercises())
    ):
        share = share_words(LEAST_OF_ONE_STEP)
        words += _(" In all_deltas, backprop and l2_backprop it keeps {share}.", share=share)
    return words


class _Catalogue(SphinxDirective):
    """What the three directives share."""

    def prepare(self) -> None:
        """A page is built again when the catalogue changes."""
        for module in vars(misconceptions).values():
            if inspect.ismodule(module) and module.__file__:
                self.env.note_dependency(module.__file__)

    def body(self, entry: type[Misconception], link: bool) -> list[nodes.Node]:
        """The entry's wrong code, sentence, explanation, equation and hint."""
        snippet = commented(entry.snippet)
        code = nodes.literal_block(snippet, snippet, language="python")
        box = nodes.container()
        text = f"**{_(entry.sentence)}.** {_(entry.explanation())}"
        self.state.nested_parse(StringList([text]), self.content_offset, box)
        hint = nodes.emphasis("", _("Hint: {hint}", hint=_(entry.hint)))
        last = nodes.paragraph("", "", hint, nodes.Text(_(" See ")))
        last += place(
            "",
            _("equation ({equation})", equation=entry.equation),
            kind="equation",
            target=f"eq-{entry.equation.replace('.', '-')}",
        )
        if link:
            last += nodes.Text("; ")
            last += place(
                "", _("{code} among all mistakes", code=entry.code), kind="entry", target=entry.code.lower()
            )
        last += nodes.Text(".")
        if not link:
            last += nodes.Text(f" {credit_words(entry)}")
        return [code, *box.children, last]

    def box(self, entry: type[Misconception]) -> nodes.Node:
        """The entry as a card, folded to its title."""
        box = folded(classes=["mistake"])
        box += folded_title("", f"{upper(_(entry.name))} ({entry.code})")
        box += self.body(entry, link=True)
        return box


# Words that are names of the code: dW and DW are not the same name.
NAMES = {"dW", "db"}


def upper(text: str) -> str:
    """The text with a capital first letter, if that is an ordinary word and neither a formula nor a name."""
    first = text.split()[0]
    ordinary = len(first) > 1 and first.isalpha() and first.isascii() and first not in NAMES
    return text[0].upper() + text[1:] if ordinary else text


class Mistake(_Catalogue):
    """One entry as a card."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A card; an unknown code is an error of the page."""
        self.prepare()
        code = self.arguments[0]
        known, _titles = of_edition(self.config)
        if code not in known:
            raise self.error(f"mistake: given {code}; expected one of {', '.join(known)}")
        return [self.box(known[code])]


class Mistakes(_Catalogue):
    """A chapter's entries: the classic ones as cards, the others by name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Cards and a sentence; a chapter without entries is an error of the page."""
        self.prepare()
        chapter = self.arguments[0]
        known, _titles = of_edition(self.config)
        entries = [entry for entry in known.values() if entry.chapter == chapter]
        if not entries:
            raise self.error(
                f"mistakes: given {chapter}, which has none; expected one of {', '.join(CHAPTERS)}"
            )
        found = [self.box(entry) for entry in entries if int(entry.code[1:]) <= LISTED]
        others = [entry for entry in entries if int(entry.code[1:]) > LISTED]
        if others:
            line = nodes.paragraph("", _("The check also knows: ") if found else _("The check knows: "))
            for i, entry in enumerate(others):
                line += nodes.Text("; " if i else "")
                line += place("", f"{_(entry.name)} ({entry.code})", kind="entry", target=entry.code.lower())
            line += nodes.Text(".")
            found.append(line)
        return found


class AllMistakes(_Catalogue):
    """Every entry, by chapter, with an anchor each: k13."""

    def run(self) -> list[nodes.Node]:
        """A section a chapter, and in it a section an entry."""
        self.prepare()
        sections = []
        known, chapters = of_edition(self.config)
        for chapter, title in chapters.items():
            section = nodes.section(ids=[f"mistakes-{chapter}"], names=[])
            section += nodes.title("", title)
            for entry in known.values():
                if entry.chapter == chapter:
                    part = nodes.section(ids=[entry.code.lower()], names=[])
                    part += nodes.title("", f"{entry.code}: {_(entry.name)}")
                    part += self.body(entry, link=False)
                    section += part
            sections.append(section)
        return sections


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make links of the places whose target the book has; the others stay text."""
    equations: dict[str, Any] = app.env.get_domain("math").equations  # type: ignore[attr-defined]
    for node in list(doctree.findall(place)):
        text = nodes.Text(node.astext())
        target, page, anchor = node["target"], None, ""
        if node["kind"] == "equation" and target in equations:
            page, anchor = equations[target][0], f"equation-{target}"
        elif node["kind"] == "entry" and PAGE in app.env.found_docs:
            page, anchor = PAGE, target
        node.replace_self(make_refnode(app.builder, docname, page, anchor, text) if page else text)


def visit_folded(self: Any, node: folded) -> None:
    """<details>: without scripts too it opens."""
    self.body.append(self.starttag(node, "details"))


def depart_folded(self: Any, _node: folded) -> None:
    """Close it."""
    self.body.append("</details>\n")


def visit_folded_title(self: Any, node: folded_title) -> None:
    """<summary>."""
    self.body.append(self.starttag(node, "summary", ""))


def depart_folded_title(self: Any, _node: folded_title) -> None:
    """Close it."""
    self.body.append("</summary>\n")


def as_(kind: str) -> tuple[Any, Any]:
    """The writer's own way with such a node."""
    return (
        lambda self, node: getattr(self, f"visit_{kind}")(node),
        lambda self, node: getattr(self, f"depart_{kind}")(node),
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    missing = sorted({entry.chapter for entry in CATALOGUE.values()} - set(CHAPTERS))
    if missing:
        raise ValueError(
            f"mistakes: the catalogue names the chapters {', '.join(missing)}, unknown to CHAPTERS here"
        )
    app.add_node(place)
    app.add_node(folded, html=(visit_folded, depart_folded), latex=as_("admonition"), text=as_("admonition"))
    titles = {"latex": as_("title"), "text": as_("title")}
    app.add_node(folded_title, html=(visit_folded_title, depart_folded_title), **titles)
    app.add_directive("mistake", Mistake)
    app.add_directive("mistakes", Mistakes)
    app.add_directive("all-mistakes", AllMistakes)
    app.connect("doctree-resolved", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
