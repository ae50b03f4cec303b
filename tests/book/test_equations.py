"""Equations and code point at each other, on every page; links lead somewhere; pictures have words."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from tests.support.built_book import HTML, ROOT, build, pages

EQUATION = re.compile(r"^equation-eq-(\d+)-(\d+)$")


@lru_cache(64)
def page(name: str) -> BeautifulSoup:
    build()
    return BeautifulSoup((HTML / name).read_text(), "html.parser")


def article(name: str) -> BeautifulSoup:
    found = page(name).select_one("article")
    assert found is not None, name
    return found


def written() -> list[str]:
    """The pages that someone wrote: the index and search pages have no article of ours."""
    return [p.name for p in pages() if (ROOT / "book" / f"{p.stem}.md").is_file()]


@lru_cache(64)
def anchors(name: str) -> dict[str, Tag]:
    """What a link to the page can name."""
    return {str(tag["id"]): tag for tag in page(name).find_all(id=True)}


def follow(name: str, href: str) -> tuple[str, str]:
    """The page and anchor that a link on a page leads to."""
    parts = urlsplit(href)
    return (unquote(parts.path) or name, unquote(parts.fragment))


def test_every_numbered_equation_leads_to_its_line_of_code_and_back() -> None:
    seen = 0
    for name in written():
        for box in article(name).select("div.math[id]"):
            match = EQUATION.match(str(box["id"]))
            if not match:
                continue
            seen += 1
            number = f"{match[1]}.{match[2]}"
            link = box.select_one("a.eq-code")
            assert link is not None, f"{name}: equation {number} has no line of code"
            there, anchor = follow(name, str(link["href"]))
            line = anchors(there).get(anchor)
            assert line is not None, f"{name}: {number} leads to {there}#{anchor}, which is not there"
            assert line.get_text() == f"({number})" or number in line.get_text()
            back, equation = follow(there, str(line["href"]))
            assert (back, equation) == (name, box["id"])
    assert seen >= 35


def test_every_number_in_code_is_a_link_to_its_equation() -> None:
    for name in written():
        for line in article(name).select("span.c1, span.sd"):
            text = line.get_text()
            named = (
                re.findall(r"\((\d+\.\d+)\)", text)
                if "c1" in line["class"]
                else re.findall(r"eq\. (\d+\.\d+)", text)
            )
            linked = {a.get_text().strip("()") for a in line.select("a.eq-link")}
            assert set(named) <= linked, f"{name}: {text}"


def test_no_anchor_stands_twice_on_a_page() -> None:
    for name in written():
        ids = [str(tag["id"]) for tag in article(name).select("[id]")]
        twice = {i for i in ids if ids.count(i) > 1}
        assert not twice, f"{name}: {sorted(twice)}"


def test_links_inside_the_book_lead_somewhere() -> None:
    for name in written():
        for link in page(name).find_all("a", href=True):
            href = str(link["href"])
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                continue
            there, anchor = follow(name, href)
            assert (HTML / there).exists(), f"{name}: {href}"
            if anchor and there.endswith(".html"):
                assert anchor in anchors(there), f"{name}: {href}"


def test_links_to_elsewhere_are_web_addresses(record_property: pytest.FixtureRequest) -> None:
    outside = set()
    for name in written():
        for link in article(name).find_all("a", href=True):
            parts = urlsplit(str(link["href"]))
            if parts.scheme or parts.netloc:
                assert parts.scheme in ("http", "https"), f"{name}: {link['href']}"
                assert re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", parts.netloc), f"{name}: {link['href']}"
                outside.add(str(link["href"]))
    record_property("outside", sorted(outside))  # listed, not visited: tests stay on this machine
    assert any("doi.org" in href for href in outside)


def test_every_picture_says_what_it_shows() -> None:
    for name in written():
        for picture in article(name).select("img"):
            assert len(str(picture.get("alt", ""))) > 40 or "badge" in str(picture.get("class")), (
                f"{name}: {picture.get('src')}"
            )
        for drawing in article(name).select("svg[data-widget-still]"):
            assert len(str(drawing.get("aria-label", ""))) > 20, name


def test_every_reference_is_cited_and_has_a_place() -> None:
    text = (ROOT / "book" / "references.bib").read_text()
    keys = re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    cited = {
        key.strip()
        for path in (ROOT / "book").glob("*.md")
        for group in re.findall(r"\{cite(?::\w+)?\}`([^`]*)`", path.read_text())
        for key in group.split(",")
    }
    assert set(keys) == cited
    for entry in re.split(r"^@", text, flags=re.MULTILINE)[1:]:
        assert re.search(r"\b(doi|url|publisher|volume)\s*=", entry), entry[:60]
        for doi in re.findall(r"doi\s*=\s*\{([^}]*)\}", entry):
            assert re.fullmatch(r"10\.\d{4,9}/\S+", doi), doi
