"""What a course's own edition changes while Sphinx reads. References to chapters that it leaves out become
their titles as text; chapters and figures keep the numbers that equations and code lines name, and own
chapters are numbered after the one they follow: 8a, 8b.

Set by tools/edition.py; in the book itself nothing is left out and nothing changes.
"""

import re
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from autograder._language import _

BOOK_CHAPTER = re.compile(r"(\d\d)-")
EQUATION = re.compile(r"eq-(\d+)-(\d+)$")


def left_out_text(target: str, left_out: dict[str, str]) -> str:
    """What stands for a reference to a chapter that is left out, or to something in it; "" for any other."""
    if equation := EQUATION.match(target):
        chapter = f"{int(equation[1]):02d}-"
        return f"({equation[1]}.{equation[2]})" if any(c.startswith(chapter) for c in left_out) else ""
    page = target.removesuffix(".md").strip("/")
    return left_out.get(page, "")


def resolve(app: Sphinx, _env: BuildEnvironment, node: Any, content: nodes.Node) -> nodes.Node | None:
    """Text in the place of a link that this edition can't have."""
    left_out: dict[str, str] = app.config.edition_left_out
    target = str(node.get("reftarget", ""))
    text = left_out_text(target, left_out)
    if not text and target in labels_left_out(app):
        text = (
            content.astext()
            if node.get("refexplicit")
            else _("in “{title}”", title=labels_left_out(app)[target])
        )
    if not text:
        return None
    shown = content.astext() if node.get("refexplicit") else text
    return nodes.inline("", shown, classes=["left-out"])


def labels_left_out(app: Sphinx) -> dict[str, str]:
    """Each label of the chapters left out, with the chapter's title."""
    return app.config.edition_labels_left_out  # type: ignore[no-any-return]


def number_as_the_book(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Chapter 8 stays 8 where chapter 3 is left out; own chapters after it are 8a, 8b."""
    if not app.config.edition_left_out and not app.config.edition_own_chapters:
        return []
    changed, last, letters = [], 0, 0
    for page in _in_order(env):
        if page not in env.toc_secnumbers:
            continue
        book = BOOK_CHAPTER.match(page)
        if book and page not in app.config.edition_own_chapters:
            last, letters = int(book[1]), 0
            _renumber(env, page, last)
        else:
            _renumber(env, page, f"{last}{ascii_lowercase[letters]}")
            letters += 1
        changed.append(page)
    return changed


def _in_order(env: BuildEnvironment) -> list[str]:
    return [page for page in env.toctree_includes.get(env.config.root_doc, []) if page in env.found_docs]


def _renumber(env: BuildEnvironment, page: str, number: int | str) -> None:
    """Give a page and all that is numbered by it this first number."""

    def first(numbers: Any) -> Any:
        return (number, *numbers[1:]) if numbers else numbers

    env.toc_secnumbers[page] = {key: first(value) for key, value in env.toc_secnumbers[page].items()}
    env.toc_fignumbers[page] = {
        kind: {key: first(value) for key, value in numbers.items()}
        for kind, numbers in env.toc_fignumbers.get(page, {}).items()
    }
    if "secnumber" in env.titles[page]:
        env.titles[page]["secnumber"] = first(env.titles[page]["secnumber"])
    for tree in [env.tocs[page], *(env.tocs[name] for name in (env.config.root_doc,))]:
        for reference in tree.findall(nodes.reference):
            if reference.get("refuri") == page and reference.get("secnumber"):
                reference["secnumber"] = first(reference["secnumber"])


def add_logo(app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """The logo above the list of chapters: the theme has taken it out of the context by then."""
    if app.config.html_logo:
        context["edition_logo"] = context["pathto"](
            f"_static/{Path(app.config.html_logo).name}", resource=True
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """The settings, and the two changes."""
    app.add_config_value("edition_left_out", {}, "env")
    app.add_config_value("edition_labels_left_out", {}, "env")
    app.add_config_value("edition_own_chapters", {}, "env")
    app.add_config_value("edition_own_exercises", "", "env")
    app.add_config_value("edition_exercises", "", "env")
    app.connect("missing-reference", resolve, priority=100)
    app.connect("html-page-context", add_logo)
    app.connect("env-get-updated", number_as_the_book, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
