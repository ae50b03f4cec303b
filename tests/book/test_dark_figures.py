"""Figures on a dark page: lightness turned round, or kept where it is the message; no frame of the theme's."""

from pathlib import Path

import pydata_sphinx_theme
from playwright.sync_api import Browser

from tests.support.built_book import ROOT
from tests.support.live_page import browser

__all__ = ["browser"]
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static" / "styles"
PAGE = """<!DOCTYPE html><html data-theme="dark"><title>figures</title><div class="bd-content">
<article class="bd-article">
<div class="live-cell" data-tags="hide-input"><div class="live-output"><img id="turned" alt=""></div></div>
<div class="live-cell" data-tags="keep-colours"><div class="live-output"><img id="kept" alt=""></div></div>
</article></div></html>"""
STYLE = "image => { const s = getComputedStyle(image); return [s.filter, s.padding, s.backgroundColor] }"


def test_a_figure_has_no_frame_on_a_dark_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(PAGE)
    page.add_style_tag(path=THEME / "pydata-sphinx-theme.css")
    page.add_style_tag(path=ROOT / "book" / "_ext" / "live_book" / "static" / "book.css")
    turned, kept = (page.locator(name).evaluate(STYLE) for name in ("#turned", "#kept"))
    page.close()
    assert (turned[0].startswith("invert"), turned[1]) == (True, "0px")
    assert ("invert" in kept[0], *kept[1:]) == (False, "0px", "rgba(0, 0, 0, 0)")
