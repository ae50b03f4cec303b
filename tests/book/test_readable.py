"""What `benchmarks/pages.py` calls readable: the text of the first screen in its own fonts, and nothing less.

A page of two fonts, one on its first screen and one far below, each sent when the test says so.
"""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from playwright.sync_api import Browser, Page

from tests.support.built_book import ROOT, Quiet, Server
from tests.support.live_page import browser

__all__ = ["browser"]
FIRST_SCREEN = (ROOT / "benchmarks" / "readable.js").read_text(encoding="utf-8")
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>fonts</title><style>
@font-face { font-family: "Near"; src: url(near.ttf) }
@font-face { font-family: Far; src: url(far.ttf) }
b::before { font-family: "Near", serif; content: "A" } i { font-family: Far }
</style><article><h1>Words</h1><p><b></b></p><div style="height: 3000px"></div><p><i>A</i></p></article>"""


def font(path: Path) -> None:
    """A font of one letter."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 700))
    pen.lineTo((900, 0))
    pen.closePath()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (1000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


class Withheld(Quiet):
    """Sends each font when its event is set."""

    gates: dict[str, threading.Event]

    def do_GET(self) -> None:
        """Wait for the gate of this file, if it has one."""
        gate = self.gates.get(self.path.strip("/"))
        if gate:
            gate.wait(60)
        super().do_GET()


@contextmanager
def withheld(folder: Path) -> Iterator[tuple[str, dict[str, threading.Event]]]:
    """The folder's address and a gate for each of its fonts."""
    gates = {path.name: threading.Event() for path in folder.glob("*.ttf")}
    host = type("Host", (Withheld,), {"gates": gates})
    server = Server(("127.0.0.1", 0), functools.partial(host, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index.html", gates
    finally:
        for gate in gates.values():
            gate.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def now(page: Page) -> float:
    """The page's clock in seconds, after the words have been painted and three more frames."""
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    frames = (
        "new Promise((done) => { let n = 3; const f = () => n-- ? requestAnimationFrame(f) : done(); f(); })"
    )
    page.evaluate(frames)
    return float(page.evaluate("performance.now() / 1000"))


@pytest.mark.parametrize("late", ["near.ttf", "far.ttf"])
def test_only_a_font_of_the_first_screen_is_waited_for(browser: Browser, tmp_path: Path, late: str) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    for name in ("near.ttf", "far.ttf"):
        font(tmp_path / name)
    with withheld(tmp_path) as (address, gates):
        page = browser.new_page()
        page.add_init_script(FIRST_SCREEN)
        for name in gates.keys() - {late}:
            gates[name].set()
        page.goto(address, wait_until="commit")
        if late == "far.ttf":
            # Asked for and not there, and yet the screen stands
            page.wait_for_function("firstScreen().readable")
        asked_then = now(page)
        found = page.evaluate("firstScreen()")
        assert (found["readable"] is None) == (late == "near.ttf")
        assert found["whole"] is None
        gates[late].set()
        page.wait_for_function("firstScreen().readable && firstScreen().whole")
        found = page.evaluate("firstScreen()")
        assert (found["readable"] > asked_then) == (late == "near.ttf")
        assert found["whole"] > asked_then
        page.close()


def test_an_equation_in_tex_is_not_readable_where_it_is_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(FIRST_SCREEN)
    page.route("http://book.test/", lambda route: route.fulfill(content_type="text/html", body=MATH))
    page.goto("http://book.test/")
    page.wait_for_function("firstScreen().whole")
    asked_then = now(page)
    assert page.evaluate("firstScreen().readable") is None
    page.evaluate("document.querySelector('#near').innerHTML = '<mjx-container>x</mjx-container>'")
    page.wait_for_function("firstScreen().readable")
    assert page.evaluate("firstScreen().readable") > asked_then
    page.close()


MATH = """<!DOCTYPE html><title>TeX</title><article><h1>Words</h1><p><span class="math" id="near">\\(x\\)</span></p>
<div style="height: 3000px"></div><p><span class="math">\\(y\\)</span></p></article>"""
