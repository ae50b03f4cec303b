"""Equations are set when the book is built: a page needs no script to show them.

- ``mathjax`` and ``typeset.mjs``: MathJax in Node, the same that live cells' output is set with, so equations
  look alike; a page's formulas are kept in .cache/equations until they change;
- ``fonts``: MathJax's fonts, cut down to the characters that the book shows.

Without Node a page sets its equations by itself, with no notes over their symbols; without MathJax
(tools/vendor.py brings it) they stay in TeX. The build says so.
"""

import hashlib
import html
import re
from pathlib import Path
from typing import Any

from reading import notation
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from typeset import fonts
from typeset.mathjax import Formula, MathJax, Typeset, TypesetError

logger = logging.getLogger(__name__)
# What Sphinx writes for a formula: \(...\) in a line, \[...\] on its own, or an environment of amsmath.
MATH = re.compile(
    r'(?P<before><(?P<tag>span|div) class="(?:amsmath )?math notranslate nohighlight[^"]*"[^>]*>\s*'
    r'(?:<span class="eqno">(?:(?!\\\[).)*?)?)'
    r"(?:\\\((?P<line>.*?)\\\)|\\\[(?P<display>.*?)\\\]|(?P<environment>\\begin\{[^<]*?\\end\{\w+\*?\}))"
    r"\s*(?P<after></(?P=tag)>)",
    re.DOTALL,
)
SYMBOL = re.compile(r'data-symbol="(\d+)"')
FACE = re.compile(r"@font-face[^}]*}")
# In every formula of a page; the browser needs them before it reads the style
FIRST_FONTS = ("MathJax_Main-Regular", "MathJax_Math-Italic")
STYLE = re.compile(r'<style id="equation-style">(.*?)</style>', re.DOTALL)
FOLDER = "_static/equations"


def squeezed(css: str) -> str:
    """The style without the room between its words."""
    return re.sub(r"\s*([{};:,])\s+", r"\1", css).strip().replace(";}", "}").replace(" {", "{")


def read(match: re.Match[str]) -> Formula:
    """The formula that MATH found."""
    tex = match["line"] or match["display"] or match["environment"]
    return Formula(html.unescape(tex).strip(), match["line"] is None)


def formulas(text: str) -> list[Formula]:
    """The formulas of a piece of HTML in their order."""
    return [read(match) for match in MATH.finditer(text)]


def put(text: str, elements: dict[Formula, str], seen: set[str] | None) -> str:
    """The HTML with each formula's element in the place of its TeX, which stays beside it as data-tex.

    seen: the symbols that a reader met before; displayed formulas, and those with a new symbol, become stops
    of the Tab key. None: no formula does.
    """

    def element(match: re.Match[str]) -> str:
        formula = read(match)
        found = elements[formula]
        stop = ""
        if seen is not None:
            symbols = set(SYMBOL.findall(found))
            stop = ' tabindex="0"' if formula.display or symbols - seen else ""
            seen.update(symbols)
        # A displayed one may stand in parts, each with its own TeX
        if "data-tex=" not in found:
            stop = f' data-tex="{html.escape(formula.tex)}"{stop}'
        found = found.replace("<mjx-container", f"<mjx-container{stop}")
        return f"{match['before']}{found}{match['after']}"

    return MATH.sub(element, text)


