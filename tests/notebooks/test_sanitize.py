"""What students wrote in Markdown cells, through the renderers of nbconvert
(formgrader's too) and of JupyterLab.
"""

import json
import random
import re
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path

import jupyterlab
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jupyterlab.commands import get_app_dir
from nbconvert.filters import markdown2html
from nbconvert.filters.markdown_mistune import InvalidNotebook

from autograder.notebooks.sanitize import COMMANDS, ENVIRONMENTS, LANGUAGES, inert_markdown, visible_code
from tests.support.machine import needed

SCRIPT = Path(__file__).parents[1] / "support" / "jupyterlab_markdown.mjs"
TAGS = """
p em strong code pre ul ol li h1 h2 h3 h4 h5 h6 a blockquote br hr table thead tbody tr th td del div
span input section sup dl dt dd
"""
FINE = frozenset(TAGS.split())
# The sign in front of every heading's text, in ids as nbconvert writes them.
SIGN = "%C2%A7"


class Reader(HTMLParser):
    """Notes every tag, address, event handler, diagram and id of a page that might act on it."""

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
            if name == "href" and not (value or "").startswith("#" + SIGN):
                self.bad.append((tag, name, value))
            if name == "id" and not (value or "").startswith(SIGN):
                self.bad.append((tag, name, value))
            if name == "class" and "mermaid" in value.lower():
                self.bad.append((tag, name, value))


def bad_in(markdown):
    reader = Reader()
    try:
        reader.feed(markdown2html(markdown))
    except InvalidNotebook:
        # An attachment that isn't there: nothing of the notebook is shown.
        return ["attachment"]
    return reader.bad


