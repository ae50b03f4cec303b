"""TeX of essays through a real MathJax in a browser, with a listener that must hear nothing.

The book's own MathJax, with `autoload` and `require`, which fetch further packages by a command's name.
"""

import functools
import http.server
import threading
from pathlib import Path

import pytest

from autograder.notebooks.sanitize import COMMANDS, ENVIRONMENTS, inert_markdown
from tests.support.built_book import ROOT, served, vendored
from tests.support.live_page import Watched, browser

__all__ = ["browser"]

PAGE = """<!DOCTYPE html><meta charset="utf-8"><script>
MathJax = {startup: {typeset: false}, tex: {
  inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]], processEscapes: true, processEnvironments: true}};
</script><script src="mathjax/es5/tex-chtml.js"></script><body style="font-size: 16px"></body>"""
# Each text in a box of its own: what in it is no mathematics, and how far (in em) it reaches out of the box.
TYPESET = """async (texts) => {
  await MathJax.startup.promise;
  const boxes = texts.map((text) => {
    const box = document.body.appendChild(document.createElement("div"));
    box.style.margin = "4em";
    box.textContent = text;
    return box;
  });
  for (const box of boxes) await MathJax.typesetPromise([box]).catch(() => {});
  const found = boxes.map((box) => {
    const own = box.getBoundingClientRect(), acts = [];
    let out = 0;
    for (const part of box.querySelectorAll("*")) {
      // What is read aloud, and the pieces that tall brackets are cut from: both are clipped.
      if (part.closest("mjx-assistive-mml") || part.parentElement.closest("mjx-ext")) continue;
      const names = [part.id, part.getAttribute("class"), part.getAttribute("style")].join(" ");
      if (part.matches("a, img, script, iframe, [href], [onclick], [src]") || names.includes("marked"))
        acts.push(part.outerHTML.slice(0, 120));
      const rect = part.getBoundingClientRect();
      if (rect.width || rect.height)
        out = Math.max(out, own.top - rect.top, rect.bottom - own.bottom, own.left - rect.left);
    }
    const html = box.querySelector("mjx-math")?.outerHTML ?? box.innerHTML;
    return {acts, out: out / 16, height: own.height / 16, html};
  });
  for (const box of boxes) box.remove();
  return found;
}"""
HOSTILE = [
    r"$\href{ADDRESS}{x}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{background:url(ADDRESS)}{\square}$",
    r"$\style{position:fixed;top:0;left:0;width:100vw;height:100vh;background:red;marked:1}{x}$",
    r"$\class{marked}{x}$",
    r"$\cssId{marked}{x}$",
    r"$\rule{9999em}{9999em}$",
    r"$\Rule{999em}{999em}{999em}$",
    r"$\kern-99em x$",
    r"$\hskip-99em x$",
    r"$\mskip-999mu x$",
    r"$\hspace{-99em} x$",
    r"$\raise99em{x}$",
    r"$\lower99em{x}$",
    r"$\moveleft99em{x}$",
    r"$\vphantom{\rule{1em}{999em}}x$",
    r"$\bbox[red,99em]{x}$",
    r"$\bbox[marked:1]{x}$",
    r"$\enclose{circle}[mathbackground=red]{x}$",
    r"$\mmlToken{mi}[class=marked]{x}$",
    r"$\require{html}\href{ADDRESS}{x}$",
    r"$\require{action}\texttip{x}{y}$",
    r"$\toggle{x}{y}\endtoggle$",
    r"$\unicode{x2588}$",
    r"$\def\x{\href{ADDRESS}{x}}\x$",
    r"$\newcommand{\alpha}{\rule{9999em}{9999em}}\alpha$",
    r"$\let\frac\href \frac{ADDRESS}{x}$",
    r"$\renewcommand{\mathbf}[1]{\class{marked}{#1}}$",
    r"$\DeclareMathOperator{\alpha}{\href{ADDRESS}{x}}$",
    r"$\includegraphics{ADDRESS}$",
    r"$\text{\href{ADDRESS}{x}}$",
    r"$\label{marked} x \ref{marked}$",
    r"$$\tag{\href{ADDRESS}{1}} x$$",
    r"$$\begin{matrix} x \\[-99em] y \end{matrix}$$",
    r"$$\begin{array}{p{99em}} x \end{array}$$",
    r"$$\begin{prooftree} \AxiomC{x} \end{prooftree}$$",
    r"$$\begin{xalignat}{99} x \end{xalignat}$$",
    r"$\mathchoice{\href{ADDRESS}{x}}{}{}{}$",
    r"$\smash{\rule{9em}{99em}}$",
    r"$\llap{\rule{99em}{9em}} \rlap{x} \mathllap{x}$",
    r"$\Huge\Huge\Huge x$",
    r"$\fontsize{99em}{99em} x$",
    r"$\mathtip{x}{y} \color{url(ADDRESS)}{x} \colorbox{url(ADDRESS)}{x} \fcolorbox{marked}{marked}{x}$",
    r"$\cancel{x} \bcancel{x} \ce{\href{ADDRESS}{x}} \pu{1 m}$",
    r"$\buildrel\href{ADDRESS}{x}\over y$",
    r"\begin{equation}\href{ADDRESS}{x}\end{equation}",
    r"\(\href{ADDRESS}{x}\)",
    r"\[\style{background:url(ADDRESS)}{x}\]",
]


