"""Links to edit a page and to report a mistake. The book has no address of its own: whoever builds it may
give one.

    BOOK_REPOSITORY=https://host/owner/name make book

or `reading_repository` in _config.yml. With none given there are no links, and the first page says so.
"""

import os
from typing import Any
from urllib.parse import quote, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from autograder._language import N_, _

logger = logging.getLogger(__name__)
EDIT = "{repository}/edit/{branch}/book/{page}.md"
ISSUE = "{repository}/issues/new?title={title}"
NONE = N_(
    "This copy was built without the address of a repository (BOOK_REPOSITORY), so its pages have no links "
    "to edit them or to report a mistake."
)


def address(text: str) -> str:
    """The repository's address without a slash at its end, or ""; ConfigError if it is no web address."""
    text = text.strip().rstrip("/")
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc):
        raise ConfigError(
            f"the book's repository: given {text!r}; expected a web address such as https://host/owner/name "
            "(BOOK_REPOSITORY, or reading_repository in _config.yml), or nothing"
        )
    return text


def links(config: Any, page: str, title: str) -> dict[str, str]:
    """{"Edit this page": address, "Report a mistake": address}; empty if the book knows no repository."""
    if not config.reading_repository:
        return {}
    given = {
        "repository": config.reading_repository,
        "branch": quote(config.reading_branch),
        "page": quote(page),
        "title": quote(f"{title}: ", safe=""),
    }
    return {
        _("Edit this page"): config.reading_edit.format(**given),
        _("Report a mistake"): config.reading_issue.format(**given),
    }


def settle(app: Sphinx, config: Any) -> None:
    """The environment goes before the configuration."""
    config.reading_repository = address(os.environ.get("BOOK_REPOSITORY", "") or config.reading_repository)
    config.reading_branch = os.environ.get("BOOK_BRANCH", "") or config.reading_branch
    if not config.reading_repository:
        logger.info(
            "reading: no links to edit a page or report a mistake; BOOK_REPOSITORY=https://... gives them"
        )


def add_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The links at the foot of each page."""
    if app.builder.format != "html":
        return
    line = nodes.paragraph(classes=["page-links"])
    for text, target in links(app.config, docname, app.env.titles[docname].astext()).items():
        line += [nodes.Text(" · "), nodes.reference("", text, refuri=target)][0 if line.children else 1 :]
    if line.children:
        doctree += line


class AboutThisCopy(SphinxDirective):
    """A sentence on where this copy comes from."""

    def run(self) -> list[nodes.Node]:
        """The repository's address, or why there is none."""
        repository = self.config.reading_repository
        if not repository:
            return [nodes.paragraph("", _(NONE), classes=["about-this-copy"])]
        link = nodes.reference("", repository, refuri=repository)
        return [nodes.paragraph("", _("The sources of this book: "), link, nodes.Text("."))]


def register(app: Sphinx) -> None:
    """The configuration, the links and the sentence."""
    app.add_config_value("reading_repository", "", "env", str)
    app.add_config_value("reading_branch", "main", "env", str)
    app.add_config_value("reading_edit", EDIT, "html", str)
    app.add_config_value("reading_issue", ISSUE, "html", str)
    app.add_directive("about-this-copy", AboutThisCopy)
    app.connect("config-inited", settle)
    app.connect("doctree-resolved", add_links)