def in_jupyterlab(sources):
    """For each source, what JupyterLab's own parser would act on: links, images,
    HTML, languages, headings' ids.
    """
    node = needed("node")
    files = sorted((Path(get_app_dir()) / "static").glob("*.js"))
    parser = next((file for file in files if "marked:()=>" in file.read_text("utf-8")), None)
    assert parser, (
        f"JupyterLab {jupyterlab.__version__} parses Markdown by other means: this test must learn them"
    )
    done = subprocess.run(
        [node, SCRIPT, parser],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [[what for what in found if acts(*what)] for found in json.loads(done.stdout)]


def acts(kind, text):
    if kind == "code":
        return text not in LANGUAGES
    return kind != "heading" or not text.startswith("§")


HOSTILE = (
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[x]\n\n[x]:\n javascript:alert(1)",
    "![x](javascript:alert(1))",
    "![x](https://example.org/seen.png)",
    "![x][1]\n\n[1]: https://example.org/seen.png",
    "![x](attachment:x.svg)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](https://example.org)",
    "[x](/formgrader/api/grades)",
    "[x](../ben/06-step-2.ipynb)",
    "https://example.org/x",
    "www.example.org",
    "grader@example.org",
    "<https://example.org>",
    "<grader@example.org>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<javascript:alert(1)>",
    "&lt;script&gt;",
    "<!-- x --><b>",
    "[![x](https://a.b/c.png)](javascript:alert(1))",
    "`x`<iframe src=x>",
    "| a |\n|---|\n| [x](javascript:alert(1)) |",
    "[x](//example.org)",
    "[^1]\n\n[^1]: [x](javascript:alert(1))",
    "- [ ] <b onclick=x>",
    "    <script>alert(1)</script>",
    "```html\n<script>alert(1)</script>\n```",
    "[x](javascript\\:alert(1))",
    "<a href='javascript:x'>y</a>",
    "<\\!script>alert(1)</script>",
    "```mermaid\ngraph TD\n  click A https://example.org\n```",
    "~~~mermaid\ngraph TD\n~~~",
    "``` mermaid theme=dark\ngraph TD\n```",
    "> ```mermaid\n> graph TD\n> ```",
    "- ```mermaid\n  graph TD\n  ```",
    "1. a\n\n   ```mermaid\n   graph TD\n   ```",
    "```mermaid-x\ngraph TD\n```",
    "```\n```mermaid\ngraph TD\n```",
    "$$\n```mermaid\n$$\n```mermaid\ngraph TD\n```",
    "```python\n$$\n```\n\n```mermaid\nx\n```",
    "# why_same_g",
    "#why_same_g",
    "why_same_g\n===",
    "why_same_g\n-",
    "> # why_same_g",
    "- # why_same_g",
    "1. > why_same_g\n   > ---",
    "- [ ] # why_same_g",
)


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_runs_and_nothing_is_fetched(markdown):
    assert bad_in(inert_markdown(markdown)) == []


def test_the_control_would_run():
    assert sum(bool(bad_in(markdown)) for markdown in HOSTILE) >= 45


def test_nothing_runs_in_jupyterlab():
    found = in_jupyterlab([inert_markdown(markdown) for markdown in HOSTILE])
    assert [(source, acting) for source, acting in zip(HOSTILE, found, strict=True) if acting] == []
    assert sum(map(bool, in_jupyterlab(HOSTILE))) >= 45


PIECES = (
    *"()![]:<>` \t$\\'\"|*-=1&#^@/{}\n\u202e",
    *(
        "[x]",
        "javascript:",
        "javascript\\:",
        "&#106;avascript:",
        "https://a.b",
        "\n\n",
        "```",
        "~~~",
        "mermaid",
    ),
    *(
        "python",
        "$$",
        "\\\\",
        "\\!",
        "\\[",
        "script",
        "img src=x",
        "a href=",
        "onerror=x",
        "|---|",
        "---",
        "+ ",
    ),
    *("> ", "1. ", "&Tab;", "# why", "why_same_g", "www.", "//", "\\begin{align}", "\\end{align}", "    "),
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("(\n-=")
@example("a\n--=")
@example("a\n=-")
def test_no_mixture_of_syntax_runs(markdown):
    assert bad_in(inert_markdown(markdown)) == []


def test_no_mixture_of_syntax_runs_in_jupyterlab():
    choose = random.Random(7)
    mixtures = ["".join(choose.choices(PIECES, k=choose.randint(1, 16))) for _ in range(20_000)]
    found = in_jupyterlab([inert_markdown(markdown) for markdown in mixtures])
    assert [(source, acting) for source, acting in zip(mixtures, found, strict=True) if acting] == []
    assert sum(map(bool, in_jupyterlab(mixtures))) > 3_000


@pytest.mark.parametrize(
    "tex",
    [
        "$\\href{javascript:alert(1)}{x}$",
        "$\\HREF{a}{b}$",
        "$\\let\\x\\href$",
        "$\\def\\x{\\href}$",
        "$\\newcommand{\\x}{\\href}$",
        "$\\require{html}\\class{a}{b}$",
        "$\\style{x}{y}$",
        "$\\csname href\\endcsname$",
        "\\\\(\\\\href{javascript:1}{x}\\\\)",
        "$\\rule{9999em}{9999em}$",
        "$\\hspace{-99em}\\raise{9em}{x}\\kern9em$",
        "$\\Huge\\color{white} x$",
        "\\begin{CD}\\end{CD}",
        "\\begin {CD}",
        "\\begin{array}{p{9999em}}x\\end{array}",
    ],
)
def test_tex_does_no_more_than_mathematics(tex):
    inert = inert_markdown(tex)
    assert set(re.findall(r"\\([A-Za-z]{2,})", inert)) <= COMMANDS | {"begin", "end"}
    assert set(re.findall(r"\\begin\{(.*?)\}", inert)) <= ENVIRONMENTS
    assert "\\begin{array}{p" not in inert
    # The control: it was another before, and its words are still there.
    assert inert != tex
    assert re.findall(r"\w+", inert) == re.findall(r"\w+", tex)


TEX = st.sampled_from(
    [
        *"\\ n$*_`\n\u200b",
        *(
            "\\\\",
            "href",
            "rule",
            "frac",
            "begin",
            "end",
            "{align}",
            "{CD}",
            "{array}",
            "{cc}",
            "{p{9em}}",
            "[9em]",
            "\\!",
        ),
    ]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(TEX, max_size=14).map("".join))
def test_no_mixture_of_tex_does_more(markdown):
    inert = inert_markdown(markdown)
    assert set(re.findall(r"\\([A-Za-z]{2,})", inert)) <= COMMANDS | {"begin", "end"}
    assert all(name in ENVIRONMENTS for name in re.findall(r"\\(?:begin|end)(?:\{(.*?)\}|\b)", inert))
    assert not re.search(r"\\\\\s*\[9em\]|\\begin\{array\}(?!\{[lcr| ]*\})|\\!", inert)


def test_what_cannot_be_seen_is_shown():
    assert inert_markdown("a\u202eb\u200bc\x1b[1m\ud800\x00") == (
        "a⟨U+202E⟩b⟨U+200B⟩c⟨U+001B⟩[1m⟨U+D800⟩⟨U+0000⟩"
    )
    assert inert_markdown("a\xa0b\u3000c\r\nd\re") == "a b c\nd\ne"
    assert inert_markdown("e\u0301 " + "e" + "\u0301" * 500) == "e\u0301 " + "e" + "\u0301" * 3


@pytest.mark.parametrize(
    "markdown",
    [
        "a < b and c > d",
        "$\\delta^{[l]} = (W^{[l+1]})^\\top \\delta^{[l+1]} \\circ g'(z)$",
        "**why** *so*?",
        "`W.T @ delta`",
        "- one\n- two\n\n1. one\n2. two\n\n> quoted",
        "Q & A",
        "$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$",
        "$$\n\\begin{bmatrix}\n1 & 0 \\\\\n0 & 1\n\\end{bmatrix}\n\\in \\mathbb{R}^{2 \\times 2}\n$$",
        "\\\\[ \\frac{\\partial L}{\\partial z} \\\\]",
        "| a | b |\n|---|:-:|\n| 1 | 2 |",
        "```python\n# the slope\ndelta = W.T @ d * g(z)\nprint('a\\n')\n```",
        "über δ → 0 — naïve … 😀",
    ],
)
def test_ordinary_essays_stay_as_they_are(markdown):
    assert inert_markdown(markdown) == markdown


@pytest.mark.parametrize(
    ("markdown", "inert"),
    [
        ("[a page](https://example.org/x)", "[a page] (https: //example.org/x)"),
        ("$f[i](https://x)$", "$f[i] (https: //x)$"),
        ("# Why\n\nText", "# § Why\n\nText"),
        ("Why\n---\nText", "Why\n***\nText"),
        ("W.T@delta, a<b, x&y", "W.T @ delta, a< b, x& y"),
        ("text\n~~~py\nx[0](1)\n~~~", "text\n\n```py\nx[0] (1)\n```"),
        ("  ```\n  # one\n    two\n", "```\n# one\n  two\n\n```"),
        ("```mermaid\ngraph\n```", "```\nmermaid\ngraph\n```"),
    ],
)
def test_what_is_broken_up_can_still_be_read(markdown, inert):
    assert inert_markdown(markdown) == inert


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_no_word_is_lost(markdown):
    words = re.sub(r"[^A-Za-z]", "", markdown)
    assert re.sub(r"U\+[0-9A-F]+|[^A-Za-z]", "", inert_markdown(markdown)) == re.sub(
        r"U\+[0-9A-F]+", "", words
    )


@pytest.mark.parametrize(
    "piece", ["\\", "`", "~", " ", "``` ", "- ", "> ", "1. ", "[x](", "# ", "@a", "\\\\ ", "<", "\u0301"]
)
def test_the_time_is_that_of_reading(piece):
    """Measured 0.1 s or less; what grew with the square of the length would take hours."""
    started = time.process_time()
    for text in (piece * (400_000 // len(piece)), "```" + piece * (400_000 // len(piece)) + "`x"):
        inert_markdown(text)
    assert time.process_time() - started < 10


def test_code_shows_what_is_not_seen():
    turned = "is_right = 'no\u202e # \u2066yes'\u2069\n"
    shown = visible_code(turned)
    assert shown == "is_right = 'no⟨U+202E⟩ # ⟨U+2066⟩yes'⟨U+2069⟩\n"
    assert visible_code("a\u00adb\u200bc\ufeff\x1b[2J\U000e0041") == (
        "a⟨U+00AD⟩b⟨U+200B⟩c⟨U+FEFF⟩⟨U+001B⟩[2J⟨U+E0041⟩"
    )
    for fine in ("x = 1\n\ty", "σ = δ @ W_ˡ", "x\u00a0= 1", "名前 = '😀'"):
        assert visible_code(fine) == fine
