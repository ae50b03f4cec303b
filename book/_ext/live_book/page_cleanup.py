"""What the theme would load from elsewhere, or loads for nothing, is left out of the page."""

import re
from typing import Any

from sphinx.application import Sphinx

UNWANTED = (
    "sphinx-thebe",
    "thebe",
    "unpkg.com",
    "cdn.jsdelivr.net",
    "cdnjs.cloudflare.com",
    "require.min.js",
    "hypothes.is",
    "utteranc.es",
)
# Everything of a page comes from the book's own host. Pyodide needs WebAssembly; eval is for tools that watch
# a page.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)
THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>|<script>kernelName = .*?</script>', re.DOTALL
)
CORNER = re.compile(r"<th[^>]*>\s*(?:<p>\s*</p>)?\s*</th>")
MATH_HEADER = re.compile(r'<th class="head">(?=<p><span class="math[^"]*">\\\((.*?)\\\)</span></p>\s*</th>)')
CHAPTER = re.compile(r"^(\d\d)-[a-z0-9-]+$")


def trim(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Drop foreign scripts and styles; say which chapter a page is."""
    context["content_security_policy"] = POLICY
    own = getattr(app.config, "edition_own_chapters", {})
    context["chapter"] = pagename if CHAPTER.match(pagename) or pagename in own else ""
    context["script_files"] = [s for s in context.get("script_files", []) if not unwanted(s)]
    context["css_files"] = [s for s in context.get("css_files", []) if not unwanted(s)]
    if "body" in context:
        context["body"] = THEBE.sub("", context["body"])
    if context["chapter"] and "body" in context:
        context["body"] = f'<div class="chapter-mark" data-chapter="{pagename}"></div>\n{context["body"]}'
    if "body" in context:
        # The label hides the words that say what is shown.
        context["body"] = context["body"].replace('<summary aria-label="Toggle hidden content">', "<summary>")
        # docutils' roles for references are deprecated, and contradict each other.
        context["body"] = re.sub(
            r' role="doc-biblioentry"|(?<=<div) role="list"(?= class="citation-list")', "", context["body"]
        )
        # The corner above a table's first column heads nothing.
        context["body"] = CORNER.sub("<td></td>", context["body"])
        # A heading that is an equation alone has a name in plain text too.
        context["body"] = MATH_HEADER.sub(
            lambda m: f'<th class="head" aria-label="{plain(m[1])}">', context["body"]
        )
        # A region that scrolls must be reachable from the keyboard.
        context["body"] = re.sub(
            r'<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">', context["body"]
        )


def plain(tex: str) -> str:
    """TeX without its marks: good enough to tell one column from another by ear."""
    return re.sub(r"\s+", " ", re.sub(r"[\\{}]", " ", tex)).replace('"', "").strip()


def unwanted(file: Any) -> bool:
    """Does this script or style file belong to something the book does without?"""
    text = str(getattr(file, "filename", "") or "") + str(
        getattr(file, "attributes", {}).get("body", "") or ""
    )
    return any(word in text for word in UNWANTED)


def register(app: Sphinx) -> None:
    """After every other extension has added its scripts."""
    app.connect("html-page-context", trim, priority=900)
