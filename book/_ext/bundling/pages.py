"""The styles of every page in one file, `_static/pages.css`, its classic scripts in `_static/pages.js`."""

import hashlib
import json
import re
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import Any

from sphinx.application import Sphinx

STATIC = Path(__file__).resolve().parents[1] / "live_book" / "static"
# The theme's own, which its layout would ask for by itself, and ours, which go last
THEME_STYLES = ("styles/theme.css", "styles/bootstrap.css", "styles/pydata-sphinx-theme.css")
THEME_SCRIPTS = ("scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js")
OUR_STYLES = ("icons.css", "book.css", "cells.css", "practice.css", "questions.css")
# Those of the equations, cut when all pages are written (typeset)
FONTS = "equations/fonts.css"
IMPORT = re.compile(r"""@import\s+(?:url\()?["']([^"')]+)["']\)?\s*;""")
ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|https?:|[/#])([^"')]+)\1\s*\)""")
CHARSET = re.compile(r'@charset "[^"]*";')
# It belongs to a list of versions, which this book has not
UNUSED = "DOCUMENTATION_OPTIONS.pagename"


class Joined:
    """What all pages of a build load: names of files under _static, and the media that a style is for."""

    def __init__(self) -> None:
        """Nothing yet; the first page tells."""
        self.styles: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self.hash = ""

    def version(self, static: Path) -> str:
        """A hash of the files, for their address: a browser that has older ones asks anew."""
        total = hashlib.sha256(json.dumps([self.styles, self.scripts]).encode())
        names = [name for name, _ in self.styles] + self.scripts
        for path in [*(static / name for name in names), *(STATIC / name for name in OUR_STYLES)]:
            # Some are written when the pages are; their names say which they are
            total.update(path.read_bytes() if path.is_file() else b"")
        return total.hexdigest()[:12]


def style(folder: Path, name: str, base: str = "") -> str:
    """A style sheet's text for a page in `base`: what it imports is in it, addresses lead from `base`."""
    text = CHARSET.sub("", (folder / name).read_text(encoding="utf-8"))
    here = dirname(name)

    def imported(match: re.Match[str]) -> str:
        return style(folder, normpath(join(here, match[1])), base)

    def address(match: re.Match[str]) -> str:
        return f'url("{relpath(normpath(join(here, match[2])), base or ".")}")'

    # Addresses first: those of what is imported are right already
    return IMPORT.sub(imported, ADDRESS.sub(address, text))


def joined_styles(static: Path, styles: list[tuple[str, str]]) -> str:
    """All style sheets in their order; one for a medium stands in a rule of that medium."""
    parts = []
    for name, media in styles:
        text = style(static, name)
        parts.append(f"@media {media} {{\n{text}\n}}" if media else text)
    if (static / FONTS).is_file():
        parts.append(style(static, FONTS))
    parts += [style(STATIC, name) for name in OUR_STYLES]
    return "\n".join(parts)


def joined_scripts(static: Path, scripts: list[str]) -> str:
    """All classic scripts in their order, each ended: the next one may begin with a bracket."""
    # Not at the start: "use strict" of one would hold for all
    return ";\n" + "\n".join(f"{(static / name).read_text(encoding='utf-8')}\n;" for name in scripts)


def local(file: Any) -> str:
    """A style's or script's name under _static; "" if it isn't a file there."""
    name = str(getattr(file, "filename", "") or "")
    return name.removeprefix("_static/") if name.startswith("_static/") else ""


def join_files(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Leave a page those files that it alone has; of the others it gets the two that hold them."""
    common: Joined = app.joined_files  # type: ignore[attr-defined]
    builder: Any = app.builder
    everywhere = {local(file) for file in [*builder._orig_css_files, *builder._orig_js_files]} - {""}
    styles, scripts = (
        sorted(context[name], key=lambda file: file.priority) for name in ("css_files", "script_files")
    )
    if not common.styles:
        ours = [
            (local(file), dict(file.attributes).get("media", ""))
            for file in styles
            if local(file) in everywhere
        ]
        common.styles = [*((name, "") for name in THEME_STYLES), *ours]
        common.scripts = [local(file) for file in scripts if local(file) in everywhere]
        common.scripts += THEME_SCRIPTS
        common.hash = common.version(Path(app.outdir) / "_static")
    context["css_files"] = [file for file in styles if local(file) not in everywhere]
    context["script_files"] = [
        file
        for file in scripts
        if local(file) not in everywhere and UNUSED not in str(file.attributes.get("body", ""))
    ]
    up = "../" * pagename.count("/")
    context["pages_css"] = f"{up}_static/pages.css?v={common.hash}"
    context["pages_js"] = f"{up}_static/pages.js?v={common.hash}"


def write(app: Sphinx, error: Exception | None) -> None:
    """Write both when the theme has written the last of its own."""
    common: Joined | None = getattr(app, "joined_files", None)
    if error is not None or common is None or not common.styles:
        return
    static = Path(app.outdir) / "_static"
    (static / "pages.css").write_text(joined_styles(static, common.styles), encoding="utf-8")
    (static / "pages.js").write_text(joined_scripts(static, common.scripts), encoding="utf-8")


def begin(app: Sphinx) -> None:
    """One list for a build of pages."""
    if app.builder.format == "html":
        app.joined_files = Joined()  # type: ignore[attr-defined]


def register(app: Sphinx) -> None:
    """After all that adds a file to a page or drops one (page_cleanup is at 900, typeset at 950)."""
    app.connect("builder-inited", begin)
    app.connect("html-page-context", join_files, priority=980)
    app.connect("build-finished", write, priority=900)
