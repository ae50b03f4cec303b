"""How the book is seen from elsewhere: each page's description, the card that a chat shows of a link, and a
page for addresses that lead nowhere.

A card needs the whole address of its picture. Whoever publishes the book may give it:

    BOOK_ADDRESS=https://host/book make book

or `html_baseurl` in _config.yml. With none given the address of the picture is relative to the page.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from autograder._language import N_, _
from presence import search

STATIC = Path(__file__).resolve().parent / "static"
CARD = "_static/card.png"
CARD_SHOWS = N_(
    "A network of two inputs, three hidden units and two outputs in the middle of its backward pass: two "
    "deltas travel back along their arrows to a hidden unit."
)
ABOUT = N_(
    "Backpropagation derived by hand and written in NumPy: three steps that give every gradient of a "
    "feed-forward network, with cells, exercises and pictures that run in your browser."
)
LONGEST = 200
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')


def address(text: str) -> str:
    """The book's address with a slash at its end, or ""; ConfigError if it is no web address."""
    text = text.strip()
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc):
        raise ConfigError(
            f"the book's address: given {text!r}; expected a web address such as https://host/book "
            "(BOOK_ADDRESS, or html_baseurl in _config.yml), or nothing"
        )
    return f"{text.rstrip('/')}/" if text else ""


def shortened(text: str) -> str:
    """The text in one line, cut after a sentence or a word if it is too long."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    start = line[:LONGEST]
    sentence = start.rfind(". ")
    return start[: sentence + 1] if sentence > LONGEST // 3 else f"{start[: start.rfind(' ')]} …"


def description(doctree: nodes.document | None) -> str:
    """A page's first paragraph of plain words; the book's own description where it has none."""
    if doctree is None:
        return _(ABOUT)
    for paragraph in doctree.findall(nodes.paragraph):
        text = paragraph.astext()
        plain = not any(paragraph.findall(nodes.math)) and isinstance(paragraph.parent, nodes.section)
        if plain and len(text) > LONGEST // 4:
            return shortened(text)
    return _(ABOUT)


def describe(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the page's template what it needs, and one viewport alone."""
    up = "../" * pagename.count("/")
    base = app.config.html_baseurl
    context["page_description"] = description(None if pagename == "index" else doctree)
    context["page_address"] = f"{base}{pagename}.html" if base else ""
    context["card"] = f"{base or up}{CARD}"
    context["card_shows"] = _(CARD_SHOWS)
    context["metatags"] = VIEWPORT.sub("", context.get("metatags", ""))


def settle(app: Sphinx, config: Config) -> None:
    """The environment goes before the configuration; a page for lost readers, and the card's picture."""
    config.html_baseurl = address(os.environ.get("BOOK_ADDRESS", "") or config.html_baseurl)
    config.html_additional_pages = {**config.html_additional_pages, "404": "404.html"}
    config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> dict[str, bool | int | str]:
    """Register what a page says of itself, and the search."""
    search.register(app)
    app.connect("config-inited", settle)
    app.connect("html-page-context", describe)
    # env_version: raise it when what is kept of a page between builds changes
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
