"""The book in several languages: a link to each page in the others, and what a page says that is English in
another language's edition.

    BOOK_BESIDE=es=es/ make book        the edition in Spanish will lie in es/ below this book

A place is relative to the book's first page, or a whole address. tools/edition.py says it of an edition.
"""

import os
from posixpath import relpath
from typing import Any
from urllib.parse import urljoin, urlsplit

from babel import Locale
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from autograder._language import ENGLISH, _, right_to_left

# A server sends this page for any address: nothing that is relative leads anywhere from it.
NOWHERE = "404"
BOOK = "/a/b/c/d/e/"


def places(text: str) -> dict[str, str]:
    """{"es": "es/"} of "es=es/", several with spaces between; ConfigError for anything else."""
    found = {}
    for part in text.split():
        code, equals, place = part.partition("=")
        if not (code and equals and place.endswith("/")):
            raise ConfigError(
                f"BOOK_BESIDE: given {part!r}; expected a language and the folder of its edition, es=es/"
            )
        found[code] = place
    return found


def counterpart(place: str, page: str) -> str:
    """The address of the same page in an edition that lies at `place`, as this page links to it."""
    if urlsplit(place).scheme:
        return f"{place}{page}.html"
    # Far enough below the root that no ".." is lost there, wherever the build runs
    return relpath(f"{BOOK}{place}{page}.html", f"{BOOK}{page.rpartition('/')[0]}")


def name_of(code: str) -> str:
    """A language's name in itself, with a capital: Español."""
    name = Locale.parse(code).get_display_name(code) or code
    return name[0].upper() + name[1:]


def add_switch(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """The way that the page's language is written, and the links to this page in the other languages; of an
    edition's own chapter, to their first page.
    """
    own = getattr(app.config, "edition_own_chapters", {})
    page = app.config.root_doc if pagename in own else pagename
    others: dict[str, str] = {} if pagename == NOWHERE else app.config.languages_beside
    context["right_to_left"] = right_to_left(app.config.language or ENGLISH)
    context["switch_says"] = _("This page in another language")
    context["switch"] = [
        {"code": code, "name": name_of(code), "href": counterpart(place, page)}
        for code, place in others.items()
    ]


def add_alternates(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """Where search engines find this page in each language."""
    context["alternates"] = []
    if not context["switch"] or pagename in getattr(app.config, "edition_own_chapters", {}):
        return
    here = f"{app.config.html_baseurl}{pagename}.html"
    found = {app.config.language or ENGLISH: here if app.config.html_baseurl else context["pathto"](pagename)}
    for other in context["switch"]:
        found[other["code"]] = urljoin(here, other["href"]) if app.config.html_baseurl else other["href"]
    context["alternates"] = [{"code": code, "href": href} for code, href in found.items()]


def say_it_is_english(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """A page that nobody has translated yet says so below its title, and is marked as English."""
    context["untranslated"] = pagename in app.config.languages_untranslated and "body" in context
    if not context["untranslated"]:
        return
    head, title, rest = context["body"].partition("</h1>")
    text, end, tail = rest.rpartition("</section>")
    note = _("This page has not been translated yet, so it is in English.")
    context["body"] = (
        f'{head}{title}\n<p class="untranslated" role="note">{note}</p>\n'
        f'<div class="in-english" lang="{ENGLISH}" dir="ltr">{text}</div>\n{end}{tail}'
    )


def settle(_app: Sphinx, config: Config) -> None:
    """The environment goes before the configuration."""
    config.languages_beside = places(os.environ.get("BOOK_BESIDE", "")) or config.languages_beside


def setup(app: Sphinx) -> dict[str, bool | str]:
    """The settings; the switch before the theme drops what is empty, the note when the body is done."""
    app.add_config_value("languages_beside", {}, "html", dict)
    app.add_config_value("languages_untranslated", [], "html", list)
    app.connect("config-inited", settle)
    app.connect("html-page-context", add_switch, priority=400)
    app.connect("html-page-context", add_alternates, priority=800)
    app.connect("html-page-context", say_it_is_english, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
