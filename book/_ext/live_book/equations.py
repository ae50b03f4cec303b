"""Equation numbers: the label ``eq-6-1`` is shown as (6.1), in the text, in references and in code
comments.
"""

import re
from posixpath import basename
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.util import logging

from autograder._language import _

logger = logging.getLogger(__name__)
LABEL = re.compile(r"^eq-(\d+)-(\d+[a-z]?)$")
COMMENT = re.compile(r'<span class="c1">(#[^<]*?\(\d+\.\d+[a-z]?\)[^<]*)</span>')
DOCSTRING = re.compile(r'<span class="sd">([^<]*\be[qc]\. \d+\.\d+[^<]*)</span>')
NUMBER = re.compile(r"\((\d+\.\d+[a-z]?)\)")
NAMED = re.compile(r"(?<=\be[qc]\. )\d[\d., toa]*\d")


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


def note_lines(app: Sphinx, doctree: nodes.document) -> None:
    """Remember which pages have a line of code for which equation: a comment (6.1), or eq. 6.1 in a
    docstring.
    """
    found = code_lines(app.env)
    for block in doctree.findall(nodes.literal_block):
        text = block.astext()
        comments = " ".join(line.partition("#")[2] for line in text.splitlines())
        named = " ".join(NAMED.findall(text))
        for number in [*NUMBER.findall(comments), *re.findall(r"\d+\.\d+", named)]:
            found.setdefault(number, set()).add(app.env.docname)


def code_lines(env: Any) -> dict[str, set[str]]:
    """{"6.1": {"06-step-2", ...}}, kept with the pages that were read."""
    if not hasattr(env, "equation_lines"):
        env.equation_lines = {}
    return env.equation_lines  # type: ignore[no-any-return]


def forget_lines(_app: Sphinx, env: Any, docname: str) -> None:
    """A page is read again, or gone."""
    for pages in code_lines(env).values():
        pages.discard(docname)


def merge_lines(_app: Sphinx, env: Any, _docnames: list[str], other: Any) -> None:
    """Parallel reading: join what each process noted."""
    for number, pages in code_lines(other).items():
        code_lines(env).setdefault(number, set()).update(pages)


def link_comments(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """`# (6.1)` in code links to its equation, and the equation links to its first line of code, wherever
    that is.
    """
    body = context.get("body")
    if not body:
        return
    where, seen = places(app), set()

    def link(number: str, text: str) -> str:
        if number not in where:
            return text
        page = "" if where[number] == pagename else app.builder.get_relative_uri(pagename, where[number])
        anchor = f"equation-eq-{number.replace('.', '-')}"
        name = "" if number in seen else f' id="line-{number.replace(".", "-")}"'
        seen.add(number)
        return f'<a class="eq-link"{name} href="{page}#{anchor}">{text}</a>'

    def links(names: str) -> str:
        return re.sub(r"\d+\.\d+", lambda m: link(m[0], m[0]), names)

    # Comments first: the line itself is a better place to arrive at than a docstring.
    body = COMMENT.sub(
        lambda m: f'<span class="c1">{NUMBER.sub(lambda n: link(n[1], n[0]), m[1])}</span>', body
    )
    body = DOCSTRING.sub(lambda m: f'<span class="sd">{NAMED.sub(lambda n: links(n[0]), m[1])}</span>', body)
    title = _("To its line of code")
    for number in sorted(n for n, page in where.items() if page == pagename):
        label = number.replace(".", "-")
        elsewhere = sorted(code_lines(app.env).get(number, set()) - {pagename})
        if number not in seen and not elsewhere:
            continue
        page = "" if number in seen else app.builder.get_relative_uri(pagename, elsewhere[0])
        body = body.replace(
            f'<span class="eqno">({number})<a class="headerlink" href="#equation-eq-{label}"',
            f'<span class="eqno"><a class="eq-code" href="{page}#line-{label}"'
            f' title="{title}">({number})</a>'
            f'<a class="headerlink" href="#equation-eq-{label}"',
        )
    context["body"] = body
    context["chapter"] = basename(pagename)


def register(app: Sphinx) -> None:
    """Number equations by label."""
    app.add_domain(NumberedByLabel, override=True)
    app.connect("config-inited", lambda _app, config: setattr(config, "math_numfig", False))
    app.connect("doctree-read", note_lines)
    app.connect("env-purge-doc", forget_lines)
    app.connect("env-merge-info", merge_lines)
    app.connect("html-page-context", link_comments, priority=600)
