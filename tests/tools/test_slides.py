"""The slides: a deck a chapter, every number on them computed, every slide on its page, turned by keys."""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from autograder.misconceptions import CATALOGUE
from tests.support.built_book import ROOT, SWITCHES, chromium, served, vendored
from tests.support.live_page import PATIENCE

sys.path.insert(0, str(ROOT / "tools"))
import slides

DECKS = sorted((ROOT / "slides").glob("*.md"))
# The network that goes with the reader.
NETWORK = {
    "W1": np.array([[1.0, 1.0], [2.0, -1.0], [-1.0, 0.0]]),
    "b1": np.array([[0.0], [1.0], [0.0]]),
    "W2": np.array([[1.0, -1.0, 2.0], [0.0, 2.0, 3.0]]),
    "b2": np.array([[0.0], [-1.0]]),
}


def test_every_chapter_has_a_deck() -> None:
    assert [p.stem for p in DECKS] == sorted(p.stem for p in (ROOT / "book").glob("[0-9][0-9]-*.md"))


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_the_numbers_on_the_slides_are_computed(path: Path) -> None:
    checks = [check for slide in slides.read_deck(path) for check in slide.checks]
    assert checks
    for check in checks:
        assert "assert" in check
        space = {"np": np, **{name: value.copy() for name, value in NETWORK.items()}}
        exec(compile(check, path.name, "exec"), space)


def test_the_first_slide_says_the_minutes_of_all() -> None:
    html = slides.page(ROOT / "slides" / "06-step-2.md")
    assert (
        f"{sum(slide.minutes for slide in slides.read_deck(ROOT / 'slides' / '06-step-2.md'))} minutes"
        in html
    )


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_a_lecture_fits_its_hour_and_names_the_catalogues_mistakes(path: Path) -> None:
    deck = slides.read_deck(path)
    assert 30 <= sum(slide.minutes for slide in deck) <= 50
    assert {code for slide in deck for code in re.findall(r"\bK\d+\b", slide.note)} <= set(CATALOGUE)


def test_a_slide_without_notes_is_refused(tmp_path: Path) -> None:
    deck = tmp_path / "x.md"
    deck.write_text("# One\n\nNote 3 min: say it\n\n---\n## Two\n")
    with pytest.raises(ValueError, match=r"x\.md, slide 2: one “Note N min: …” was expected, 0 found"):
        slides.read_deck(deck)


def test_a_deck_is_turned_by_keys_and_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vendored()[0] == 0
    monkeypatch.setattr(slides, "OUT", tmp_path)
    shutil.copytree(slides.MATHJAX, tmp_path / "mathjax")
    deck = ROOT / "slides" / "06-step-2.md"
    count = len(slides.read_deck(deck))
    with served(tmp_path) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE)
        for path in DECKS:
            (tmp_path / f"{path.stem}.html").write_text(slides.page(path), encoding="utf-8")
            page.goto(f"{base}{path.stem}.html")
            page.wait_for_selector("html[data-typeset]")
            assert page.locator("mjx-merror").count() == 0
            over = page.evaluate(
                "[...document.querySelectorAll('.slide')]"
                ".filter(s => s.scrollHeight > innerHeight + 1 || s.scrollWidth > innerWidth).map(s => s.id)"
            )
            assert not over, f"{path.stem}: higher or wider than the screen"
        page.goto(f"{base}{deck.stem}.html")
        page.wait_for_selector("html[data-typeset]")
        assert page.locator("mjx-container").count() > 5
        page.keyboard.press("ArrowRight")
        page.wait_for_function("Math.round(scrollY / innerHeight) === 1")
        assert not page.locator(".note").first.is_visible()
        page.keyboard.press("n")
        assert page.locator(".note").first.is_visible()
        browser.close()
    pages = [("06-step-2.html", "06-step-2.pdf"), ("06-step-2.html?notes", "06-step-2-notes.pdf")]
    slides.print_pages(tmp_path, pages, chromium())
    assert len(PdfReader(tmp_path / "06-step-2.pdf").pages) == count
    assert len(PdfReader(tmp_path / "06-step-2-notes.pdf").pages) == count