COLUMNS = {"array": "{rcl}", "alignedat": "{2}"}


class Hears(http.server.BaseHTTPRequestHandler):
    """Whoever asks here for anything is remembered."""

    heard: list[str]

    def __init__(self, heard, *rest):
        self.heard = heard
        super().__init__(*rest)

    def do_GET(self):
        self.heard.append(self.path)
        self.send_error(404)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def listener():
    heard = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Hears, heard))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def typeset(browser, tmp_path_factory):
    code, log = vendored()
    assert code == 0, log[-2000:]
    folder = tmp_path_factory.mktemp("tex")
    (folder / "mathjax").symlink_to(Path(ROOT, ".cache", "vendor", "mathjax"))
    (folder / "index.html").write_text(PAGE)
    with served(folder) as address:
        watched = Watched(browser, address)
        watched.page.goto(f"{address}index.html")
        yield lambda texts: (watched.page.evaluate(TYPESET, texts), watched.foreign)
        watched.page.close()


def bad(found):
    return bool(found["acts"]) or found["out"] > 2 or found["height"] > 40


def test_hostile_tex_does_nothing_and_changes_no_formula_after_it(typeset, listener):
    address, heard = listener
    after = [r"$\alpha + \mathbf{x} \frac{a}{b}$"]
    before, _ = typeset(after)
    texts = [inert_markdown(text.replace("ADDRESS", f"{address}/x")) for text in HOSTILE]
    found, foreign = typeset(texts)
    assert [(text, each) for text, each in zip(HOSTILE, found, strict=True) if bad(each)] == []
    assert foreign == []
    assert heard == []
    again, _ = typeset(after)
    assert [each["html"] for each in again] == [each["html"] for each in before]


@pytest.mark.parametrize("arguments", ["", "{a}", "{a}{b}", "_a^b", "[9em]{a}", "{\\frac{a}{b}}{c}"])
def test_every_listed_command_stays_in_its_line(typeset, arguments):
    texts = [f"${{\\{name}{arguments}}}$" for name in sorted(COMMANDS)]
    texts += [
        f"$$\\begin{{{name}}}{COLUMNS.get(name, '')} a & b \\\\ c & d {arguments} \\end{{{name}}}$$"
        for name in sorted(ENVIRONMENTS)
    ]
    assert all(text == inert_markdown(text) for text in texts)
    found, foreign = typeset(texts)
    assert [(text, each) for text, each in zip(texts, found, strict=True) if bad(each)] == []
    assert foreign == []
    # Most are shown as mathematics, and the rest as an error in their own place.
    assert sum("mjx-math" in each["html"] for each in found) > len(texts) // 2


def test_a_tower_stays_in_its_own_box(typeset):
    towers = [
        "$" + start * 60 + "x" + end * 60 + "$"
        for start, end in ((r"\overset{a}{", "}"), ("x^{", "}"), (r"\frac{a}{", "}"))
    ]
    found, _ = typeset([inert_markdown(tower) for tower in towers])
    assert [each["out"] for each in found if each["out"] > 2] == []


def test_the_control_acts(typeset, listener):
    """As they were handed in, many of them are links, boxes over the page, or requests."""
    address, heard = listener
    found, _ = typeset([text.replace("ADDRESS", f"{address}/x") for text in HOSTILE])
    assert sum(map(bad, found)) >= 15
    assert heard