class Equations:
    """What one build needs to set equations: MathJax in Node, while it can be had."""

    def __init__(self, app: Sphinx) -> None:
        """Nothing is started before a page has an equation."""
        self.folder = Path(app.config.live_cache) / "vendor" / "mathjax"
        kept = Path(app.config.live_cache) / "equations" / (app.config.language or "en")
        # MathJax's rules that name its fonts, with their addresses from _static
        self.faces = ""
        self.mathjax: MathJax | None = None
        # An older copy has no part for Node
        if (self.folder / ".complete").is_file() and (self.folder / "es5" / "node-main.js").is_file():
            self.mathjax = MathJax(self.folder / "es5", app.config.mathjax3_config or {}, kept)
        else:
            logger.info("equations: MathJax is missing (python tools/vendor.py brings it): they stay in TeX")

    def typeset(self, page: str, asked: list[Formula]) -> Typeset | None:
        """A page's formulas; None, and said once, if they can't be set here."""
        if self.mathjax is None:
            return None
        symbols = notation.for_page(notation.read(), page)
        letters: dict[str, int] = {}
        for number, symbol in enumerate(symbols):
            for letter in symbol.letters:
                letters.setdefault(letter, number)
        try:
            found = self.mathjax.typeset(page, asked, letters)
        except TypesetError as error:
            logger.info("equations: each page sets its own, without notes over symbols: %s", error)
            self.close()
            return None
        for tex, why in found.errors:
            logger.warning("the equation %r is no TeX that MathJax knows: %s", tex, why, location=page)
        return found

    def close(self) -> None:
        """End Node."""
        if self.mathjax is not None:
            self.mathjax.close()
        self.mathjax = None


def set_equations(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Set a page's equations: the style goes into its head, the elements into its list of sections."""
    body, toc = context.get("body", ""), context.get("toc", "")
    asked = list(dict.fromkeys(formulas(body) + formulas(toc)))
    equations: Equations = app.equations  # type: ignore[attr-defined]
    found = equations.typeset(pagename, asked) if asked else None
    if found is None:
        return
    css = squeezed(found.css)
    equations.faces = "".join(FACE.findall(css)).replace("FONTS/", "")
    context["equations"] = dict(zip(asked, found.html, strict=True))
    context["toc"] = put(toc, context["equations"], None)
    context["equation_style"] = FACE.sub("", css)
    up = "../" * pagename.count("/")
    context["equation_fonts"] = [f"{up}{FOLDER}/{name}.woff" for name in FIRST_FONTS]


def put_equations(
    _app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Put the elements into the page's text, when all others have done with its TeX; MathJax may go."""
    if "equations" in context:
        context["body"] = put(context["body"], context["equations"], set())
        context["script_files"] = [s for s in context["script_files"] if not of_mathjax(s)]


def of_mathjax(file: Any) -> bool:
    """Is this script MathJax or its settings?"""
    text = f"{getattr(file, 'filename', '')} {getattr(file, 'attributes', {}).get('body', '')}"
    return "mathjax/es5" in text or "window.MathJax" in text


def cut_fonts(app: Sphinx, error: Exception | None) -> None:
    """When all pages are written, cut the fonts to what they show."""
    equations: Equations | None = getattr(app, "equations", None)
    if equations is None:
        return
    equations.close()
    if error is not None:
        return
    out = Path(app.outdir)
    styles = [css for page in out.rglob("*.html") for css in STYLE.findall(page.read_text(encoding="utf-8"))]
    if styles and equations.faces:
        characters = set().union(*map(fonts.shown, styles))
        source = equations.folder / "es5" / "output" / "chtml" / "fonts" / "woff-v2"
        fonts.write(source, out / FOLDER, characters, equations.faces)


def note_build(_app: Sphinx, config: Config) -> None:
    """Equations look otherwise with another MathJax, or none: every page is then written anew."""
    files = [*sorted(Path(__file__).parent.glob("*.*")), Path(config.live_cache, "vendor/mathjax/.complete")]
    data = b"".join(file.read_bytes() for file in files if file.is_file())
    config.typeset_build = hashlib.sha256(data).hexdigest()


def begin(app: Sphinx) -> None:
    """One Equations for the build, if pages of HTML are made."""
    if app.builder.format == "html":
        app.equations = Equations(app)  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Register: the list of sections before the theme reads it, the text after page_cleanup (900)."""
    app.add_config_value("typeset_build", "", "html")
    app.connect("config-inited", note_build)
    app.connect("builder-inited", begin)
    app.connect("html-page-context", set_equations, priority=400)
    app.connect("html-page-context", put_equations, priority=950)
    app.connect("build-finished", cut_fonts)
    # One Node serves all pages, so they are written by one process
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
