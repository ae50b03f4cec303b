"""Pictures that are fetched when a reader comes near them; the page keeps their place. A diagram of
backprop.diagrams becomes a part of the page, and has its colours.
"""

import re
import struct
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sphinx.application import Sphinx

PICTURE = re.compile(r'<img (?P<rest>[^>]*?\bsrc="(?:\.\./)*_images/(?P<name>[^"/]+)"[^>]*)>')
DIAGRAM = re.compile(r'<svg [^>]*class="diagram"[^>]*>.*</svg>', re.DOTALL)
ALT = re.compile(r'\balt="([^"]*)"')
PNG = b"\x89PNG\r\n\x1a\n"


def size(path: Path) -> tuple[int, int] | None:
    """Width and height of a PNG in pixels; None for anything else."""
    with path.open("rb") as file:
        head = file.read(24)
    return struct.unpack(">II", head[16:24]) if head[:8] == PNG else None  # type: ignore[return-value]


def diagram(path: Path, words: str) -> str | None:
    """The element of a diagram, with its words for those who don't see it; None for any other picture."""
    found = DIAGRAM.search(path.read_text(encoding="utf-8")) if path.suffix == ".svg" else None
    return found and found[0].replace("<svg ", f'<svg role="img" aria-label="{words}" ', 1)


def defer(app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Give a page's PNGs their size, if nothing else says it, and leave them for later."""
    sources = {name: source for source, name in app.builder.images.items()}

    def later(match: re.Match[str]) -> str:
        source = sources.get(unquote(match["name"]))
        alt = ALT.search(match["rest"])
        drawn = diagram(Path(app.srcdir) / source, alt[1] if alt else "") if source else None
        if drawn:
            return drawn
        found = size(Path(app.srcdir) / source) if source else None
        if found is None or re.search(r"\b(width|height|loading)=", match["rest"]):
            return match[0]
        width, height = found
        return f'<img loading="lazy" width="{width}" height="{height}" {match["rest"]}>'

    if "body" in context:
        context["body"] = PICTURE.sub(later, context["body"])


def register(app: Sphinx) -> None:
    """When the page's text is whole."""
    app.connect("html-page-context", defer, priority=970)
