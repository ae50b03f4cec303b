from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html

from autograder.notebooks.sanitize import harmless

FINE = {"p", "em", "strong", "code", "pre", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "a", "blockquote", "br", "hr",
        "table", "thead", "tbody", "tr", "th", "td", "del", "div", "span", "input", "section", "sup"}  # fmt: skip
SAFE = ("https://", "http://", "#")


class Reader(HTMLParser):
    """Notes every tag, address and event handler of a page."""

    def __init__(self):
        super().__init__()
        self.bad = []

    def handle_starttag(self, tag, attrs):
        if tag not in FINE:
            self.bad.append(tag)
        for name, value in attrs:
            fetches = name in ("src", "srcset", "action", "formaction", "data") or (
                name == "style" and tag not in ("td", "th")
            )
            if name.startswith("on") or fetches:
                self.bad.append((tag, name, value))
            if name == "href" and not (value or "").startswith(SAFE):
                self.bad.append((tag, name, value))


def bad_in(markdown):
    reader = Reader()
    reader.feed(markdown2html(markdown))
    return reader.bad


HOSTILE = (
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))", "[x](java&Tab;script:alert(1))",
    "[x]( javascript:alert(1))", "[x](<javascript:alert(1)>)", "[x][1]\n\n[1]: javascript:alert(1)", "[x]\n\n[x]:\n javascript:alert(1)",
    "![x](javascript:alert(1))", "![x](https://example.org/seen.png)", "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)", "[x](file:///etc/passwd)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<javascript:alert(1)>", "&lt;script&gt;", "<!-- x --><b>", "[![x](https://a.b/c.png)](javascript:alert(1))", "`x`<iframe src=x>",
    "| a |\n|---|\n| [x](javascript:alert(1)) |", "[x](//example.org)", "[^1]\n\n[^1]: [x](javascript:alert(1))", "- [ ] <b onclick=x>",
    "    <script>alert(1)</script>", "```html\n<script>alert(1)</script>\n```", "[x](javascript\\:alert(1))", "<a href='javascript:x'>y</a>",
)  # fmt: skip


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_runs_and_nothing_is_fetched(markdown):
    assert bad_in(harmless(markdown)) == []


def test_the_control_would_run():
    assert sum(bool(bad_in(markdown)) for markdown in HOSTILE) >= 18


PIECES = st.sampled_from(
    ["[x]", "(", ")", "!", "[", "]", ":", "<", ">", "javascript:", "javascript\\:", "&#106;avascript:", "https://a.b", "\n", "\n\n", " ", "\t",
     "`", "```", "$", "$$", "\\", "script", "img src=x", "a href=", "onerror=x", "'", '"', "|", "|---|", "*", "-", "1", "&", "&Tab;", "#", "^"]
)  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_mixture_of_syntax_runs(markdown):
    assert bad_in(harmless(markdown)) == []


@pytest.mark.parametrize(
    "tex",
    ["$\\href{javascript:alert(1)}{x}$", "$\\HREF{a}{b}$", "$\\let\\x\\href$", "$\\def\\x{\\href}$", "$\\newcommand{\\x}{\\href}$",
     "$\\require{html}\\class{a}{b}$", "$\\style{x}{y}$", "$\\csname href\\endcsname$", "\\\\(\\\\href{javascript:1}{x}\\\\)"],
)  # fmt: skip
def test_tex_makes_no_links(tex):
    assert "\\href" not in harmless(tex).lower()
    assert "\\let" not in harmless(tex)
    assert "\\csname" not in harmless(tex)


@pytest.mark.parametrize(
    "markdown",
    ["a < b and c > d", "$\\delta^{[l]} = (W^{[l+1]})^\\top \\delta^{[l+1]} \\circ g'(z)$", "**why** *so*?", "[a page](https://example.org/x)",
     "$f[i](https://x)$", "`W.T @ delta`", "- one\n- two", "Q & A", "$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$"],
)  # fmt: skip
def test_ordinary_essays_stay_as_they_are(markdown):
    assert harmless(markdown) == markdown
