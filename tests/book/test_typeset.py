"""Equations that are set while the book is built: what Sphinx writes becomes elements, by a real MathJax."""

import importlib
import re
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tests.support.built_book import HTML, ROOT, build, vendored
from tests.support.machine import needed

sys.path.insert(0, str(ROOT / "book" / "_ext"))
typeset = importlib.import_module("typeset")
mathjax = importlib.import_module("typeset.mathjax")
fonts = importlib.import_module("typeset.fonts")
Formula = mathjax.Formula

MATHJAX = ROOT / ".cache" / "vendor" / "mathjax" / "es5"
LINE = r'<span class="math notranslate nohighlight">\(a &lt; b\)</span>'
DISPLAY = '<div class="math notranslate nohighlight">\n\\[c\\]</div>'
NUMBERED = (
    '<div class="math notranslate nohighlight" id="equation-eq-6-1">\n'
    '<span class="eqno"><a href="#line-6-1">(6.1)</a><a class="headerlink" href="#x">#</a></span>\\[d\\]</div>'
)
AMSMATH = '<div class="amsmath math notranslate nohighlight">\n\\begin{align*}e&amp;f\\end{align*}</div>'


@pytest.fixture
def machine(tmp_path: Path):
    needed("node")
    code, log = vendored()
    assert code == 0, log[-2000:]
    opened = mathjax.MathJax(MATHJAX, {"tex": {"macros": {"T": r"{\mathsf{T}}"}}}, tmp_path)
    yield opened
    opened.close()


def test_every_form_of_a_formula_is_found_and_replaced() -> None:
    text = f"<p>{LINE}</p>{DISPLAY}{NUMBERED}{AMSMATH}<p>\\(no formula\\)</p>"
    asked = typeset.formulas(text)
    assert asked == [
        Formula("a < b", False),
        Formula("c", True),
        Formula("d", True),
        Formula(r"\begin{align*}e&f\end{align*}", True),
    ]
    elements = {formula: f"<mjx-container>{number}</mjx-container>" for number, formula in enumerate(asked)}
    put = typeset.put(text, elements, None)
    assert '<mjx-container data-tex="a &lt; b">0</mjx-container></span>' in put
    assert '(6.1)</a><a class="headerlink" href="#x">#</a></span><mjx-container data-tex="d">2<' in put
    assert "\\[" not in put
    assert "\\(no formula\\)" in put


def test_displays_and_first_symbols_are_stops_of_the_tab_key() -> None:
    marked = '<mjx-container><mi data-symbol="3"></mi></mjx-container>'
    elements = {Formula("a < b", False): marked, Formula("c", True): "<mjx-container></mjx-container>"}
    put = typeset.put(LINE + LINE + DISPLAY, elements, set())
    assert [' tabindex="0"' in part for part in put.split("<mjx-container")[1:]] == [True, False, True]
    assert "tabindex" not in typeset.put(LINE, elements, None)


def test_symbols_are_marked_with_accents_indices_and_primes(machine) -> None:
    letters = {"W": 0, "hat y": 1, "g'": 2, "g": 3}
    found = machine.typeset(
        "page", [Formula(tex, False) for tex in (r"W^{[l]}", r"\hat y", "g'(z)", "q")], letters
    )
    assert ['data-symbol="0"' in found.html[0], 'data-symbol="1"' in found.html[1]] == [True, True]
    assert 'data-symbol="2"' in found.html[2]
    assert 'data-symbol="3"' not in found.html[2]
    assert "data-symbol" not in found.html[3]
    assert all("<mjx-assistive-mml" in html for html in found.html)
    assert found.errors == ()


def test_equations_side_by_side_are_set_in_parts_that_say_how_wide_they_are(machine) -> None:
    """So that they fit a phone; what has columns, or a number of its own, stays in one piece."""
    matrix = r"\begin{split}W=\begin{pmatrix}1&1\\2&-1\end{pmatrix},\qquad b=f(a\quad c)\end{split}"
    whole = (r"\begin{split}a&=b\quad c\\d&=e\end{split}", r"a=b\quad c \tag{1}", r"{a\quad b}", "q < r")
    found = machine.typeset("page", [Formula(tex, True) for tex in (matrix, *whole)], {}).html
    parts = re.findall('data-tex="([^"]*)"', found[0])
    assert [part[:2] for part in parts] == ["W=", "b="]
    widths = [float(width) for width in re.findall(r"--width: ([\d.]+)", found[0])]
    assert widths[0] > widths[1] > 4
    assert [html.count("<mjx-container") for html in found[1:]] == [1] * len(whole)
    assert machine.typeset("line", [Formula(r"a\quad b", False)], {}).html[0].count("--width") == 0


def test_a_style_has_the_rules_of_its_own_page_alone(machine) -> None:
    first = machine.typeset("first", [Formula(r"\sum_i a_i^\T", True)], {})
    second = machine.typeset("second", [Formula("b", False)], {})
    assert 0x2211 in fonts.shown(first.css)
    assert 0x2211 not in fonts.shown(second.css)
    assert "mjx-assistive-mml" in second.css


def test_what_is_no_tex_is_told_with_its_reason(machine) -> None:
    found = machine.typeset("page", [Formula(r"\frac{1}{2", False), Formula(r"\nabala L", False)], {})
    assert [tex for tex, _ in found.errors] == [r"\frac{1}{2", r"\nabala L"]
    assert "nabala" in found.errors[1][1]


def test_a_page_that_did_not_change_is_not_set_again(machine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = machine.typeset("page", [Formula("x", False)], {})
    monkeypatch.setattr(mathjax.shutil, "which", lambda _: None)
    machine.close()
    assert machine.typeset("page", [Formula("x", False)], {}) == first
    with pytest.raises(mathjax.TypesetError, match="Node is not installed"):
        machine.typeset("page", [Formula("y", False)], {})


def test_when_mathjax_fails_the_message_says_so(tmp_path: Path) -> None:
    needed("node")
    (tmp_path / "node-main.js").write_text("")
    with pytest.raises(mathjax.TypesetError, match="ended with exit code 1"):
        mathjax.MathJax(tmp_path, {}, tmp_path).typeset("page", [Formula("x", False)], {})


def test_a_font_keeps_the_characters_that_are_shown(tmp_path: Path) -> None:
    assert fonts.shown(r'a::before{content:"x\2212 \"\\"}b{content:""}') == {0x78, 0x2212, 0x22, 0x5C}
    code, log = vendored()
    assert code == 0, log[-2000:]
    source = MATHJAX / "output" / "chtml" / "fonts" / "woff-v2" / "MathJax_Main-Regular.woff"
    data = fonts.cut(source, {0x78, 0x2212})
    (tmp_path / "cut.woff").write_bytes(data)
    assert set(TTFont(tmp_path / "cut.woff").getBestCmap()) == {0x78, 0x2212}
    assert len(data) < source.stat().st_size / 5


def test_every_equation_of_the_book_is_set() -> None:
    code, log = build()
    assert code == 0, log[-4000:]
    pages = {path.name: path.read_text(encoding="utf-8") for path in HTML.glob("*.html")}
    assert [name for name, text in pages.items() if typeset.formulas(text)] == []
    assert [name for name, text in pages.items() if "mathjax/es5" in text.split("live-settings")[0]] == []
    assert sum(text.count("<mjx-container") for text in pages.values()) > 1000
    characters = set().union(
        *(fonts.shown(css) for text in pages.values() for css in typeset.STYLE.findall(text))
    )
    held = set()
    for font in (HTML / typeset.FOLDER).glob("*.woff"):
        held |= set(TTFont(font).getBestCmap())
    assert characters - held == set()
