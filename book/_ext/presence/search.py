"""The book's search goes by section: what each section says, in words, for search.js to look through."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from reading.notation import SPOKEN
from sphinx.application import Sphinx

FILE = "_static/search-sections.json"
# What isn't a section's own prose: other sections, code, equations on their own, answers
NOT_PROSE = (
    nodes.section,
    nodes.title,
    nodes.literal_block,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.target,
    nodes.system_message,
    nodes.image,
)
# Of other extensions: answers, right and wrong ones, and a widget's picture in words
ASIDE = ("question_answer", "question_options", "NotHtml")
EQUATION = re.compile(r"^eq-(\d+)-(\d+[a-z]?)$")
FRACTION = re.compile(r"\\[td]?frac\s*(?:\{(\w+)\}|(\w))\s*(?:\{(\w+)\}|(\w))")


def spoken(tex: str) -> str:
    r"""A formula as letters that a reader would type: \frac1m is 1/m, \delta^{[l]} is δ[l]."""
    text = FRACTION.sub(lambda m: f"{m[1] or m[2]}/{m[3] or m[4]}", tex)
    for command, sign in SPOKEN.items():
        text = text.replace(command, sign)
    return re.sub(r"[{}^_\\&]", "", re.sub(r"\\[a-zA-Z]+", " ", text))


def words(node: nodes.Node) -> Iterator[str]:
    """The prose of an element, piece by piece."""
    if isinstance(node, nodes.Text):
        # A reference, before its number is known
        yield EQUATION.sub(r"(\1.\2)", str(node))
    elif isinstance(node, nodes.math):
        yield spoken(node.astext())
    elif not isinstance(node, NOT_PROSE) and type(node).__name__ not in ASIDE:
        for child in node.children:
            yield from words(child)
        if not isinstance(node, nodes.Inline):
            yield " "


def line(node: nodes.Element) -> str:
    """The prose of an element's children in one line."""
    return " ".join("".join(piece for child in node.children for piece in words(child)).split())


def sections(doctree: nodes.document) -> list[dict[str, str]]:
    """Each section's id, title and own prose."""
    found = []
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        if title is not None and section["ids"]:
            found.append({"id": section["ids"][0], "title": line(title), "text": line(section)})
    return found


def kept(env: Any) -> dict[str, list[dict[str, str]]]:
    """{page: its sections}, kept with the pages that were read."""
    if not hasattr(env, "search_sections"):
        env.search_sections = {}
    return env.search_sections  # type: ignore[no-any-return]


def note(app: Sphinx, doctree: nodes.document) -> None:
    """After a page is read."""
    kept(app.env)[app.env.docname] = sections(doctree)


def forget(_app: Sphinx, env: Any, docname: str) -> None:
    """A page is read again, or gone."""
    kept(env).pop(docname, None)


def merge(_app: Sphinx, env: Any, docnames: list[str], other: Any) -> None:
    """Parallel reading: join what each process noted."""
    kept(env).update({name: kept(other)[name] for name in docnames if name in kept(other)})


def write(app: Sphinx, error: Exception | None) -> None:
    """All sections in one file, which the search page alone asks for."""
    if error is not None or app.builder.format != "html":
        return
    entries = []
    for page, found in sorted(kept(app.env).items()):
        number = app.env.toc_secnumbers.get(page, {}).get("", ())
        name = f"{'.'.join(map(str, number))}. " if number else ""
        # The first section is the page itself
        title = found[0]["title"] if found else page
        uri = app.builder.get_target_uri(page)
        entries += [
            {
                "uri": f"{uri}#{each['id']}",
                "page": name + title,
                "title": each["title"],
                "text": each["text"],
                "chapter": bool(number),
            }
            for each in found
        ]
    Path(app.outdir, FILE).write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")


def register(app: Sphinx) -> None:
    """Read each page's sections, and write them at the end."""
    app.connect("doctree-read", note)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("build-finished", write)
