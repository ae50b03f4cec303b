"""How widgets look: on paper, saved, still, on small screens, and to a screen reader."""

import contextlib
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.support import axe
from tests.support.live_page import PATIENCE
from tests.support.widget_page import ASKING, NAMES, mount_all, numbers, visit, words


@pytest.mark.parametrize("name", ["W10", "W17"])
def test_saved_picture_stands_alone(page: Page, site: str, name: str, tmp_path: Path) -> None:
    """Save the picture: an SVG with its colours in it, described, that shows the same outside of the page."""
    visit(page, site, name)
    said = words(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture").press("Enter")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"{name}.svg"
    root = ElementTree.parse(file).getroot()
    assert root.find("{http://www.w3.org/2000/svg}desc").text == said  # type: ignore[union-attr]
    assert not [node for node in root.iter() if "class" in node.attrib], "no style sheet is needed"
    texts = [node for node in root.iter("{http://www.w3.org/2000/svg}text") if node.text]
    assert texts
    assert all(node.get("fill", "").startswith("rgb") for node in texts)


def test_paper(browser: Browser, site: str) -> None:
    """Printed: the picture, in ink on white even from the dark theme, no controls; while unanswered the
    still, which is pale on the screen only.
    """
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.goto(f"{site}W5.html")
    page.wait_for_selector("[data-widget-ready]")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    still, gate = page.locator("[data-widget-still]"), page.locator("[data-widget-skip]")
    shade = "node => getComputedStyle(node).opacity"
    assert still.is_visible()
    assert float(still.evaluate(shade)) < 0.6
    page.emulate_media(media="print")
    assert still.is_visible()
    assert still.evaluate(shade) == "1"
    assert not gate.is_visible()
    page.emulate_media(media="screen")
    gate.click()
    page.emulate_media(media="print")
    assert not still.is_visible()
    assert page.locator(".bpw-picture svg").is_visible()
    assert not page.locator(".bpw-controls").is_visible()
    ink = "getComputedStyle(document.querySelector('.bpw-picture text.name')).fill"
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    page.close()


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_reduced_motion(browser: Browser, site: str, motion: Any, moves: bool) -> None:
    page = browser.new_page(reduced_motion=motion)
    visit(page, site, "W10")
    time = page.evaluate("getComputedStyle(document.querySelector('.bpw-net .edge')).transitionDuration")
    assert (time != "0s") is moves
    page.close()


def test_stills_without_javascript(browser: Browser, site: str) -> None:
    """Without JavaScript each picture stands there, with its type, its data and its conclusion in words."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    for name in NAMES:
        still = page.locator(f"[data-widget={name}] > svg[data-widget-still]")
        assert still.is_visible()
        label = still.get_attribute("aria-label") or ""
        assert re.match(r"(Network|Matrix|Line|Bar|Heat|Graph)", label), f"{name}: the type of picture"
        assert numbers(label), f"{name}: its data"
        assert "In short: " in label, f"{name}: its conclusion"
    context.close()


def test_accessibility(browser: Browser, site: str) -> None:
    """No violation: while the question is asked, and with everything open."""
    page = browser.new_page(viewport={"width": 900, "height": 900}, reduced_motion="reduce")
    page.goto(site)
    # The book's theme sets colours too: of the page, and of everything of class mark.
    page.add_style_tag(
        content="html[data-theme=dark] body { background: #14181e; color: #fff; } .mark { color: #212529; }"
    )
    mount_all(page)
    told = axe.told(page)
    assert told == [], "\n".join(told)
    page.locator("[data-widget-skip]").evaluate_all("all => all.forEach((b) => b.click())")
    page.locator(".bpw-more, .bpw-change").evaluate_all("all => all.forEach((b) => b.click())")
    page.locator("[data-scrub]").press("End")
    page.locator(".bpw-unit").first.wait_for()
    page.locator("[data-widget] details").evaluate_all("all => all.forEach((d) => (d.open = true))")
    page.wait_for_function(f"document.querySelectorAll('.bpw-table table').length === {len(NAMES)}")
    told = axe.told(page)
    assert told == [], "\n".join(told)
    # What only a choice shows: a planted bug, a judgement, a product that does not fit.
    page.locator("[data-widget=W10] .bpw-bugs").select_option("K13")
    page.locator("[data-widget=W15]").get_by_role("button", name="It is right").press("Enter")
    page.locator("[data-widget=W2] select").select_option("a_prev @ W")
    page.locator("[data-widget=W10] .bpw .delta.wrong").first.wait_for()
    page.locator("[data-widget=W15] .bpw .box.bad").wait_for()
    page.locator("[data-widget=W2] .bpw .clashes").first.wait_for()
    told = axe.told(page, [f"[data-widget={name}]" for name in ("W2", "W10", "W15")])
    assert told == [], "\n".join(told)
    # axe sees no text in pictures
    for theme in ("light", "dark"):
        axe.coloured(page, theme)
        for name, most in {"W8": 27, "W11": 40, "W12": 10, "W16": 10}.items():
            ratios = page.evaluate(CONTRASTS, f"[data-widget={name}] .bpw-picture svg")
            assert len(ratios) > most
            assert min(ratios) >= 4.5, f"{name}, {theme}"
    page.close()


# Each sign in a cell, against the cell's colour on the widget's paper
CONTRASTS = """(picture) => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (c) => c.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const svg = document.querySelector(picture);
  const paper = rgb(getComputedStyle(svg.closest(".bpw")).backgroundColor);
  return [...svg.querySelectorAll("rect.cell + text")].map((sign) => {
    const cell = getComputedStyle(sign.previousElementSibling);
    const ink = light(rgb(getComputedStyle(sign).fill));
    const share = cell.fill === "none" ? 0 : Number(cell.fillOpacity);
    const under = light(paper.map((v, k) => v + share * ((cell.fill === "none" ? paper : rgb(cell.fill))[k] - v)));
    return (Math.max(ink, under) + 0.05) / (Math.min(ink, under) + 0.05);
  });
}"""

CUT = """() => [...document.querySelectorAll(".bpw-picture svg")].flatMap((svg) => {
  const paper = svg.getBoundingClientRect();
  const out = (r) => r.width && (r.left < paper.left - 1 || r.right > paper.right + 1 || r.bottom > paper.bottom + 2);
  const labels = [...svg.querySelectorAll("text")].filter((label) => out(label.getBoundingClientRect()));
  return labels.map((label) => `${svg.closest("figure").dataset.widget}: ${label.textContent}`);
})"""


# Letters of a picture that a reader gets in less than 11 pixels (its drawing may be scaled), and cells of tables
# whose number is broken over two lines.
TINY = """() => [...document.querySelectorAll(".bpw")].flatMap((shown) => {
  const svg = shown.querySelector(".bpw-picture svg");
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll("text")];
  const tiny = texts.filter((label) => parseFloat(getComputedStyle(label).fontSize) * scale < 10.99);
  const cells = [...shown.querySelectorAll(".bpw-table td")];
  const broken = cells.filter((cell) => cell.clientHeight > 1.9 * parseFloat(getComputedStyle(cell).lineHeight));
  return [...tiny, ...broken].map((node) => `${shown.closest("figure").dataset.widget}: ${node.textContent}`);
})"""


def test_small_screens(browser: Browser, site: str) -> None:
    """320 pixels: the page is no wider, no picture cuts a label off, every letter has 11 pixels and every number
    its line; nor at 480 and 800.
    """
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(site)
    page.add_style_tag(content="body { margin: 0; }")
    mount_all(page)
    page.locator("[data-widget-skip]").evaluate_all("all => all.forEach((b) => b.click())")
    page.locator("[data-widget] details").evaluate_all("all => all.forEach((d) => (d.open = true))")
    page.wait_for_function(f"document.querySelectorAll('.bpw-table table').length >= {len(ASKING)}")
    for width in (320, 360, 480, 800):
        page.set_viewport_size({"width": width, "height": 740})
        whole = f"({CUT})().length === 0 && ({TINY})().length === 0"
        drawn = f"() => document.scrollingElement.scrollWidth <= {width} && {whole}"
        with contextlib.suppress(PlaywrightTimeout):  # each picture is drawn again for the new width
            page.wait_for_function(drawn, timeout=PATIENCE)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= width, f"the page is {wide} px wide on {width}"
        assert page.evaluate(CUT) == []
        assert page.evaluate(TINY) == []
    page.close()
