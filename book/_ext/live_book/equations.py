"""Equation numbers: the label ``eq-6-1`` is shown as (6.1), in the text, in references and in code comments."""

import re
from posixpath import basename
from typing import Any

from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.util import logging

logger = logging.getLogger(__name__)
LABEL = re.compile(r"^eq-(\d+)-(\d+[a-z]?)$")
COMMENT = re.compile(r'<span class="c1">(#[^<]*?\(\d+\.\d+[a-z]?\)[^<]*)</span>')
NUMBER = re.compile(r"\((\d+\.\d+[a-z]?)\)")


class NumberedByLabel(MathDomain):
    """The math domain, but an equation's number is read off its label: eq-6-1 is 6.1 on every page."""

    def note_equation(self, docname: str, labelid: str, location: Any = None) -> None:
        """Record a labelled equation; labels that give no number are refused, so no two schemes mix."""
        super().note_equation(docname, labelid, location)
        match = LABEL.match(labelid)
        if match is None:
            logger.warning(
                "the equation label %r gives no number: eq-CHAPTER-NUMBER is expected",
                labelid,
                location=location,
            )
            return
        self.equations[labelid] = (docname, f"{match[1]}.{match[2]}")  # type: ignore[assignment]


def places(app: Sphinx) -> dict[str, str]:
    """Which page holds each equation: {"6.1": "06-step-2"}."""
    return {str(number): docname for docname, number in app.env.get_domain("math").data["objects"].values()}


def link_comments(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """`# (6.1)` in code links to its equation, and the equation links back to its first line of code."""
    body = context.get("body")
    if not body:
        return
    where, seen = places(app), set()

    def link(match: re.Match[str]) -> str:
        number = match[1]
        if number not in where:
            return match[0]
        page = "" if where[number] == pagename else app.builder.get_relative_uri(pagename, where[number])
        anchor = f"equation-eq-{number.replace('.', '-')}"
        name = "" if number in seen else f' id="code-{number.replace(".", "-")}"'
        seen.add(number)
        return f'<a class="eq-link"{name} href="{page}#{anchor}">({number})</a>'

    body = COMMENT.sub(lambda m: f'<span class="c1">{NUMBER.sub(link, m[1])}</span>', body)
    for number in seen:
        label = number.replace(".", "-")
        body = body.replace(
            f'<span class="eqno">({number})<a class="headerlink" href="#equation-eq-{label}"',
            f'<span class="eqno"><a class="eq-code" href="#code-{label}" title="To its line of code">({number})</a>'
            f'<a class="headerlink" href="#equation-eq-{label}"',
        )
    context["body"] = body
    context["chapter"] = basename(pagename)


def register(app: Sphinx) -> None:
    """Number equations by label."""
    app.add_domain(NumberedByLabel, override=True)
    app.connect("config-inited", lambda _app, config: setattr(config, "math_numfig", False))
    app.connect("html-page-context", link_comments, priority=600)
