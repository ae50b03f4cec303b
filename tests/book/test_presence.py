"""The book seen from elsewhere: descriptions, cards, one viewport, ids that are unique, a page for lost readers."""

import importlib
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from docutils.core import publish_doctree
from PIL import Image
from playwright.sync_api import Browser
from sphinx.errors import ConfigError

from tests.support.built_book import HTML, ROOT, build, served
from tests.support.live_page import Watched, browser

__all__ = ["browser"]

sys.path.insert(0, str(ROOT / "book" / "_ext"))
presence = importlib.import_module("presence")


@pytest.fixture(scope="module")
def built() -> Path:
    code, log = build()
    assert code == 0, log[-4000:]
    return HTML


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def about_itself(path: Path) -> BeautifulSoup:
    """All that a page says of itself, wherever it stands there, without the page."""
    wanted = SoupStrainer(["meta", "link"])
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser", parse_only=wanted)


class Ids(HTMLParser):
    """How often each id stands in a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(value or "" for name, value in attrs if name == "id")


def content(page: BeautifulSoup, name: str) -> str:
    found = page.select(f'meta[name="{name}"], meta[property="{name}"]')
    assert len(found) == 1, f"{name}: {len(found)} times"
    return str(found[0]["content"])


def test_every_page_has_a_card_and_a_description(built: Path) -> None:
    described = []
    for path in sorted(built.glob("*.html")):
        page = about_itself(path)
        assert len(page.select('meta[name="viewport"]')) == 1, path.name
        about = content(page, "description")
        assert 50 < len(about) <= presence.LONGEST + 2, f"{path.name}: {about}"
        assert "\\" not in about
        assert content(page, "og:description") == about
        assert "<" not in content(page, "og:title")
        assert (built / content(page, "og:image")).is_file()
        assert page.select('link[rel="icon"]'), path.name
        described += [about] if re.match(r"\d\d-", path.name) else []
    assert len(set(described)) == len(described) == 12, "each chapter has words of its own"
    with Image.open(built / presence.CARD) as card:
        assert card.size == (1200, 630)


def test_ids_are_unique(built: Path) -> None:
    for path in sorted(built.glob("*.html")):
        found = Ids(path).found
        assert found, path.name
        twice = [name for name, n in found.items() if n > 1]
        assert twice == [], path.name


def test_a_lost_reader_finds_the_book(browser: Browser, built: Path) -> None:
    with served(built) as address:
        watched = Watched(browser, address)
        watched.page.goto(f"{address}404.html")
        assert watched.page.get_by_role("heading", name="There is no page here").is_visible()
        watched.page.get_by_role("link", name="The book begins here").click()
        watched.page.wait_for_selector("[data-widget=W10]")
        watched.page.close()
        watched.clean()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_the_cover_plays(browser: Browser, built: Path, width: int, theme: str) -> None:
    """W10 stands on the book's first screen and has begun; without JavaScript its still stands there."""
    with served(built) as address:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
        page.goto(f"{address}index.html")
        figure = page.locator("[data-widget=W10]")
        page.wait_for_selector("[data-widget=W10][data-playing]")
        box = figure.bounding_box()
        assert box
        assert box["y"] < 450
        page.close()
        context = browser.new_context(java_script_enabled=False)
        silent = context.new_page()
        silent.goto(f"{address}index.html")
        assert silent.locator("[data-widget=W10] > [data-widget-still]").is_visible()
        context.close()


def test_the_first_page_says_how_long_the_book_takes(built: Path) -> None:
    """As the chapters say it, each for itself."""
    said = [soup(path).select_one(".reading-time").text for path in sorted(built.glob("[01]*-*.html"))]
    hours = {"one hour": 1.0, "an hour and a half": 1.5}
    reading = sum(int(words.split()[1]) for words in said) / 60
    doing = [re.search("about (.*)\\.", words)[1] for words in said]
    total = sum(hours.get(words) or float(words.split()[0]) for words in doing)
    facts = soup(built / "index.html").select_one(".facts").text
    assert f"about {reading:.0f} hours to read, or {total:.0f} with the pencil" in " ".join(facts.split())
    assert len(said) == 12


def test_the_first_paragraph_of_plain_words_describes_a_page() -> None:
    words = "This paragraph is long enough to describe a page to somebody who has only its link. " * 4
    text = f"Title\n=====\n\nShort.\n\nThis one has a formula, :math:`x`, so it isn't taken, though it is long.\n\n{words}\n"
    about = presence.description(publish_doctree(text, settings_overrides={"doctitle_xform": False}))
    assert about.startswith("This paragraph is long enough")
    assert len(about) <= presence.LONGEST
    assert about.endswith(".")
    assert presence.description(None) == presence.ABOUT
    assert presence.shortened("word " * 60).endswith("word …")


def test_an_address_that_is_none_is_refused() -> None:
    assert presence.address("https://host/book") == "https://host/book/"
    assert presence.address(" ") == ""
    with pytest.raises(ConfigError, match="BOOK_ADDRESS"):
        presence.address("host/book")


@pytest.mark.parametrize(
    ("question", "page", "said"),
    [
        ("why divide by m", "07-step-3", "divide the sum over the examples by m"),
        ("what is delta", "04-delta", "δ"),
        ("K13", "common-mistakes", "one factor"),
    ],
)
def test_a_search_finds_the_section_that_answers(
    browser: Browser, built: Path, question: str, page: str, said: str
) -> None:
    with served(built) as address:
        watched = Watched(browser, address)
        watched.page.goto(f"{address}search.html?q={quote(question)}")
        first = watched.page.locator(".search-list > li").first
        first.wait_for()
        href = first.locator("a").get_attribute("href") or ""
        assert href.startswith(f"{page}.html#")
        name, _, anchor = href.partition("#")
        assert soup(built / name).find(id=anchor) is not None
        assert said in first.locator("p").inner_text()
        # Whole words alone are marked
        marks = first.locator("mark").all_inner_texts()
        assert marks
        assert not [mark for mark in marks if mark.casefold() in ("why", "by", "what", "is")]
        assert watched.page.locator("#search-page-input").input_value() == question
        watched.clean()
        watched.page.close()


def test_a_section_is_searched_by_its_own_prose() -> None:
    search = importlib.import_module("presence.search")
    doctree = publish_doctree(
        "Top\n===\n\nOwn words, :math:`\\frac1m \\delta^{[l]}`.\n\n"
        ".. math:: x\n\n.. code:: python\n\n   code = 1\n\nBelow\n-----\n\nTheirs.\n\nLast\n----\n\nEnd.\n",
        settings_overrides={"doctitle_xform": False},
    )
    assert search.sections(doctree) == [
        {"id": "top", "title": "Top", "text": "Own words, 1/m δ[l]."},
        {"id": "below", "title": "Below", "text": "Theirs."},
        {"id": "last", "title": "Last", "text": "End."},
    ]
